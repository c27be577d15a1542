"""Orders of people who were merged: they follow to whom those became."""

from collections.abc import Mapping

from django.db import connection

_TABLES = ("orders_order", "orders_payment", "orders_return")


def lead_on(shop_id: int, became: Mapping[int, int]) -> list[int]:
    """Give the orders, payments and returns of merged customers (id → who they became) to those; who got something.

    A report may have found its buyer a moment before the merge, or name them by an old id.
    """
    if not became:
        return []
    got: set[int] = set()
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"UPDATE {table} t SET customer_id = w.became FROM unnest(%s::bigint[], %s::bigint[]) "  # noqa: S608
                "AS w (id, became) WHERE t.shop_id = %s AND t.customer_id = w.id RETURNING w.became",
                [list(became), list(became.values()), shop_id],
            )
            got |= {pk for (pk,) in cursor.fetchall()}
    return sorted(got)
