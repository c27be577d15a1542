"""Rows made ready: cells → what the shop's own readers take. Nothing here asks the database."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.custom import OwnFields, key_of
from regulars.customers.drafts import Draft, Problem
from regulars.customers.matching import MatchKeys
from regulars.customers.profile import read_profile
from regulars.kit.numbers import is_rounded
from regulars.kit.packing import packed
from regulars.shops.models import Shop
from regulars.transfer.cells import CLEAR, from_serial, is_data, labels_of_data, unguarded
from regulars.transfer.columns import CLEARABLE, CODES, TEXTS
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


@packed
@dataclass(slots=True)
class Ready:
    """A record ready to be written: a customer's draft or an order's facts, and the rows it was made of.

    customer_id: whom an export of this shop says it is. gives_way: it only fills what an earlier row of the same
    person left empty. replaced: what a later row of the same person says instead (`last_say`).
    """

    rows: list[Row]
    record: Any
    problems: list[Problem] = field(default_factory=list)
    customer_id: int | None = None
    gives_way: bool = False
    replaced: dict[str, Any] = field(default_factory=dict)
    known_by: "list[Key] | None" = None

    @property
    def line(self) -> int:
        return self.rows[0].line

    def keys(self, match: Sequence[str]) -> "list[Key]":
        """What a customer's draft is recognised by in this run, each key with its kind; found once."""
        if self.known_by is None:
            self.known_by = keys_of(self.record, match)
        return self.known_by


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
    """Picks the mapped cells of a row, each made clean, as field → text; empty cells are left out.

    problems, clears: of the row picked last: cells that could not be taken, and fields that it empties.
    """

    def __init__(self, options: Options) -> None:
        layout = options.layout
        cleaners, columns = layout.cleaners(), options.columns
        self.columns = {name: index for index, name in enumerate(options.mapping) if name}
        self._plan: list[tuple[int, str, Callable[[str], str] | None]] = [
            (index, name, from_serial if index in options.serials else cleaners.get(name))
            for index, name in enumerate(options.mapping)
            if name and name != PACKED_LINE and columns[name].part != "ignored"
        ]
        self._packed = [index for index, name in enumerate(options.mapping) if name == PACKED_LINE]
        self._codes = [name for name in self.columns if name in CODES]
        self._clearable = CLEARABLE.get(layout.kind, frozenset())
        self._said = dict(layout.says)
        self.problems: list[Problem] = []
        self.clears: set[str] = set()

    def of(self, row: Row) -> dict[str, str]:
        cells, raw = row.cells, self._said.copy()
        if self.problems or self.clears:
            self.problems, self.clears = [], set()
        for index, name, clean in self._plan:
            if cell := cells[index]:
                if cell[0] in _NOT_PLAIN and not (cell := self._plain(name, cell)):
                    continue
                if clean is not None:
                    cell = clean(cell)
                raw[name] = cell
        for name in self._codes:
            if "+" in raw.get(name, "") and is_rounded(raw[name]):
                self.problems.append(Problem(name, raw.pop(name), ROUNDED))
        return raw

    def _plain(self, name: str, cell: str) -> str:
        """A cell as plain text: without its guard; "" for one that empties the field or is no single value."""
        if cell[0] == "'":
            return unguarded(cell)
        if cell.strip() == CLEAR:
            if name in self._clearable or key_of(name):
                self.clears.add(name)
            else:
                self.problems.append(Problem(name, cell, _("A file cannot empty this field. It stays.")))
            return ""
        if name in TEXTS or not is_data(cell):
            return cell
        labels = labels_of_data(cell) if name == "tags" else None
        if labels is None:
            reason = _("The cell holds data of a program (JSON), not one value: not understood. It is left out.")
            self.problems.append(Problem(name, cell, reason))
        return labels or ""

    def packed_lines(self, row: Row) -> list[str]:
        return [cell for index in self._packed if (cell := row.cells[index])]


_NOT_PLAIN = frozenset("'_{[")
ROUNDED = gettext_lazy(
    "A spreadsheet has shortened this number, and its last digits are lost. It is left out: format the column as text "
    "where the file was made, and export it again."
)


MOST_BYTES_OF_A_BATCH = 16 << 20
"""About so much of a file is a batch at most, whatever its rows are like: it must fit into memory, twice."""

MOST_ROWS_OF_A_RECORD = 10_000
"""No order has more lines. But all rows are one where a column that is always the same is taken for its number."""

SAME_ROW = "same-row"
"""The channel of the outside ids we make for people with nothing to recognise them by: the digest of their row.

So a list that is imported again finds them, as long as nothing in their row was changed.
"""


Key = tuple[str, object]
"""Something that recognises a customer, with its kind."""


def keys_of(draft: Draft, match: Sequence[str]) -> list[Key]:
    """What a draft is recognised by."""
    keys = MatchKeys.of(draft)
    found: list[Key] = []
    found += [
        ("external_id", identity) for identity in keys.identities if "external_id" in match or identity[0] == SAME_ROW
    ]
    if "email" in match and keys.email:
        found.append(("email", keys.email))
    if "phone" in match and keys.phone:
        found.append(("phone", keys.phone))
    return found


def digest_of(raw: Mapping[str, str]) -> str:
    """What a row with nothing else to know it by is known again by."""
    written = json.dumps(sorted(raw.items()), ensure_ascii=False)
    return hashlib.blake2b(written.encode(errors="replace"), digest_size=12).hexdigest()


class RecordMaker(Protocol):
    """Makes records of rows. groups: whether a record may have several rows."""

    groups: bool

    def same_record(self, first: Row, following: Row) -> bool:
        """Whether a row goes on with the record that `first` began."""

    def record(self, rows: list[Row]) -> Ready | list[Ready]:
        """What the rows say, and what could not be taken; a fatal problem rejects them. A list: several records."""


class CustomerRows:
    """One row, one customer."""

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._cells, self._shop_id = Cells(options), shop.pk
        self._country = options.defaults.get("country") or shop.country
        self._tz, self._day_order, self._source = shop.timezone, options.day_order, source
        self._currency, self._locale = shop.currency, shop.language
        self._channel = options.defaults.get("channel") or options.layout.channel
        self._tags, self._group = options.defaults.get("tags", ""), options.defaults.get("group", "")
        self._match = options.match
        self._own = _own_of(shop, options)
        self._seen: set[int] | None = set() if options.twice == "first" else None

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
        draft = read_profile(
            raw, country=self._country, tz=self._tz, day_order=self._day_order, source=self._source, own=self._own,
            currency=self._currency, locale=self._locale,
        )  # fmt: skip
        if self._cells.problems:
            draft.problems += self._cells.problems
        if self._cells.clears:
            draft.clears = frozenset(self._cells.clears)
        is_known = customer_id or draft.columns.get("email") or draft.identities
        if is_said and not (is_known or draft.is_fatal or keys_of(draft, self._match)):
            draft.identities.append((SAME_ROW, digest_of(raw)))
        gives_way = self._seen is not None and self._is_known(customer_id, keys_of(draft, self._match))
        return Ready(rows, draft, draft.problems, customer_id, gives_way)

    def _is_known(self, customer_id: int | None, keys: list[Key]) -> bool:
        """Whether the person stood in the file before."""
        assert self._seen is not None
        hashes = {hash(key) for key in keys} | ({hash(("id", customer_id))} if customer_id else set())
        is_known = not self._seen.isdisjoint(hashes)
        self._seen |= hashes
        return is_known


def _own_of(shop: Shop, options: Options) -> OwnFields | None:
    """The shop's own fields, if the file brings any."""
    return replace(OwnFields.of(shop), told=options.own) if any(map(key_of, options.mapping)) else None


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
    full = reader.reached + MOST_BYTES_OF_A_BATCH
    while batch.count < size and reader.reached < full and (row := next(reader, None)) is not None:
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
    """The rows of a record; of one that has too many, one more than it may have."""
    rows = [first]
    if maker.groups:
        while isinstance(following := reader.peek(), Row) and maker.same_record(first, following):
            if len(rows) <= MOST_ROWS_OF_A_RECORD:
                rows.append(following)
            next(reader)
    return rows


def _take(rows: list[Row], maker: RecordMaker, options: Options, batch: Batch) -> None:
    if len(rows) > MOST_ROWS_OF_A_RECORD:
        reason = _("More than {limit} rows belong to this record: is the right column chosen for its number?")
        batch.rejected += rejections(rows, "", "", reason.format(limit=MOST_ROWS_OF_A_RECORD), options)
        batch.bad += 1
        return
    made = maker.record(rows)
    several = made if isinstance(made, list) else [made]
    batch.count += len(several) - 1
    for ready in several:
        fatal = next((problem for problem in ready.problems if problem.fatal), None)
        if fatal is None:
            batch.ready.append(ready)
        else:
            batch.rejected += rejections(ready.rows, fatal.field, fatal.value, str(fatal.reason), options)
            batch.bad += 1
