"""Counts that answer in a given time: exactly, or "more than so many", or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from regulars.kit.query.paging import CAP, count_up_to

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows there are. n: None when they are too many to count in time; not exact: there are more than n."""

    n: int | None
    is_exact: bool = True


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Statements inside are stopped by the database after so many seconds; raises OperationalError then."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")


def in_time(seconds: float, find: Callable[[], Answer], otherwise: Answer) -> Answer:
    """What `find` answers, or `otherwise` when the database was not done with a statement in time."""
    try:
        with at_most(seconds):
            return find()
    except OperationalError as fault:
        if getattr(fault.__cause__, "sqlstate", "") != "57014":  # query_canceled
            raise
        return otherwise


def count_in_time(rows: QuerySet[Any], seconds: float) -> Counted:
    """The exact count; when it takes longer than that, whether there are more than the cap."""
    exact = in_time(seconds, lambda: Counted(rows.order_by().values("pk").count()), Counted(None, False))
    if exact.is_exact:
        return exact
    return in_time(seconds / 3, lambda: _capped(rows), exact)


def _capped(rows: QuerySet[Any]) -> Counted:
    found = count_up_to(rows)
    return Counted(CAP, False) if found > CAP else Counted(found)
