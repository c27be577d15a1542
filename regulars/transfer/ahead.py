"""Reading ahead: while PostgreSQL writes one batch, a thread makes the next one ready."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from regulars.transfer.reading import Position
from regulars.transfer.rows import Batch

IDLE_SECONDS = 120
Open = Callable[[Position], Iterator[Batch]]


class Ahead:
    """The batches of one file, each made ready in a thread of its own before it is asked for."""

    def __init__(self, open_at: Open, at: Position) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._batches = open_at(at)
        self._coming: Future[Batch] = self._thread.submit(next, self._batches)
        self.at = at
        self.used_at = time.monotonic()

    def next(self) -> Batch:
        """The batch that begins at `at`. Raises what reading the file raised."""
        try:
            batch = self._coming.result()
            if not batch.is_last:
                self._coming = self._thread.submit(next, self._batches)
            self.at = batch.end
            return batch
        finally:
            self.used_at = time.monotonic()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._batches.close()  # type: ignore[attr-defined]


class Readers:
    """The files that this process is in the middle of, by run."""

    def __init__(self) -> None:
        self._open: dict[int, Ahead] = {}
        self._lock = threading.Lock()

    def batch(self, run_id: int, at: Position, open_at: Open) -> Batch:
        """The batch of a run that begins at a position; goes on reading, or begins there anew."""
        with self._lock:
            ahead = self._open.get(run_id)
            if ahead is None or ahead.at != at:
                self._forget(run_id)
                ahead = self._open[run_id] = Ahead(open_at, at)
            ahead.used_at = math.inf  # a batch may be long in coming; who waits for it has not forgotten it
        return ahead.next()

    def close(self, run_id: int) -> None:
        """Stop reading a run's file, and those that nobody asked for lately."""
        with self._lock:
            self._forget(run_id)
            limit = time.monotonic() - IDLE_SECONDS
            for other in [key for key, ahead in self._open.items() if ahead.used_at < limit]:
                self._forget(other)

    def _forget(self, run_id: int) -> None:
        if ahead := self._open.pop(run_id, None):
            ahead.close()


readers = Readers()
