"""Writing many rows in one statement.

Rows travel as one JSON parameter and are read by PostgreSQL with the table's own types, so that an insert, an upsert
and an update of a thousand rows are one short statement each.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from regulars.kit.planning import planned_once

Row = Mapping[str, Any]


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows that are about to be written, ascending."""
    if not count:
        return []
    with planned_once() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s::int)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def packed(rows: Sequence[Row]) -> str:
    """Rows as the JSON that `json_populate_recordset` reads; instants and decimals as their text."""
    return json.dumps(rows, default=str)


def update_rows(model: type[models.Model], shop_id: int, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set some columns of many rows, each row a mapping with `id` and those columns."""
    table = model._meta.db_table
    changes = ", ".join(f"{column} = r.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {changes} FROM json_populate_recordset(NULL::{table}, %s) r "  # noqa: S608
            "WHERE t.shop_id = %s AND t.id = r.id",
            [packed(rows), shop_id],
        )


def dicts(cursor: Any) -> list[dict[str, Any]]:
    """The answered rows by column name."""
    rows = cursor.fetchall()
    names = [column[0] for column in cursor.description] if rows else []  # to be told takes 3 µs a column
    return [dict(zip(names, row, strict=True)) for row in rows]
