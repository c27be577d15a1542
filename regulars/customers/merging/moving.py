"""Rows that change hands, in SQL: whatever the table, by the same statements, and exactly back.

A trace says what was done: "moved" {customer id: [row ids]}; "changed" {row id: {column: [old, new]}}; "dropped" (whole
rows, as PostgreSQL writes them: no number or moment loses a digit); "made" [row ids].
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from regulars.customers.merging.links import Link


def move(
    link: "Link", shop_id: int, to: int, whose: Sequence[int], *, only: Collection[int] | None = None
) -> dict[str, list[int]]:
    """Give the rows of customers to another; {customer id: row ids}. only: these rows."""
    some = "" if only is None else "AND id = ANY(%(only)s)"
    rows = _rows(
        f"UPDATE {link.table} t SET {link.column} = %(to)s FROM ("  # noqa: S608
        f"SELECT id, {link.column} AS whose FROM {link.table} WHERE shop_id = %(shop)s "
        f"AND {link.column} = ANY(%(whose)s) {some} ORDER BY id FOR NO KEY UPDATE) AS old "
        "WHERE t.shop_id = %(shop)s AND t.id = old.id RETURNING old.whose, t.id",
        {"shop": shop_id, "to": to, "whose": list(whose), "only": sorted(only or ())},
    )
    moved: dict[str, list[int]] = {}
    for customer_id, pk in sorted(rows):
        moved.setdefault(str(customer_id), []).append(pk)
    return moved


def new_to(link: "Link", shop_id: int, to: int, whose: Sequence[int], same: Sequence[str]) -> list[int]:
    """Of several customers' rows those that differ from all of another's, and from each other, in some columns."""
    columns = ", ".join(same)
    alike = " AND ".join(f"mine.{one} = t.{one}" for one in same)
    rows = _rows(
        f"SELECT DISTINCT ON ({columns}) id FROM {link.table} t "  # noqa: S608
        f"WHERE shop_id = %(shop)s AND {link.column} = ANY(%(whose)s) AND NOT EXISTS (SELECT FROM {link.table} mine "
        f"WHERE mine.shop_id = %(shop)s AND mine.{link.column} = %(to)s AND {alike}) "
        f"ORDER BY {columns}, array_position(%(whose)s::bigint[], {link.column}), id",
        {"shop": shop_id, "to": to, "whose": list(whose)},
    )
    return [pk for (pk,) in rows]


def take_back(link: "Link", shop_id: int, survivor_id: int, trace: Mapping[str, Any]) -> None:
    """Undo what a trace says. A row that changed hands since, or is gone, is left as it is."""
    _execute(
        f"DELETE FROM {link.table} WHERE shop_id = %(shop)s AND id = ANY(%(ids)s)",  # noqa: S608
        {"shop": shop_id, "ids": trace.get("made", [])},
    )
    for pk, columns in trace.get("changed", {}).items():
        _restore(link, shop_id, int(pk), columns)
    for customer_id, ids in trace.get("moved", {}).items():
        _execute(
            f"UPDATE {link.table} SET {link.column} = %(to)s "  # noqa: S608
            f"WHERE shop_id = %(shop)s AND id = ANY(%(ids)s) AND {link.column} = %(from)s",
            {"shop": shop_id, "to": int(customer_id), "from": survivor_id, "ids": ids},
        )
    for row in trace.get("dropped", []):
        insert(link, row)


def change(link: "Link", shop_id: int, changed: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
    """Write the new values of a trace's "changed"."""
    for pk, columns in changed.items():
        _set(link, shop_id, int(pk), {name: new for name, (_old, new) in columns.items()}, None)


def give(link: "Link", shop_id: int, rows: Mapping[int, int]) -> None:
    """Row id → customer id."""
    _execute(
        f"UPDATE {link.table} t SET {link.column} = given.whose "  # noqa: S608
        "FROM unnest(%(ids)s::bigint[], %(whose)s::bigint[]) AS given (id, whose) "
        "WHERE t.shop_id = %(shop)s AND t.id = given.id",
        {"shop": shop_id, "ids": list(rows), "whose": list(rows.values())},
    )


def drop(link: "Link", shop_id: int, whose: int) -> list[str]:
    """Delete a customer's rows; whole, as text, for `insert`."""
    rows = _rows(
        f"DELETE FROM {link.table} t WHERE shop_id = %s AND {link.column} = %s RETURNING to_jsonb(t)::text",  # noqa: S608
        [shop_id, whose],
    )
    return [text for (text,) in rows]


def as_they_are(table: str, shop_id: int, where: str, ids: Sequence[int]) -> list[str]:
    """Whole rows as text, for `insert`. where: a condition about %(ids)s."""
    rows = _rows(
        f"SELECT to_jsonb(t)::text FROM {table} t WHERE shop_id = %(shop)s AND {where} ORDER BY id",  # noqa: S608
        {"shop": shop_id, "ids": ids},
    )
    return [text for (text,) in rows]


def insert(link: "Link", row: str, *, unless_there: bool = False) -> None:
    """Put a dropped row back, id and all. Columns the table has got since keep their defaults."""
    columns = _rows(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND %s::jsonb ? column_name",
        [link.table, row],
    )[0][0]
    _execute(
        f"INSERT INTO {link.table} ({columns}) "  # noqa: S608
        f"SELECT {columns} FROM jsonb_populate_record(NULL::{link.table}, %s::jsonb)"
        f"{' ON CONFLICT DO NOTHING' if unless_there else ''}",
        [row],
    )


def last_ids(tables: Iterable[str], shop_id: int) -> dict[str, int]:
    """The last row of each table of a shop: what has a higher id came later."""
    return {
        table: _rows(f"SELECT coalesce(max(id), 0) FROM {table} WHERE shop_id = %s", [shop_id])[0][0]  # noqa: S608
        for table in tables
    }


def ids_after(link: "Link", shop_id: int, whose: int, last: int) -> list[int]:
    """A customer's rows that came after a row, by id."""
    rows = _rows(
        f"SELECT id FROM {link.table} WHERE shop_id = %s AND {link.column} = %s AND id > %s ORDER BY id",  # noqa: S608
        [shop_id, whose, last],
    )
    return [pk for (pk,) in rows]


def _restore(link: "Link", shop_id: int, pk: int, columns: Mapping[str, Sequence[Any]]) -> None:
    """The old values, if the first of the columns still holds what the merge made of it."""
    first = next(iter(columns))
    _set(link, shop_id, pk, {name: old for name, (old, _new) in columns.items()}, (first, columns[first][1]))


def _set(link: "Link", shop_id: int, pk: int, columns: Mapping[str, Any], still: tuple[str, Any] | None) -> None:
    field_of = {field.attname: field for field in link.model._meta.concrete_fields}
    rows = link.model._default_manager.filter(shop_id=shop_id, pk=pk)
    if still:
        rows = rows.filter(**{still[0]: field_of[still[0]].to_python(still[1])})
    rows.update(**{name: field_of[name].to_python(value) for name, value in columns.items()})


def _execute(sql: str, parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
