"""How far an export is, told while its one step still runs, and whether somebody wants it stopped.

A step is one transaction, which others see nothing of before its end; so the figure goes through a connection of its
own, at most once a second. It never goes back: an export that begins again after its worker died stays where it was
until it gets further, and only then are the lives it lost forgotten (`got_on`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from regulars.kit.jobs import got_on
from regulars.shops.models import JobRun
from regulars.transfer.errors import ExportCancelled

PAUSE = 1.0
_TELL = "UPDATE shops_jobrun SET done = greatest(done, %s) WHERE shop_id = %s AND id = %s RETURNING cancel_asked"


@contextmanager
def watched(job: JobRun) -> Iterator[Callable[[int], None]]:
    """A function that hears how many rows are written. It raises ExportCancelled when the work was called off."""
    beside = connection.copy()
    last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return
        with beside.cursor() as cursor:
            cursor.execute(_TELL, [done, job.shop_id, job.pk])
            row = cursor.fetchone()
        last = time.monotonic()
        if done > job.done:
            got_on(beside)
        if row and row[0]:
            raise ExportCancelled

    try:
        yield told
    finally:
        beside.close()
