"""A customer's figures, derived from their orders by one statement: docs/reference/figures.md defines each of them.

Whoever changes an order, payment or return calls `refresh_stats` in the same transaction. Only rows that differ are
written, so that calling it once too often costs a read.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from regulars.customers.checks import Difference, faults
from regulars.customers.figures import all_customers, batches, lock_customers
from regulars.events.handlers import announce
from regulars.kit.periods import day_of, day_start, months_before
from regulars.orders.leading import lead_on
from regulars.orders.models import FulfilmentState
from regulars.orders.rows import dicts
from regulars.shops.models import OrderCounter, Shop

WINDOW_MONTHS = 3

COUNTERS: tuple[str, ...] = tuple(OrderCounter.values)
"""The five ways to count orders, each stored as `orders_<name>`."""

# Said of one order, `o`, among those that are neither test nor deleted.
PLACED = "o.cancelled_at IS NULL"
FULLY_PAID = (
    "o.captured + o.credited >= o.total AND "
    "(o.captured > o.refunded OR (o.captured = 0 AND o.refunded = 0 AND o.total <= 0))"
)
FULFILLED = f"o.fulfilment_state IN ({FulfilmentState.FULFILLED:d}, {FulfilmentState.DELIVERED:d})"
DELIVERED = f"o.fulfilment_state = {FulfilmentState.DELIVERED:d}"
RETURNED = f"(o.items_returned > 0 OR o.fulfilment_state = {FulfilmentState.RETURNED:d})"
OWED = "greatest(0, o.total - o.credited - o.written_off - o.captured)"
DISCOUNTED = (
    "(o.discount > 0 OR EXISTS (SELECT FROM orders_line l WHERE l.shop_id = o.shop_id AND l.order_id = o.id "
    "AND l.discount > 0))"
)
SPENT = "o.captured - o.refunded"

_RECORDED = (
    "FROM orders_order o WHERE o.shop_id = %(shop)s AND o.customer_id = who.id AND NOT o.is_test "
    "AND o.deleted_at IS NULL"
)

# One look along the index of the customer's orders for all sums, and one step from each end of it.
_DERIVED = f"""
SELECT
    who.id, f.*,
    last.placed_at AS last_order_at, last.id AS last_order_id, coalesce(last.number, '') AS last_order_number,
    first_touch.channel_id AS channel_first_id, last_touch.channel_id AS channel_last_id
FROM unnest(%(ids)s::bigint[]) AS who (id)
CROSS JOIN LATERAL (
    SELECT
        count(*) AS orders_recorded,
        count(*) FILTER (WHERE {PLACED}) AS orders_placed,
        count(*) FILTER (WHERE {PLACED} AND {FULLY_PAID}) AS orders_paid,
        count(*) FILTER (WHERE {PLACED} AND {FULFILLED}) AS orders_fulfilled,
        count(*) FILTER (WHERE {PLACED} AND {DELIVERED}) AS orders_delivered,
        count(*) FILTER (WHERE NOT ({PLACED})) AS orders_cancelled,
        count(*) FILTER (WHERE {PLACED} AND {RETURNED}) AS orders_returned,
        count(*) FILTER (WHERE {PLACED} AND {DISCOUNTED}) AS orders_discounted,
        coalesce(sum(o.captured) FILTER (WHERE {PLACED}), 0)::bigint AS gross_spent,
        coalesce(sum(o.refunded) FILTER (WHERE {PLACED}), 0)::bigint AS refunded,
        coalesce(sum({SPENT}) FILTER (WHERE {PLACED}), 0)::bigint AS total_spent,
        coalesce(sum({SPENT}) FILTER (WHERE {PLACED} AND o.placed_at >= %(since)s), 0)::bigint AS spent_3m,
        coalesce(sum({SPENT}) FILTER (WHERE {PLACED} AND o.placed_at >= %(before)s AND o.placed_at < %(since)s), 0)
            ::bigint AS spent_before_3m,
        coalesce(sum({OWED}) FILTER (WHERE {PLACED} AND o.is_confirmed), 0)::bigint AS debt,
        min(o.placed_at) FILTER (WHERE {PLACED}) AS first_order_at
    {_RECORDED}
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
    name: f"d.{name}"
    for name in (
        "orders_recorded", "orders_placed", "orders_paid", "orders_fulfilled", "orders_delivered",
        "orders_cancelled", "orders_returned", "orders_discounted", "gross_spent", "refunded", "total_spent",
        "spent_3m", "spent_before_3m", "debt", "first_order_at", "last_order_at", "last_order_id",
        "last_order_number",
    )
} | {
    "channel_first_id": "coalesce(d.channel_first_id, c.channel_first_id)",
    "channel_last_id": "coalesce(d.channel_last_id, c.channel_last_id)",
    "orders_count": "d.{counter}",
    "average_order": "round(d.total_spent::numeric / nullif(d.{counter}, 0))::bigint",
}  # fmt: skip

FIGURES: tuple[str, ...] = tuple(_COLUMNS)
"""Customer columns that nobody but this module writes."""


def window_start(shop: Shop, at: datetime | None = None) -> datetime:
    """From when on orders count as "last 3 months": the start of the same day three months ago, shop time."""
    return day_start(months_before(day_of(at or now(), shop.timezone), WINDOW_MONTHS), shop.timezone)


def window_before(shop: Shop, since: datetime) -> datetime:
    """From when on orders count as "the 3 months before": the same step again, from where the last three begin."""
    return day_start(months_before(day_of(since, shop.timezone), WINDOW_MONTHS), shop.timezone)


@transaction.atomic(savepoint=False)
def refresh_stats(shop: Shop | int, customer_ids: Iterable[int]) -> int:
    """Bring the stored figures of these customers up to date; how many differed.

    Locks the customers in the order of their ids until the transaction ends, so that two writers never wait for
    each other in a circle, and the second one sees what the first one did. Announces "customer.figures" for those
    that differed, whatever it was that changed them; nothing is written to the trail. Orders that were written for
    somebody who was merged meanwhile go to who they became.
    """
    shop = shop if isinstance(shop, Shop) else Shop.objects.get(pk=shop)
    ids = sorted({one for one in customer_ids if one})
    old, new = _sides(shop)
    changes = ", ".join(f"{name} = {value}" for name, value in _sources(shop).items())
    written: set[int] = set()
    with connection.cursor() as cursor:
        waiting = list(batches(ids))
        while waiting:
            batch = waiting.pop(0)
            if led_on := lead_on(shop.pk, lock_customers(shop.pk, batch)):
                waiting.append(led_on)
            cursor.execute(
                f"UPDATE customers_customer c SET {changes} FROM ({_DERIVED}) AS d "  # noqa: S608
                "WHERE c.shop_id = %(shop)s AND c.id = ANY(%(ids)s) AND c.id = d.id "
                f"AND ({old}) IS DISTINCT FROM ({new}) RETURNING c.id",
                _parameters(shop, batch),
            )
            written |= {pk for (pk,) in cursor.fetchall()}
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
    told = ", ".join(f"c.{name} AS stored_{name}, {value} AS derived_{name}" for name, value in _sources(shop).items())
    return [
        Difference("customer", row["id"], name, row[f"stored_{name}"], row[f"derived_{name}"], row["id"])
        for row in _compared(shop, customer_ids, f"c.id, {told}")
        for name in FIGURES
        if row[f"stored_{name}"] != row[f"derived_{name}"]
    ]


def check(shop: Shop, *, limit: int = 100) -> list[str]:
    """What is wrong with the stored figures of a shop, a line a customer and figure; empty when all is well."""
    return faults(differences, "its orders say", shop, limit=limit)


# --- how it is done ---------------------------------------------------------------------------------------


def _sources(shop: Shop) -> dict[str, str]:
    """Each stored column and the SQL of its value, with the shop's counter filled in."""
    counter = f"orders_{OrderCounter(shop.order_counter).value}"
    return {name: value.format(counter=counter) for name, value in _COLUMNS.items()}


def _sides(shop: Shop) -> tuple[str, str]:
    sources = _sources(shop)
    return ", ".join(f"c.{name}" for name in sources), ", ".join(sources.values())


def _parameters(shop: Shop, ids: Sequence[int]) -> dict[str, Any]:
    since = window_start(shop)
    return {"shop": shop.pk, "ids": list(ids), "since": since, "before": window_before(shop, since)}


def _compared(shop: Shop, ids: Sequence[int], told: str) -> list[dict[str, Any]]:
    old, new = _sides(shop)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {told} FROM customers_customer c JOIN ({_DERIVED}) AS d ON d.id = c.id "  # noqa: S608
            f"WHERE c.shop_id = %(shop)s AND c.id = ANY(%(ids)s) AND ({old}) IS DISTINCT FROM ({new}) ORDER BY c.id",
            _parameters(shop, ids),
        )
        return dicts(cursor)
