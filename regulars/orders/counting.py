"""What orders count for in their customer's figures, as SQL: docs/reference/figures.md defines each of them."""

from collections.abc import Mapping

from regulars.orders.models import FulfilmentState

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


def _sum(amount: str, also: str = "true") -> str:
    """The SQL of a sum over placed orders, in minor units."""
    return f"coalesce(sum({amount}) FILTER (WHERE {PLACED} AND {also}), 0)::bigint"


def each_of(ids: str) -> str:
    """A table `(shop_id, id)` of the ids given under a name.

    So that rows are looked up by both columns, one by one: of a shop that is hardly known yet the planner believes that
    it has next to none, and would else read all of it for each.
    """
    return f"(SELECT %(shop)s::bigint AS shop_id, unnest(%({ids})s::bigint[]) AS id)"


def told(columns: Mapping[str, str]) -> str:
    """What a SELECT answers: SQL by the name of its column."""
    return ", ".join(f"{value} AS {name}" for name, value in columns.items())


# What orders `o` add up to: column of a customer → its SQL.
SUMS = {
    "orders_recorded": "count(*)",
    "orders_placed": f"count(*) FILTER (WHERE {PLACED})",
    "orders_paid": f"count(*) FILTER (WHERE {PLACED} AND {FULLY_PAID})",
    "orders_fulfilled": f"count(*) FILTER (WHERE {PLACED} AND {FULFILLED})",
    "orders_delivered": f"count(*) FILTER (WHERE {PLACED} AND {DELIVERED})",
    "orders_cancelled": f"count(*) FILTER (WHERE NOT ({PLACED}))",
    "orders_returned": f"count(*) FILTER (WHERE {PLACED} AND {RETURNED})",
    "orders_discounted": f"count(*) FILTER (WHERE {PLACED} AND {DISCOUNTED})",
    "gross_spent": _sum("o.captured"),
    "refunded": _sum("o.refunded"),
    "total_spent": _sum(SPENT),
    "spent_3m": _sum(SPENT, "o.placed_at >= %(since)s"),
    "spent_before_3m": _sum(SPENT, "o.placed_at >= %(before)s AND o.placed_at < %(since)s"),
    "debt": _sum(OWED, "o.is_confirmed"),
}

RECORDED = "NOT o.is_test AND o.deleted_at IS NULL"
