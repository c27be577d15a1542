"""Cells of files: what spreadsheets and other programs did to a value, undone; and the guard against formulas.

A cell that a spreadsheet would run (= + - @ and their full-width forms, tab, CR) gets an apostrophe in front when we
write it, and loses it when we read it. The two are exact opposites, so what goes out comes in unchanged.
"""

import re

FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
BLANKS = " \n\v\f\u00a0\u3000\ufeff\u200b"

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
