"""Pages of log rows by key: the address names the row a page begins behind or ends before."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

SIZE = 50
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page. previous, next: queries of the neighbouring pages ("?after=…"), None where there are none."""

    rows: list[Any]
    previous: str | None
    next: str | None


def slice_of(rows: QuerySet[M], keys: tuple[str, ...], given: QueryDict, *, size: int = SIZE) -> Slice:
    """The page an address asks for; an address we did not write is the first page.

    keys: whole numbers that order the rows without ties, all in one direction, "-" for descending ("-id").
    """
    names = tuple(key.lstrip("-") for key in keys)
    descends = keys[0].startswith("-")
    if before := _numbers(given.get("before", ""), len(keys)):
        found = list(_beyond(rows, names, before, "gt" if descends else "lt").order_by(*map(_turned, keys))[: size + 1])
        page = found[:size][::-1]
        if page:
            return Slice(
                page,
                _address("before", page[0], names) if len(found) > size else None,
                _address("after", page[-1], names),
            )
    after = _numbers(given.get("after", ""), len(keys))
    if after:
        rows = _beyond(rows, names, after, "lt" if descends else "gt")
    found = list(rows.order_by(*keys)[: size + 1])
    page = found[:size]
    return Slice(
        page,
        _address("before", page[0], names) if after and page else None,
        _address("after", page[-1], names) if len(found) > size else None,
    )


def _beyond(rows: QuerySet[M], names: tuple[str, ...], at: tuple[int, ...], side: str) -> QuerySet[M]:
    """Rows on one side of a key, compared part by part."""
    question, same = Q(), Q()
    for name, value in zip(names, at, strict=True):
        question |= same & Q(**{f"{name}__{side}": value})
        same &= Q(**{name: value})
    return rows.filter(question)


def _address(side: str, row: Any, names: tuple[str, ...]) -> str:
    return f"?{side}=" + "-".join(str(getattr(row, name)) for name in names)


def _numbers(text: str, count: int) -> tuple[int, ...] | None:
    parts = text.split("-")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    return tuple(map(int, parts))


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"
