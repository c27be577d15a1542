"""Where a run has a page of its own."""

from collections.abc import Callable

from regulars.shops.models import JobRun

_pages: dict[str, Callable[[JobRun], str]] = {}


def shows(kind: str) -> Callable[[Callable[[JobRun], str]], Callable[[JobRun], str]]:
    """Register a function from a run of this kind to its page's path below the shop."""

    def register(find: Callable[[JobRun], str]) -> Callable[[JobRun], str]:
        _pages[kind] = find
        return find

    return register


def page_of(slug: str, run: JobRun) -> str | None:
    """The run's page, None when it has none."""
    find = _pages.get(run.kind)
    return f"/s/{slug}/{find(run)}" if find else None
