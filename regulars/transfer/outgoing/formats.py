"""Rows into a file of each format, as a stream: memory stays as it is, however many there are."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from regulars.transfer.cells import guarded
from regulars.transfer.outgoing.columns import ExportColumn
from regulars.transfer.outgoing.ways import MARKS, UTF16
from regulars.transfer.xlsx import WorkbookWriter

ROWS_AT_ONCE = 2_000
CELL_END = "\x1f"

Rows = Iterable[bytes | memoryview]
Told = Callable[[int], None]
"""Hears how many rows are written."""

AS_CSV = "FORMAT csv, DELIMITER E'{}'"
AS_OBJECTS = r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'"
"""A JSON object has no control characters, so that none is ever quoted: it is written as it is."""
AS_CELLS = r"FORMAT text, DELIMITER E'\x1f', NULL ''"


def write_csv(
    out: BinaryIO, columns: Sequence[ExportColumn], rows: Rows, told: Told, *, delimiter: str, encoding: str
) -> None:
    """The header and the rows; headers are guarded like everything else."""
    head = io.StringIO()
    csv.writer(head, delimiter=delimiter, lineterminator="\n").writerow([guarded(one.header) for one in columns])
    recoded = _recoder(encoding)
    out.write(MARKS[encoding] + recoded(head.getvalue().encode()))
    for part in _parts(rows, told):
        out.write(recoded(b"".join(part)))


def write_objects(out: BinaryIO, rows: Rows, told: Told) -> None:
    """One JSON object a line."""
    for part in _parts(rows, told):
        out.write(b"".join(part))


def write_book(out: BinaryIO, columns: Sequence[ExportColumn], rows: Rows, told: Told, *, title: str) -> None:
    """A workbook with typed cells. Raises CellTooLong."""
    with WorkbookWriter(out, [(column.header, column.cell) for column in columns], title=title) as book:
        for part in _parts(rows, told):
            book.write([_cells(bytes(row).decode()[:-1]) for row in part])


def _parts(rows: Rows, told: Told) -> Iterator[list[bytes | memoryview]]:
    done, left = 0, iter(rows)
    while part := list(islice(left, ROWS_AT_ONCE)):
        yield part
        done += len(part)
        told(done)


def _recoder(encoding: str) -> Callable[[bytes], bytes]:
    """From UTF-8 to the encoding, in pieces that may end anywhere."""
    if encoding != UTF16:
        return lambda data: data
    decoder = codecs.getincrementaldecoder("utf-8")()
    return lambda data: decoder.decode(data).encode(encoding)


def _cells(row: str) -> list[str]:
    """The cells of a row of COPY's text format."""
    if "\\" not in row:
        return row.split(CELL_END)
    # no text in PostgreSQL holds a NUL: it can stand for the backslashes that are meant
    return [_ESCAPE.sub(_unescaped, cell).replace("\0", "\\") for cell in _CELL_END.split(row.replace("\\\\", "\0"))]


_CELL_END = re.compile(rf"(?<!\\){CELL_END}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _unescaped(found: re.Match[str]) -> str:
    return _MEANT.get(found[1], found[1])
