"""Invented customers and orders: a shop that looks lived in, or one as large as the measurements need.

`load` is all that others call. People are made in Python (`people`, `rows`), orders inside PostgreSQL (`trade`,
`ledger`); `habits` says when, where and how much, `words` in which words.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any


def load(
    shop_slug: str,
    customers: int,
    orders: int,
    seed: int,
    progress: Callable[[str, int, int], None],
    until: dt.date | None = None,
) -> dict[str, Any]:
    """Fill a shop with invented customers and their orders of the last two years; make the shop when there is none.

    A shop without segments and rules of groups gets some, and saved views; the worker finds who answers to them.

    The same seed, numbers and day make the same rows on every machine. A demo shop may be filled again: that adds
    other people. progress: called with a step's name, rows done and rows in all. until: the first day nothing is
    told of, by default today in the shop.
    Returns {"shop", "customers", "orders", "lines", "seconds", "steps": {name: {"rows", "seconds"}}}.
    Raises NotADemoShop (the shop has customers of its own), NotInDong, BadValue.
    """
    # Here, because the processes that make people import this package before Django is ready.
    from regulars.transfer.demo.loading import fill

    return fill(shop_slug, customers, orders, seed, progress, until)


__all__ = ["load"]
