"""The memory of a command together with the processes that it begins."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

EVERY_SECONDS = 0.1


class Most:
    """bytes: the most that was seen so far; what processes share counts once."""

    bytes = 0


@contextmanager
def watching(pid: int) -> Iterator[Most]:
    """Look at a process and its children again and again inside the block."""
    most, over = Most(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(psutil.Process(pid), most, over))
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _watch(process: psutil.Process, most: Most, over: threading.Event) -> None:
    while not over.wait(EVERY_SECONDS):
        try:
            family = [process, *process.children(recursive=True)]
            most.bytes = max(most.bytes, sum(map(_held, family)))
        except psutil.Error:  # one of them is just ending
            continue


def _held(process: psutil.Process) -> int:
    """Where nobody says what is shared, all of it."""
    info = process.memory_full_info()
    return getattr(info, "pss", 0) or info.rss
