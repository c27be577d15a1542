"""The lines of orders: compared and written many orders at a time."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from regulars.catalog.operations import ProductFacts, ensure_products
from regulars.orders.models import Line
from regulars.orders.reading import Reader, ReadOrder
from regulars.orders.rows import copy_rows
from regulars.shops.models import Shop

_COLUMNS = ("title", "sku", "quantity", "unit_price", "discount", "total", "service_on")


def known_lines(shop: Shop, order_ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Order id → its lines in their order, in the form `Reader.lines` answers."""
    lines: dict[int, list[tuple[Any, ...]]] = {}
    if order_ids:
        rows = Line.objects.of(shop).filter(order_id__in=order_ids).order_by("order_id", "position", "id")
        for order_id, *line in rows.values_list("order_id", *_COLUMNS):
            lines.setdefault(order_id, []).append(tuple(line))
    return lines


def write_lines(reader: Reader, orders: Sequence[tuple[int, ReadOrder, bool]]) -> None:
    """Write the lines of orders, given as (id, report, whether it is new); those of known ones are replaced."""
    shop, replaced = reader.shop, [order_id for order_id, _, is_new in orders if not is_new]
    if replaced:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM orders_line WHERE shop_id = %s AND order_id = ANY(%s)", [shop.pk, replaced])
    named = [
        ProductFacts(reader.channels[read.facts.channel].key, line.product_external_id, line.sku, line.title)
        for _, read, _ in orders
        for line in read.lines
    ]
    if named:
        products = iter(ensure_products(shop, named))
        rows = (
            (shop.pk, order_id, position, next(products), *line)
            for order_id, read, _ in orders
            for position, line in enumerate(reader.lines(read), start=1)
        )
        copy_rows(Line, ("shop_id", "order_id", "position", "product_id", *_COLUMNS), rows)
