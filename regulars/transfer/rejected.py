"""The rows of an import that were not taken, as a file that imports once they are mended."""

import csv
import io
from collections.abc import Iterator

from regulars.transfer.cells import guarded, is_number
from regulars.transfer.intake.sheet import LINE_BREAK
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.transfer.options import Options

REASON = "Why it was rejected"


def rejected_file(run: ImportRun) -> Iterator[bytes]:
    """The rows that were not taken as CSV: the file's own columns, and why not. Imports again once mended."""
    options = Options.of(run.options)
    width = len(options.header)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=options.delimiter, lineterminator="\r\n")
    writer.writerow([*options.header, REASON])
    rows = RejectedRow.objects.of(run.shop_id).filter(run=run).order_by("line", "id")
    yield b"\xef\xbb\xbf"
    for row in rows.iterator(2000):
        cells = [cell if is_number(cell) else guarded(cell.replace(LINE_BREAK, "\n")) for cell in row.cells]
        writer.writerow([*cells, *[""] * (width - len(cells)), _reason_of(row)])
        if out.tell() > 65_536:
            yield _taken(out)
    yield _taken(out)


def _reason_of(row: RejectedRow) -> str:
    return guarded(f"{row.column}: {row.reason}" if row.column else row.reason)


def _taken(out: io.StringIO) -> bytes:
    data = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return data
