"""Plain SQL on a plain connection: what the database itself needs for the same work."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

import psycopg

from bench.measure import Work, Works

if TYPE_CHECKING:
    from bench.house import Bench

Statement = tuple[str, Sequence[Any]]


class Raw:
    """One connection; statements are planned with their values, each time anew."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True, cursor_factory=psycopg.ClientCursor)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement, none for one that answers nothing."""
        done = self.connection.execute(sql, values or None)  # type: ignore[call-overload]
        return done.fetchall() if done.description else []

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row."""
        return self.rows(sql, values)[0][0]

    def close(self) -> None:
        self.connection.close()


def statement(sql: str, *values: Any) -> Works:
    """One statement, as often as wanted. `{shop}` in it is the shop's id; values may be functions of the world."""

    def works(bench: "Bench") -> Iterator[Work]:
        ready = sql.replace("{shop}", str(bench.shop.pk))
        given = [value(bench.world) if callable(value) else value for value in values]
        return repeat(lambda: bench.raw.rows(ready, given))

    return works


def statements(bench: "Bench", found: Iterable[Statement]) -> Iterator[Work]:
    """Each statement once."""
    for sql, values in found:
        yield partial(bench.raw.rows, sql, values)
