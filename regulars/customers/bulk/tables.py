"""Rows into tables by COPY: ids first, one statement a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from regulars.shops.scope import ShopModel

Others = Mapping[type[ShopModel], Set[int]]


def next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """So many new ids of a table (1 or more), in ascending order, by one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [model._meta.db_table, count])
        first, last, scattered = cursor.fetchone()
    return scattered or range(first, last + 1)


# Only where somebody else took some in between each id comes over by itself.
_NEXT = """
    SELECT min(id), max(id), CASE WHEN max(id) - min(id) + 1 > count(*) THEN array_agg(id ORDER BY id) END
    FROM (
        SELECT nextval(ids.sequence) AS id
        FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS ids, generate_series(1, %s)
    ) AS taken
"""


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, their values in the order of `columns` (names in the table). Raises Django's IntegrityError."""
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    # Django translates errors of execute() by itself, of copy() it does not.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,  # type: ignore[attr-defined]
    ):
        for row in rows:
            copy.write_row(row)


@contextmanager
def pointing_at_known(shop_id: int, others: Others) -> Iterator[None]:
    """Inside, PostgreSQL does not look for each row that is pointed at. Only for rows that point at what this very
    transaction has made (nobody else has seen it, so nobody can have taken it away), or at `others`.

    others: rows that were here, by table; they are kept until the transaction ends, as looking for each would do.

    Looking takes a third as long as all the writing. Where one of the others is gone, or on a server whose owner does
    not let us say so, PostgreSQL looks. An error inside ends the (inner) transaction, and the setting with it.
    """
    with connection.cursor() as cursor:
        is_ours_to_say = _are_kept(cursor, shop_id, others) and _said(cursor)
        yield
        if is_ours_to_say:
            cursor.execute("SET LOCAL session_replication_role = 'origin'")


def _are_kept(cursor: Any, shop_id: int, others: Others) -> bool:
    """Keep rows of others from going away; whether all of them are here."""
    for model, ids in others.items():
        if ids:
            cursor.execute(_KEEP.format(table=model._meta.db_table), [shop_id, sorted(ids)])
            if cursor.rowcount < len(ids):
                return False
    return True


def _said(cursor: Any) -> bool:
    cursor.execute(_LOOKS_NOT)
    return bool(cursor.rowcount == 1)


_KEEP = "SELECT id FROM {table} WHERE shop_id = %s AND id = ANY(%s) ORDER BY id FOR KEY SHARE"

_LOOKS_NOT = """
    SELECT set_config('session_replication_role', 'replica', true)
    WHERE has_parameter_privilege('session_replication_role', 'SET')
"""
