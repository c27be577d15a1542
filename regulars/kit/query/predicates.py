"""What happens to a row of people: orders, purchases, views. Each is declared once and asked with `MATCHES`.

`orders_placed MATCHES (date >= -90d, sum_amount > 100)` has two sorts of parameters: those of one event, which all
hold for the same event, and totals over the events that are left. Who has no such event has totals of 0.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Expression, F, Q, QuerySet
from django.utils.translation import gettext as _

from regulars.kit.query.among import Among, OneOf
from regulars.kit.query.compile import compile_where
from regulars.kit.query.conditions import All, BadCondition, Condition, Happened, Leaf, Op
from regulars.kit.query.context import Context
from regulars.kit.query.evaluate import matches
from regulars.kit.query.fields import Field, FieldSet, Row

Events = Sequence[Row]
DATE = "date"
"""The parameter that says when something happened, of every event that has dates."""


@dataclass(frozen=True, slots=True)
class Total:
    """A figure over events: its field (whose column is its own name), its SQL, and the same over fetched events.

    reads: columns of an event that `of` looks at.
    """

    field: Field
    sql: Expression
    of: Callable[[Events], int]
    reads: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is 1 or more as soon as there is an event."""
        return isinstance(self.sql, Count)


class Predicate:
    """One thing that happens.

    rows: context → all events of the shop that count, each with the column `link`, the id of whom it happened to.
    fields: what can be asked of one event. totals: what can be asked of all of them together.
    needs: the permission without which it does not exist for the asker. usual: conditions of one event that hold as
    long as their parameter is not given. changing: parameters whose answer may change after the event.
    """

    offered = True
    reads: tuple[str, ...] = ()
    """Fields of the row itself that `test` looks at."""

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        rows: Callable[[Context], QuerySet],
        fields: FieldSet,
        totals: Iterable[Total] = (),
        link: str = "customer_id",
        aliases: Sequence[str] = (),
        help: Any = "",
        section: str = "events",
        needs: str = "",
        usual: Sequence[Condition] = (),
        changing: Sequence[str] = (),
    ) -> None:
        self.name, self.label, self.help, self.section, self.needs = name, label, help, section, needs
        self.aliases, self.usual, self.changing = tuple(aliases), tuple(usual), frozenset(changing)
        self._rows, self.fields, self.link = rows, fields, link
        self.totals = {total.field.name: total for total in totals}
        self.total_fields = FieldSet(f"{name} totals")
        self.total_fields.add(*(total.field for total in self.totals.values()))

    def __repr__(self) -> str:
        return f"<Predicate {self.name}>"

    def rows(self, ctx: Context) -> QuerySet:
        """All events that count; for a past day, those that had happened."""
        rows = self._rows(ctx)
        return rows if ctx.until is None else rows.filter(**{f"{self.fields[DATE].column}__lt": ctx.until})

    # --- understanding ------------------------------------------------------------------------------------------
    def parameters(self, ctx: Context) -> list[Field]:
        """Everything that can be asked, in the order it is offered."""
        one = self.fields.offered(ctx, lambda field: field.filterable)
        return [*one, *self.total_fields.offered(ctx)]

    def field(self, condition: Condition, ctx: Context) -> Field:
        """The parameter a condition asks. Raises BadCondition that names the nearest one."""
        if condition.field in self.total_fields:
            return self.total_fields.find(condition.field, ctx, condition.place)
        try:
            return self.fields.find(condition.field, ctx, condition.place)
        except BadCondition as fault:
            known = ", ".join(field.name for field in self.parameters(ctx))
            reason = _("{event} has no parameter “{name}”; it knows: {known}.").format(
                event=self.name, name=condition.field, known=known
            )
            suggestion = fault.details["suggestion"]
            raise BadCondition(reason, word=condition.field, place=condition.place, suggestion=suggestion) from fault

    def check(self, event: Happened, ctx: Context) -> None:
        """Understand every parameter. Raises BadCondition for one that cannot be, or that is given twice."""
        seen: set[str] = set()
        for condition in event.parameters:
            field = self.field(condition, ctx)
            if field.name in seen:
                reason = _("“{name}” can be given once only; for a span write BETWEEN … AND ….").format(name=field.name)
                raise BadCondition(reason, word=condition.field, place=condition.place)
            seen.add(field.name)
            (self.total_fields if field.name in self.totals else self.fields).understood(condition, ctx)

    def canonical(self, event: Happened, ctx: Context) -> Leaf:
        """The event under its own name, its parameters under theirs."""
        parameters = tuple(
            (self.total_fields if one.field in self.total_fields else self.fields).canonical_leaf(one, ctx)
            for one in event.parameters
        )
        return Happened(self.name, parameters, event.place)  # type: ignore[arg-type]

    def _split(self, event: Happened) -> tuple[All, All]:
        """(conditions of one event, conditions of totals)."""
        totals = tuple(one for one in event.parameters if one.field in self.total_fields)
        single = tuple(one for one in event.parameters if one not in totals)
        given = {self.fields[one.field].name for one in single}
        usual = tuple(one for one in self.usual if one.field not in given)
        return All((*single, *usual)), All(totals)

    # --- everybody ----------------------------------------------------------------------------------------------
    def q(self, event: Happened, ctx: Context) -> Q:
        """SQL of "it happened", always true or false."""
        self.check(event, ctx)
        one, totals = self._split(event)
        events = self.rows(ctx).filter(compile_where(one, self.fields, ctx)).order_by()
        if ctx.only is not None:
            events = events.filter(OneOf(self.link, ctx.only))
        keyed = events.filter(**{f"{self.link}__isnull": False}).values(key=F(self.link))
        happened = self._is_whether(totals, ctx)
        if happened is not None:
            return Q(Among(keyed.values("key"))) if happened else ~Q(Among(keyed.values("key")))
        asked = {self.total_fields[part.field].name for part in totals.parts if isinstance(part, Condition)}
        summed = keyed.annotate(**{self.totals[name].field.column: self.totals[name].sql for name in asked})
        having = compile_where(totals, self.total_fields, ctx)
        if matches(totals, self._sums((), asked), self.total_fields, ctx):
            return ~Q(Among(summed.filter(~having).values("key")))
        return Q(Among(summed.filter(having).values("key")))

    def _is_whether(self, totals: All, ctx: Context) -> bool | None:
        """True when only "at least one" is asked, False for "none at all", None when there is something to add up."""
        if not totals.parts:
            return True
        [first, *more] = totals.parts
        if more or not isinstance(first, Condition) or not self.totals[self.total_fields[first.field].name].counts:
            return None
        none, one, many = (
            matches(totals, {self.total_fields[first.field].column: n}, self.total_fields, ctx) for n in (0, 1, 10**12)
        )
        is_threshold = first.op in (Op.LT, Op.LTE, Op.GT, Op.GTE) or (first.op in (Op.EQ, Op.NE) and one == many)
        return one if is_threshold and one == many and none != one else None

    # --- one row ------------------------------------------------------------------------------------------------
    def events_of(self, event: Happened, row: Row, ctx: Context) -> list[Row]:
        """The row's events that answer to the parameters of one event. The row is fetched with its `id`."""
        one, _totals = self._split(event)
        return [found for found in self._fetched(row["id"], ctx) if matches(one, found, self.fields, ctx)]

    def test(self, event: Happened, row: Row, ctx: Context) -> bool:
        """Whether it happened to the row, by the same rules as the SQL."""
        self.check(event, ctx)
        _one, totals = self._split(event)
        events = self.events_of(event, row, ctx)
        if not totals.parts:
            return bool(events)
        return matches(totals, self._sums(events, self.totals), self.total_fields, ctx)

    def sums(self, event: Happened, row: Row, ctx: Context) -> dict[str, Any]:
        """The natural values of all totals over the row's matching events, for "why"."""
        sums = self._sums(self.events_of(event, row, ctx), self.totals)
        return {name: self.totals[name].field.value(sums, ctx) for name in self.totals}

    def _sums(self, events: Events, names: Iterable[str]) -> Mapping[str, int]:
        return {self.totals[name].field.column: self.totals[name].of(events) for name in names}

    def _fetched(self, key: int, ctx: Context) -> list[Row]:
        columns = [column for field in self.fields for column in field.columns]
        columns += [column for total in self.totals.values() for column in total.reads]

        def fetch() -> list[Row]:
            rows = self.rows(ctx).filter(**{self.link: key})
            return list(self.fields.annotated(rows, (field.name for field in self.fields), ctx).values(*{*columns}))

        found: list[Row] = ctx.once(("events", self.name, key), fetch)
        return found
