"""Payments and returns: written once by their name, and joined to their order in whatever order both arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regulars.kit.money import exponent
from regulars.kit.planning import planned_once
from regulars.orders.rows import dicts, packed
from regulars.shops.models import Shop

Columns = dict[str, Any]

_PAYMENT = (
    "shop_id", "channel_id", "order_id", "customer_id", "external_id", "order_external_id", "kind", "state", "amount",
    "fee", "original", "currency", "at", "method", "reference", "is_stated",
)  # fmt: skip
_RETURN = (
    "shop_id", "channel_id", "order_id", "customer_id", "external_id", "order_external_id", "reason", "quantity",
    "amount", "credited", "original", "original_credited", "currency", "at", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An order that payments and returns can be joined to."""

    order_id: int
    customer_id: int | None
    channel_id: int
    external_id: str
    currency: str
    rate: Decimal


_OF_ITS_ORDER = "coalesce(t.order_id = EXCLUDED.order_id, true)"


def write_payments(rows: Iterable[Columns]) -> list[Columns]:
    """Write payments; the ones that are news: new here, or in a later state than before (pending, failed, succeeded).

    What a payment is in its latest state, it stays: the same report again, or an older one, changes nothing. Neither
    does the report of another order that calls a payment of its own the same.
    """
    once: dict[tuple[int, str], Columns] = {}
    for row in rows:
        key = (row["channel_id"], row["external_id"])
        if key not in once or once[key]["state"] < row["state"]:
            once[key] = row
    changes = ("state", "kind", "amount", "fee", "original", "currency", "at", "method", "reference")
    return _write(
        "orders_payment", _PAYMENT, [once[key] for key in sorted(once)],
        f"{_replacing(changes, 't.state < EXCLUDED.state OR t.order_id IS NULL')}, {_JOINED}",
        f"{_OF_ITS_ORDER} AND (t.state < EXCLUDED.state OR (t.order_id IS NULL AND EXCLUDED.order_id IS NOT NULL))",
    )  # fmt: skip


def write_returns(rows: Iterable[Columns]) -> list[Columns]:
    """Write returns; the new ones. A return is a fact: reported again it changes nothing."""
    once = {(row["channel_id"], row["external_id"]): row for row in rows}
    return _write(
        "orders_return", _RETURN, [once[key] for key in sorted(once)], _JOINED,
        "t.order_id IS NULL AND EXCLUDED.order_id IS NOT NULL",
    )  # fmt: skip


def anything_waits(shop: Shop, places: Sequence[Place]) -> bool:
    """Whether there are payments or returns to `adopt…`: mostly not, which one question tells."""
    if not places:
        return False
    with planned_once(len(places)) as cursor:
        cursor.execute(_WAITS, {"shop": shop.pk, "channels": [one.channel_id for one in places],
                                "names": [one.external_id for one in places]})  # fmt: skip
        return bool(cursor.fetchone()[0])


def adopt_payments(shop: Shop, places: Sequence[Place]) -> list[Columns]:
    """Join waiting payments to the orders that have come; those joined.

    Those that named no currency, or the order's, are converted now, at the order's rate.
    """
    scale = 10 ** exponent(shop.currency)
    amount = f"CASE WHEN {_IN_ORDERS} THEN round(t.original * w.rate * {scale})::bigint ELSE t.amount END"
    fee = f"CASE WHEN {_IN_ORDERS} THEN round(t.fee * w.rate)::bigint ELSE t.fee END"
    return _adopt(
        shop, places, "orders_payment", _PAYMENT, f"currency = {_ITS_CURRENCY}, amount = {amount}, fee = {fee}"
    )


def adopt_returns(shop: Shop, places: Sequence[Place]) -> list[Columns]:
    """Join waiting returns to the orders that have come; those joined."""
    scale = 10 ** exponent(shop.currency)
    amount, credited = (
        f"CASE WHEN {_IN_ORDERS} THEN round(t.{original} * w.rate * {scale})::bigint ELSE t.{column} END"
        for column, original in (("amount", "original"), ("credited", "original_credited"))
    )
    return _adopt(
        shop, places, "orders_return", _RETURN, f"currency = {_ITS_CURRENCY}, amount = {amount}, credited = {credited}"
    )


# --- how it is done ---------------------------------------------------------------------------------------

_JOINED = (
    "order_id = coalesce(t.order_id, EXCLUDED.order_id), customer_id = coalesce(t.customer_id, EXCLUDED.customer_id)"
)
_WAITS = "SELECT " + " OR ".join(  # noqa: S608
    "EXISTS (SELECT FROM unnest(%(channels)s::bigint[], %(names)s::text[]) AS w (channel_id, external_id) "
    f"JOIN {table} t ON t.shop_id = %(shop)s AND t.channel_id = w.channel_id "
    "AND t.order_external_id = w.external_id AND t.order_id IS NULL AND t.order_external_id <> '')"
    for table in ("orders_payment", "orders_return")
)
_IN_ORDERS = "t.currency IN ('', w.currency)"
_ITS_CURRENCY = "CASE WHEN t.currency = '' THEN w.currency ELSE t.currency END"


def _replacing(columns: Sequence[str], when: str) -> str:
    return ", ".join(f"{name} = CASE WHEN {when} THEN EXCLUDED.{name} ELSE t.{name} END" for name in columns)


def _write(table: str, columns: Sequence[str], rows: Sequence[Columns], changes: str, when: str) -> list[Columns]:
    if not rows:
        return []
    names = ", ".join(columns)
    with planned_once(len(rows)) as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS t ({names}) "  # noqa: S608
            f"SELECT {names} FROM json_populate_recordset(NULL::{table}, %s) "
            f"ON CONFLICT (shop_id, channel_id, external_id) DO UPDATE SET {changes} WHERE {when} "
            f"RETURNING t.id, {_told(columns)}",
            [packed(rows)],
        )
        return dicts(cursor)


def _adopt(shop: Shop, places: Sequence[Place], table: str, columns: Sequence[str], conversion: str) -> list[Columns]:
    if not places:
        return []
    with planned_once(len(places)) as cursor:
        cursor.execute(
            f"UPDATE {table} t SET order_id = w.order_id, customer_id = w.customer_id, {conversion} "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::numeric[]) "
            "AS w (order_id, customer_id, channel_id, external_id, currency, rate) "
            "WHERE t.shop_id = %s AND t.channel_id = w.channel_id AND t.order_external_id = w.external_id "
            f"AND t.order_id IS NULL AND t.order_external_id <> '' RETURNING t.id, {_told(columns)}",
            [*_columns_of(places), shop.pk],
        )
        return dicts(cursor)


def _told(columns: Sequence[str]) -> str:
    return ", ".join(f"t.{name}" for name in columns)


def _columns_of(places: Sequence[Place]) -> list[list[Any]]:
    return [
        [getattr(place, name) for place in places]
        for name in ("order_id", "customer_id", "channel_id", "external_id", "currency", "rate")
    ]
