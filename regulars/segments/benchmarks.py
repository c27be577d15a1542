"""What is much, often and long in one shop: figures over its own buyers, for the thresholds of templates."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection

from regulars.kit import money
from regulars.shops.models import Shop

FRESH_SECONDS = 24 * 3600
FEW_SECONDS = 60
"""A shop that has just begun is looked at again soon."""

FEW = 20
"""With fewer buyers a percentile says nothing."""


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """Figures of one shop. Money is in whole amounts of its currency, rounded to two figures; the gap is in days.

    spent_most: what the tenth of buyers who spent most have reached; spent_good: the better half. orders_many: what
    the quarter with most orders have reached, at least 2. basket_large: the same of the average order. gap_days: the
    usual time between two orders of one customer. best_city: where most money came from, "" when nobody knows.
    """

    buyers: int
    spent_most: Decimal
    spent_good: Decimal
    basket_large: Decimal
    orders_many: int
    gap_days: int
    best_city: str


def benchmarks(shop: Shop) -> Benchmarks:
    """The shop's figures, a day old at most; usual ones while it has fewer than 20 buyers."""
    key = f"benchmarks:{shop.pk}:{shop.currency}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        found = _measured(shop)
        known = asdict(found)
        cache.set(key, known, FRESH_SECONDS if found.buyers >= FEW else FEW_SECONDS)
    return Benchmarks(**known)


_USUAL_AMOUNT = {"VND": 1_000_000, "IDR": 1_000_000, "KRW": 100_000, "JPY": 10_000, "PHP": 3_000, "THB": 2_000,
                 "RON": 300, "MYR": 300}  # fmt: skip
"""What a good customer has spent in a shop that nobody knows yet."""


def usual(currency: str, buyers: int = 0) -> Benchmarks:
    """Figures for a shop too young to have its own."""
    amount = Decimal(_USUAL_AMOUNT.get(currency, 100))
    return Benchmarks(buyers, amount * 3, amount, amount, 3, 45, "")


def _measured(shop: Shop) -> Benchmarks:
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [shop.pk])
        buyers, most, good, basket, orders, gap = cursor.fetchone()
        if buyers < FEW:
            return usual(shop.currency, buyers)
        cursor.execute(_BEST_CITY, [shop.pk])
        city = cursor.fetchone()
    return Benchmarks(
        buyers=buyers,
        spent_most=_rounded(most, shop.currency),
        spent_good=_rounded(good, shop.currency),
        basket_large=_rounded(basket, shop.currency),
        orders_many=max(2, orders or 0),
        gap_days=min(365, max(7, round(gap or 45))),
        best_city=city[0] if city else "",
    )


def _rounded(minor: int | None, currency: str) -> Decimal:
    """An amount as one says it: two figures, rounded down; at least the currency's smallest shown unit."""
    amount = money.to_decimal(max(int(minor or 0), 1), currency)
    step = Decimal(1).scaleb(amount.adjusted() - 1)
    smallest = Decimal(1).scaleb(-money.shown_decimals(currency))
    rounded = max(amount // step * step, smallest)
    return rounded.quantize(smallest) if rounded < 10 else rounded.quantize(Decimal(1))


_FIGURES = """
    SELECT
        count(*),
        percentile_disc(0.9) WITHIN GROUP (ORDER BY total_spent),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY total_spent),
        percentile_disc(0.75) WITHIN GROUP (ORDER BY average_order),
        percentile_disc(0.75) WITHIN GROUP (ORDER BY orders_count),
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY CASE WHEN orders_placed > 1
                THEN extract(epoch FROM last_order_at - first_order_at) / 86400 / (orders_placed - 1) END
        )
    FROM customers_customer
    WHERE shop_id = %s AND deleted_at IS NULL AND orders_count > 0
"""

_BEST_CITY = """
    SELECT city
    FROM customers_customer
    WHERE shop_id = %s AND deleted_at IS NULL AND orders_count > 0 AND city <> ''
    GROUP BY city
    ORDER BY sum(total_spent) DESC, city
    LIMIT 1
"""
