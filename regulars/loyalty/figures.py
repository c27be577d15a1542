"""The three figures on a customer's row, derived again from the ledger: after merges, for checks and repair."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from regulars.customers.checks import Difference
from regulars.customers.figures import batches, lock_customers
from regulars.events.handlers import announce
from regulars.shops.models import Shop

FIGURES = ("points", "points_earned", "points_pending")
"""Customer columns that nobody but this floor writes."""

_DERIVED = """
SELECT who.id, f.* FROM unnest(%(ids)s::bigint[]) AS who (id)
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(e.points) FILTER (WHERE e.counted_at IS NOT NULL), 0)::bigint AS points,
        coalesce(sum(e.earned) FILTER (WHERE e.counted_at IS NOT NULL), 0)::bigint AS points_earned,
        coalesce(sum(e.points) FILTER (WHERE e.counted_at IS NULL), 0)::bigint AS points_pending
    FROM loyalty_pointsentry e WHERE e.shop_id = %(shop)s AND e.customer_id = who.id
) AS f
"""
_STORED, _NEW = (", ".join(f"{alias}.{name}" for name in FIGURES) for alias in ("c", "d"))
_DIFFERS = f"c.shop_id = %(shop)s AND c.id = d.id AND ({_STORED}) IS DISTINCT FROM ({_NEW})"


@transaction.atomic(savepoint=False)
def refresh_points(shop: Shop | int, customer_ids: Iterable[int]) -> int:
    """Bring the figures of these customers in line with their ledgers; how many differed.

    Locks the customers in the order of their ids. Announces "customer.figures" for those that differed.
    """
    shop_id = shop if isinstance(shop, int) else shop.pk
    written: set[int] = set()
    changes = ", ".join(f"{name} = d.{name}" for name in FIGURES)
    for batch in batches(sorted({one for one in customer_ids if one})):
        lock_customers(shop_id, batch)
        rows = _rows(
            f"UPDATE customers_customer c SET {changes} FROM ({_DERIVED}) AS d WHERE {_DIFFERS} RETURNING c.id",  # noqa: S608
            shop_id, batch,
        )  # fmt: skip
        written |= {pk for (pk,) in rows}
    if written:
        announce(shop_id, "customer.figures", written)
    return len(written)


def differences(shop: Shop, customer_ids: Sequence[int]) -> list[Difference]:
    """Figures of these customers that are not what their ledgers say."""
    rows = _rows(
        f"SELECT c.id, {_STORED}, {_NEW} FROM customers_customer c, ({_DERIVED}) AS d WHERE {_DIFFERS} ORDER BY c.id",  # noqa: S608
        shop.pk, customer_ids,
    )  # fmt: skip
    return [
        Difference("customer", pk, name, stored, derived, pk)
        for pk, *figures in rows
        for name, stored, derived in zip(FIGURES, figures[:3], figures[3:], strict=True)
        if stored != derived
    ]


def _rows(sql: str, shop_id: int, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"shop": shop_id, "ids": list(ids)})
        return cursor.fetchall()
