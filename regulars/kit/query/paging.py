"""Pages of rows in a stable order, at any depth for the same price, and counts that do not make people wait.

A page is asked by key (keyset), never by OFFSET: its cursor holds the sort value and the id of the row it follows or
precedes. Rows without a value stand last in both directions. docs/decisions/0003-lists.md has the measurements.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from regulars.kit.crypto import CannotOpen, Place, open_sealed, seal
from regulars.kit.query.conditions import BadCondition
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, FieldSet
from regulars.kit.query.prepared import Written
from regulars.kit.text import can_be_stored

CAP = 10_000
LONGEST_NUMBER = 60
FEW = 20_000  # fewer expected matches than this are found first and sorted then
Rows = TypeVar("Rows", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Order:
    """A sort: the field and its direction; written `total_spent` or `-total_spent`."""

    field: Field
    descending: bool

    @property
    def text(self) -> str:
        return f"-{self.field.name}" if self.descending else self.field.name

    @classmethod
    def read(cls, text: str, fields: FieldSet, ctx: Context) -> "Order":
        """The sort of that name; raises BadCondition for a field that is unknown or cannot sort."""
        field = fields.find(text.removeprefix("-"), ctx)
        if not field.sortable:
            raise BadCondition(_("The list cannot be sorted by “{name}”.").format(name=field.name), word=text)
        return cls(field, text.startswith("-"))


class DamagedCursor(BadCondition):
    """The address of a page that nobody here wrote, or that belongs to another list, shop or order."""

    code = "query.damaged_cursor"

    def __init__(self, cursor: str) -> None:
        super().__init__(_("This page address is damaged; go back to the first page."), word=cursor)


class Cursor(NamedTuple):
    """Where a page starts: after (or before) the row with this sort value and id."""

    value: Any
    id: int
    backwards: bool

    def write(self) -> str:
        """The cursor as it stands in an address."""
        raw = json.dumps([_plain(self.value), self.id, int(self.backwards)], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Raises DamagedCursor for anything we did not write."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            value, pk, backwards = json.loads(raw)
            if isinstance(value, dict):
                value = _special(value)
            if not isinstance(pk, int) or not isinstance(value, int | str | datetime | date | Decimal | None):
                raise TypeError
            if isinstance(value, str) and not can_be_stored(value):
                raise ValueError
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError
            return cls(value, pk, bool(backwards))
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as fault:
            raise DamagedCursor(text) from fault


@dataclass(frozen=True, slots=True)
class Page:
    """Ids of one page in order, and the cursors of its neighbours ("" when there are none)."""

    ids: list[int]
    next: str
    previous: str


def ids_of_page(rows: QuerySet[Rows], order: Order, *, size: int, cursor: str = "", filtered: bool = True) -> Page:
    """One page of ids.

    rows: the whole answer, unordered. filtered: whether anything but the shop restricts it; then PostgreSQL is asked
    how many rows it expects, and few are found first and sorted then, because walking the sort index for rows that
    are rare at its head reads most of the table.
    """
    at = Cursor.read(cursor) if cursor else None
    backwards = bool(at and at.backwards)
    few = filtered and expected_rows(rows) < FEW
    found: list[tuple[int, Any]] = []
    for phase in _phases(order, backwards):
        if at and not phase.reaches(at):
            continue
        start = at if at and phase.holds(at) else None
        try:
            found += _walk(phase.of(rows), order, backwards, start, size + 1 - len(found), few)
        except (ValueError, TypeError, ValidationError) as fault:
            if start is None:
                raise
            raise DamagedCursor(cursor) from fault  # the cursor of a list with another sort
        if len(found) > size:
            break
    more = len(found) > size
    page = found[:size]
    if backwards:
        page.reverse()
    return _page(page, more=more, at=at, backwards=backwards)


def sealed_page(rows: QuerySet[Rows], order: Order, *, size: int, at: str, place: Place, filtered: bool = True) -> Page:
    """One page of ids, like `ids_of_page`, whose cursors are sealed: how they leave the house.

    A cursor holds a value of a row, which may be an e-mail address that the reader may not see (those without a name
    are sorted by it), and which has no business in logs anyway.
    place: which list of which shop it is, and in which order; a cursor of another one raises DamagedCursor.
    """
    page = ids_of_page(rows, order, size=size, cursor=_opened(at, place), filtered=filtered)
    return Page(page.ids, _sealed(page.next, place), _sealed(page.previous, place))


def _sealed(cursor: str, place: Place) -> str:
    return seal(cursor, place=place) if cursor else ""


def _opened(at: str, place: Place) -> str:
    try:
        return open_sealed(at, place=place) if at else ""
    except CannotOpen as fault:
        raise DamagedCursor(at) from fault


def _page(page: list[tuple[int, Any]], *, more: bool, at: Cursor | None, backwards: bool) -> Page:
    if not page:
        return Page([], "", "")
    first, last = page[0], page[-1]
    has_next = more if not backwards else True
    has_previous = more if backwards else at is not None
    return Page(
        [pk for pk, _value in page],
        Cursor(last[1], last[0], False).write() if has_next else "",
        Cursor(first[1], first[0], True).write() if has_previous else "",
    )


class _Phase(NamedTuple):
    """A stretch of the order that one index walk covers: rows with a value, or those without.

    rank: its place in the whole order as walked; `empty`: rows of this stretch have no value (or a sparse 0).
    """

    question: Q | None
    empty: bool
    rank: int
    ranks: dict[bool, int]
    zero: Any

    def of(self, rows: QuerySet[Rows]) -> QuerySet[Rows]:
        return rows.filter(self.question) if self.question is not None else rows

    def holds(self, at: Cursor) -> bool:
        """Whether the cursor's row lies in this stretch."""
        return self.question is None or (at.value == self.zero) == self.empty

    def reaches(self, at: Cursor) -> bool:
        """Whether rows of this stretch can follow the cursor's row."""
        return self.question is None or self.ranks[at.value == self.zero] <= self.rank


def _phases(order: Order, backwards: bool) -> list[_Phase]:
    """The stretches in the order they are walked."""
    field, column = order.field, sort_column(order.field)
    if field.nullable:
        empty, full = Q(**{f"{column}__isnull": True}), Q(**{f"{column}__isnull": False})
        zero, empty_last = None, True
    elif field.sparse:
        empty, full = Q(**{column: 0}), Q(**{f"{column}__gt": 0})
        zero, empty_last = 0, order.descending
    else:
        return [_Phase(None, False, 0, {}, None)]
    sequence = [(full, False), (empty, True)] if empty_last else [(empty, True), (full, False)]
    if backwards:
        sequence.reverse()
    ranks = {is_empty: rank for rank, (_question, is_empty) in enumerate(sequence)}
    return [_Phase(q, is_empty, ranks[is_empty], ranks, zero) for q, is_empty in sequence]


def sort_column(field: Field) -> str:
    """The column a field sorts by: the folded one for texts that have it."""
    return getattr(field, "folded", "") or field.columns[0]


def _walk(
    rows: QuerySet[Rows], order: Order, backwards: bool, start: Cursor | None, size: int, few: bool
) -> list[tuple[int, Any]]:
    column = sort_column(order.field)
    descending = order.descending != backwards
    if start is not None:
        rows = rows.filter(_beyond(column, start, descending))
    narrow = rows.order_by().values_list("pk", column)
    if few:
        return _sorted_after_finding(narrow, descending, size)
    sign = "-" if descending else ""
    return list(narrow.order_by(f"{sign}{column}", f"{sign}pk")[:size])


def _beyond(column: str, start: Cursor, descending: bool) -> Q:
    """Rows after the cursor; the first condition is what lets PostgreSQL start inside the index."""
    side = "lt" if descending else "gt"
    if start.value is None:
        return Q(**{f"pk__{side}": start.id})
    strictly = Q(**{f"{column}__{side}": start.value})
    return Q(**{f"{column}__{side}e": start.value}) & (strictly | Q(**{column: start.value, f"pk__{side}": start.id}))


def _sorted_after_finding(narrow: QuerySet[Any], descending: bool, size: int) -> list[tuple[int, Any]]:
    """Find all matches, then sort: a materialised step keeps the planner from walking the sort index."""
    try:
        sql, params = narrow.query.sql_with_params()
    except EmptyResultSet:  # Django knows that no row can match: an amount no column holds
        return []
    direction = "DESC" if descending else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found(id, value) AS MATERIALIZED ({sql}) SELECT id, value FROM found "  # noqa: S608 - our own SQL
            f"ORDER BY value {direction}, id {direction} LIMIT %s",
            [*params, size],
        )
        return list(cursor.fetchall())


def expected_rows(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects (0.1 ms, nothing is executed); 0 where Django knows that none can match."""
    try:
        sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])


def count_up_to(rows: QuerySet[Any], cap: int = CAP) -> int:
    """The exact count up to `cap`; `cap + 1` means more than that."""
    return rows.order_by().values("pk")[: cap + 1].count()


def counts_up_to(rows: Mapping[str, QuerySet[Any] | Written], cap: int = CAP) -> dict[str, int]:
    """`count_up_to` of several questions at once, by the same names: one question to the database."""
    asked: dict[str, Written] = {}
    for name, some in rows.items():
        with suppress(EmptyResultSet):  # it can have no rows
            asked[name] = some if isinstance(some, Written) else _written(some)
    if not asked:
        return dict.fromkeys(rows, 0)
    most = int(cap) + 1
    counts = ", ".join(f"(SELECT count(*) FROM ({one.sql} LIMIT {most}) AS counted)" for one in asked.values())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for one in asked.values() for value in one.values])
        found = dict(zip(asked, cursor.fetchone(), strict=True))
    return {name: found.get(name, 0) for name in rows}


def _written(rows: QuerySet[Any]) -> Written:
    return Written(*rows.order_by().values("pk").query.sql_with_params())


def in_order(rows: Iterable[dict[str, Any]], ids: list[int]) -> list[dict[str, Any]]:
    """Fetched rows (dicts with `id`) in the order of the ids; ids that are gone are left out."""
    by_id = {row["id"]: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def neighbours(
    rows: QuerySet[Rows], order: Order, pk: int, value: Any, *, filtered: bool = True
) -> tuple[int | None, int | None]:
    """The ids before and after the row with this id and sort value in a sorted answer."""
    before = ids_of_page(rows, order, size=1, cursor=Cursor(value, pk, True).write(), filtered=filtered)
    after = ids_of_page(rows, order, size=1, cursor=Cursor(value, pk, False).write(), filtered=filtered)
    return next(iter(before.ids), None), next(iter(after.ids), None)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else {"number": str(value)}
    return value


def _special(written: dict[str, str]) -> datetime | date | Decimal:
    """What JSON has no form for. Raises ValueError, TypeError, KeyError for what `_plain` did not write."""
    if "number" in written:
        number = Decimal(written["number"]) if len(written["number"]) < LONGEST_NUMBER else Decimal("NaN")
        if not number.is_finite():
            raise ValueError
        return number
    return datetime.fromisoformat(written["at"]) if "at" in written else date.fromisoformat(written["on"])
