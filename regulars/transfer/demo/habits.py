"""How people buy: how often, in which season, at what hour, where, and what they pay with.

Whole numbers and plain divisions only, so that the same seed gives the same habits on every machine.
"""

import datetime as dt
import random
from collections.abc import Sequence
from itertools import accumulate

DAYS = 730
"""How long the shop has been open."""

SLOTS = 16_384
"""Equal shares of the period's orders; each names the day it falls on."""

WITHOUT_ORDERS = 35
"""Per cent of the customers who never ordered."""

NEW_YEAR = {
    2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3),
}  # fmt: skip
"""First day of Tết, by the lunar calendar."""

FAST_ENDS = {2023: (4, 22), 2024: (4, 10), 2025: (3, 31), 2026: (3, 20), 2027: (3, 10), 2028: (2, 27), 2029: (2, 15)}
"""Lebaran, the end of Ramadan in Indonesia; bonuses are paid in the two weeks before."""

# Monday to Sunday; from 0 to 23 o'clock in the shop's time zone, at the screen and at the counter.
_WEEK = (100, 96, 98, 102, 112, 118, 108)
_ONLINE = (14, 7, 4, 3, 3, 5, 10, 18, 26, 34, 40, 48, 62, 50, 40, 38, 38, 36, 38, 48, 70, 84, 72, 36)
_COUNTER = (0, 0, 0, 0, 0, 0, 0, 0, 2, 22, 34, 38, 28, 20, 30, 36, 38, 50, 58, 52, 30, 4, 0, 0)

CHANNELS = ("website", "counter", "shopee", "lazada", "tiktok", "facebook", "instagram", "zalo", "whatsapp", "phone")
# Of each country's orders, in 32nds; columns as in CHANNELS.
_CHANNEL_SHARES = (
    (8, 7, 6, 2, 4, 2, 0, 3, 0, 0),
    (9, 0, 8, 5, 5, 4, 1, 0, 0, 0),
    (7, 0, 9, 3, 7, 1, 2, 0, 3, 0),
    (20, 0, 0, 0, 2, 5, 3, 0, 1, 1),
)

METHODS = (
    "cod", "momo", "zalopay", "vnpay", "bank_transfer", "card", "cash", "gcash", "maya", "gopay", "ovo",
)  # fmt: skip
# Of each country's orders that are not paid at the counter, in 32nds; columns as in METHODS.
_METHOD_SHARES = (
    (12, 7, 4, 3, 4, 2, 0, 0, 0, 0, 0),
    (8, 0, 0, 0, 3, 4, 0, 13, 4, 0, 0),
    (6, 0, 0, 0, 8, 3, 0, 0, 0, 9, 6),
    (11, 0, 0, 0, 5, 16, 0, 0, 0, 0, 0),
)
_COUNTER_SHARES = (0, 5, 1, 3, 4, 4, 15, 0, 0, 0, 0)

# Handed over first, paid at the door or on delivery.
PAID_LATER = (METHODS.index("cod"),)


def spread(shares: Sequence[int], size: int) -> list[int]:
    """A list of `size` positions of `shares`, each as often as its share of the whole, in their order."""
    total, places, place = sum(shares), [], 0
    bounds = list(accumulate(shares))
    for slot in range(size):
        while bounds[place] * size <= slot * total + total // 2:
            place += 1
        places.append(place)
    return places


def day_weights(first: dt.date) -> list[int]:
    """How busy each of the DAYS from `first` is: growth, weekday and season."""
    days = (first + dt.timedelta(days=passed) for passed in range(DAYS))
    return [(100 + passed // 6) * _WEEK[day.weekday()] * _season(day) for passed, day in enumerate(days)]


def joining_weights(first: dt.date) -> list[int]:
    """How many join on each day: a third were there when the shop changed to Regulars, then as it is busy."""
    weights = day_weights(first)
    before, total = DAYS // 12, sum(weights)
    return [weight + (total // (2 * before) if passed < before else 0) for passed, weight in enumerate(weights)]


def hours(*, counter: bool) -> list[int]:
    """1,024 minutes of the day, likelier ones more often."""
    shares = _COUNTER if counter else _ONLINE
    return [
        hour * 60 + place % 60 for place, hour in enumerate(spread(shares, 1024))
    ]  # the place walks through the minutes of its hour


def channel_slots() -> list[int]:
    """Four countries × 32: the place in CHANNELS."""
    return [place for shares in _CHANNEL_SHARES for place in spread(shares, 32)]


def method_slots() -> list[int]:
    """Four countries and the counter × 32: the place in METHODS."""
    return [place for shares in (*_METHOD_SHARES, _COUNTER_SHARES) for place in spread(shares, 32)]


def order_counts(customers: int, orders: int, rng: random.Random) -> list[int]:
    """How many orders each customer placed, in the order in which they joined; the sum is `orders`.

    A third has none; the others' follow Zipf's law, and the best customer has half a per cent of all. Those with
    many joined rather early.
    """
    counts = [0] * customers
    active = min(orders, max(1, customers * (100 - WITHOUT_ORDERS) // 100))
    ranked = sorted(range(customers), key=lambda place: rng.random() + place / customers)
    for place, count in zip(ranked, _zipf(active, orders), strict=False):
        counts[place] = count
    return counts


def _zipf(active: int, orders: int) -> list[int]:
    """At least one order for each of `active`, the rest by 1 / (rank + shift)."""
    if not active:
        return []
    rest, shift = orders - active, 1
    whole = sum(1 / (rank + 1) for rank in range(active))
    while rest * 200 > orders * whole * shift and shift < 2 * active:
        whole += 1 / (shift + active) - 1 / shift
        shift += 1
    counts, reached, given = [], 0.0, 0
    for rank in range(active):
        reached += rest / (rank + shift) / whole
        upto = rest if rank == active - 1 else min(rest, int(reached))
        counts.append(1 + upto - given)
        given = upto
    return counts


def _season(day: dt.date) -> int:
    """Per cent of an ordinary day."""
    return max(_feast(day), _sale(day)) if _feast(day) >= 100 else _feast(day)


def _feast(day: dt.date) -> int:
    tet = _until(day, NEW_YEAR)
    if tet is not None and -6 <= tet <= 21:
        return 35 if tet <= 0 else 175
    lebaran = _until(day, FAST_ENDS)
    if lebaran is not None and 0 < lebaran <= 14:
        return 130
    if day.month == 12 and 10 <= day.day <= 24:
        return 165
    if (day.month, day.day) in {(3, 7), (3, 8), (10, 19), (10, 20), (2, 13), (2, 14)}:
        return 190  # women's days in Vietnam, Valentine
    return 112 if day.day >= 25 or day.day == 15 else 100  # payday


def _sale(day: dt.date) -> int:
    """Days of double digits, and Black Friday."""
    if day.month == day.day and day.month >= 6:
        return {11: 520, 12: 420, 10: 300, 9: 300}.get(day.month, 180)
    is_black_friday = day.month == 11 and day.weekday() == 4 and 23 <= day.day <= 29
    return 240 if is_black_friday else 100


def _until(day: dt.date, feasts: dict[int, tuple[int, int]]) -> int | None:
    """Days until this year's feast, negative when it is over; None when we have no calendar for the year."""
    found = feasts.get(day.year)
    return (dt.date(day.year, *found) - day).days if found else None
