"""Rows into tables by COPY, each a line of text as PostgreSQL reads it.

For rows that are mostly alike: whoever knows which cells never differ writes them once, where the driver would look at
every value of every row anew.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection

LINES = 500
"""Lines that are handed over at once: PostgreSQL takes in some while the next are made."""


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """Insert rows and answer how many; each line holds a `cell` for each column, with tabs between.

    Raises Django's IntegrityError.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    # Django translates errors of execute() by itself, of copy() it does not.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,  # type: ignore[attr-defined]
    ):
        for block in _blocks(lines):
            copy.write(block)
    return cursor.rowcount


def is_plain(texts: Iterable[str]) -> bool:
    """Whether these texts are cells as they stand: asked at once for a whole row, mostly without anything to write."""
    joined = "".join(texts)
    return not ("\\" in joined or "\n" in joined or "\t" in joined or "\r" in joined)


def cell(value: Any) -> str:
    """A value as COPY reads it; lists are of numbers, dicts are JSON. Raises TypeError for what no column holds."""
    return _WRITTEN[type(value)](value) if type(value) in _WRITTEN else _of_kin(value)


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    coming = iter(lines)
    while block := list(islice(coming, LINES)):
        block.append("")
        yield "\n".join(block)


def _of_kin(value: Any) -> str:
    """A value of a subclass, as of Django's choices and lazy texts."""
    kin = next((kind for kind in (str, int, datetime, date) if isinstance(value, kind)), None)
    if kin is None:
        raise TypeError(f"COPY does not know {type(value)}")
    return _WRITTEN[kin](kin(value) if kin in (str, int) else value)


def _text(value: str) -> str:
    return value.translate(_ESCAPED) if _SPECIAL(value) else value


def _array(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _object(value: dict[str, Any]) -> str:
    return _text(json.dumps(value))


_SPECIAL = re.compile(r"[\\\t\n\r]").search
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    bool: lambda value: "t" if value else "f",
    type(None): lambda _none: "\\N",
    datetime: str,
    date: str,
    Decimal: str,
    float: repr,
    list: _array,
    tuple: _array,
    dict: _object,
}
