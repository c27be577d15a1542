"""How scenarios ask for pages."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.measure import Target, Work, Works
from bench.world import World

if TYPE_CHECKING:
    from bench.house import Bench

LIST = Target(median=15, p95=30)
"""ARCHITECTURE: a list page, any sort, up to three filters, through HTTP."""

TABLE = "div#list-table"

Paths = Callable[[World], Sequence[str]]


def asking(paths: Paths, part: str = "") -> Works:
    """These pages (or parts of pages), one after the other and again."""

    def works(bench: "Bench") -> Iterator[Work]:
        for path in cycle(paths(bench.world)):
            yield partial(_got, bench, path, part)

    return works


def once_each(paths: Paths, part: str = "") -> Works:
    """These pages, each once."""

    def works(bench: "Bench") -> Iterator[Work]:
        for path in paths(bench.world):
            yield partial(_got, bench, path, part)

    return works


def query(path: str, **given: str) -> str:
    """An address with a query."""
    return f"{path}?{urlencode(given)}"


def _got(bench: "Bench", path: str, part: str) -> None:
    bench.browser.get(path, part)
