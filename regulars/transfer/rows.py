"""Rows made ready: cells → what the shop's own readers take. Nothing here asks the database."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from regulars.customers.drafts import Problem
from regulars.customers.profile import read_profile
from regulars.shops.models import Shop
from regulars.transfer.cells import unguarded
from regulars.transfer.columns import COLUMNS
from regulars.transfer.files import names_of
from regulars.transfer.formats import PACKED_LINE
from regulars.transfer.options import Options
from regulars.transfer.own_ids import read_own_id
from regulars.transfer.reading import BadRow, Position, Row, RowReader


@dataclass(slots=True)
class Rejected:
    """A row that is not taken. column: the name the file gives it; "" when it is the row as a whole."""

    line: int
    column: str
    value: str
    reason: str
    cells: list[str]


@dataclass(slots=True)
class Ready:
    """A record ready to be written: a customer's draft or an order's facts, and the rows it was made of.

    customer_id: whom an export of this shop says it is.
    """

    rows: list[Row]
    record: Any
    problems: list[Problem] = field(default_factory=list)
    customer_id: int | None = None

    @property
    def line(self) -> int:
        return self.rows[0].line


@dataclass(slots=True)
class Batch:
    """Some records of a file, one after the other.

    count: of records, good and bad. bad: of records that are not taken (`rejected` has their rows). start, end:
    where this batch and the next one begin.
    """

    start: Position
    end: Position
    ready: list[Ready] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    count: int = 0
    bad: int = 0
    is_last: bool = False


class Cells:
    """Picks the mapped cells of a row, each made clean, as field → text; empty cells are left out."""

    def __init__(self, options: Options) -> None:
        cleaners = options.layout.cleaners()
        self.columns = {name: index for index, name in enumerate(options.mapping) if name}
        self._plan: list[tuple[int, str, Callable[[str], str] | None]] = [
            (index, name, cleaners.get(name))
            for index, name in enumerate(options.mapping)
            if name and name != PACKED_LINE and COLUMNS[options.layout.kind][name].part != "ignored"
        ]
        self._packed = [index for index, name in enumerate(options.mapping) if name == PACKED_LINE]

    def of(self, row: Row) -> dict[str, str]:
        cells, raw = row.cells, {}
        for index, name, clean in self._plan:
            if cell := cells[index]:
                if cell[0] == "'":
                    cell = unguarded(cell)
                if clean is not None:
                    cell = clean(cell)
                raw[name] = cell
        return raw

    def packed_lines(self, row: Row) -> list[str]:
        return [cell for index in self._packed if (cell := row.cells[index])]


SAME_ROW = "same-row"
"""The channel of the outside ids we make for people with nothing to recognise them by: the digest of their row.

So a list that is imported again finds them, as long as nothing in their row was changed.
"""


def digest_of(raw: Mapping[str, str]) -> str:
    """What a row with nothing else to know it by is known again by."""
    written = json.dumps(sorted(raw.items()), ensure_ascii=False)
    return hashlib.blake2b(written.encode(errors="replace"), digest_size=12).hexdigest()


class RecordMaker(Protocol):
    """Makes records of rows. groups: whether a record may have several rows."""

    groups: bool

    def same_record(self, first: Row, following: Row) -> bool:
        """Whether a row goes on with the record that `first` began."""

    def record(self, rows: list[Row]) -> Ready:
        """What the rows say, and what could not be taken; a fatal problem rejects them."""


class CustomerRows:
    """One row, one customer."""

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._cells, self._shop_id = Cells(options), shop.pk
        self._country = options.defaults.get("country") or shop.country
        self._tz, self._day_order, self._source = shop.timezone, options.day_order, source
        self._channel = options.layout.channel
        self._tags, self._group = options.defaults.get("tags", ""), options.defaults.get("group", "")

    groups = False

    def same_record(self, first: Row, following: Row) -> bool:
        return False

    def record(self, rows: list[Row]) -> Ready:
        raw = self._cells.of(rows[0])
        is_said = any(raw.values())
        customer_id = read_own_id(raw.pop("regulars_id", ""), self._shop_id)
        if self._channel:
            raw.setdefault("channel", self._channel)
        if self._tags:
            raw["tags"] = f"{raw['tags']},{self._tags}" if raw.get("tags") else self._tags
        if self._group:
            raw.setdefault("group", self._group)
        draft = read_profile(raw, country=self._country, tz=self._tz, day_order=self._day_order, source=self._source)
        is_known = customer_id or draft.columns.get("email") or draft.columns.get("phone") or draft.identities
        if is_said and not is_known and not draft.is_fatal:
            draft.identities.append((SAME_ROW, digest_of(raw)))
        return Ready(rows, draft, draft.problems, customer_id)


def batches(reader: RowReader, maker: RecordMaker, options: Options, size: int) -> Iterator[Batch]:
    """The file in batches of `size` records; the rows of a record stay together. At least one batch."""
    while True:
        yield (batch := _next_batch(reader, maker, options, size))
        if batch.is_last:
            return


def rejections(rows: Sequence[Row], column: str, value: str, reason: str, options: Options) -> list[Rejected]:
    """The rows of a record that is not taken; column: of the file, found by the field that is to blame."""
    header = names_of(list(options.header))
    place = options.mapping.index(column) if column in options.mapping else -1
    name = header[place] if place >= 0 else ""
    first, *others = rows
    more = _("Belongs to the record in line {line}, which was not taken.").format(line=first.line)
    return [
        Rejected(first.line, name, value[:1000], reason, first.cells),
        *(Rejected(row.line, "", "", more, row.cells) for row in others),
    ]


def _next_batch(reader: RowReader, maker: RecordMaker, options: Options, size: int) -> Batch:
    batch = Batch(reader.position, reader.position)
    while batch.count < size and (row := next(reader, None)) is not None:
        batch.count += 1
        if isinstance(row, BadRow):
            batch.rejected.append(Rejected(row.line, "", "", row.reason, row.cells))
            batch.bad += 1
        else:
            _take(_rows_of_record(row, reader, maker), maker, options, batch)
    batch.is_last = reader.peek() is None
    batch.end = reader.position
    return batch


def _rows_of_record(first: Row, reader: RowReader, maker: RecordMaker) -> list[Row]:
    rows = [first]
    if maker.groups:
        while isinstance(following := reader.peek(), Row) and maker.same_record(first, following):
            rows.append(following)
            next(reader)
    return rows


def _take(rows: list[Row], maker: RecordMaker, options: Options, batch: Batch) -> None:
    ready = maker.record(rows)
    fatal = next((problem for problem in ready.problems if problem.fatal), None)
    if fatal is None:
        batch.ready.append(ready)
    else:
        batch.rejected += rejections(rows, fatal.field, fatal.value, str(fatal.reason), options)
        batch.bad += 1
