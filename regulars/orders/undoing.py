"""How orders that came with a file are taken back.

A new one goes with its lines, payments and returns, as if it had never come; one that was known becomes what it was.
But only while it is as the file left it: what was edited, paid, refunded, returned, moved or merged since stays whole.
The trail is only added to: it tells that the order came, and that it was taken back.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection

from regulars.catalog.footprints import PRODUCT
from regulars.customers.bulk.undoing import Outcome, Stayed, Undoing, holds, takes_back
from regulars.customers.models import Customer
from regulars.events.handlers import announce
from regulars.events.models import Footprint
from regulars.events.record import Happening, record_many
from regulars.orders.footprints import CHANNELS, PARTS, STATE, TABLES, WHAT
from regulars.orders.locks import lock_orders
from regulars.orders.models import Line, Order, Payment, Return
from regulars.orders.rows import dicts
from regulars.orders.stats import refresh_stats
from regulars.orders.sums import refresh_sums
from regulars.orders.why_stayed import reasons

Row = dict[str, Any]
GONE, BACK = "order.taken_back", "order.put_back"

_MODELS = dict(zip(PARTS, (Line, Payment, Return), strict=True))
_COLUMNS = [str(field.column) for field in Order._meta.local_fields if field.column not in ("id", "shop_id")]


@takes_back(WHAT, turn=1)
def take_back_orders(undoing: Undoing, prints: Sequence[Footprint], outcome: Outcome) -> None:
    """Those that are as the batch left them go or go back; sums, figures and trail follow."""
    now = _locked(undoing, [one.row_id for one in prints])
    ours = [one for one in prints if one.row_id in now]
    same = [one for one in ours if one.after == {"state": now[one.row_id]["state"], "customer": _owner(now, one)}]
    touched = {one.row_id: one.after["customer"] for one in ours if one not in same}
    why = reasons(undoing, touched, now)
    outcome.stay([Stayed(WHAT, pk, why[pk], now[pk]["number"], now[pk]["customer_id"]) for pk in touched])
    gone, back = [one for one in same if one.is_new], [one for one in same if not one.is_new]
    _empty(undoing, [one.row_id for one in same])
    _remove(undoing, [one.row_id for one in gone])
    _put_back(undoing, [one.row_id for one in back])
    _fill(undoing, [one.row_id for one in same])
    refresh_sums(undoing.shop, [one.row_id for one in back])
    refresh_stats(undoing.shop, {owner for one in same for owner in (_owner(now, one), _owner_before(one)) if owner})
    _tell(undoing, same, now)
    outcome.count(WHAT, restored=len(back), removed=len(gone))


@takes_back(CHANNELS, turn=4)
def forget_channels(undoing: Undoing, prints: Sequence[Footprint], outcome: Outcome) -> None:
    """Customers of whom nothing is recorded any more came by the channels that were known before."""
    people = Customer.objects.of(undoing.shop).filter(orders_recorded=0)
    back = {one.row_id for one in prints if people.filter(pk=one.row_id, **one.after).update(**one.before)}
    announce(undoing.shop.pk, GONE, back, batch_id=undoing.undo_id)


@holds("customer")
def bought(undoing: Undoing, ids: Collection[int]) -> set[int]:
    """Customers with an order that stays, or with money or goods that wait for one."""
    was_theirs = "(f.before -> 'order' ->> 'customer_id')::bigint IS NOT DISTINCT FROM o.customer_id"
    return _held(undoing, "orders_order o", ids, "o.customer_id", was_theirs) | _waiting(undoing, ids)


@holds(PRODUCT)
def was_sold(undoing: Undoing, ids: Collection[int]) -> set[int]:
    """Products in a line of an order that stays."""
    lines = "orders_line l JOIN orders_order o ON o.shop_id = l.shop_id AND o.id = l.order_id"
    was_in_it = "f.before -> 'lines' @> jsonb_build_array(jsonb_build_object('product_id', l.product_id))"
    return _held(undoing, lines, ids, "l.product_id", was_in_it)


# --- how it is done ---------------------------------------------------------------------------------------------


def _locked(undoing: Undoing, ids: Sequence[int]) -> dict[int, Row]:
    """The orders as they are, kept from other writers until the transaction ends."""
    keys = Order.objects.of(undoing.shop).filter(pk__in=ids).values_list("channel_id", "external_id")
    lock_orders(undoing.shop.pk, keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.id, o.number, o.customer_id, o.is_test, {STATE} AS state FROM orders_order o "  # noqa: S608
            "WHERE o.shop_id = %s AND o.id = ANY(%s)",
            [undoing.shop.pk, list(ids)],
        )
        return {row["id"]: row for row in dicts(cursor)}


def _owner(now: dict[int, Row], one: Footprint) -> int | None:
    return now[one.row_id]["customer_id"]


def _owner_before(one: Footprint) -> int | None:
    return None if one.is_new else one.before["order"]["customer_id"]


def _empty(undoing: Undoing, ids: Sequence[int]) -> None:
    """Take all that belongs to these orders away: nothing of it came since."""
    for table in TABLES.values():
        where = "WHERE shop_id = %s AND order_id = ANY(%s)"
        _run(f"DELETE FROM {table} {where}", [undoing.shop.pk, list(ids)])  # noqa: S608


def _remove(undoing: Undoing, ids: Sequence[int]) -> None:
    _run("DELETE FROM orders_order WHERE shop_id = %s AND id = ANY(%s)", [undoing.shop.pk, list(ids)])


def _put_back(undoing: Undoing, ids: Sequence[int]) -> None:
    """The rows as they were; columns that were added since stay as they are."""
    columns = ", ".join(_COLUMNS)
    was = f"SELECT {columns} FROM jsonb_populate_record(o, f.before -> 'order')"  # noqa: S608
    _run(
        f"UPDATE orders_order o SET ({columns}) = ({was}) "  # noqa: S608
        f"FROM {_KEPT} AND o.shop_id = f.shop_id AND o.id = f.row_id",
        [undoing.shop.pk, undoing.batch_id, WHAT, list(ids)],
    )


_KEPT = "events_footprint f WHERE f.shop_id = %s AND f.batch_id = %s AND f.what = %s AND f.row_id = ANY(%s)"
"""Read where they are: JSON in Python would make amounts binary fractions."""

_STILL_HERE = {
    "product_id": "(SELECT p.id FROM catalog_product p WHERE p.shop_id = r.shop_id AND p.id = r.product_id)",
    "customer_id": "(SELECT c.id FROM customers_customer c WHERE c.shop_id = r.shop_id AND c.id = r.customer_id)",
}
"""What rows may name that was removed for good meanwhile; then they name nothing."""


def _fill(undoing: Undoing, ids: Sequence[int]) -> None:
    """What belonged to the orders before, or waited for them, under the same ids."""
    for part, table in TABLES.items():
        names = [str(field.column) for field in _MODELS[part]._meta.local_fields]
        values = ", ".join(_STILL_HERE.get(name, f"r.{name}") for name in names)
        _run(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM ("  # noqa: S608
            f"SELECT (jsonb_populate_recordset(NULL::{table}, f.before -> '{part}')).* FROM {_KEPT}) AS r",
            [undoing.shop.pk, undoing.batch_id, WHAT, list(ids)],
        )


def _tell(undoing: Undoing, prints: Sequence[Footprint], now: dict[int, Row]) -> None:
    """Both customers' timelines, when it was given to one; tests are told of as little as before."""
    happened = [
        Happening(kind, WHAT, one.row_id, owner, {"number": now[one.row_id]["number"], **shown})
        for one in prints
        if not now[one.row_id]["is_test"]
        for kind, shown in [(GONE, {}) if one.is_new else (BACK, {"order": one.row_id})]
        for owner in dict.fromkeys((_owner(now, one), *([] if one.is_new else [_owner_before(one)])))
    ]
    record_many(undoing.shop.pk, happened, by=undoing.by, batch_id=undoing.undo_id)


def _held(undoing: Undoing, rows: str, ids: Iterable[int], column: str, was_so: str) -> set[int]:
    """Whom orders hold that are not the batch's own, or not as it left them.

    was_so: SQL, whether a known order held them before; while undoing is only tried, it is not put back yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {column} FROM {rows} WHERE o.shop_id = %s AND {column} = ANY(%s) AND NOT EXISTS ("  # noqa: S608
            "SELECT FROM events_footprint f WHERE f.shop_id = o.shop_id AND f.batch_id = %s AND f.what = %s "
            f"AND f.row_id = o.id AND (f.is_new OR NOT {was_so}) "
            f"AND f.after = jsonb_build_object('state', {STATE}, 'customer', o.customer_id))",
            [undoing.shop.pk, list(ids), undoing.batch_id, WHAT],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _waiting(undoing: Undoing, ids: Collection[int]) -> set[int]:
    return {
        pk
        for model in (Payment, Return)
        for pk in model.objects.of(undoing.shop)
        .filter(order__isnull=True, customer_id__in=list(ids))
        .values_list("customer_id", flat=True)
    }


def _run(sql: str, parameters: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
