"""Kinds that are worked out from a row's own columns: age, the domain of an address, a verdict, a case of several.

What is worked out is one expression: it is asked in SQL and fetched with a row, so that both always say the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

from django.db.models import BooleanField, Case, CharField, Expression, F, IntegerField, Q, Value, When
from django.db.models.expressions import ExpressionWrapper, Func
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.utils.translation import gettext as _

from regulars.kit import periods
from regulars.kit.query.conditions import Literal, Op, Place
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Row
from regulars.kit.query.kinds import Choice, Count, Flag, Option, Text
from regulars.kit.query.kinds_time import Anniversary


class Verdict(Flag):
    """Yes for rows that a condition holds for. `when`: that condition; it is never NULL."""

    def __init__(self, name: str, label: Any, *, when: Q, **options: Any) -> None:
        super().__init__(name, label, column=f"is_{name}", when=when, **options)
        self._verdict = when

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        return {self.column: Case(When(self._verdict, then=True), default=False, output_field=BooleanField())}


class OneCase(NamedTuple):
    """One of several cases: its word, what people call it, and for which rows it holds."""

    word: str
    label: Any
    when: Q


class Cases(Choice):
    """Which of several cases a row is: exactly one, but for rows of which nothing is known.

    unknown: the condition of those; None when there are none.
    """

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        of: Callable[[Context], Sequence[OneCase]],
        unknown: Q | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("sortable", False)
        nullable = unknown is not None
        super().__init__(name, label, of=self._options, column=f"case_of_{name}", nullable=nullable, **options)
        self._cases_of, self._unknown = of, unknown or Q()

    def empty_q(self) -> Q:
        return self._unknown

    def cases(self, ctx: Context) -> Sequence[OneCase]:
        """All cases, in order."""
        found: Sequence[OneCase] = ctx.once(("cases", self), lambda: list(self._cases_of(ctx)))
        return found

    def _options(self, ctx: Context) -> list[Option]:
        return [Option(case.word, str(case.label), (case.word,)) for case in self.cases(ctx)]

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        wanted = {word for some in values for word in some}
        question = Q()
        for case in self.cases(ctx):
            if case.word in wanted:
                question |= case.when
        return question

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        whens = [When(case.when, then=Value(case.word)) for case in self.cases(ctx)]
        return {self.column: Case(*whens, default=None, output_field=CharField())}


class Age(Count):
    """Whole years since a birthday, by the shop's calendar; of whom the year is not known, the age is not either.

    birth: columns `<birth>_md` (month * 100 + day) and `<birth>_year`.
    """

    _LOOKUPS: ClassVar[dict[Op, type]] = {
        Op.GTE: GreaterThanOrEqual, Op.LTE: LessThanOrEqual, Op.GT: GreaterThan, Op.LT: LessThan,
    }  # fmt: skip

    def __init__(self, name: str, label: Any, *, birth: str, **options: Any) -> None:
        super().__init__(name, label, column=f"years_of_{name}", nullable=True, sortable=False, **options)
        self._birth = birth

    def _years(self, ctx: Context) -> Expression:
        today = ctx.today
        key = periods.last_key(today, ctx.leap_day)
        to_come = Case(When(**{f"{self._birth}_md__gt": key}, then=1), default=0, output_field=IntegerField())
        years = Value(today.year) - F(f"{self._birth}_year") - to_come
        return ExpressionWrapper(years, output_field=IntegerField())

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        first, last = values[0], values[-1]
        years = self._years(ctx)
        if op in (Op.EQ, Op.BETWEEN):
            question = Q(GreaterThanOrEqual(years, first)) & Q(LessThanOrEqual(years, last))
        else:
            question = Q(self._LOOKUPS[op](years, first))
        return question & Q(**{f"{self._birth}_year__isnull": False})

    def empty_q(self) -> Q:
        return Q(**{f"{self._birth}_year__isnull": True})

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        return {self.column: self._years(ctx)}


class EmailDomain(Text):
    """What stands behind the @ of a stored e-mail address, which is in lower case. `of`: the column of the address."""

    ops = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)

    def __init__(self, name: str, label: Any, *, of: str, **options: Any) -> None:
        super().__init__(name, label, column=f"part_of_{of}", nullable=True, sortable=False, **options)
        self._address = of

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> str:
        return value.text.strip().lower().rpartition("@")[2]

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        question = Q()
        for value in values:
            question |= Q(**{f"{self._address}__endswith": f"@{value}"})
        return question

    def empty_q(self) -> Q:
        return Q(**{f"{self._address}__isnull": True})

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        parts = (F(self._address), Value("@"), Value(-1))
        return {self.column: Func(*parts, function="split_part", output_field=CharField())}


class MomentAnniversary(Anniversary):
    """The day of the year of an instant, in the shop's zone: since when somebody is a customer.

    of: the column of the instant, never NULL.
    """

    def __init__(self, name: str, label: Any, *, of: str, **options: Any) -> None:
        super().__init__(name, label, column=f"day_of_{name}", sortable=False, **options)
        self._instant = of

    @property
    def can_be_empty(self) -> bool:
        return False

    def _key(self, ctx: Context) -> Expression:
        zone = periods.zone(ctx.tz)
        month, day = ExtractMonth(self._instant, tzinfo=zone), ExtractDay(self._instant, tzinfo=zone)
        return ExpressionWrapper(month * 100 + day, output_field=IntegerField())

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        key, question = self._key(ctx), Q()
        for start, end in values:
            question |= Q(GreaterThanOrEqual(key, start)) & Q(LessThanOrEqual(key, end))
        return question

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        year = ExtractYear(self._instant, tzinfo=periods.zone(ctx.tz))
        return {self._md: self._key(ctx), f"{self.column}_year": year}


class AnyChoice(Choice):
    """A word for the state of a row in any of several columns. columns: each with its Django choices."""

    def __init__(self, name: str, label: Any, *, columns: dict[str, Any], **options: Any) -> None:
        super().__init__(name, label, of=self._options, sortable=False, **options)
        self._states = dict(columns)

    def _options(self, ctx: Context) -> list[Option]:
        return [
            Option(member.name.lower(), str(member.label), ((column, member.value),))
            for column, members in self._states.items()
            for member in members
        ]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._states)

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        question = Q()
        for column, stored in (one for some in values for one in some):
            question |= Q(**{column: stored})
        return question

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return any(row[column] == stored for some in values for column, stored in some)

    def value(self, row: Row, ctx: Context) -> str | None:
        found = [
            option.label for option in self.choices(ctx) for column, stored in option.values if row[column] == stored
        ]
        return _(", ").join(found) or None

    def plain(self, row: Row, ctx: Context) -> str:
        words = [
            option.word for option in self.choices(ctx) for column, stored in option.values if row[column] == stored
        ]
        return ",".join(words)
