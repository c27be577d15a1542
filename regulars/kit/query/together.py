"""Many questions about events of one kind, answered by one scan of the events of some rows.

`orders_placed MATCHES (…)` in a hundred segments would look at the same orders a hundred times; here each order is
looked at once, and each question becomes a column of its customer.
"""

import copy
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from regulars.kit.query.among import OneOf
from regulars.kit.query.compile import compile_where
from regulars.kit.query.conditions import All, Condition, Happened
from regulars.kit.query.context import Context
from regulars.kit.query.evaluate import matches
from regulars.kit.query.fields import FieldSet
from regulars.kit.query.predicates import Predicate, Total


def column_of(place: int) -> str:
    """The column of a question by its place among those asked together."""
    return f"happened_{place}"


def asked_together(predicate: Predicate, events: Sequence[Happened], ctx: Context) -> QuerySet:
    """Rows of `key` and a column for each question, of whom anything asked for happened to; the others are missing.

    Only of the rows in `ctx.only`. What holds for a missing row says `holds_without`. Raises BadCondition.
    """
    if ctx.only is None:
        raise ValueError("Say of which rows.")
    rows = predicate.rows(ctx).filter(OneOf(predicate.link, ctx.only), **{f"{predicate.link}__isnull": False})
    singles = [compile_where(predicate._split(event)[0], predicate.fields, ctx) for event in events]
    if all(singles):
        of_use = singles[0]
        for single in singles[1:]:
            of_use |= single
        rows = rows.filter(of_use)
    asked = rows.order_by().values(key=F(predicate.link))
    for place, (event, single) in enumerate(zip(events, singles, strict=True)):
        asked = _with_column(asked, predicate, event, single, column_of(place), ctx)
    return asked.values_list("key", *(column_of(place) for place in range(len(events))))


def holds_without(predicate: Predicate, event: Happened, ctx: Context) -> bool:
    """Whether a question holds for a row to which nothing happened: `count = 0` does."""
    totals = predicate._split(event)[1]
    if not totals.parts:
        return False
    sums = {total.field.column: total.of(()) for total in predicate.totals.values()}
    return matches(totals, sums, predicate.total_fields, ctx)


def _with_column(
    asked: QuerySet, predicate: Predicate, event: Happened, single: Q, column: str, ctx: Context
) -> QuerySet:
    totals = predicate._split(event)[1]
    if not totals.parts:
        return asked.annotate(**{column: BoolOr(_truth(single))})
    fields = FieldSet(column)
    for total in _totals_of(predicate, totals):
        field = copy.copy(total.field)
        field.column = f"{column}_{total.field.name}"
        fields.add(field)
        asked = asked.annotate(**{field.column: _filtered(total, single)})
    return asked.annotate(**{column: _truth(compile_where(totals, fields, ctx))})


def _totals_of(predicate: Predicate, totals: All) -> list[Total]:
    asked = {predicate.total_fields[one.field].name for one in totals.parts if isinstance(one, Condition)}
    return [predicate.totals[name] for name in sorted(asked)]


def _filtered(total: Total, single: Q) -> Any:
    """The total over the events that the question leaves."""
    figure: Any = copy.copy(total.sql)
    if single:
        figure.filter = single
    nothing = total.of(())
    return figure if nothing is None else Coalesce(figure, Value(nothing))


def _truth(question: Q) -> Any:
    if not question:
        return Value(True)
    return Case(When(question, then=Value(True)), default=Value(False), output_field=BooleanField())
