"""Orders of people who were merged: they follow to whom those became."""

from collections.abc import Mapping
from typing import Any

from django.db import connection


def lead_on(shop_id: int, became: Mapping[int, int]) -> list[int]:
    """Give the orders, with their lines, the payments and the returns of merged customers to who they became.

    became: id → whom. Returns who got something. A report may have found its buyer a moment before the merge, or name
    them by an old id.
    """
    if not became:
        return []
    given: list[Any] = [list(became), list(became.values()), shop_id]
    got: set[int] = set()
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, given)
            got |= {pk for (pk,) in cursor.fetchall()}
    return sorted(got)


def _led(table: str) -> str:
    return (
        f"UPDATE {table} t SET customer_id = w.became "  # noqa: S608
        "FROM unnest(%s::bigint[], %s::bigint[]) AS w (id, became) "
        "WHERE t.shop_id = %s AND t.customer_id = w.id RETURNING t.shop_id, t.id, w.became"
    )


_LINES = (
    "UPDATE orders_line l SET customer_id = led.became FROM led WHERE l.shop_id = led.shop_id AND l.order_id = led.id"
)
_STATEMENTS = (
    f"WITH led AS ({_led('orders_order')}), lines AS ({_LINES}) SELECT became FROM led",  # noqa: S608
    f"WITH led AS ({_led('orders_payment')}) SELECT became FROM led",  # noqa: S608
    f"WITH led AS ({_led('orders_return')}) SELECT became FROM led",  # noqa: S608
)
