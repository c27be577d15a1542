"""Where a run has a page of its own."""

from collections.abc import Callable

from regulars.shops.models import JobRun

Find = Callable[[JobRun], str | None]
_pages: dict[str, Find] = {}


def shows(kind: str) -> Callable[[Find], Find]:
    """Register a function from a run of this kind to its page's path below the shop, None where it has none."""

    def register(find: Find) -> Find:
        _pages[kind] = find
        return find

    return register


def page_of(slug: str, run: JobRun) -> str | None:
    """The run's page, None when it has none."""
    find = _pages.get(run.kind)
    path = find(run) if find else None
    return f"/s/{slug}/{path}" if path else None
