"""One SELECT: the rows asked for, and beside them the tables that the columns read.

One statement is one snapshot: its rows are those of one instant, whoever writes meanwhile.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from regulars.kit.query import Context, compile_where, parse
from regulars.kit.query.paging import Order, sort_column
from regulars.shops.models import Shop, Staff
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.columns import ExportColumn
from regulars.transfer.outgoing.kinds import ExportKind, joined

Statement = tuple[str, list[Any]]


def rows_of(shop: Shop, asked: Asked, ctx: Context, staff: Staff | None = None) -> QuerySet:
    """The rows that are asked for, unordered. Raises BadCondition."""
    kind = asked.what
    rows = kind.rows(shop, staff)
    if asked.where:
        rows = rows.filter(compile_where(parse(asked.where), kind.fields, ctx))
    if asked.search.strip():
        rows = kind.find(rows, shop, staff, asked.search)
    if asked.excluded:
        rows = rows.exclude(pk__in=asked.excluded)
    return rows if asked.ids is None else rows.filter(pk__in=asked.ids)


def table(
    kind: ExportKind, rows: QuerySet, columns: Sequence[ExportColumn], order: Order | None, ctx: Context
) -> Statement:
    """The rows as texts, one column each; with a column of a part, one line for each part of a row."""
    if kind.part in joined(columns):
        columns = [column if column.name in kind.names_row else _once(column, kind.part) for column in columns]
    texts = ", ".join(column.sql for column in columns)
    if len(columns) == 1:
        texts = f"coalesce({texts}, '')"  # written "": a line with nothing on it is no row
    return _select(kind, rows, columns, order, ctx, texts)


def objects(
    kind: ExportKind, rows: QuerySet, columns: Sequence[ExportColumn], order: Order | None, ctx: Context
) -> Statement:
    """The rows as JSON objects, one each; columns of a part become a list of objects."""
    parts = [column for column in columns if kind.part in column.joins and kind.part]
    whole = [column for column in columns if column not in parts]
    if parts:
        whole.append(_nested(kind, parts))
    named = ", ".join(f'{column.sql} AS "{column.name}"' for column in whole)
    sql, params = _select(kind, rows, whole, order, ctx, named)
    return f"SELECT row_to_json(o) FROM ({sql}) o", params  # noqa: S608 - our own SQL


class Copied:
    """The rows of a statement as PostgreSQL writes them, each with its line end; `count` of them, after the last.

    options: of COPY. Hours are written as the shop's clocks show them.
    """

    def __init__(self, shop: Shop, statement: Statement, options: str) -> None:
        self._shop, self._options = shop, options
        self._sql, self._params = statement
        self.count = 0

    def __iter__(self) -> Iterator[memoryview | bytes]:
        copy = f"COPY ({self._sql}) TO STDOUT WITH ({self._options})"
        with transaction.atomic(), connection.cursor() as cursor, _hours_of(self._shop):
            # psycopg's own cursor: the wrapper that Django puts around it when debugging takes no parameters
            with cursor.cursor.copy(copy, self._params) as rows:  # type: ignore[attr-defined]
                yield from rows
            self.count = int(cursor.rowcount)


def _select(
    kind: ExportKind, rows: QuerySet, columns: Sequence[ExportColumn], order: Order | None, ctx: Context, what: str
) -> Statement:
    names = [column.name for column in columns if column.name in kind.fields]
    known = kind.fields.annotated(rows.order_by(), names, ctx).query
    # a question that nobody can answer to is a statement without rows, not an error
    inner, inner_params = known.get_compiler(connection=connection, elide_empty=False).as_sql()
    reads = joined(columns)
    beside = "".join(sql for name, sql in kind.joins.items() if name in reads)
    params = [param for column in columns for param in column.params]
    params += [*inner_params, *[ctx.shop_id] * beside.count("%s")]
    by = _sorted(order) + (f", {kind.part}.n" if kind.part in reads else "")
    return f"SELECT {what} FROM ({inner}) c {beside} ORDER BY {by}", params  # noqa: S608 - our own SQL


def _sorted(order: Order | None) -> str:
    if order is None:
        return "c.id"
    direction = "DESC" if order.descending else "ASC"
    return f'c."{sort_column(order.field)}" {direction} NULLS LAST, c.id {direction}'


def _once(column: ExportColumn, part: str) -> ExportColumn:
    """What is said of the row stands in the first of its lines only, or adding up would count it several times."""
    if part in column.joins:
        return column
    return replace(column, sql=f"CASE WHEN coalesce({part}.n, 1) = 1 THEN {column.sql} END")


def _nested(kind: ExportKind, columns: Sequence[ExportColumn]) -> ExportColumn:
    """The parts of a row as one list."""
    pairs = ", ".join(f"'{column.name}', {column.sql}" for column in columns)
    listed = f"coalesce(json_agg(json_build_object({pairs}) ORDER BY {kind.part}.n), '[]')"
    sql = f"(SELECT {listed} FROM {kind.parts_of})"  # noqa: S608 - our own SQL
    params = [param for column in columns for param in column.params]
    return ExportColumn(kind.parts_name, kind.parts_name, sql, tuple(params))


@contextmanager
def _hours_of(shop: Shop) -> Iterator[None]:
    """Have PostgreSQL write hours as the shop's clocks show them. Django relies on its own zone before and after."""
    change = "SELECT set_config('TimeZone', %s, true)"
    with connection.cursor() as cursor:
        cursor.execute(change, [shop.timezone])
        yield
        cursor.execute(change, [connection.timezone_name])
