"""Whether the sums on orders are what payments, returns and write-offs say, and customers' figures what orders say."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from regulars.customers.checks import Check, Difference, add_check
from regulars.customers.figures import BATCH
from regulars.orders import stats
from regulars.orders.lines import follow_orders
from regulars.orders.locks import lock_orders
from regulars.orders.models import Order
from regulars.orders.rows import dicts
from regulars.orders.stats import refresh_stats
from regulars.orders.sums import SUMMED, refresh_sums, sums_of
from regulars.shops.models import Shop

_SOURCES = {**SUMMED, "written_off": "given_up.written_off"}
_GIVEN_UP = """
LATERAL (
    SELECT coalesce(sum(w.amount), 0)::bigint AS written_off
    FROM orders_writeoff w WHERE w.shop_id = o.shop_id AND w.order_id = o.id
) AS given_up
"""


def differing_sums(shop: Shop, order_ids: Sequence[int]) -> list[Difference]:
    """Sums on order rows that are not what their payments, returns and write-offs add up to."""
    told = ", ".join(f"o.{name} AS stored_{name}, {value} AS derived_{name}" for name, value in _SOURCES.items())
    old, new = ", ".join(f"o.{name}" for name in _SOURCES), ", ".join(_SOURCES.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.id, o.customer_id, {told} FROM orders_order o, {sums_of(shop)}, {_GIVEN_UP} "  # noqa: S608
            f"WHERE o.shop_id = %s AND o.id = ANY(%s) AND ({old}) IS DISTINCT FROM ({new}) ORDER BY o.id",
            [shop.pk, list(order_ids)],
        )
        rows = dicts(cursor)
    return [_difference(row, name) for row in rows for name in _SOURCES if _differs(row, name)]


@transaction.atomic
def repair_sums(shop: Shop, order_ids: Sequence[int]) -> None:
    """Store what payments, returns and write-offs add up to, and the figures that follow."""
    orders = Order.objects.of(shop).filter(pk__in=order_ids)
    lock_orders(shop.pk, orders.values_list("channel_id", "external_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE orders_order t SET written_off = s.written_off "  # noqa: S608
            f"FROM (SELECT o.id, given_up.written_off FROM orders_order o, {_GIVEN_UP} "
            "WHERE o.shop_id = %s AND o.id = ANY(%s)) s "
            "WHERE t.shop_id = %s AND t.id = s.id AND t.written_off <> s.written_off",
            [shop.pk, list(order_ids), shop.pk],
        )
    refresh_sums(shop, list(order_ids))
    refresh_stats(shop, filter(None, orders.values_list("customer_id", flat=True)))


def differing_lines(shop: Shop, order_ids: Sequence[int]) -> list[Difference]:
    """Orders whose lines do not repeat whose they are, since when, and whether they count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, o.customer_id, count(*) AS wrong FROM orders_order o "
            "JOIN orders_line l ON l.shop_id = o.shop_id AND l.order_id = o.id "
            "WHERE o.shop_id = %s AND o.id = ANY(%s) AND (l.customer_id, l.placed_at, l.is_counted) IS DISTINCT FROM "
            "(o.customer_id, o.placed_at, o.cancelled_at IS NULL AND o.deleted_at IS NULL AND NOT o.is_test) "
            "GROUP BY o.id, o.customer_id ORDER BY o.id",
            [shop.pk, list(order_ids)],
        )
        rows = dicts(cursor)
    return [Difference("order", row["id"], "lines", row["wrong"], 0, row["customer_id"]) for row in rows]


def all_orders(shop_id: int, after: int = 0) -> Iterator[list[int]]:
    """All orders' ids in ascending batches, deleted ones among them."""
    while True:
        rows = Order.objects.of(shop_id).filter(pk__gt=after).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        after = ids[-1]


def _difference(row: dict[str, Any], name: str) -> Difference:
    stored, derived = row[f"stored_{name}"], row[f"derived_{name}"]
    return Difference("order", row["id"], name, stored, derived, row["customer_id"])


def _differs(row: dict[str, Any], name: str) -> bool:
    return bool(row[f"stored_{name}"] != row[f"derived_{name}"])


add_check(
    Check(
        "order_sums", _("Sums on orders are what payments, returns and write-offs say"),
        "its payments, returns and write-offs say", differing_sums, repair_sums, all_orders,
        lambda shop: Order.objects.of(shop).count(),
    )
)  # fmt: skip
add_check(
    Check(
        "order_lines", _("Lines say whose order they are of, and whether it counts"), "their orders say",
        differing_lines, follow_orders, all_orders, lambda shop: Order.objects.of(shop).count(),
    )
)  # fmt: skip
add_check(
    Check(
        "figures", _("Figures of customers are what their orders say"), "its orders say", stats.differences,
        refresh_stats,
    )
)  # fmt: skip
