"""One field that a file can bring, declared."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One field that a file can bring.

    example: what the template shows; without one the column is not in the template. part: which part of the
    record it belongs to, for headings in the chooser.
    """

    name: str
    header: str
    label: Any
    synonyms: tuple[str, ...] = ()
    example: str = ""
    part: str = "customer"


def either(names: str) -> tuple[str, ...]:
    """Names with | between them."""
    return tuple(" ".join(name.split()) for name in names.split("|"))


def by_name(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}
