"""From the file that came to the text that is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from regulars.transfer.errors import BadMapping, IsNoTable, IsOldSpreadsheet, NotInEncoding
from regulars.transfer.files import Stored, TextCheck, private_path, text_name
from regulars.transfer.intake.encodings import ENCODINGS, converted, guess_encoding
from regulars.transfer.intake.workbook import Sheet, sheet_text

WORKBOOK = b"PK\x03\x04"
OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1a")


class Source(NamedTuple):
    """What an import reads. name: of the text in private storage. lines: of the text, header included.

    encoding: a name in ENCODINGS, "" for a workbook. sheet, sheets: of a workbook, else "" and none.
    """

    name: str
    lines: int
    encoding: str
    sheet: str = ""
    sheets: tuple[Sheet, ...] = ()


def take_in(stored: Stored, *, encoding: str = "", sheet: str = "", country: str = "") -> Source:
    """The text of an uploaded file. encoding, sheet: as chosen, "" to guess. country: of the shop, helps guessing.

    Raises FileRefused: an old spreadsheet, a workbook that cannot be read, bytes that the encoding does not know.
    """
    path = private_path(stored.name)
    if stored.start.startswith(OLD_SPREADSHEET):
        raise IsOldSpreadsheet
    if stored.start.startswith(WORKBOOK):
        return _of_workbook(stored.name, path, sheet)
    if encoding and encoding not in ENCODINGS:
        raise BadMapping(reason=_("“{encoding}” is not an encoding that can be read.").format(encoding=encoding))
    if stored.fault is None and encoding in ("", "utf-8"):
        return Source(stored.name, stored.lines, "utf-8")
    if encoding == "utf-8":
        assert stored.fault is not None
        raise stored.fault
    return _of_text(stored.name, path, encoding or guess_encoding(path, country))


def _of_workbook(name: str, path: Path, sheet: str) -> Source:
    with _replacing(name) as text:
        found = sheet_text(path, text, sheet)
    return Source(text_name(name), found.rows, "", found.sheet, found.sheets)


def _of_text(name: str, path: Path, encoding: str) -> Source:
    check = TextCheck()
    with _replacing(name) as text, text.open("xb") as file:
        try:
            for chunk in converted(path, encoding):
                _refuse_binary(chunk)
                check.feed(chunk)
                file.write(chunk)
        except UnicodeDecodeError:
            raise NotInEncoding(line=check.lines + 1, encoding=ENCODINGS[encoding].label) from None
        check.finish()
        if check.fault:
            raise check.fault
    return Source(text_name(name), check.lines, encoding)


@contextmanager
def _replacing(name: str) -> Iterator[Path]:
    """Where the text is written; it takes the place of the one of an earlier choice when it is whole."""
    text = private_path(text_name(name))
    new = text.with_suffix(".new")
    new.unlink(missing_ok=True)
    try:
        yield new
        new.replace(text)
    finally:
        new.unlink(missing_ok=True)


def _refuse_binary(chunk: bytes) -> None:
    """Pictures and documents decode to anything; what stands in no text are control characters by the hundred."""
    controls = len(chunk) - len(chunk.translate(None, CONTROLS))
    if controls > 8 and controls > len(chunk) // 100:
        raise IsNoTable
