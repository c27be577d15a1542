"""Jobs for the tests of the worker, which runs them in a process of its own."""

import time
from datetime import UTC, datetime

from django.db import connection, transaction

from regulars.kit.jobs import checkpoint, got_on, job, later

LEDGER = "kit_test_ledger"


def note(word: str) -> None:
    """Write down that something happened; `done` answers with all words, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {LEDGER} (word, at) VALUES (%s, %s)", [word, datetime.now(UTC)])


@job(retry=0)
def quick(word: str) -> None:
    note(word)


@job(retry=0)
@transaction.atomic
def parent() -> None:
    later(quick, word="child")
    raise RuntimeError("after asking for a child")


@job(retry=0)
def slow(seconds: float) -> None:
    """Begins, rests in small steps that may be left, and ends."""
    note("begun")
    for _step in range(int(seconds * 10)):
        checkpoint()
        time.sleep(0.1)
    note("ended")


@job(retry=0)
def deaf(seconds: float) -> None:
    """As `slow`, but listens to nobody; the second time it is done at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {LEDGER} WHERE word = 'begun'")
        is_second = cursor.fetchone()[0] > 0
    note("begun")
    time.sleep(0 if is_second else seconds)
    note("ended")


@job(retry=1)
def flaky() -> None:
    """Fails the first time, after having asked for itself again."""
    note("tried")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {LEDGER}")
        is_first = cursor.fetchone()[0] == 1
    if is_first:
        later(flaky, once="flaky")
        raise RuntimeError("the first time")


@job(retry=0)
def steady(lives: int) -> None:
    """Gets further in each of its lives, and ends in the last."""
    note("begun")
    got_on()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {LEDGER}")
        is_last = cursor.fetchone()[0] == lives
    time.sleep(0 if is_last else 60)
    note("ended")
