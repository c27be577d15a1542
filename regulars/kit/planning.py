"""Statements that PostgreSQL plans once a connection.

To plan a statement over tables with many indexes takes PostgreSQL longer than to do it for one order or one customer.
The text goes there without its values, and is kept with its plan. Only for statements whose plan does not hang on the
values, and which name the columns they answer: `*` would be an error as soon as the table gets another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from django.db import connection


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


@contextmanager
def planned_once() -> Iterator[Any]:
    """A cursor as Django's own, but that values are not written into the text. So they need types where PostgreSQL
    does not see one: `%s::bigint[]`."""
    connection.ensure_connection()
    cursor: Any = _Keeping(connection.connection)  # type: ignore[arg-type]
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with connection.wrap_database_errors, make(cursor) as wrapped:
        yield wrapped
