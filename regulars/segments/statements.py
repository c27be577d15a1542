"""One statement that asks many segments at once, with the ids of the customers as its only parameter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, Expression, Func, Q, QuerySet, Value, When

from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import Condition, Context, FieldSet, Happened, Node, Op, compile_where
from regulars.kit.query.among import OneOf
from regulars.kit.query.conditions import Leaf, Literal, leaves_of, replaced
from regulars.kit.query.kinds import Flag
from regulars.kit.query.predicates import Predicate
from regulars.kit.query.together import asked_together, column_of, holds_without
from regulars.shops.models import Shop


class _Ids(list[int]):
    """Stands in a statement's parameters where the ids come; copies are itself, so that it is found again."""

    def __copy__(self) -> "_Ids":
        return self

    def __deepcopy__(self, _memo: Any) -> "_Ids":
        return self


_IDS = _Ids()

_MARK = f"ids {uuid4()}"
"""Stands where the ids come while everything else is written into the statement."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Segments that can be asked together: none of them asks for another.

    sql: a common table expression `asked (id, held)` of the living customers among the ids in `$1`, its only
    parameter, with the ones it needs before it.
    """

    segment_ids: tuple[int, ...]
    sql: str


def layer_of(shop: Shop, nodes: Mapping[int, Node], ctx: Context) -> Layer:
    """The statement for segments (id → question that was checked)."""
    ctx = replace(ctx, only=_IDS, cache={})
    asked = _Together(nodes.values(), ctx)
    held = _Held(*(_id_where(pk, compile_where(asked.rewritten(nodes[pk]), asked.fields, ctx)) for pk in sorted(nodes)))
    people = Customer.objects.of(shop).alive().filter(OneOf("pk", _IDS)).order_by()
    sql = _written(people.annotate(held=held).values_list("pk", "held"))
    table = f'FROM "{Customer._meta.db_table}"'
    sql = sql.replace(table, f"{table} {asked.joins}", 1)
    return Layer(tuple(sorted(nodes)), ", ".join([*asked.tables, f"asked (id, held) AS MATERIALIZED ({sql})"]))


def run_layer(sql: str, parameters: list[Any], *, keep: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a statement around a layer, whose parameters are `$1`, `$2` ….

    keep: have the server keep the plan, as the same will be asked again and again: planning takes longer than
    answering for one customer. Sent past Django's cursor, which would write the ids into the text.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    usual, raw.prepare_threshold = raw.prepare_threshold, 0  # Django's own: never
    try:
        with connection.wrap_database_errors, psycopg.RawCursor(raw) as cursor:
            cursor.execute(sql, parameters, prepare=keep)
            return cursor.fetchall()
    finally:
        raw.prepare_threshold = usual


class _Held(Func):
    """The ids of the segments that hold, ascending when the expressions are."""

    template = "array_remove(ARRAY[%(expressions)s]::bigint[], NULL)"


def _id_where(segment_id: int, question: Q) -> Expression:
    value = Value(segment_id, output_field=BigIntegerField())
    return Case(When(question, then=value), output_field=BigIntegerField()) if question else value


class _Together:
    """Every event that the questions ask for, asked once a kind of event; in the questions stand its columns instead.

    tables: what answers them, as common table expressions. fields: the customers' fields, and the columns.
    """

    def __init__(self, nodes: Iterator[Node] | Any, ctx: Context) -> None:
        self.fields = FieldSet("customer and events")
        self.fields.add(*customer_fields.of(ctx))
        self.fields.add_predicates(*customer_fields.all_predicates())
        self.tables: list[str] = []
        self.joins = ""
        self._columns: dict[Happened, str] = {}
        found: dict[str, list[Happened]] = {}
        for leaf in dict.fromkeys(leaf for node in nodes for leaf in leaves_of(node)):
            if isinstance(leaf, Happened) and type(customer_fields.predicate(leaf, ctx)) is Predicate:
                found.setdefault(customer_fields.predicate(leaf, ctx).name, []).append(leaf)
        for name, events in found.items():
            self._ask(customer_fields.predicate(events[0], ctx), name, events, ctx)

    def rewritten(self, node: Node) -> Node:
        """The question with columns instead of events."""
        return replaced(node, self._column)

    def _column(self, leaf: Leaf) -> Leaf:
        if isinstance(leaf, Happened) and leaf in self._columns:
            return Condition(self._columns[leaf], Op.EQ, (Literal("word", "true"),))
        return leaf

    def _ask(self, predicate: Predicate, name: str, events: Sequence[Happened], ctx: Context) -> None:
        try:
            sql = _written(asked_together(predicate, events, ctx))
        except EmptyResultSet:
            return
        self.tables.append(f'"{name}" AS MATERIALIZED ({sql})')
        key = f'"{Customer._meta.db_table}"."id"'
        columns = ", ".join(["key", *map(column_of, range(len(events)))])
        self.joins += f' LEFT JOIN "{name}" AS "{name}" ({columns}) ON "{name}".key = {key}'
        for place, event in enumerate(events):
            column = f"{name} {place}"
            holds = _Answer(name, column_of(place), without=holds_without(predicate, event, ctx))
            self.fields.add(Flag(column, column, when=Q(holds)))
            self._columns[event] = column


class _Answer(Func):
    """A column of one of the tables; with what holds for a customer who is not in it."""

    output_field = BooleanField()
    conditional = True
    template = 'coalesce("%(table)s"."%(column)s", %(without)s)'

    def __init__(self, table: str, column: str, *, without: bool) -> None:
        super().__init__(table=table, column=column, without="true" if without else "false")


def _written(asked: QuerySet) -> str:
    """The statement as text, with everything in it but the ids."""
    sql, parameters = asked.query.sql_with_params()
    text: str = connection.ops.compose_sql(  # type: ignore[attr-defined]
        sql, [_MARK if one is _IDS else one for one in parameters]
    )
    return text.replace(f"'{_MARK}'", "$1")
