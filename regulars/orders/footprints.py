"""What a batch leaves of orders, and what they were before: so that an import of them can be taken back exactly.

Of a new order it is enough that it is new, and whatever had waited for it. Of a known one the row is kept with its
lines, payments and returns. How both ended is a number: whoever changes anything of an order makes it another.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection

from regulars.events.footprints import ONCE, Print, keep
from regulars.orders.rows import dicts
from regulars.shops.models import Shop

WHAT = "order"
CHANNELS = "order.channels"
"""Footprints of customers of whom nothing was recorded: orders say by which channels they came, and nobody else."""

PARTS = ("lines", "payments", "returns")
TABLES = dict(zip(PARTS, ("orders_line", "orders_payment", "orders_return"), strict=True))

# Named one by one: a column that is added later must not make every order another one.
_COLUMNS = (
    "total", "subtotal", "discount", "shipping", "tax", "captured", "refunded", "returned", "credited", "written_off",
    "stated_paid", "stated_refunded", "total_original", "placed_at", "due_on", "cancelled_at", "deleted_at",
    "source_updated_at", "customer_id", "channel_id", "financial_state", "fulfilment_state", "stated_state",
    "items_count", "items_returned", "is_test", "is_confirmed", "is_moved", "rate", "currency", "number", "external_id",
    "payment_method", "email", "phone", "location", "note", "shipping_address", "billing_address",
)  # fmt: skip


def _ids(table: str, told: str = "t.id") -> str:
    """The rows of an order in another table; its lines are written anew whenever one of them changes."""
    return (
        f"(SELECT coalesce(string_agg({told}::text, ',' ORDER BY t.id), '') FROM {table} t "  # noqa: S608
        "WHERE t.shop_id = o.shop_id AND t.order_id = o.id)"
    )


STATE = (
    f"hashtextextended(ROW({', '.join(f'o.{name}' for name in _COLUMNS)}, {_ids('orders_line')}, "
    f"{_ids('orders_payment', '(t.id, t.state, t.amount, t.external_id)')}, {_ids('orders_return')}, "
    f"{_ids('orders_writeoff')})::text, 0)"
)
"""All that can be changed of an order `o`, as one number."""


class Reported(NamedTuple):
    """A known or new order in a report. known: its id while it was here before. payments, returns: by their names."""

    order_id: int
    key: tuple[int, str]
    is_new: bool
    is_changed: bool
    payments: Sequence[dict[str, Any]]
    returns: Sequence[dict[str, Any]]


class Keeper:
    """Keeps the footprints of one round of reports: `look` before anything is written, `keep` after all is."""

    def __init__(self, shop: Shop, batch_id: int) -> None:
        self._shop, self._batch_id = shop, batch_id
        self._before: dict[int, str] = {}
        self._is_new: dict[int, bool] = {}
        self._channels: dict[int, tuple[int | None, int | None]] = {}

    def look(self, reported: Sequence[Reported]) -> None:
        """Remember the orders that will change, and what waits for new ones."""
        self._is_new = {one.order_id: one.is_new for one in reported}
        moved = self._moved([one for one in reported if not one.is_new and not one.is_changed])
        known = [one for one in reported if not one.is_new and (one.is_changed or one.order_id in moved)]
        waiting = self._waiting([*known, *(one for one in reported if one.is_new)])
        self._before = self._images([one.order_id for one in known], waiting)

    def look_at_buyers(self, customer_ids: Collection[int | None]) -> None:
        """Remember the channels of customers who have no order yet, but for those whom the batch itself made."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.channel_first_id, c.channel_last_id FROM customers_customer c "
                "WHERE c.shop_id = %(shop)s AND c.id = ANY(%(ids)s) AND c.orders_recorded = 0 AND NOT EXISTS ("
                "SELECT FROM events_event e WHERE e.shop_id = %(shop)s AND e.customer_id = c.id "
                "AND e.kind = 'customer.created' AND e.batch_id = %(batch)s)",
                {"shop": self._shop.pk, "ids": sorted(filter(None, customer_ids)), "batch": self._batch_id},
            )
            self._channels = {pk: (first, last) for pk, first, last in cursor.fetchall()}

    def keep(self, order_ids: Sequence[int]) -> None:
        """Keep the footprints of the orders that were written, and of the customers."""
        if not order_ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO events_footprint AS f (shop_id, batch_id, what, row_id, is_new, before, after) "  # noqa: S608
                "SELECT o.shop_id, %s, %s, o.id, w.is_new, coalesce(w.before, '{}')::jsonb, "
                f"jsonb_build_object('state', {STATE}, 'customer', o.customer_id) "
                "FROM unnest(%s::bigint[], %s::boolean[], %s::text[]) AS w (id, is_new, before) "
                f"JOIN orders_order o ON o.shop_id = %s AND o.id = w.id {ONCE}",
                [
                    self._batch_id, WHAT, list(order_ids), [self._is_new[pk] for pk in order_ids],
                    [self._before.get(pk) for pk in order_ids], self._shop.pk,
                ],
            )  # fmt: skip
        self._keep_channels()

    def _keep_channels(self) -> None:
        if not self._channels:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, channel_first_id, channel_last_id FROM customers_customer "
                "WHERE shop_id = %s AND id = ANY(%s)",
                [self._shop.pk, sorted(self._channels)],
            )
            after = {pk: (first, last) for pk, first, last in cursor.fetchall()}
        prints = [
            Print(pk, is_new=False, before=_told(self._channels[pk]), after=_told(channels))
            for pk, channels in after.items()
            if channels != self._channels[pk]
        ]
        keep(self._shop.pk, self._batch_id, CHANNELS, prints)

    def _moved(self, reported: Sequence[Reported]) -> set[int]:
        """The orders of which a payment or a return in a report is news."""
        moved: set[int] = set()
        for part in ("payments", "returns"):
            rows = [(one, row) for one in reported for row in getattr(one, part)]
            if not rows:
                continue
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT DISTINCT w.order_id FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) "  # noqa: S608
                    f"AS w (order_id, channel_id, name, state) LEFT JOIN {TABLES[part]} t ON t.shop_id = %s "
                    "AND t.channel_id = w.channel_id AND t.external_id = w.name WHERE t.id IS NULL "
                    f"OR t.order_id IS NULL{' OR t.state < w.state' if part == 'payments' else ''}",
                    [
                        [one.order_id for one, _row in rows], [row["channel_id"] for _one, row in rows],
                        [row["external_id"] for _one, row in rows], [row.get("state", 0) for _one, row in rows],
                        self._shop.pk,
                    ],
                )  # fmt: skip
                moved |= {pk for (pk,) in cursor.fetchall()}
        return moved

    def _waiting(self, reported: Sequence[Reported]) -> dict[int, dict[str, list[str]]]:
        """What waits for these orders or is named by them: order id → part → rows as JSON."""
        found: dict[int, dict[str, list[str]]] = {}
        for part in ("payments", "returns"):
            rows = [(one, row) for one in reported for row in getattr(one, part)]
            with connection.cursor() as cursor:
                cursor.execute(
                    _WAITING.format(table=TABLES[part]),
                    [
                        [one.order_id for one in reported], [one.key[0] for one in reported],
                        [one.key[1] for one in reported], self._shop.pk, [one.order_id for one, _row in rows],
                        [row["channel_id"] for _one, row in rows], [row["external_id"] for _one, row in rows],
                        self._shop.pk,
                    ],
                )  # fmt: skip
                for order_id, row in cursor.fetchall():
                    found.setdefault(order_id, {}).setdefault(part, []).append(row)
        return found

    def _images(self, order_ids: Sequence[int], waiting: dict[int, dict[str, list[str]]]) -> dict[int, str]:
        """What each order was, with all that belongs to it, as JSON; of a new one only what waited for it."""
        images: dict[int, dict[str, str]] = {}
        if order_ids:
            with connection.cursor() as cursor:
                cursor.execute(_IMAGES, [self._shop.pk, list(order_ids)])
                images = {row.pop("id"): row for row in dicts(cursor)}
        for order_id, parts in waiting.items():
            image = images.setdefault(order_id, {})
            for part, rows in parts.items():
                image[part] = _joined(image.get(part, "[]"), rows)
        return {pk: _object(image) for pk, image in images.items()}


def forget_footprints(shop_id: int, customer_ids: Collection[int]) -> None:
    """Forget what the orders of these customers were before files changed them: that names people, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_footprint f SET before = '{}', after = jsonb_build_object('customer', o.customer_id) "
            "FROM orders_order o, shops_jobrun r WHERE o.shop_id = %(shop)s AND o.customer_id = ANY(%(ids)s) "
            "AND r.shop_id = %(shop)s AND r.kind = 'import' AND f.shop_id = %(shop)s AND f.batch_id = r.id "
            "AND f.what = %(what)s AND f.row_id = o.id",
            {"shop": shop_id, "ids": list(customer_ids), "what": WHAT},
        )


_WAITING = """
SELECT w.order_id, to_jsonb(t)::text FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
    AS w (order_id, channel_id, name) JOIN {table} t ON t.shop_id = %s AND t.channel_id = w.channel_id
    AND t.order_external_id = w.name AND t.order_id IS NULL AND t.order_external_id <> ''
UNION
SELECT w.order_id, to_jsonb(t)::text FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
    AS w (order_id, channel_id, name) JOIN {table} t ON t.shop_id = %s AND t.channel_id = w.channel_id
    AND t.external_id = w.name AND t.order_id IS NULL
"""


def _rows_of(table: str) -> str:
    return (
        f"(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM {table} t "  # noqa: S608
        "WHERE t.shop_id = o.shop_id AND t.order_id = o.id)::text"
    )


_IMAGES = (
    'SELECT o.id, to_jsonb(o)::text AS "order", '  # noqa: S608
    + ", ".join(f"{_rows_of(TABLES[part])} AS {part}" for part in PARTS)
    + " FROM orders_order o WHERE o.shop_id = %s AND o.id = ANY(%s)"
)


def _joined(array: str, rows: Sequence[str]) -> str:
    """A JSON array as text with some rows more."""
    told = array.strip()[1:-1].strip()
    return f"[{', '.join(filter(None, (told, *rows)))}]"


def _object(parts: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {text}' for name, text in parts.items()) + "}"


def _told(channels: tuple[int | None, int | None]) -> dict[str, int | None]:
    return dict(zip(("channel_first_id", "channel_last_id"), channels, strict=True))
