"""What commands print: one JSON document or a plain table on stdout, progress on stderr."""

import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click


def print_json(document: Any) -> None:
    """Print exactly one document: money as decimal strings, instants in ISO 8601."""
    click.echo(json.dumps(document, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def print_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows below their column names, padded to what a terminal shows."""
    lines = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(width_of, column)) for column in zip(columns, *lines, strict=True)]
    for line in (list(columns), *lines):
        cells = (text + " " * (width - width_of(text)) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return " ".join(str(_plain(value) if isinstance(value, Decimal | date) else value).split())


def width_of(text: str) -> int:
    """How many columns a text takes: accents none, East Asian characters two."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(1 for letter in text if unicodedata.combining(letter))


class Progress:
    """Says on stderr how far something is: in place on a terminal, a line every 5 seconds in a log."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._pause = 0.1 if self._live else 5.0
        self._said = 0.0
        self._stage = ""
        self._line = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        over = bool(total) and done >= total
        line = f"{stage}: {done:,} of {total:,}" if total else f"{stage}: {done:,}"
        too_soon = stage == self._stage and not over and now - self._said < self._pause
        if too_soon or line == self._line:
            return
        if self._live and self._stage and stage != self._stage:
            click.echo(err=True)
        self._stage, self._said, self._line = stage, now, line
        click.echo(f"\r\033[K{line}" if self._live else line, err=True, nl=not self._live)

    def close(self) -> None:
        """Leave the line that was written in place."""
        if self._live and self._stage:
            click.echo(err=True)
        self._stage = ""

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
