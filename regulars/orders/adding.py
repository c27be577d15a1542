"""New orders, added to their customers' figures: what was ordered before is not read again.

A customer with ten thousand orders costs as much as one with two. It must give what `orders.stats` derives from all
orders, so it is for those of whom nothing else changed.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from regulars.kit.planning import planned_once
from regulars.orders.counting import PLACED, RECORDED, SUMS, each_of, told


def add_orders(order_ids: Collection[int], counter: str, parameters: Mapping[str, Any]) -> set[int]:
    """Add orders to the figures of locked customers; who got any that counts.

    The others are still to be derived.

    counter: the column that counts orders as the shop does. parameters: shop, ids (of the customers), since, before.
    """
    with planned_once(len(order_ids)) as cursor:
        cursor.execute(_adding(counter), {**parameters, "new": list(order_ids)})
        return {pk for (pk,) in cursor.fetchall()}


def _end(column: str, order: str) -> str:
    return f"(array_agg(o.{column} ORDER BY {order}) FILTER (WHERE {PLACED}))[1]"


_FIRST, _LAST = "o.placed_at, o.id", "o.placed_at DESC, o.id DESC"

_ADDED = {
    "shop_id": "min(o.shop_id)",
    **SUMS,
    "first_order_at": f"min(o.placed_at) FILTER (WHERE {PLACED})",
    "channel_first_id": _end("channel_id", _FIRST),
    "last_order_at": f"max(o.placed_at) FILTER (WHERE {PLACED})",
    "last_order_id": _end("id", _LAST),
    "last_order_number": _end("number", _LAST),
    "channel_last_id": _end("channel_id", _LAST),
}

_LATER = "((c.last_order_at, c.last_order_id) < (d.last_order_at, d.last_order_id)) IS NOT FALSE"
_IS_LAST = f"d.last_order_id IS NOT NULL AND {_LATER}"
_UNSURE = "c.orders_recorded > c.orders_placed OR d.orders_recorded > d.orders_placed"


def _looked(order: str) -> str:
    """By which channel somebody came: cancelled orders count here and nowhere else, and with them one has to look."""
    return (
        f"(SELECT o.channel_id FROM orders_order o WHERE {RECORDED} "  # noqa: S608
        f"AND o.shop_id = c.shop_id AND o.customer_id = c.id ORDER BY {order} LIMIT 1)"
    )


COLUMNS = {
    **{name: f"c.{name} + d.{name}" for name in SUMS},
    "first_order_at": "least(c.first_order_at, d.first_order_at)",
    **{
        name: f"CASE WHEN {_IS_LAST} THEN d.{name} ELSE c.{name} END"
        for name in ("last_order_at", "last_order_id", "last_order_number")
    },
    "channel_first_id": (
        f"CASE WHEN {_UNSURE} OR c.first_order_at = d.first_order_at THEN {_looked(_FIRST)} "
        "WHEN c.first_order_at < d.first_order_at THEN c.channel_first_id ELSE d.channel_first_id END"
    ),
    "channel_last_id": (
        f"CASE WHEN {_UNSURE} THEN {_looked(_LAST)} WHEN {_LATER} THEN d.channel_last_id ELSE c.channel_last_id END"
    ),
    "orders_count": "c.{counter} + d.{counter}",
    "average_order": "round((c.total_spent + d.total_spent)::numeric / nullif(c.{counter} + d.{counter}, 0))::bigint",
}
"""Customer column → its value when the orders `d` are added to those the customer `c` had."""


@cache
def _adding(counter: str) -> str:
    changes = ", ".join(f"{name} = {value.format(counter=counter)}" for name, value in COLUMNS.items())
    return (
        f"UPDATE customers_customer c SET {changes} FROM (SELECT o.customer_id AS id, {told(_ADDED)} "  # noqa: S608
        f"FROM {each_of('new')} AS this JOIN orders_order o ON o.shop_id = this.shop_id AND o.id = this.id "
        f"WHERE {RECORDED} AND o.customer_id = ANY(%(ids)s::bigint[]) GROUP BY o.customer_id) AS d "
        "WHERE c.shop_id = d.shop_id AND c.id = d.id RETURNING c.id"
    )
