"""The ways a file can be written: format, delimiter, encoding."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.transfer.errors import UnknownExportFormat
from regulars.transfer.outgoing.writings import Writing

CSV, XLSX, JSON_LINES = "csv", "xlsx", "jsonl"


class FileFormat(NamedTuple):
    """extension, content_type: of the file. writing: how its columns are written."""

    name: str
    label: Any
    help: Any
    extension: str
    content_type: str
    writing: Writing


FORMATS = {
    one.name: one
    for one in (
        FileFormat(
            CSV, _("CSV"), _("Text that every program opens."), ".csv", "text/csv; charset=utf-8", Writing.CSV,
        ),
        FileFormat(
            XLSX, _("Excel (XLSX)"), _("Numbers and dates are numbers and dates."), ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Writing.BOOK,
        ),
        FileFormat(
            JSON_LINES, _("JSON lines"), _("One object a line, for programs."), ".jsonl", "application/jsonl",
            Writing.JSON,
        ),
    )
}  # fmt: skip

DELIMITERS = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab")}

UTF8, UTF8_MARKED, UTF16 = "utf-8", "utf-8-sig", "utf-16-le"
ENCODINGS = {UTF8_MARKED: _("UTF-8 with a mark, for Excel"), UTF8: _("UTF-8"), UTF16: _("UTF-16, for old Excel")}
MARKS = {UTF8: b"", UTF8_MARKED: b"\xef\xbb\xbf", UTF16: b"\xff\xfe"}

SEMICOLON_HABITS = frozenset({"vi", "id", "ro"})
"""Languages whose spreadsheets take the comma for the decimals, and so expect semicolons between cells."""


def usual_delimiter(locale: str) -> str:
    """Between the cells of a CSV file that a double click shall open."""
    return ";" if locale.partition("-")[0].partition("_")[0] in SEMICOLON_HABITS else ","


def format_named(name: str) -> FileFormat:
    """Raises UnknownExportFormat."""
    if name not in FORMATS:
        raise UnknownExportFormat(format=name, known=", ".join(FORMATS))
    return FORMATS[name]


def check_way(delimiter: str, encoding: str) -> None:
    """Raises UnknownExportFormat for a delimiter or an encoding that is not offered."""
    for value, known in ((delimiter, DELIMITERS), (encoding, ENCODINGS)):
        if value not in known:
            raise UnknownExportFormat(format=value, known=", ".join(repr(one)[1:-1] for one in known))
