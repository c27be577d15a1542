"""CSV as it comes: rows in a stream, each with its line, broken ones said and stepped over.

Python's csv module reads the fields (1 µs a row). This module stands around it, because alone it would
read the rest of a file as one cell after a lone quote, and could not go on in the middle of a file.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, Self

from django.utils.translation import gettext as _

from regulars.kit.packing import packed
from regulars.transfer.errors import LineTooLong, NotUtf8

BLOCK = 1 << 20
MOST_LINES_OF_A_ROW = 200
MOST_BYTES_OF_A_LINE = 8 << 20
MOST_CHARACTERS_OF_A_CELL = 131_072  # csv's own limit, for the whole process: we leave it alone


class Position(NamedTuple):
    """Where a row begins: bytes and lines before it."""

    byte: int
    line: int


@packed
class Row(NamedTuple):
    """line: where it begins in the file, 1 is the first. cells: as many as the header has."""

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row that is no row: cells as far as they could be told apart, and why not."""

    line: int
    cells: list[str]
    reason: str


class RowReader:
    """The rows of a file from a position on. Iterate; `position` is always the beginning of the next row.

    columns: how many cells a row has; 0 lets rows have any number. Rows without any content are left out;
    cells beyond the last column are dropped when they are empty. Raises NotUtf8, LineTooLong.
    """

    def __init__(self, file: BinaryIO, delimiter: str, *, columns: int = 0, at: Position | None = None) -> None:
        self._lines = _Lines(file, at or first_position(file))
        self._delimiter = delimiter
        self._columns = columns
        self._rows = self._read()
        self._held: Row | BadRow | None = None
        self._held_at = Position(0, 0)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row | BadRow:
        if self._held is not None:
            row, self._held = self._held, None
            return row
        return next(self._rows)

    @property
    def position(self) -> Position:
        """Where the next row begins."""
        return self._held_at if self._held is not None else self._lines.position()

    @property
    def reached(self) -> int:
        """About how many bytes were taken in, to a mebibyte or a line; costs nothing to ask after each row."""
        return self._lines.reached

    def peek(self) -> Row | BadRow | None:
        """The next row without taking it; None after the last one."""
        if self._held is None:
            at = self._lines.position()
            self._held = next(self._rows, None)
            self._held_at = at
        return self._held

    def _read(self) -> Iterator[Row | BadRow]:
        lines, columns = self._lines, self._columns
        while True:
            cells_of_lines = csv.reader(lines, delimiter=self._delimiter, strict=True)
            try:
                while True:
                    line = lines.begin_row()
                    cells = next(cells_of_lines)
                    if columns and len(cells) == columns and cells[0] and not lines.may_have_nul:
                        yield Row(line, cells)
                    elif any(cells):
                        yield self._checked(line, cells)
            except StopIteration:
                return
            except (csv.Error, _Runaway) as error:
                text = lines.only_first_line()
                yield BadRow(line, [text[:1000]], _reason(str(error), text))

    def _checked(self, line: int, cells: list[str]) -> Row | BadRow:
        columns = self._columns
        if columns and len(cells) > columns and not any(cells[columns:]):
            cells = cells[:columns]
        if columns and len(cells) != columns:
            reason = _("The row has {found} cells, but the file has {expected} columns.")
            return BadRow(line, cells, reason.format(found=len(cells), expected=columns))
        if self._lines.may_have_nul and any("\0" in cell for cell in cells):
            return BadRow(line, [cell.replace("\0", "") for cell in cells], _("The row has NUL bytes in it."))
        return Row(line, cells)


def first_position(file: BinaryIO) -> Position:
    """Where the text begins: after a byte order mark, and after a first line “sep=;” as Excel knows it."""
    file.seek(0)
    start = file.read(64)
    byte = 3 if start.startswith(b"\xef\xbb\xbf") else 0
    if separator_line(start[byte:]):
        end = len(io.BytesIO(start[byte:].replace(b"\r\n", b"\0\n").replace(b"\r", b"\n")).readline())
        return Position(byte + end, 1)
    return Position(byte, 0)


def separator_line(start: bytes) -> str:
    """The delimiter that a first line “sep=;” names, or ""."""
    if start[:4].lower() != b"sep=" or start[5:6] not in {b"\r", b"\n"}:
        return ""
    return start[4:5].decode("latin-1")


class _Runaway(Exception):
    """A row goes on for more lines than a row has: a quote was never closed."""


class _Lines:
    """Lines with their ends, out of blocks of bytes; can go back to where the row under way began."""

    def __init__(self, file: BinaryIO, at: Position) -> None:
        file.seek(at.byte)
        self._file = file
        self._rest = b""  # after the last whole line
        self._block: list[str] = []
        self._at = at  # where the block begins
        self._counted = (0, 0)  # lines of the block, and the bytes they have
        self._next = 0
        self._row = 0  # where in the block the row under way begins
        self.may_have_nul = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self._next - self._row >= MOST_LINES_OF_A_ROW:
            raise _Runaway
        if self._next == len(self._block):
            self._fill()
        line = self._block[self._next]
        self._next += 1
        return line

    @property
    def reached(self) -> int:
        """Where the block begins."""
        return self._at.byte

    def begin_row(self) -> int:
        """From here on lines belong to one row; answers the number of its first line."""
        self._row = self._next
        return self._at.line + self._next + 1

    def only_first_line(self) -> str:
        """Give back all lines of the row under way but its first."""
        self._next = min(self._row + 1, len(self._block))
        return self._block[self._row].rstrip("\r\n") if self._row < len(self._block) else ""

    def position(self) -> Position:
        return Position(self._at.byte + self._bytes_before(self._next), self._at.line + self._next)

    def _bytes_before(self, index: int) -> int:
        counted, size = self._counted if self._counted[0] <= index else (0, 0)
        size += sum(len(line.encode()) for line in self._block[counted:index])
        self._counted = (index, size)
        return size

    def _fill(self) -> None:
        """Take in the next block; raises StopIteration at the end of the file."""
        lines = self._more()
        dropped = self._row
        self._at = Position(self._at.byte + self._bytes_before(dropped), self._at.line + dropped)
        self._block = self._block[dropped:] + lines
        self._next -= dropped
        self._row = 0
        self._counted = (0, 0)

    def _more(self) -> list[str]:
        data, end = self._rest, -1
        while end < 0:
            block = self._file.read(BLOCK)
            data += block
            end = _end_of_last_line(data) if block else len(data)
            if len(data) > MOST_BYTES_OF_A_LINE and end < 0:
                raise LineTooLong(line=self._at.line + len(self._block) + 1, limit=MOST_BYTES_OF_A_LINE)
        if not data:
            raise StopIteration
        whole, self._rest = data[:end], data[end:]
        return list(io.StringIO(self._decoded(whole), newline=""))

    def _decoded(self, data: bytes) -> str:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            before = data[: error.start]
            start = self._at.byte + self._bytes_before(len(self._block))
            raise NotUtf8(
                line=self._at.line + len(self._block) + lines_in(before) + 1,
                byte=start + error.start,
                shown=data[error.start : error.start + 1].hex(),
            ) from None
        self.may_have_nul = "\0" in text or (self.may_have_nul and self._next > self._row)
        return text


def lines_in(data: bytes) -> int:
    """How many line ends there are: LF, CR LF or CR alone."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _end_of_last_line(data: bytes) -> int:
    """The index after the last line end, -1 without one; a CR at the very end may be half of a CR LF."""
    end = data.rfind(b"\n")
    if end < 0:
        end = data.rfind(b"\r", 0, len(data) - 1)
    return end + 1 if end >= 0 else -1


def _reason(error: str, text: str) -> str:
    if "field larger" in error:
        return _("A cell has more than {limit} characters.").format(limit=MOST_CHARACTERS_OF_A_CELL)
    if not error or "unexpected end" in error:
        return _("A quotation mark opens a cell and is never closed.")
    return _("A quotation mark stands inside a cell that begins with one; write it twice.")
