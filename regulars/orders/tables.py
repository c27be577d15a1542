"""Reading and writing rows of orders, many at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection

from regulars.kit.planning import planned_once
from regulars.orders.models import Order
from regulars.orders.reading import ONE, Outlet
from regulars.orders.rows import dicts, new_ids, packed, update_rows
from regulars.orders.sums import SUMMED, sums_of
from regulars.shops.models import Shop

Row = dict[str, Any]

_DEFAULTS: Row = {
    "total": 0, "subtotal": 0, "discount": 0, "shipping": 0, "tax": 0, "written_off": 0, "total_original": 0,
    "stated_paid": None, "stated_refunded": None, "stated_state": None, "cancelled_at": None, "due_on": None,
    "items_count": 0,
    "fulfilment_state": 0, "is_test": False, "is_confirmed": True, "is_moved": False, "rate": ONE, "payment_method": "",
    "email": "", "phone": "", "location": "", "note": "", "shipping_address": None, "billing_address": None,
}  # fmt: skip
_COLUMNS = [str(field.column) for field in Order._meta.local_fields]
_WRITTEN = tuple(name for name in _COLUMNS if name not in SUMMED)
_READ = ", ".join(f"o.{name}" for name in _COLUMNS)
_JSON = ("shipping_address", "billing_address")  # Django leaves their text to its own fields


def known_orders(shop: Shop, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Row]:
    """The orders we have of these (channel id, external id), by that key."""
    with planned_once(len(keys)) as cursor:
        cursor.execute(
            f"SELECT {_READ} FROM unnest(%s::bigint[], %s::text[]) AS w (channel_id, external_id) "  # noqa: S608
            "JOIN orders_order o ON o.shop_id = %s AND o.channel_id = w.channel_id AND o.external_id = w.external_id",
            [[channel_id for channel_id, _ in keys], [name for _, name in keys], shop.pk],
        )
        rows = dicts(cursor)
    for row in rows:
        row |= {name: json.loads(row[name]) for name in _JSON if row[name] is not None}
    return {(row["channel_id"], row["external_id"]): row for row in rows}


def known_channels(shop: Shop, keys: Collection[str]) -> dict[str, Outlet]:
    """The shop's channels among these keys."""
    with planned_once() as cursor:
        cursor.execute(
            "SELECT id, key FROM shops_channel WHERE shop_id = %s AND key = ANY(%s::text[])", [shop.pk, list(set(keys))]
        )
        return {key: Outlet(pk, key) for pk, key in cursor.fetchall()}


def number_orders(rows: Sequence[Row]) -> None:
    """Give rows that will be inserted their ids, so that payments can name them first."""
    for row, order_id in zip(rows, new_ids(Order, len(rows)), strict=True):
        row["id"] = order_id


def insert_orders(shop: Shop, rows: Sequence[Row]) -> None:
    """Add orders; their sums come from the payments and returns that are already there."""
    if not rows:
        return
    for row in rows:
        for name, value in _DEFAULTS.items():
            row.setdefault(name, value)
    with planned_once(len(rows)) as cursor:
        cursor.execute(_inserting(sums_of(shop)), [packed(rows)])


@cache
def _inserting(sums: str) -> str:
    columns = ", ".join((*_WRITTEN, *SUMMED))
    values = ", ".join((*(f"o.{name}" for name in _WRITTEN), *SUMMED.values()))
    return (
        f"INSERT INTO orders_order ({columns}) SELECT {values} "  # noqa: S608
        f"FROM json_populate_recordset(NULL::orders_order, %s) o, {sums}"
    )


def update_orders(shop: Shop, changed: Sequence[tuple[Row, Collection[str]]]) -> None:
    """Write the named columns of known orders; rows with the same columns share a statement."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row, names in changed:
        columns = tuple(sorted(set(names) & set(_WRITTEN) | ({"fulfilment_state"} & set(names))))
        if columns:
            groups.setdefault(columns, []).append({name: row[name] for name in ("id", *columns)})
    for columns, rows in groups.items():
        update_rows(Order, shop.pk, columns, rows)


_PARTS = ("orders_line", "orders_payment", "orders_return")


def give_to(shop: Shop, buyers: Mapping[int, int | None]) -> None:
    """Let orders, with their lines, payments and returns, belong to customers or nobody: order id → customer id."""
    if not buyers:
        return
    with connection.cursor() as cursor:
        for table, column in (("orders_order", "id"), *((table, "order_id") for table in _PARTS)):
            cursor.execute(
                f"UPDATE {table} t SET customer_id = w.customer_id "  # noqa: S608
                "FROM unnest(%s::bigint[], %s::bigint[]) AS w (order_id, customer_id) "
                f"WHERE t.shop_id = %s AND t.{column} = w.order_id "
                "AND t.customer_id IS DISTINCT FROM w.customer_id",  # a merge has moved the orders themselves
                [list(buyers), list(buyers.values()), shop.pk],
            )


def order_sums(shop: Shop, order_ids: Sequence[int]) -> list[Row]:
    """The sums of these orders as they are now."""
    if not order_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {', '.join(SUMMED)} FROM orders_order WHERE shop_id = %s AND id = ANY(%s)",  # noqa: S608
            [shop.pk, list(order_ids)],
        )
        return dicts(cursor)
