"""All people of a load, block after block, made by as many processes as there are cores when there are many."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import accumulate
from typing import NamedTuple

from regulars.transfer.demo.cast import BLOCK, Cast

MANY = 20_000
"""From so many people on, starting other processes pays."""


AHEAD = 8
"""Blocks a worker may be ahead of whoever writes them."""


class _Block(NamedTuple):
    first: int
    counts: list[int]
    visits: int


def blocks(cast: Cast) -> Iterator[dict[str, str]]:
    """The COPY text of each block of people by table, in their order (see `rows.copy_block`)."""
    workers = min(4, os.cpu_count() or 1)
    if cast.customers < MANY or workers < 2:
        from regulars.transfer.demo.rows import copy_block

        yield from (copy_block(cast, *block) for block in _plan(cast))
        return
    # Fresh processes: a forked one would share our connection to the database.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, fresh, initializer=_start, initargs=(cast,)) as pool:
        ahead: deque[Future[dict[str, str]]] = deque()
        for block in _plan(cast):
            ahead.append(pool.submit(_make, block))
            if len(ahead) >= AHEAD * workers:  # more would only wait in memory
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _plan(cast: Cast) -> list[_Block]:
    counts = cast.order_counts()
    before = [0, *accumulate(counts)]
    return [_Block(first, counts[first : first + BLOCK], before[first]) for first in range(0, len(counts), BLOCK)]


_cast: Cast | None = None


def _start(cast: Cast) -> None:
    """Make a worker ready: the models it writes for must be there."""
    global _cast
    import django

    django.setup()
    _cast = cast


def _make(block: _Block) -> dict[str, str]:
    from regulars.transfer.demo.rows import copy_block

    if _cast is None:
        raise RuntimeError("the worker was not started")
    return copy_block(_cast, *block)
