"""Statements that PostgreSQL plans once a connection.

To plan a statement over tables with many indexes takes PostgreSQL longer than to do it for one order or one customer.
The text goes there without its values, and is kept with its plan. Only for statements whose plan does not hang on the
values, and which name the columns they answer: `*` would be an error as soon as the table gets another one.

A plan is kept until PostgreSQL counts a table anew. Thousands of rows at once would have outgrown it long before: what
is best for an empty table reads all of a full one. They are planned each time, which among so many is nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections


class _Keeping(psycopg.Cursor[Any]):
    """Has the server keep every statement."""

    def execute(self, query: Any, params: Any = None, **_how: Any) -> Self:
        raw: Any = self.connection
        usual, raw.prepare_threshold = raw.prepare_threshold, 0  # Django's own: never
        try:
            return super().execute(query, params, prepare=True)
        finally:
            raw.prepare_threshold = usual

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        """Keeps what Django tells of a statement (`connection.queries`): psycopg forgets it of kept ones."""
        self._query = super()._convert_query(query, params)
        return self._query


FEW = 20
"""Rows of one statement up to which it is planned once."""


@contextmanager
def planned_once(rows: int = 1) -> Iterator[Any]:
    """A cursor as Django's own, but that values are not written into the text. So they need types where PostgreSQL
    does not see one: `%s::bigint[]`. rows: of how many the statement is; of more than a few it is planned each time."""
    if rows > FEW:
        with connection.cursor() as usual:
            yield usual
        return
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    keeping: Any = _Keeping(database.connection)  # type: ignore[arg-type]
    make = database.make_debug_cursor if database.queries_logged else database.make_cursor
    with database.wrap_database_errors, make(keeping) as cursor:
        yield cursor
