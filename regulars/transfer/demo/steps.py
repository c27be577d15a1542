"""How far a load is, and what each of its steps took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

Progress = Callable[[str, int, int], None]


class Steps:
    """Tells progress from any number of threads, one at a time, and keeps rows and seconds of each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._lock = progress, Lock()
        self._began = time.monotonic()
        self.taken: dict[str, dict[str, Any]] = {}

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Inside the block, call the answer with how many of `total` rows are done."""
        began, done = time.monotonic(), 0

        def report(rows: int) -> None:
            nonlocal done
            done = rows
            with self._lock:
                self._progress(name, min(rows, total), total)

        yield report
        report(max(done, total))
        self.taken[name] = {"rows": max(done, total), "seconds": round(time.monotonic() - began, 2)}

    def seconds(self) -> float:
        """Since the load began."""
        return round(time.monotonic() - self._began, 2)
