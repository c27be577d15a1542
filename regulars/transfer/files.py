"""A file before it is read: is it text, how is it cut into cells, where is it kept."""

import codecs
import csv
import hashlib
import io
import secrets
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings

from regulars.transfer.errors import (
    FileTooLarge,
    IsEmpty,
    IsSpreadsheet,
    IsUtf16,
    LineTooLong,
    NotUtf8,
    TooManyColumns,
)
from regulars.transfer.reading import (
    BLOCK,
    MOST_BYTES_OF_A_LINE,
    Position,
    RowReader,
    first_position,
    lines_in,
    separator_line,
)

DELIMITERS = (",", ";", "\t", "|")
MOST_BYTES = 1 << 30
MOST_COLUMNS = 1000
ROWS_LOOKED_AT = 30


class Stored(NamedTuple):
    """A file in private storage. name: relative to the private folder. lines: of text, header included."""

    name: str
    sha256: str
    size: int
    lines: int


class Layout(NamedTuple):
    """How a file is cut. header: cells of its first row as they stand. rows_at: where the rows begin."""

    delimiter: str
    header: list[str]
    rows_at: Position


def private_path(name: str) -> Path:
    """The place of a private file. The folder is never served; names are random, never made of user's text."""
    return Path(settings.FILES_ROOT) / name


def new_private_file(folder: str, suffix: str) -> str:
    """A name that nobody guesses, in a folder that exists and only we may enter."""
    where = private_path(folder)
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    return f"{folder}/{secrets.token_urlsafe(24)}{suffix}"


def store(chunks: Iterable[bytes], folder: str = "imports") -> Stored:
    """Keep what is uploaded, looking at every byte on the way.

    Raises FileRefused (not UTF-8, a spreadsheet, empty, too large): then nothing is kept.
    """
    name = new_private_file(folder, ".csv")
    path, check = private_path(name), _Check()
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                check.feed(chunk)
                file.write(chunk)
        check.finish()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Stored(name, check.digest.hexdigest(), check.size, check.lines)


def chunks_of(file: BinaryIO) -> Iterable[bytes]:
    """A file's bytes in blocks."""
    while block := file.read(BLOCK):
        yield block


def layout(file: BinaryIO, delimiter: str = "") -> Layout:
    """How the file is cut: by the delimiter given, or by the one that cuts its first rows most evenly."""
    start = first_position(file)
    file.seek(0)
    head = file.read(64).removeprefix(codecs.BOM_UTF8)
    if not delimiter:
        delimiter = separator_line(head) or _sniffed(file, start)
    reader = RowReader(file, delimiter, at=start)
    header = next(reader, None)
    if header is None:
        raise IsEmpty
    if len(header.cells) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(header.cells), limit=MOST_COLUMNS)
    return Layout(delimiter, [cell.strip() for cell in header.cells], reader.position)


def names_of(header: list[str]) -> list[str]:
    """The columns' names, each its own: "Email", "Email (2)", "Column 5" for one without a name."""
    seen: Counter[str] = Counter()
    names = []
    for index, cell in enumerate(header):
        name = cell or f"Column {index + 1}"
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        names.append(name if count == 1 else f"{name} ({count})")
    return names


class _Check:
    """Looks at a stream of bytes once: its sum, its lines, and whether it is text that we can read."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.size = self.lines = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._since_line_end = 0
        self._ends_with_cr = False

    def feed(self, chunk: bytes) -> None:
        if not self.size:
            _refuse_other_kinds(chunk)
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise self._not_utf8(error, chunk) from None
        self.digest.update(chunk)
        self._count(chunk)
        self.size += len(chunk)
        if self.size > MOST_BYTES:
            raise FileTooLarge(limit=MOST_BYTES)

    def finish(self) -> None:
        if not self.size:
            raise IsEmpty
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise self._not_utf8(error, b"") from None
        if self._since_line_end:
            self.lines += 1

    def _count(self, chunk: bytes) -> None:
        self.lines += lines_in(chunk) - (self._ends_with_cr and chunk.startswith(b"\n"))
        self._ends_with_cr = chunk.endswith(b"\r")
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._since_line_end = len(chunk) - last - 1 + (self._since_line_end if last < 0 else 0)
        if self._since_line_end > MOST_BYTES_OF_A_LINE:
            raise LineTooLong(line=self.lines + 1, limit=MOST_BYTES_OF_A_LINE)

    def _not_utf8(self, error: UnicodeDecodeError, chunk: bytes) -> NotUtf8:
        """The decoder's own bytes are those it had kept from the chunk before, then the chunk."""
        kept = len(error.object) - len(chunk)
        before = chunk[: max(0, error.start - kept)]
        return NotUtf8(
            line=self.lines + lines_in(before) - (self._ends_with_cr and before.startswith(b"\n")) + 1,
            byte=self.size - kept + error.start,
            shown=error.object[error.start : error.start + 1].hex(),
        )


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise IsSpreadsheet
    head = start[:400]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(0) > len(head) // 4:
        raise IsUtf16


def _sniffed(file: BinaryIO, start: Position) -> str:
    """The delimiter under which most rows have as many cells as the header; of equals, the most cells."""
    file.seek(start.byte)
    head = file.read(BLOCK)
    end = max(head.rfind(b"\n"), head.rfind(b"\r"))
    text = head[: end + 1 if end >= 0 else None].decode(errors="replace")
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _score(text: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        while len(rows) < ROWS_LOOKED_AT:
            if row := next(reader):
                rows.append(row)
    except (StopIteration, csv.Error):
        pass
    if not rows or len(rows[0]) < 2:
        return 0, 0
    columns = len(rows[0])
    return sum(len(row) == columns for row in rows) / len(rows), columns
