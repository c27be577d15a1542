"""The lines of orders: compared and written many orders at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from regulars.catalog.operations import ProductFacts, ensure_products
from regulars.kit.copying import cell, copy_lines
from regulars.orders.models import Line
from regulars.orders.reading import Reader, ReadOrder
from regulars.shops.models import Shop

Row = dict[str, Any]

_COLUMNS = ("title", "sku", "quantity", "unit_price", "discount", "total", "service_on")


def known_lines(shop: Shop, order_ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Order id → its lines in their order, in the form `Reader.lines` answers."""
    lines: dict[int, list[tuple[Any, ...]]] = {}
    if order_ids:
        rows = Line.objects.of(shop).filter(order_id__in=order_ids).order_by("order_id", "position", "id")
        for order_id, *line in rows.values_list("order_id", *_COLUMNS):
            lines.setdefault(order_id, []).append(tuple(line))
    return lines


Lined = tuple[Row, ReadOrder, bool]
"""An order whose lines are due: its row, its report, whether it is new."""


def products_of(reader: Reader, orders: Sequence[Lined], *, batch_id: int | None = None) -> list[int | None]:
    """The products of the lines of orders, one after the other; those the shop does not know are added."""
    named = [
        ProductFacts(reader.channels[read.facts.channel].key, line.product_external_id, line.sku, line.title)
        for _, read, _ in orders
        for line in read.lines
    ]
    return ensure_products(reader.shop, named, batch_id=batch_id) if named else []


def write_lines(reader: Reader, orders: Sequence[Lined], products: Sequence[int | None]) -> None:
    """Write the lines of orders, which are of these products; those of known orders are replaced."""
    replaced = [row["id"] for row, _, is_new in orders if not is_new]
    if replaced:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM orders_line WHERE shop_id = %s AND order_id = ANY(%s)", [reader.shop.pk, replaced]
            )
    if products:
        own = ("shop_id", "order_id", "customer_id", "placed_at", "is_counted", "position", "product_id")
        copy_lines(Line._meta.db_table, (*own, *_COLUMNS), _written(reader, orders, products))


def _written(reader: Reader, orders: Sequence[Lined], products: Sequence[int | None]) -> Iterator[str]:
    """The lines as COPY reads them."""
    coming = iter(products)
    for row, read, _ in orders:
        its = (reader.shop.pk, row["id"], row["customer_id"], row["placed_at"], _is_counted(row))
        order = "\t".join(map(cell, its))
        for position, line in enumerate(reader.lines(read), start=1):
            yield f"{order}\t{position}\t{cell(next(coming))}\t" + "\t".join(map(cell, line))


FOLLOWED = frozenset({"customer_id", "placed_at", "cancelled_at", "deleted_at", "is_test"})
"""Columns of an order that its lines repeat, or that decide whether they count."""


def follow_orders(shop: Shop, order_ids: Sequence[int]) -> None:
    """Let the lines of these orders repeat what their orders say now; those that do already are not written."""
    if not order_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_line l SET customer_id = o.customer_id, placed_at = o.placed_at, is_counted = o.is_counted "
            "FROM (SELECT id, customer_id, placed_at, cancelled_at IS NULL AND deleted_at IS NULL AND NOT is_test "
            "AS is_counted FROM orders_order WHERE shop_id = %s AND id = ANY(%s)) o "
            "WHERE l.shop_id = %s AND l.order_id = o.id AND (l.customer_id, l.placed_at, l.is_counted) "
            "IS DISTINCT FROM (o.customer_id, o.placed_at, o.is_counted)",
            [shop.pk, list(order_ids), shop.pk],
        )


def _is_counted(row: Row) -> bool:
    return not (row["is_test"] or row["deleted_at"] or row["cancelled_at"])
