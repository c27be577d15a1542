"""Letting writers meet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import close_old_connections, connection


def at_once(*works: Callable[[], object]) -> None:
    """Do all of these at the same time, each on a connection of its own; raises the first error."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            close_old_connections()
            connection.ensure_connection()
            start.wait(10)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(60)
