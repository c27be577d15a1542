"""The one way points move: entries, figures and trail, written together by a few statements for many customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.timezone import now

from regulars.customers.figures import lock_customers
from regulars.customers.models import Customer
from regulars.events.record import Actor, Happening, record_many
from regulars.kit.dates import day_of
from regulars.loyalty.models import PointsEntry, Reason
from regulars.shops.models import Shop

AT_ONCE = 1000
"""Entries one statement writes."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry that is about to be written; see `PointsEntry`.

    counts_on: None is today. is_pending: None follows from the day; what takes pending points back is pending itself.
    """

    customer_id: int
    points: int
    reason: Reason
    earned: int = 0
    note: str = ""
    origin: str = ""
    counts_on: date | None = None
    expires_on: date | None = None
    key: str = ""
    may_overdraw: bool = False
    reverses_id: int | None = None
    lot_id: int | None = None
    is_pending: bool | None = None


def today_of(shop: Shop) -> date:
    """The day it is in the shop."""
    return day_of(now(), shop.timezone)


def balances_of(shop: Shop, customer_ids: Iterable[int]) -> dict[int, int]:
    """What these customers have in points, by id; the dead and unknown among them too. Locks them in order."""
    ids = sorted(set(customer_ids))
    lock_customers(shop.pk, ids)
    return dict(Customer.objects.of(shop).filter(pk__in=ids).values_list("pk", "points"))


def write_entries(
    shop: Shop, movements: Sequence[Movement], *, by: Actor, batch_id: int | None = None
) -> list[PointsEntry | None]:
    """Write movements one after the other, in the current transaction; the entries in their order.

    None where a movement would leave less than 0, unless it may: nothing of it is written. The customers must exist.
    A constant number of statements for each thousand. Tells "points.added" of each entry.
    """
    balances, at, today = balances_of(shop, (one.customer_id for one in movements)), now(), today_of(shop)
    entries: list[PointsEntry | None] = []
    for one in movements:
        entry = _entry(shop, one, balances[one.customer_id], at=at, today=today, by=by)
        entries.append(entry)
        if entry is not None and entry.balance_after is not None:
            balances[one.customer_id] = entry.balance_after
    written = [entry for entry in entries if entry is not None]
    PointsEntry.objects.bulk_create(written, batch_size=AT_ONCE)
    add_to_figures(shop.pk, [(one.customer_id, *_parts(one)) for one in written])
    record_many(shop.pk, (_told(entry) for entry in written), by=by, batch_id=batch_id)
    return entries


Parts = tuple[int, int, int, int]
"""(customer id, points, earned, pending): what is added to the figures of one."""


def add_to_figures(shop_id: int, parts: Iterable[Parts]) -> None:
    """Add to the figures on customers' rows, which must be locked; several parts of one customer are summed."""
    sums: dict[int, list[int]] = {}
    for pk, *three in parts:
        sums[pk] = [known + part for known, part in zip(sums.get(pk, [0, 0, 0]), three, strict=True)]
    rows = [(pk, *three) for pk, three in sorted(sums.items()) if any(three)]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer c SET points = c.points + d.points, points_earned = c.points_earned + d.earned, "
            "points_pending = c.points_pending + d.pending "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS d (id, points, earned, pending) "
            "WHERE c.shop_id = %s AND c.id = d.id",
            [*(list(column) for column in zip(*rows, strict=True)), shop_id],
        )


def _entry(shop: Shop, one: Movement, balance: int, *, at: datetime, today: date, by: Actor) -> PointsEntry | None:
    counts_on = one.counts_on or today
    is_pending = counts_on > today if one.is_pending is None else one.is_pending
    if not is_pending and one.points < 0 and balance + one.points < 0 and not one.may_overdraw:
        return None
    return PointsEntry(
        shop=shop, customer_id=one.customer_id, points=one.points, earned=one.earned, reason=one.reason, note=one.note,
        origin=one.origin, counts_on=counts_on, expires_on=one.expires_on, key=one.key, may_overdraw=one.may_overdraw,
        reverses_id=one.reverses_id, lot_id=one.lot_id, staff_id=by.id if by.kind == "staff" else None, created_at=at,
        counted_at=None if is_pending else at, balance_after=None if is_pending else balance + one.points,
    )  # fmt: skip


def _parts(entry: PointsEntry) -> tuple[int, int, int]:
    return (0, 0, entry.points) if entry.is_pending else (entry.points, entry.earned, 0)


def _told(entry: PointsEntry) -> Happening:
    data: dict[str, Any] = {
        "entry": entry.pk, "points": entry.points, "reason": str(entry.reason), "note": entry.note,
        "balance": entry.balance_after,
    }  # fmt: skip
    if entry.is_pending:
        data["counts_on"] = entry.counts_on.isoformat()
    return Happening("points.added", "points", entry.pk, entry.customer_id, data)
