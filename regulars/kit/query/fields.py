"""The field registry: what can be asked, shown, sorted and exported, each by one declaration.

A field names its column and its kind; the kind brings operators, reading of values, SQL, the test of one row and the
wording. Values are *natural*: Decimal for money, date for days, aware datetime for instants, str, bool, list of str.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Expression, Q, QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from regulars.kit.query.conditions import (
    BadCondition,
    Condition,
    Happened,
    Leaf,
    Literal,
    Node,
    Op,
    Place,
    leaves_of,
    replaced,
    span_of,
)
from regulars.kit.query.context import Context

if TYPE_CHECKING:
    from regulars.kit.query.predicates import Predicate

Row = Mapping[str, Any]


class Field(ABC):
    """One thing known of a row.

    name: as the query language, URLs and exports call it. column: where it lies (the name by default).
    needs: the permission without which the field does not exist for the asker.
    nullable: the column may be NULL. blank: stored values that mean "nothing known".
    sparse: most rows hold 0, so sorting walks a partial index over the others first.
    dated: an instant at which something happened once and for all, so that it is known of past days too (`past`).
    recorded: its past is kept, and `q` and `test` answer as of `Context.until` when that is given.
    implies: extra conditions that certainly hold too, by (operator, value): they save the planner from bad walks.
    """

    kind: ClassVar[str] = ""
    ops: ClassVar[tuple[Op, ...]] = ()
    numeric: ClassVar[bool] = False
    holds_many: ClassVar[bool] = False
    """Whether a row has any number of values, none too: tags, countries of all addresses, notes."""
    synonyms: ClassVar[Mapping[Op, Op]] = {}
    """Operators that are understood as another one, but not offered."""

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        column: str = "",
        aliases: Sequence[str] = (),
        help: Any = "",
        section: str = "profile",
        needs: str = "",
        nullable: bool = False,
        blank: Sequence[Any] = (),
        sortable: bool = True,
        filterable: bool = True,
        shown: bool = True,
        sparse: bool = False,
        dated: bool = False,
        recorded: bool = False,
        implies: Mapping[tuple[Op, Any], Q] | None = None,
    ) -> None:
        self.name, self.label, self.help, self.section = name, label, help, section
        self.column = column or name
        self.aliases = tuple(aliases)
        self.needs, self.nullable, self.blank = needs, nullable, tuple(blank)
        self.sortable, self.filterable, self.shown, self.sparse = sortable, filterable, shown, sparse
        self.dated, self.recorded = dated, recorded
        self.implies = dict(implies or {})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    # --- asking -------------------------------------------------------------------------------------------------
    @property
    def can_be_empty(self) -> bool:
        return self.nullable or bool(self.blank)

    def operators(self) -> tuple[Op, ...]:
        """What may be asked, in the order it is offered."""
        return self.ops + ((Op.IS_NULL, Op.NOT_NULL) if self.can_be_empty else ())

    def meant(self, op: Op) -> Op:
        """The operator itself, or the one it is another word for here."""
        return op if op in self.operators() else self.synonyms.get(op, op)

    def read(self, condition: Condition, ctx: Context) -> list[Any]:
        """The condition's values as this kind understands them. Raises BadCondition."""
        values = [
            self.read_value(value, ctx, condition.value_places[index] if condition.value_places else condition.place)
            for index, value in enumerate(condition.values)
        ]
        if condition.op is Op.BETWEEN and self.is_backwards(condition.values, values):
            raise self._backwards(condition)
        return values

    def is_backwards(self, written: Sequence[Literal], values: Sequence[Any]) -> bool:
        """Whether a span certainly ends before it begins, whatever the day it is asked."""
        return False

    def _backwards(self, condition: Condition) -> BadCondition:
        """The refusal of such a span, with the place of both ends."""
        first, second = (value.text for value in condition.values)
        reason = _("The first value is larger than the second; write BETWEEN {second} AND {first}.")
        place = span_of(condition.value_places) if condition.value_places else condition.place
        return self.bad(reason.format(first=first, second=second), condition.values[0], place)

    @abstractmethod
    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Any:
        """One written value in the form that `q` and `test` use."""

    @abstractmethod
    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        """SQL of a positive operator. It may be NULL for missing values: `compile` takes care of complements."""

    def empty_q(self) -> Q:
        """Nothing is known."""
        question = Q(**{f"{self.column}__isnull": True}) if self.nullable else Q()
        if self.blank:
            question |= Q(**{f"{self.column}__in": list(self.blank)})
        return question

    # --- one row ------------------------------------------------------------------------------------------------
    @property
    def columns(self) -> tuple[str, ...]:
        """What must be fetched to know the value."""
        return (self.column,)

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        """Columns of the row's answer that no table holds: name → expression. `columns` names them too."""
        return {}

    def value(self, row: Row, ctx: Context) -> Any:
        """The natural value in a fetched row; None when nothing is known."""
        raw = row[self.column]
        return None if raw is None or raw in self.blank else raw

    @abstractmethod
    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        """Whether a positive operator holds for the row, by the same rules as the SQL."""

    def plain(self, row: Row, ctx: Context) -> str:
        """The value as programs and files get it: unformatted, "" when nothing is known."""
        value = self.value(row, ctx)
        return "" if value is None else str(value)

    def canonical(self, value: Literal, ctx: Context) -> Literal:
        """The same value written so that it still means the same when things are renamed."""
        return value

    # --- wording ------------------------------------------------------------------------------------------------
    def words(self, value: Literal, ctx: Context) -> str:
        """A written value as people say it."""
        return value.text

    def options(self, ctx: Context) -> list[tuple[str, str]]:
        """Choices for an input: (word, label), empty when any value can be typed."""
        return []

    def bad(self, reason: Any, value: Literal, place: Place | None, suggestion: str = "") -> BadCondition:
        """A refusal of a value, naming the field."""
        text = _("{field}: {reason}").format(field=self.label, reason=reason)
        return BadCondition(text, word=value.text, place=place, suggestion=suggestion)


class FieldSet:
    """The fields of one kind of row. Upper floors add what they know; a name twice stops the start.

    Whatever is asked with a context also knows the fields of that shop alone (`add_source`); iterating, `in`, `[]` and
    `columns` know them on the set that `of` answers.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._fields: dict[str, Field] = {}
        self._names: dict[str, str] = {}
        self._predicates: dict[str, Predicate] = {}
        self._event_names: dict[str, str] = {}
        self._elsewhere: dict[str, Any] = {}
        self._sources: list[Callable[[Context], Iterable[Field]]] = []

    def add(self, *fields: Field) -> None:
        """Declare fields; raises ValueError for a name or alias that is taken."""
        for field in fields:
            for name in (field.name, *field.aliases):
                if name.lower() in self._names:
                    raise ValueError(f"{self.name}: field name {name!r} is declared twice")
                self._names[name.lower()] = field.name
            self._fields[field.name] = field

    def add_predicates(self, *predicates: "Predicate") -> None:
        """Declare what happens to these rows; raises ValueError for a name or alias that is taken."""
        for predicate in predicates:
            for name in (predicate.name, *predicate.aliases):
                if name.lower() in self._event_names:
                    raise ValueError(f"{self.name}: event {name!r} is declared twice")
                self._event_names[name.lower()] = predicate.name
            self._predicates[predicate.name] = predicate

    def add_elsewhere(self, reasons: Mapping[str, Any]) -> None:
        """Names that other systems know and this one cannot answer: name (or `prefix.`) → the sentence that says so."""
        self._elsewhere |= {name.lower(): reason for name, reason in reasons.items()}

    def add_source(self, source: Callable[[Context], Iterable[Field]]) -> None:
        """Fields that depend on whose rows they are: context → fields, asked once a context.

        A name that is declared for everybody keeps its meaning, and the shop's field goes without it.
        """
        self._sources.append(source)

    def of(self, ctx: Context) -> "FieldSet":
        """All fields of the context's shop: those declared here, and its own."""
        if not self._sources:
            return self
        found: FieldSet = ctx.once(("fields", self.name, ctx.shop_id), lambda: self._with_own(ctx))
        return found

    def _with_own(self, ctx: Context) -> "FieldSet":
        whole = copy(self)
        whole._fields, whole._names, whole._sources = dict(self._fields), dict(self._names), []
        for source in self._sources:
            whole.add(*(field for field in source(ctx) if field.name.lower() not in whole._names))
        return whole

    def _known(self, name: str, ctx: Context) -> Field | None:
        """The field of that name or alias; the shop's own are only looked up for a name that is not everybody's."""
        fields = self if name.lower() in self._names else self.of(ctx)
        return fields._fields.get(fields._names.get(name.lower(), ""))

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._names

    def __getitem__(self, name: str) -> Field:
        return self._fields[self._names[name.lower()]]

    def offered(self, ctx: Context, test: Callable[[Field], bool] = lambda field: True) -> list[Field]:
        """Fields that exist for the asker, in order of declaration."""
        return [field for field in self.of(ctx) if self._exists(field, ctx) and test(field)]

    def find(self, name: str, ctx: Context, place: Place | None = None) -> Field:
        """The field of that name or alias. Raises BadCondition that names the word and the nearest field."""
        field = self._known(name, ctx)
        if field is None or not self._exists(field, ctx):
            known = [n for f in self.offered(ctx) for n in (f.name, *f.aliases)]
            raise self._unknown(_("There is no field “{name}”.").format(name=name), name, known, place)
        return field

    def all_predicates(self) -> "list[Predicate]":
        """Events in order of declaration, whoever asks."""
        return list(self._predicates.values())

    def predicates(self, ctx: Context) -> "list[Predicate]":
        """Events that are offered to the asker, in order of declaration."""
        return [one for one in self._predicates.values() if one.offered and self._exists(one, ctx)]

    def predicate(self, event: Happened, ctx: Context) -> "Predicate":
        """What happened. Raises BadCondition that names the word and the nearest event."""
        found = self._predicates.get(self._event_names.get(event.predicate.lower(), ""))
        if found is None or not self._exists(found, ctx):
            known = [n for one in self.predicates(ctx) for n in (one.name, *one.aliases)]
            reason = _("There is no event “{name}”.").format(name=event.predicate)
            raise self._unknown(reason, event.predicate, known, event.place)
        return found

    def _unknown(self, reason: str, name: str, known: list[str], place: Place | None) -> BadCondition:
        """A refusal of a name: why it cannot be answered here, or the nearest name that can."""
        prefix = name.lower().partition(".")[0] + "."
        told = self._elsewhere.get(name.lower()) or self._elsewhere.get(prefix)
        if told:
            return BadCondition(_("“{name}”: {reason}").format(name=name, reason=told), word=name, place=place)
        near = process.extractOne(name.lower(), known, scorer=fuzz.ratio, score_cutoff=60)
        return BadCondition(reason, word=name, place=place, suggestion=near[0] if near else "")

    def check(self, node: Node, ctx: Context) -> Node:
        """Understand every condition, or raise BadCondition at the first that cannot be. Answers the same tree."""
        for leaf in leaves_of(node):
            if isinstance(leaf, Happened):
                self.predicate(leaf, ctx).check(leaf, ctx)
            else:
                self.understood(leaf, ctx)
        return node

    def may_ask(self, node: Node, ctx: Context) -> bool:
        """Whether every field and event of the tree exists for the asker."""
        return all(self._may_ask(leaf, ctx) for leaf in leaves_of(node))

    def _may_ask(self, leaf: Leaf, ctx: Context) -> bool:
        if isinstance(leaf, Happened):
            name = self._event_names.get(leaf.predicate.lower(), "")
            return name in self._predicates and self._exists(self._predicates[name], ctx)
        field = self._known(leaf.field, ctx)
        return field is not None and self._exists(field, ctx)

    def canonical(self, node: Node, ctx: Context) -> Node:
        """The same question under the fields' own names, with values that outlive renaming. Raises BadCondition."""
        return replaced(node, lambda leaf: self.canonical_leaf(leaf, ctx))

    def canonical_leaf(self, leaf: Leaf, ctx: Context) -> Leaf:
        """One condition or event, canonical."""
        if isinstance(leaf, Happened):
            return self.predicate(leaf, ctx).canonical(leaf, ctx)
        field, _values = self.understood(leaf, ctx)
        values = tuple(field.canonical(value, ctx) for value in leaf.values)
        return Condition(field.name, field.meant(leaf.op), values, leaf.place, leaf.value_places)

    def understood(self, condition: Condition, ctx: Context) -> tuple[Field, list[Any]]:
        """A condition's field and read values. Raises BadCondition."""
        field = self.find(condition.field, ctx, condition.place)
        if not field.filterable or field.meant(condition.op) not in field.operators():
            allowed = ", ".join(field.operators()) if field.filterable else ""
            reason = _("“{field}” cannot be asked with {op}. It understands: {allowed}.").format(
                field=field.name, op=condition.op, allowed=allowed or _("nothing")
            )
            raise BadCondition(reason, word=str(condition.op), place=condition.place)
        return field, field.read(condition, ctx)

    def sortable(self, ctx: Context) -> list[Field]:
        """Fields a list can be ordered by."""
        return self.offered(ctx, lambda field: field.sortable)

    def columns(self, names: Iterable[str]) -> list[str]:
        """Database columns that must be fetched to show these fields."""
        return list(dict.fromkeys(column for name in names for column in self[name].columns))

    def annotated(self, rows: QuerySet, names: Iterable[str], ctx: Context) -> QuerySet:
        """Rows with the computed columns of these fields."""
        computed: dict[str, Expression] = {}
        for name in names:
            computed |= self._sure(name, ctx).annotations(ctx)
        return rows.annotate(**computed) if computed else rows

    def fetch(self, rows: QuerySet, names: Sequence[str], ctx: Context, also: Iterable[str] = ()) -> QuerySet:
        """The rows as mappings that hold what these fields need, and the columns in `also`."""
        columns = [column for name in names for column in self._sure(name, ctx).columns]
        return self.annotated(rows, names, ctx).values(*dict.fromkeys([*also, *columns]))

    def _sure(self, name: str, ctx: Context) -> Field:
        """The field of a name that was found before; KeyError otherwise."""
        return self[name] if name in self else self.of(ctx)[name]

    def _exists(self, one: "Field | Predicate", ctx: Context) -> bool:
        return not one.needs or ctx.may(one.needs)
