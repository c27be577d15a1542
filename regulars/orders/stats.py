"""A customer's figures, derived from their orders by one statement: docs/reference/figures.md defines each of them.

Whoever changes an order, payment or return calls `refresh_stats` in the same transaction. Only rows that differ are
written, so that calling it once too often costs a read.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from regulars.customers.checks import Difference, faults
from regulars.customers.figures import all_customers, batches, lock_customers
from regulars.events.handlers import announce
from regulars.kit.periods import day_of, day_start, months_before
from regulars.kit.planning import planned_once
from regulars.orders.adding import add_orders
from regulars.orders.counting import PLACED, RECORDED, SUMS, each_of, told
from regulars.orders.leading import lead_on
from regulars.orders.rows import dicts
from regulars.shops.models import OrderCounter, Shop

WINDOW_MONTHS = 3

COUNTERS: tuple[str, ...] = tuple(OrderCounter.values)
"""The five ways to count orders, each stored as `orders_<name>`."""

_RECORDED = f"FROM orders_order o WHERE {RECORDED} AND o.shop_id = who.shop_id AND o.customer_id = who.id"

# One look along the index of the customer's orders for all sums, and one step from each end of it.
_DERIVED = f"""
SELECT
    who.shop_id, who.id, f.*,
    last.placed_at AS last_order_at, last.id AS last_order_id, coalesce(last.number, '') AS last_order_number,
    first_touch.channel_id AS channel_first_id, last_touch.channel_id AS channel_last_id
FROM {each_of("ids")} AS who
CROSS JOIN LATERAL (
    SELECT {told(SUMS)}, min(o.placed_at) FILTER (WHERE {PLACED}) AS first_order_at {_RECORDED}
) AS f
LEFT JOIN LATERAL (
    SELECT o.id, o.number, o.placed_at {_RECORDED} AND {PLACED} ORDER BY o.placed_at DESC, o.id DESC LIMIT 1
) AS last ON f.orders_placed > 0
LEFT JOIN LATERAL (
    SELECT o.channel_id {_RECORDED} ORDER BY o.placed_at, o.id LIMIT 1
) AS first_touch ON f.orders_recorded > 0
LEFT JOIN LATERAL (
    SELECT o.channel_id {_RECORDED} ORDER BY o.placed_at DESC, o.id DESC LIMIT 1
) AS last_touch ON f.orders_recorded > 0
"""  # noqa: S608

# Customer column → where `_DERIVED` (as `d`) answers it. What a profile says of the channels stays until an order
# says more; the counter in use is `orders_count`.
_COLUMNS = {
    name: f"d.{name}" for name in (*SUMS, "first_order_at", "last_order_at", "last_order_id", "last_order_number")
} | {
    "channel_first_id": "coalesce(d.channel_first_id, c.channel_first_id)",
    "channel_last_id": "coalesce(d.channel_last_id, c.channel_last_id)",
    "orders_count": "d.{counter}",
    "average_order": "round(d.total_spent::numeric / nullif(d.{counter}, 0))::bigint",
}

FIGURES: tuple[str, ...] = tuple(_COLUMNS)
"""Customer columns that nobody but this module writes."""


def window_start(shop: Shop, at: datetime | None = None) -> datetime:
    """From when on orders count as "last 3 months": the start of the same day three months ago, shop time."""
    return day_start(months_before(day_of(at or now(), shop.timezone), WINDOW_MONTHS), shop.timezone)


def window_before(shop: Shop, since: datetime) -> datetime:
    """From when on orders count as "the 3 months before": the same step again, from where the last three begin."""
    return day_start(months_before(day_of(since, shop.timezone), WINDOW_MONTHS), shop.timezone)


@transaction.atomic(savepoint=False)
def refresh_stats(shop: Shop | int, customer_ids: Iterable[int], *, new: Collection[int] = ()) -> int:
    """Bring the stored figures of these customers up to date; how many differed.

    new: ids of orders that came in this transaction, to customers among these of whom nothing else changed in it; they
    are added to the figures where that gives the same, without reading what these customers ordered before.

    Locks the customers in the order of their ids until the transaction ends, so that two writers never wait for
    each other in a circle, and the second one sees what the first one did. Announces "customer.figures" for those
    that differed, whatever it was that changed them; nothing is written to the trail. Orders that were written for
    somebody who was merged meanwhile go to who they became.
    """
    shop = shop if isinstance(shop, Shop) else Shop.objects.get(pk=shop)
    written: set[int] = set()
    waiting = list(batches(sorted({one for one in customer_ids if one})))
    while waiting:
        batch = waiting.pop(0)
        if led_on := lead_on(shop.pk, lock_customers(shop.pk, batch)):
            waiting.append(led_on)
            new = ()  # some of them belong to others now
        added = add_orders(new, _counter(shop), _parameters(shop, batch)) if new else set()
        written |= added | _derive(shop, [pk for pk in batch if pk not in added])
    if written:
        announce(shop.pk, "customer.figures", written)
    return len(written)


def refresh_all(shop: Shop, *, after: int = 0, most: int | None = None) -> tuple[int, int]:
    """Reconcile all customers of a shop, from the one after `after` on; only rows that differ are locked and written.

    Each batch is a transaction of its own unless one is open. Returns how many were written, and the id to go on
    after (0 at the end), when `most` customers were looked at.
    """
    written = seen = 0
    for ids in all_customers(shop.pk, after):
        written += refresh_stats(shop, differing(shop, ids))
        seen, after = seen + len(ids), ids[-1]
        if most is not None and seen >= most:
            return written, after
    return written, 0


def differing(shop: Shop, customer_ids: Sequence[int]) -> list[int]:
    """Those of these customers whose stored figures are not what their orders say."""
    return [row["id"] for row in _compared(shop, customer_ids, "c.id")]


def differences(shop: Shop, customer_ids: Sequence[int]) -> list[Difference]:
    """Stored figures of these customers that are not what their orders say."""
    sources = _sources(_counter(shop)).items()
    both = ", ".join(f"c.{name} AS stored_{name}, {value} AS derived_{name}" for name, value in sources)
    return [
        Difference("customer", row["id"], name, row[f"stored_{name}"], row[f"derived_{name}"], row["id"])
        for row in _compared(shop, customer_ids, f"c.id, {both}")
        for name in FIGURES
        if row[f"stored_{name}"] != row[f"derived_{name}"]
    ]


def check(shop: Shop, *, limit: int = 100) -> list[str]:
    """What is wrong with the stored figures of a shop, a line a customer and figure; empty when all is well."""
    return faults(differences, "its orders say", shop, limit=limit)


# --- how it is done ---------------------------------------------------------------------------------------


def _derive(shop: Shop, ids: Sequence[int]) -> set[int]:
    """Write the figures of locked customers; those that differed."""
    if not ids:
        return set()
    with planned_once(len(ids)) as cursor:
        cursor.execute(_deriving(_counter(shop)), _parameters(shop, ids))
        return {pk for (pk,) in cursor.fetchall()}


@cache
def _deriving(counter: str) -> str:
    changes = ", ".join(f"{name} = {value}" for name, value in _sources(counter).items())
    old, new = _sides(counter)
    return (
        f"UPDATE customers_customer c SET {changes} FROM ({_DERIVED}) AS d "  # noqa: S608
        "WHERE c.shop_id = d.shop_id AND c.id = d.id "
        f"AND ({old}) IS DISTINCT FROM ({new}) RETURNING c.id"
    )


def _counter(shop: Shop) -> str:
    """The column that counts the orders as the shop does."""
    return f"orders_{OrderCounter(shop.order_counter).value}"


def _sources(counter: str) -> dict[str, str]:
    """Each stored column and the SQL of its value, with the shop's counter filled in."""
    return {name: value.format(counter=counter) for name, value in _COLUMNS.items()}


def _sides(counter: str) -> tuple[str, str]:
    sources = _sources(counter)
    return ", ".join(f"c.{name}" for name in sources), ", ".join(sources.values())


def _parameters(shop: Shop, ids: Sequence[int]) -> dict[str, Any]:
    since = window_start(shop)
    return {"shop": shop.pk, "ids": list(ids), "since": since, "before": window_before(shop, since)}


def _compared(shop: Shop, ids: Sequence[int], told: str) -> list[dict[str, Any]]:
    old, new = _sides(_counter(shop))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {told} FROM customers_customer c JOIN ({_DERIVED}) AS d "  # noqa: S608
            f"ON d.shop_id = c.shop_id AND d.id = c.id WHERE ({old}) IS DISTINCT FROM ({new}) ORDER BY c.id",
            _parameters(shop, ids),
        )
        return dicts(cursor)
