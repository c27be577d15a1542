"""What a new day in the shop does: pending points begin to count, and points that were not used in time expire."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.timezone import now

from regulars.customers.figures import BATCH
from regulars.events.record import Actor, Happening, record_many
from regulars.loyalty.entries import Movement, add_to_figures, balances_of, today_of, write_entries
from regulars.loyalty.lots import left_of
from regulars.loyalty.models import PointsEntry, Reason
from regulars.shops.models import Shop


def _nothing() -> None:
    """What happens between two batches unless the caller says otherwise."""


def begin_day(shop: Shop, *, between: Callable[[], None] = _nothing) -> tuple[int, int]:
    """Count what has come of age and let expire what is over, by the shop's calendar; how many entries of each.

    First the one, then the other: what counted and expired while nobody was awake does both. Each batch is a
    transaction of its own unless one is open; done again, or killed and begun again, it changes nothing more.
    between: called between two batches, may raise to stop.
    """
    return _in_batches(shop, _due, count_due, between), _in_batches(shop, _over, expire_due, between)


def _in_batches(shop: Shop, find: Any, do: Any, between: Callable[[], None]) -> int:
    done = 0
    while ids := _customers(find(shop)):
        done += do(shop, ids)
        between()
    return done


def _customers(rows: Any) -> list[int]:
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:BATCH])


def _due(shop: Shop) -> Any:
    return PointsEntry.objects.of(shop).pending().filter(counts_on__lte=today_of(shop))


def _over(shop: Shop) -> Any:
    rows = PointsEntry.objects.of(shop).counted()
    return rows.filter(expires_on__lt=today_of(shop), is_settled=False)


# --- points that begin to count -------------------------------------------------------------------------------------


@transaction.atomic
def count_due(shop: Shop, customer_ids: Collection[int]) -> int:
    """Count the pending entries of these customers whose day has come; how many. Tells "points.counted" of each."""
    balances = balances_of(shop, customer_ids)
    entries = list(_due(shop).filter(customer_id__in=customer_ids).order_by("pk"))
    for entry in entries:
        balances[entry.customer_id] += entry.points
        entry.balance_after = balances[entry.customer_id]
    _store_counted(shop.pk, entries)
    add_to_figures(shop.pk, [(one.customer_id, one.points, one.earned, -one.points) for one in entries])
    record_many(shop.pk, _told(entries), by=Actor.system())
    return len(entries)


def _store_counted(shop_id: int, entries: Collection[PointsEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE loyalty_pointsentry e SET counted_at = %s, balance_after = d.balance "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS d (id, balance) WHERE e.shop_id = %s AND e.id = d.id",
            [now(), [one.pk for one in entries], [one.balance_after for one in entries], shop_id],
        )


def _told(entries: Collection[PointsEntry]) -> Iterable[Happening]:
    """Not of what was taken back before its day."""
    reversed_ = {one.reverses_id for one in entries}
    for one in entries:
        if one.pk not in reversed_ and one.reverses_id is None:
            data = {"entry": one.pk, "points": one.points, "balance": one.balance_after}
            yield Happening("points.counted", "points", one.pk, one.customer_id, data)


# --- points that expire ---------------------------------------------------------------------------------------------


@transaction.atomic
def expire_due(shop: Shop, customer_ids: Collection[int]) -> int:
    """Take what is left of points of these customers whose last day is over; how many entries that took."""
    balances_of(shop, customer_ids)
    ledgers: dict[int, list[PointsEntry]] = defaultdict(list)
    for entry in PointsEntry.objects.of(shop).filter(customer_id__in=customer_ids):
        ledgers[entry.customer_id].append(entry)
    over = set(_over(shop).filter(customer_id__in=customer_ids).values_list("pk", flat=True))
    left = [one for entries in ledgers.values() for one in left_of(entries) if one.entry.pk in over]
    before = _times_expired(shop, [entry.pk for entry, _points in left])
    movements = [_expiry(entry, points, before.get(entry.pk, 0)) for entry, points in left]
    written = write_entries(shop, movements, by=Actor.system())
    PointsEntry.objects.of(shop).filter(pk__in=over).update(is_settled=True)
    return sum(1 for entry in written if entry)


def _expiry(lot: PointsEntry, points: int, times: int) -> Movement:
    key = f"expired:{lot.pk}" + (f":{times}" if times else "")
    return Movement(lot.customer_id, -points, Reason.EXPIRED, key=key, lot_id=lot.pk)


def _times_expired(shop: Shop, lots: Collection[int]) -> dict[int, int]:
    """How often the rest of these expired already: points that were given back to them since expire again."""
    rows = PointsEntry.objects.of(shop).filter(lot_id__in=lots).values("lot_id").annotate(times=Count("pk"))
    return {row["lot_id"]: row["times"] for row in rows}


def open_lots(shop: Shop, customer_ids: Collection[int]) -> None:
    """Points were given back to these customers: the next pass looks again at what of theirs has expired."""
    rows = PointsEntry.objects.of(shop).filter(customer_id__in=customer_ids, expires_on__isnull=False, is_settled=True)
    rows.update(is_settled=False)
