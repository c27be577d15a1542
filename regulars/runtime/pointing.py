"""Where a question is wrong: its line again, and marks under the words that are meant."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from regulars.runtime.output import width_of

AROUND = 60
"""Characters shown before the wrong word, and from its beginning on."""


@contextmanager
def pointing_at(question: str) -> Iterator[None]:
    """Show on stderr what a BadCondition from inside the block means, and let it go on."""
    from regulars.kit.query import BadCondition

    try:
        yield
    except BadCondition as fault:
        if (place := fault.details["place"]) and question.strip():
            click.echo(marked(question, place), err=True)
        raise


def marked(question: str, place: Any) -> str:
    """Two lines: that of the question, cut where it is long, and marks below the place."""
    line = question.split("\n")[place.line - 1].replace("\t", " ").rstrip("\r")
    start, at = max(place.column - 1 - AROUND, 0), place.column - 1
    before, after = line[start:at], line[at : at + AROUND]
    before = "…" + before[1:] if start else before
    word = after[: place.length]
    after = after[:-1] + "…" if len(line) > at + AROUND else after
    return f"  {before}{after}\n  {' ' * width_of(before)}{'^' * max(width_of(word), 1)}"


def told_place(fault: Exception) -> dict[str, Any]:
    """The same for programs: {"line", "column", "length", "suggestion"}, or nothing."""
    details = getattr(fault, "details", {})
    place: Any = details.get("place")
    if not hasattr(place, "_asdict"):
        return {}
    return {**place._asdict(), "suggestion": details.get("suggestion", "")}
