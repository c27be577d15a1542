"""What a file looks like before anything is done with it: its columns, and its first rows as they will be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from regulars.transfer.files import names_of, private_path
from regulars.transfer.formats import FORMATS, PACKED_LINE
from regulars.transfer.imports import maker_of
from regulars.transfer.looking import notes_on, orders_of_days
from regulars.transfer.models import ImportRun
from regulars.transfer.options import Options
from regulars.transfer.reading import Row, RowReader
from regulars.transfer.rows import Cells, Ready, Rejected, batches

ROWS_LOOKED_AT = 200
SAMPLES = 3
ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a file. field: what it is taken for, "" for nothing; samples: its first different cells.

    is_guess: the field was guessed from the cells, because the column's name says nothing, and nobody confirmed it.
    """

    position: int
    name: str
    field: str
    label: str
    samples: tuple[str, ...]
    is_guess: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether its cells arrive anywhere."""
        return bool(self.field)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like before anything is done with it.

    ambiguous: a day that means another one when day and month change places, and nothing in the file says which; "".
    """

    format: str
    format_label: str
    delimiter: str
    columns: tuple[SeenColumn, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    ambiguous: str = ""


def preview(run: ImportRun) -> Preview:
    """The columns with what they are taken for, some cells of each, and the first rows."""
    options = Options.of(run.options)
    with private_path(options.text or run.stored_as).open("rb") as file:
        reader = RowReader(file, options.delimiter, columns=len(options.header), at=options.rows_at)
        rows = [row for row, _place in zip(reader, range(ROWS_LOOKED_AT), strict=False) if isinstance(row, Row)]
        orders = orders_of_days(options.mapping, rows, reader)
    columns = tuple(
        SeenColumn(index, name, field, _label(options, field), _samples(rows, index), index in options.guessed)
        for index, (name, field) in enumerate(zip(names_of(list(options.header)), options.mapping, strict=True))
    )
    label, notes = str(FORMATS[options.format].label), tuple(notes_on(options, rows, orders))
    ambiguous = orders.either if orders.is_ambiguous else ""
    return Preview(options.format, label, options.delimiter, columns, tuple(rows[:10]), notes, ambiguous)


def _label(options: Options, field: str) -> str:
    if field == PACKED_LINE:
        return _("Order line")
    return str(options.columns[field].label) if field else ""


def _samples(rows: Sequence[Row], index: int) -> tuple[str, ...]:
    cells = (row.cells[index].strip() for row in rows)
    return tuple(dict.fromkeys(cell[:120] for cell in cells if cell))[:SAMPLES]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A record as it will be read, or why it will not be.

    values: field → what it becomes (text, number, day, moment, month and year of birth as a pair), or the cell as it
    stands. doubts: field → why its cell is not taken as it stands. refused: a sentence, "" for a row that is taken.
    """

    line: int
    values: dict[str, Any]
    doubts: dict[str, str] = field(default_factory=dict)
    refused: str = ""


def read_rows(run: ImportRun, options: Options) -> list[ReadRow]:
    """The first records of a file as these options (kept or not) have them read."""
    cells = Cells(options)
    with translation.override(run.shop.language), private_path(options.text or run.stored_as).open("rb") as file:
        reader = RowReader(file, options.delimiter, columns=len(options.header), at=options.rows_at)
        batch = next(batches(reader, maker_of(run, options), options, ROWS_SHOWN))
        rows = [_taken(ready, cells) for ready in batch.ready] + [_refused(row, options) for row in batch.rejected]
    return sorted(rows, key=lambda row: row.line)[:ROWS_SHOWN]


def _taken(ready: Ready, cells: Cells) -> ReadRow:
    texts = cells.of(ready.rows[0])
    values = {name: _value(ready.record, name, text) for name, text in texts.items()}
    doubts = {problem.field: str(problem.reason) for problem in ready.problems}
    return ReadRow(ready.line, values | {name: texts.get(name, "") for name in doubts}, doubts)


def _refused(row: Rejected, options: Options) -> ReadRow:
    values = {name: cell for name, cell in zip(options.mapping, row.cells, strict=False) if name}
    return ReadRow(row.line, values, refused=row.reason)


def _value(record: Any, name: str, text: str) -> Any:
    """What a cell has become, where that can be said in one value."""
    record = getattr(record, "draft", record)
    columns = getattr(record, "columns", {})
    if name == "birthday" and "birth_md" in columns:
        return columns["birth_md"], columns.get("birth_year")
    found = columns.get(name, getattr(record, name, None))
    return text if found is None or isinstance(found, list | tuple | dict) else found
