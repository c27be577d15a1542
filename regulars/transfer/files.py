"""A file before it is read: is it text, how is it cut into cells, where is it kept."""

import codecs
import csv
import hashlib
import io
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings

from regulars.transfer.errors import (
    FileRefused,
    FileTooLarge,
    IsEmpty,
    IsNoTable,
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
    """A file in private storage. name: relative to the private folder. start: its first bytes.

    lines: of text, header included. fault: why it is no UTF-8 text, None when it is.
    """

    name: str
    sha256: str
    size: int
    lines: int
    start: bytes
    fault: FileRefused | None


class Layout(NamedTuple):
    """How a file is cut. header: cells of the row that names the columns. rows_at: where the rows begin.

    header_row: the line of that row, from 1; 0 when no row names the columns.
    """

    delimiter: str
    header: list[str]
    rows_at: Position
    header_row: int = 1


def private_path(name: str) -> Path:
    """The place of a private file. The folder is never served; names are random, never made of user's text."""
    return Path(settings.FILES_ROOT) / name


def new_private_file(folder: str, suffix: str) -> str:
    """A name that nobody guesses, in a folder that exists and only we may enter."""
    where = private_path(folder)
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    return f"{folder}/{secrets.token_urlsafe(24)}{suffix}"


def store(chunks: Iterable[bytes], folder: str = "imports") -> Stored:
    """Keep what is uploaded as it is, looking at every byte on the way.

    Raises FileRefused (empty, too large): then nothing is kept.
    """
    name = new_private_file(folder, ".file")
    path = private_path(name)
    try:
        with path.open("xb") as file:
            return _checked(name, _written(chunks, file))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def stored_before(name: str) -> Stored:
    """The same of a file that was kept earlier. Raises FileNotFoundError when it is gone."""
    with private_path(name).open("rb") as file:
        return _checked(name, chunks_of(file))


def text_name(name: str) -> str:
    """What the text made of a file is called."""
    return f"{name}.text"


def forget_file(name: str) -> None:
    """Delete a file and the text made of it."""
    for one in (name, text_name(name)):
        private_path(one).unlink(missing_ok=True)


def _written(chunks: Iterable[bytes], file: BinaryIO) -> Iterator[bytes]:
    for chunk in chunks:
        file.write(chunk)
        yield chunk


def _checked(name: str, chunks: Iterable[bytes]) -> Stored:
    digest, check, start = hashlib.sha256(), TextCheck(), b""
    for chunk in chunks:
        start = start or chunk[:64]
        digest.update(chunk)
        check.feed(chunk)
    check.finish()
    return Stored(name, digest.hexdigest(), check.size, check.lines, start, check.fault)


def chunks_of(file: BinaryIO) -> Iterable[bytes]:
    """A file's bytes in blocks."""
    while block := file.read(BLOCK):
        yield block


def layout(file: BinaryIO, delimiter: str = "", header_row: int | None = None) -> Layout:
    """How the file is cut: by the delimiter given, or by the one that cuts its first rows most evenly.

    header_row: the line that names the columns, 0 for none; None finds the first that looks like it.
    """
    start = first_position(file)
    file.seek(0)
    head = file.read(64).removeprefix(codecs.BOM_UTF8)
    if not delimiter:
        delimiter = separator_line(head) or _sniffed(file, start)
    if header_row is None:
        header_row = _header_row(RowReader(file, delimiter, at=start))
    reader = RowReader(file, delimiter, at=start)
    header = next((row for row in reader if row.line >= header_row), None)
    if header is None:
        raise IsEmpty
    if len(header.cells) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(header.cells), limit=MOST_COLUMNS)
    if not header_row:
        return Layout(delimiter, [""] * len(header.cells), start, 0)
    return Layout(delimiter, [cell.strip() for cell in header.cells], reader.position, header.line)


def _header_row(reader: RowReader) -> int:
    """The line of the first row that fills most of the table's width: titles above it do not."""
    rows = [row for row, _place in zip(reader, range(ROWS_LOOKED_AT), strict=False)]
    if not rows:
        raise IsEmpty
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    wanted = max(filled) * 0.6
    return next(row.line for row, count in zip(rows, filled, strict=True) if count >= wanted)


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


class TextCheck:
    """Looks at a stream of bytes once: its lines, and whether it is UTF-8 text of lines that can be read.

    fault: why it is not; after a fault nothing but the size is counted on.
    """

    def __init__(self) -> None:
        self.size = self.lines = 0
        self.fault: FileRefused | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._since_line_end = 0
        self._ends_with_cr = False

    def feed(self, chunk: bytes) -> None:
        """Raises FileTooLarge."""
        if not self.size and _looks_wide(chunk):
            self.fault = IsNoTable()
        if self.fault is None:
            self._look_at(chunk)
        self.size += len(chunk)
        if self.size > MOST_BYTES:
            raise FileTooLarge(limit=MOST_BYTES)

    def finish(self) -> None:
        """Raises IsEmpty."""
        if not self.size:
            raise IsEmpty
        if self.fault is None:
            self._decode(b"", final=True)
        if self._since_line_end:
            self.lines += 1

    def _look_at(self, chunk: bytes) -> None:
        self._decode(chunk)
        if self.fault is not None:
            return
        self.lines += lines_in(chunk) - (self._ends_with_cr and chunk.startswith(b"\n"))
        self._ends_with_cr = chunk.endswith(b"\r")
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._since_line_end = len(chunk) - last - 1 + (self._since_line_end if last < 0 else 0)
        if self._since_line_end > MOST_BYTES_OF_A_LINE:
            self.fault = LineTooLong(line=self.lines + 1, limit=MOST_BYTES_OF_A_LINE)

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self._decoder.decode(chunk, final=final)
        except UnicodeDecodeError as error:
            self.fault = self._not_utf8(error, chunk)

    def _not_utf8(self, error: UnicodeDecodeError, chunk: bytes) -> NotUtf8:
        """The decoder's own bytes are those it had kept from the chunk before, then the chunk."""
        kept = len(error.object) - len(chunk)
        before = chunk[: max(0, error.start - kept)]
        return NotUtf8(
            line=self.lines + lines_in(before) - (self._ends_with_cr and before.startswith(b"\n")) + 1,
            byte=self.size - kept + error.start,
            shown=error.object[error.start : error.start + 1].hex(),
        )


def _looks_wide(start: bytes) -> bool:
    """UTF-16, or no text at all."""
    head = start[:400]
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(0) > len(head) // 4


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
