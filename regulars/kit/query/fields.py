"""The field registry: what can be asked, shown, sorted and exported, each by one declaration.

A field names its column and its kind; the kind brings operators, reading of values, SQL, the test of one row and the
wording. Values are *natural*: Decimal for money, date for days, aware datetime for instants, str, bool, list of str.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from regulars.kit.query.conditions import (
    BadCondition,
    Condition,
    Literal,
    Node,
    Op,
    Place,
    conditions_of,
)
from regulars.kit.query.context import Context

Row = Mapping[str, Any]


class Field:
    """One thing known of a row.

    name: as the query language, URLs and exports call it. column: where it lies (the name by default).
    needs: the permission without which the field does not exist for the asker.
    nullable: the column may be NULL. blank: stored values that mean "nothing known".
    sparse: most rows hold 0, so sorting walks a partial index over the others first.
    implies: extra conditions that certainly hold too, by (operator, value): they save the planner from bad walks.
    """

    kind: ClassVar[str] = ""
    ops: ClassVar[tuple[Op, ...]] = ()
    numeric: ClassVar[bool] = False

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
        implies: Mapping[tuple[Op, Any], Q] | None = None,
    ) -> None:
        self.name, self.label, self.help, self.section = name, label, help, section
        self.column = column or name
        self.aliases = tuple(aliases)
        self.needs, self.nullable, self.blank = needs, nullable, tuple(blank)
        self.sortable, self.filterable, self.shown, self.sparse = sortable, filterable, shown, sparse
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

    def read(self, condition: Condition, ctx: Context) -> list[Any]:
        """The condition's values as this kind understands them. Raises BadCondition."""
        return [
            self.read_value(value, ctx, condition.value_places[index] if condition.value_places else condition.place)
            for index, value in enumerate(condition.values)
        ]

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Any:
        """One written value in the form that `q` and `test` use."""
        raise NotImplementedError

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        """SQL of a positive operator. It may be NULL for missing values: `compile` takes care of complements."""
        raise NotImplementedError

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

    def value(self, row: Row, ctx: Context) -> Any:
        """The natural value in a fetched row; None when nothing is known."""
        raw = row[self.column]
        return None if raw is None or raw in self.blank else raw

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        """Whether a positive operator holds for the row, by the same rules as the SQL."""
        raise NotImplementedError

    def plain(self, row: Row, ctx: Context) -> str:
        """The value as programs and files get it: unformatted, "" when nothing is known."""
        value = self.value(row, ctx)
        return "" if value is None else str(value)

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
    """The fields of one kind of row. Upper floors add what they know; a name twice stops the start."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fields: dict[str, Field] = {}
        self._names: dict[str, str] = {}

    def add(self, *fields: Field) -> None:
        """Declare fields; raises ValueError for a name or alias that is taken."""
        for field in fields:
            for name in (field.name, *field.aliases):
                if name.lower() in self._names:
                    raise ValueError(f"{self.name}: field name {name!r} is declared twice")
                self._names[name.lower()] = field.name
            self._fields[field.name] = field

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._names

    def __getitem__(self, name: str) -> Field:
        return self._fields[self._names[name.lower()]]

    def offered(self, ctx: Context, test: Callable[[Field], bool] = lambda field: True) -> list[Field]:
        """Fields that exist for the asker, in order of declaration."""
        return [field for field in self if self._exists(field, ctx) and test(field)]

    def find(self, name: str, ctx: Context, place: Place | None = None) -> Field:
        """The field of that name or alias. Raises BadCondition that names the word and the nearest field."""
        field = self._fields.get(self._names.get(name.lower(), ""))
        if field is None or not self._exists(field, ctx):
            known = [f.name for f in self.offered(ctx)] + [a for f in self.offered(ctx) for a in f.aliases]
            near = process.extractOne(name.lower(), known, scorer=fuzz.ratio, score_cutoff=60)
            reason = _("There is no field “{name}”.").format(name=name)
            raise BadCondition(reason, word=name, place=place, suggestion=near[0] if near else "")
        return field

    def check(self, node: Node, ctx: Context) -> Node:
        """Understand every condition, or raise BadCondition at the first that cannot be. Answers the same tree."""
        for condition in conditions_of(node):
            self.understood(condition, ctx)
        return node

    def may_ask(self, node: Node, ctx: Context) -> bool:
        """Whether every field of the tree exists for the asker."""
        return all(one.field in self and self._exists(self[one.field], ctx) for one in conditions_of(node))

    def understood(self, condition: Condition, ctx: Context) -> tuple[Field, list[Any]]:
        """A condition's field and read values. Raises BadCondition."""
        field = self.find(condition.field, ctx, condition.place)
        if not field.filterable or condition.op not in field.operators():
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

    def _exists(self, field: Field, ctx: Context) -> bool:
        return not field.needs or ctx.may(field.needs)
