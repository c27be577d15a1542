"""The kinds of fields: what each can be asked, and how its values are read, compared and said."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor
from typing import Any, ClassVar, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from regulars.kit import money, numbers
from regulars.kit.errors import BadValue
from regulars.kit.labels import join_labels
from regulars.kit.query.conditions import Literal, Op, Place
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, Row
from regulars.kit.query.people import in_care_of
from regulars.kit.text import fold, name_key

COMPARED = (Op.GTE, Op.LTE, Op.EQ, Op.NE, Op.GT, Op.LT, Op.BETWEEN)
LARGEST = 2**63 - 1  # of a bigint
LOOKUPS = {Op.EQ: "", Op.LT: "__lt", Op.LTE: "__lte", Op.GT: "__gt", Op.GTE: "__gte"}
PYTHON: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq,
    Op.LT: operator.lt,
    Op.LTE: operator.le,
    Op.GT: operator.gt,
    Op.GTE: operator.ge,
}


class Text(Field):
    """Words. `folded`: the column holds `kit.text.name_key` of what is shown: accents and marks do not matter.

    A value that is nothing but marks is looked for as it is written.
    """

    kind = "text"
    ops: ClassVar[tuple[Op, ...]] = (
        Op.CONTAINS, Op.NOT_CONTAINS, Op.EQ, Op.NE, Op.STARTS_WITH, Op.IN, Op.NOT_IN,
    )  # fmt: skip

    def __init__(self, name: str, label: Any, *, folded: str = "", **options: Any) -> None:
        options.setdefault("blank", ("",))
        super().__init__(name, label, **options)
        self.folded = folded

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> str:
        return name_key(value.text) if self.folded else value.text.lower()

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        lookup = {Op.EQ: "exact", Op.IN: "exact", Op.CONTAINS: "contains", Op.STARTS_WITH: "startswith"}[op]
        question = Q()
        for value in values:
            by_key = f"{self.folded}__{lookup}" if self._is_key(value) else f"{self.column}__i{lookup}"
            question |= Q(**{by_key: value})
        # the folded column may sort a row without a text by something else
        return question & ~Q(**{self.column: ""}) if self.folded else question

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        shown = self.value(row, ctx) or ""
        key, text = name_key(shown, 300), shown.lower()
        return any(self._matches(op, key if self._is_key(one) else text, one) for one in values)

    @staticmethod
    def _matches(op: Op, known: str, value: str) -> bool:
        match op:
            case Op.EQ | Op.IN:
                return known == value
            case Op.CONTAINS:
                return value in known
        return known.startswith(value)

    def _is_key(self, value: str) -> bool:
        """Whether the value is compared with the folded column."""
        return bool(self.folded) and any(letter.isalnum() for letter in value)


class Count(Field):
    """A whole number of 0 or more."""

    kind = "count"
    ops = COMPARED
    numeric = True

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Any:
        try:
            return int(value.text) if value.kind == "number" and "." not in value.text else self._typed(value, ctx)
        except (ValueError, ArithmeticError, BadValue) as fault:
            raise self.bad(_("“{value}” is not a whole number.").format(value=value.text), value, place) from fault

    def _typed(self, value: Literal, ctx: Context) -> Any:
        """A number as people type it, with the separators of their language."""
        return numbers.read_count(value.text, ctx.locale)

    def is_backwards(self, written: Sequence[Literal], values: Sequence[Any]) -> bool:
        return bool(values[0] > values[1])

    def stored(self, value: Any, ctx: Context) -> Any:
        """A read value in the unit of the column."""
        return value

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        stored = [self.stored(value, ctx) for value in values]
        if op is Op.BETWEEN:
            return self._whole(Op.GTE, stored[0]) & self._whole(Op.LTE, stored[1])
        return self._whole(op, stored[0])

    def _whole(self, op: Op, value: Any) -> Q:
        """A comparison of the column, which holds whole numbers, with a number that may lie between two of them."""
        if op is Op.EQ and value != floor(value):
            return Q(pk__in=[])
        whole = ceil(value) if op in (Op.GTE, Op.LT) else floor(value)
        # beyond what a column holds Django would take the comparison as true, also for rows without a value
        return Q(**{f"{self.column}{LOOKUPS[op]}": max(-LARGEST, min(LARGEST, whole))})

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        known = self.value(row, ctx)
        if known is None:
            return False
        if op is Op.BETWEEN:
            return bool(values[0] <= known <= values[1])
        return PYTHON[op](known, values[0])

    def words(self, value: Literal, ctx: Context) -> str:
        return numbers.show_number(self.read_value(value, ctx, None), ctx.locale)


class Money(Count):
    """An amount in the shop's currency: bigint minor units in the column, Decimal outside."""

    kind = "money"

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Decimal:
        try:
            return Decimal(value.text) if value.kind == "number" else self._typed(value, ctx)
        except (ValueError, ArithmeticError, BadValue) as fault:
            raise self.bad(_("“{value}” is not an amount.").format(value=value.text), value, place) from fault

    def _typed(self, value: Literal, ctx: Context) -> Decimal:
        return money.read_money(value.text, ctx.currency, ctx.locale)

    def stored(self, value: Any, ctx: Context) -> Any:
        """Exact minor units: an amount between two of them is compared as it is, never rounded."""
        minor = value.scaleb(money.exponent(ctx.currency))
        return int(minor) if minor == minor.to_integral_value() else minor

    def value(self, row: Row, ctx: Context) -> Decimal | None:
        minor = row[self.column]
        return None if minor is None else money.to_decimal(minor, ctx.currency)

    def plain(self, row: Row, ctx: Context) -> str:
        minor = row[self.column]
        return "" if minor is None else money.plain(minor, ctx.currency)

    def words(self, value: Literal, ctx: Context) -> str:
        minor = self.stored(self.read_value(value, ctx, None), ctx)
        return money.show_money(minor, ctx.currency, ctx.locale) if isinstance(minor, int) else value.text


class Option(NamedTuple):
    """One of a closed set: how the language calls it, how people do, which stored values it stands for."""

    word: str
    label: str
    values: tuple[Any, ...]


class Choice(Field):
    """One of a closed set. `of`: Django choices, or a function from the context to options (tables of the shop).

    words: other words for an option, or for several of them (separated by blanks). untold: words that other systems
    have and this one cannot answer, with the sentence that says so.
    """

    kind = "choice"
    ops = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        of: Any,
        words: Mapping[str, str] | None = None,
        untold: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, label, **options)
        self._of, self._untold = of, dict(untold or {})
        self._other_words = {word: meant.split() for word, meant in (words or {}).items()}

    def choices(self, ctx: Context) -> list[Option]:
        """All options, in order."""
        if callable(self._of) and not isinstance(self._of, type):
            found: list[Option] = ctx.once(("options", self), lambda: list(self._of(ctx)))
            return found
        return [Option(member.name.lower(), str(member.label), (member.value,)) for member in self._of]

    def options(self, ctx: Context) -> list[tuple[str, str]]:
        return [(option.word, option.label) for option in self.choices(ctx)]

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> tuple[Any, ...]:
        word = fold(value.text)
        choices = self.choices(ctx)
        if meant := self._other_words.get(word):
            return tuple(stored for option in choices if option.word in meant for stored in option.values)
        if word in self._untold:
            raise self.bad(self._untold[word], value, place)
        for option in choices:
            if word == fold(option.word) or word == fold(option.label):
                return option.values
        raise self.bad(_("there is no “{value}”.").format(value=value.text), value, place, self.nearest(word, ctx))

    def nearest(self, word: str, ctx: Context) -> str:
        """The option's word that a folded word, or label, was perhaps meant to be; "" when none is near."""
        known = {fold(option.label): option.word for option in self.choices(ctx)}
        known |= {fold(option.word): option.word for option in self.choices(ctx)}
        near = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=60)
        return known[near[0]] if near else ""

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        stored = [one for some in values for one in some]
        if len(stored) == 1:
            return Q(**{self.column: stored[0]})
        return Q(**{f"{self.column}__in": stored})

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return any(row[self.column] in some for some in values)

    def canonical(self, value: Literal, ctx: Context) -> Literal:
        found = self.read_value(value, ctx, None)
        word = next((option.word for option in self.choices(ctx) if option.values == found), value.text)
        return Literal("text", word)

    def option_of(self, stored: Any, ctx: Context) -> Option | None:
        """The first option that stands for a stored value."""
        table: dict[Any, Option] = ctx.once(("by value", self), lambda: self._by_value(ctx))
        return table.get(stored)

    def _by_value(self, ctx: Context) -> dict[Any, Option]:
        table: dict[Any, Option] = {}
        for option in self.choices(ctx):
            for stored in option.values:
                table.setdefault(stored, option)
        return table

    def value(self, row: Row, ctx: Context) -> str | None:
        stored = row[self.column]
        if stored is None or stored in self.blank:
            return None
        option = self.option_of(stored, ctx)
        return option.label if option else str(stored)

    def plain(self, row: Row, ctx: Context) -> str:
        stored = row[self.column]
        if stored is None or stored in self.blank:
            return ""
        option = self.option_of(stored, ctx)
        return option.word if option else str(stored)

    def words(self, value: Literal, ctx: Context) -> str:
        found = self.read_value(value, ctx, None)
        if same := [option.label for option in self.choices(ctx) if option.values == found]:
            return same[0]
        meant = [option.label for option in self.choices(ctx) if set(option.values) <= set(found)]
        return _(" or ").join(meant) or value.text


class Related(Choice):
    """One row of a small table of the shop: group, status, channel. Files and programs get its name."""

    kind = "related"

    def plain(self, row: Row, ctx: Context) -> str:
        return self.value(row, ctx) or ""


class Person(Related):
    """A staff member; the word `me` is whoever asks.

    also: a column with an array of others beside the first. A question means any of them, nobody is: not even a first.
    """

    kind = "person"

    def __init__(self, name: str, label: Any, *, also: str = "", **options: Any) -> None:
        super().__init__(name, label, **options)
        self.also = also

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, self.also) if self.also else (self.column,)

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        known = [one for some in values for one in some if one is not None]
        return in_care_of(known, self.column, self.also) if self.also and known else super().q(op, values, ctx)

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        others = row[self.also] if self.also else ()
        return super().test(op, row, values, ctx) or any(one in some for some in values for one in others)

    def people(self, row: Row, ctx: Context) -> list[str]:
        """Their names, the first one first."""
        ids = [row[self.column], *(row[self.also] if self.also else ())]
        options = [(one, self.option_of(one, ctx)) for one in ids if one is not None]
        return [option.label if option else str(one) for one, option in options]

    def value(self, row: Row, ctx: Context) -> str | None:
        return join_labels(self.people(row, ctx)) or None

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> tuple[Any, ...]:
        if _is_me(value):
            return (ctx.me,)
        return super().read_value(value, ctx, place)

    def canonical(self, value: Literal, ctx: Context) -> Literal:
        return Literal("word", "me") if _is_me(value) else super().canonical(value, ctx)

    def words(self, value: Literal, ctx: Context) -> str:
        return _("me") if _is_me(value) else super().words(value, ctx)


def _is_me(value: Literal) -> bool:
    return value.kind == "word" and value.text.lower() == "me"


class Tags(Field):
    """Labels, stored as an array of ids. `of` finds them: context → (id, name)."""

    kind = "tags"
    holds_many = True
    ops: ClassVar[tuple[Op, ...]] = (Op.CONTAINS, Op.NOT_CONTAINS, Op.IN, Op.NOT_IN, Op.CONTAINS_ALL)
    synonyms: ClassVar[Mapping[Op, Op]] = {Op.EQ: Op.CONTAINS, Op.NE: Op.NOT_CONTAINS}

    def __init__(
        self, name: str, label: Any, *, of: Callable[[Context], Iterable[tuple[int, str]]], **options: Any
    ) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, **options)
        self._of = of

    @property
    def can_be_empty(self) -> bool:
        return True

    def empty_q(self) -> Q:
        return Q(**{self.column: []})

    def names(self, ctx: Context) -> dict[int, str]:
        """All labels of the shop, by id."""
        found: dict[int, str] = ctx.once(("tags", self), lambda: dict(self._of(ctx)))
        return found

    def options(self, ctx: Context) -> list[tuple[str, str]]:
        return [(name, name) for name in self.names(ctx).values()]

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> int:
        wanted = fold(value.text)
        keys: dict[str, int] = ctx.once(
            ("tag keys", self), lambda: {fold(name): pk for pk, name in self.names(ctx).items()}
        )
        if wanted not in keys:
            near = process.extractOne(wanted, list(keys), scorer=fuzz.ratio, score_cutoff=60)
            reason = _("there is no “{value}”.").format(value=value.text)
            raise self.bad(reason, value, place, near[0] if near else "")
        return keys[wanted]

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        lookup = "overlap" if op is Op.IN and len(values) > 1 else "contains"
        return Q(**{f"{self.column}__{lookup}": values})

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        held = set(row[self.column])
        return bool(held & set(values)) if op is Op.IN else held >= set(values)

    def value(self, row: Row, ctx: Context) -> list[str] | None:
        names = self.names(ctx)
        return [names[pk] for pk in row[self.column] if pk in names] or None

    def plain(self, row: Row, ctx: Context) -> str:
        return join_labels(self.value(row, ctx) or ())


class Flag(Field):
    """Yes or no. `when`: the SQL of yes; `of`: the same for one row; `reads`: columns that `of` looks at."""

    kind = "flag"
    ops = (Op.EQ, Op.NE)
    _YES, _NO = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        when: Q | None = None,
        of: Callable[[Row], bool] | None = None,
        reads: Sequence[str] = (),
        **options: Any,
    ) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, **options)
        self._when = when if when is not None else Q(**{self.column: True})
        self._of = of or (lambda row: bool(row[self.column]))
        self._reads = tuple(reads) or (self.column,)

    @property
    def columns(self) -> tuple[str, ...]:
        return self._reads

    def options(self, ctx: Context) -> list[tuple[str, str]]:
        return [("true", _("Yes")), ("false", _("No"))]

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> bool:
        word = value.text.lower()
        if word not in self._YES | self._NO:
            raise self.bad(_("the answer is true or false, not “{value}”.").format(value=value.text), value, place)
        return word in self._YES

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        return self._when if values[0] else ~self._when

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return self._of(row) == values[0]

    def value(self, row: Row, ctx: Context) -> bool:
        return self._of(row)

    def plain(self, row: Row, ctx: Context) -> str:
        return "true" if self._of(row) else "false"

    def words(self, value: Literal, ctx: Context) -> str:
        return _("yes") if self.read_value(value, ctx, None) else _("no")
