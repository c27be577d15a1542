"""Cells of files: what spreadsheets and other programs did to a value, undone; and the guard against formulas.

A cell that a spreadsheet would run (= + - @ and their full-width forms, tab, CR) gets an apostrophe in front when we
write it, and loses it when we read it. The two are exact opposites, so what goes out comes in unchanged.
"""

import json
import re
from datetime import date, datetime, timedelta

FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
BLANKS = " \n\v\f\u00a0\u3000\ufeff\u200b"

CLEAR = "__CLEAR__"
"""The cell that empties a field; an empty cell never does."""

_RUNS = re.compile(rf"['{BLANKS}]*[{re.escape(FORMULA_SIGNS)}]")
_NEEDS_GUARD = re.compile(rf"'|[{BLANKS}]*[{re.escape(FORMULA_SIGNS)}]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    if text and _NEEDS_GUARD.match(text) and _RUNS.match(text):
        return "'" + text
    return text


def unguarded(cell: str) -> str:
    """The text that `guarded` made the cell of; any other cell as it is."""
    if cell[:1] == "'" and _RUNS.match(cell):
        return cell[1:]
    return cell


def without_apostrophe(cell: str) -> str:
    """A number, code or phone without the apostrophe by which programs keep spreadsheets from eating its zeros."""
    return cell[1:] if cell[:1] == "'" else cell


def is_number(cell: str) -> bool:
    """Whether it is a number or an international phone and nothing else: safe as it is, with its sign."""
    return _PLAIN_NUMBER.fullmatch(cell) is not None


def quoted_tags(cell: str) -> str:
    """Mailchimp's tags, each in quotation marks of its own, as a plain list: '"VIP","Blog"' → 'VIP,Blog'."""
    return cell.replace('"', "")


def joined_values(cell: str) -> str:
    """Google's several values of one cell with commas between, without its "* " marks."""
    return ", ".join(part.strip().removeprefix("* ") for part in cell.split(" ::: "))


def first_value(cell: str) -> str:
    """The first of Google's several values."""
    return cell.split(" ::: ", 1)[0].strip().removeprefix("* ")


def labels_of_data(cell: str) -> str | None:
    """A list of words as programs write it ('["VIP","Blog"]') with commas between; None for any other data."""
    found = json.loads(cell)
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return ", ".join(found)
    return None


def is_data(cell: str) -> bool:
    """Whether a cell holds an object or a list of a program (JSON) instead of one value."""
    if cell[:1] + cell[-1:] not in ("{}", "[]"):
        return False
    try:
        return isinstance(json.loads(cell), dict | list)
    except (ValueError, RecursionError):
        return False


# --- days as spreadsheets number them ---------------------------------------------------------------------

_SERIAL = re.compile(r"([1-6]\d{4})(?:[.,](\d{1,15}))?")
_DAY_0 = date(1899, 12, 30)  # 1900 was no leap year, but the first spreadsheets thought so: from March 1900 on it fits


def is_serial(cell: str) -> bool:
    """Whether a number may be a spreadsheet's day: 10000 (1927) to 69999 (2091), perhaps with a part of the day."""
    return _SERIAL.fullmatch(cell.strip()) is not None


def from_serial(cell: str) -> str:
    """The day of a spreadsheet's number in ISO form ("45000" → "2023-03-15"), with its time; others as they are."""
    found = _SERIAL.fullmatch(cell.strip())
    if found is None:
        return cell
    day = _DAY_0 + timedelta(days=int(found[1]))
    if not found[2]:
        return day.isoformat()
    seconds = round(float(f"0.{found[2]}") * 86_400)
    return (datetime.combine(day, datetime.min.time()) + timedelta(seconds=seconds)).isoformat(" ")
