"""A small demo shop, and a look at its rows."""

import datetime as dt
from typing import Any

from django.db import models

from regulars.shops.models import Shop
from regulars.transfer import demo

UNTIL = dt.date(2026, 3, 1)


def load(slug: str = "demo", customers: int = 600, orders: int = 2000, seed: int = 1) -> Shop:
    """The shop, filled with customers and orders until the end of February 2026."""
    demo.load(slug, customers, orders, seed, lambda step, done, total: None, until=UNTIL)
    return Shop.objects.get(slug=slug)


def rows(shop: Shop, model: type[models.Model], *columns: str) -> list[tuple[Any, ...]]:
    """Columns of all rows in the order of their ids."""
    found = model._default_manager.filter(shop_id=shop.pk).order_by("pk")
    return list(found.values_list(*columns))
