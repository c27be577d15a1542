"""Rows into tables by COPY: ids first, one statement a table."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """So many new ids of a table, in ascending order, by one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(ids.sequence) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0)"
            " AS ids, generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(number for (number,) in cursor.fetchall())


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
def pointing_at_our_own() -> Iterator[None]:
    """Inside, PostgreSQL does not look for each row that is pointed at. Only for what hangs on rows which this very
    transaction has made: nobody else has seen those, so nobody can have taken them away.

    Looking takes a third as long as all the writing. On a server whose owner does not let us say so, it looks.
    An error inside ends the (inner) transaction, and the setting with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS_NOT)
        is_ours_to_say = cursor.rowcount == 1
        yield
        if is_ours_to_say:
            cursor.execute("SET LOCAL session_replication_role = 'origin'")


_LOOKS_NOT = """
    SELECT set_config('session_replication_role', 'replica', true)
    WHERE has_parameter_privilege('session_replication_role', 'SET')
"""
