"""Several labels in one cell: `VIP, "late, often"`. What is joined here is split here into the same labels."""

import re
from collections.abc import Iterable

_SEPARATORS = ",;|\n"
_PART = re.compile(rf'\s*(?:"((?:[^"]|"")*)"\s*(?=[{_SEPARATORS}]|\Z)|([^{_SEPARATORS}]*))(?:[{_SEPARATORS}]|\Z)')


def join_labels(names: Iterable[str]) -> str:
    """Labels in one cell; one that holds a separator or a quote stands in quotes."""
    return ", ".join(_quoted(name) for name in names)


def split_labels(text: str) -> list[str]:
    """The labels of a cell, separated by commas, semicolons, bars or lines; quotes hold one together."""
    found, at = [], 0
    while at < len(text) and (part := _PART.match(text, at)):
        name = part[1].replace('""', '"') if part[1] is not None else part[2]
        if name := name.strip():
            found.append(name)
        at = max(part.end(), at + 1)
    return found


def _quoted(name: str) -> str:
    if any(mark in name for mark in _SEPARATORS + '"'):
        return '"' + name.replace('"', '""') + '"'
    return name
