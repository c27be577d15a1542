"""The points of a demo shop: what an earlier programme left, gifts, what was spent, what waits and what expires.

Made by the operations that pages use.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from django.db import transaction

from regulars.customers.figures import BATCH, all_customers
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.loyalty.entries import today_of
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import Opening, adjust_many, state_openings
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Role
from regulars.shops.queries import acting

PROGRAMME = "Stamp cards"
MOST = 100_000
"""Customers who may have points: more would make no page fuller, but every load of a big shop longer."""
TOGETHER = 10
"""Thousands of customers in one transaction: few points each, so few statements for many."""
USUAL = 180
"""Points somebody brings along, on average."""

# what staff did, in points; how many of a hundred it happened to; from which day on; for how many days
_BY_HAND = (
    ("Birthday gift", 50, 24, 0, 90),
    ("Sorry for the late parcel", 30, 8, -12, None),
    ("Weekend of double points", 20, 9, -9, 30),
    ("Coffee mug", -100, 20, 0, None),
    ("Free delivery", -40, 15, -3, None),
    ("Anniversary of the shop", 25, 6, 5, 60),
)


def give_points(shop: Shop, seed: int) -> int:
    """Give points to a third of the customers of a shop where nobody has any yet, of many to some; how many entries."""
    owner = Staff.objects.of(shop).active().filter(role=Role.OWNER).select_related("user", "shop").first()
    if owner is None or PointsEntry.objects.of(shop).exists():
        return 0
    chance, by, today = Random(seed), acting(owner), today_of(shop)  # noqa: S311
    entries = 0
    for ids in _thirds(shop, chance):
        with transaction.atomic():
            until = today + timedelta(days=chance.randrange(20, 300))
            openings = [_opening(pk, chance, until if chance.random() < 0.5 else None) for pk in ids]
            entries += sum(1 for one in state_openings(shop, openings, by=by) if one.entry)
            entries += _by_hand(shop, ids, chance, by)
    return entries


def _thirds(shop: Shop, chance: Random) -> Iterator[list[int]]:
    """A third of each ten thousand customers who are there, up to MOST."""
    batches = islice(all_customers(shop.pk), MOST // BATCH)
    while some := [pk for ids in islice(batches, TOGETHER) for pk in ids]:
        alive = Customer.objects.of(shop).alive().filter(pk__in=some).order_by("pk").values_list("pk", flat=True)
        yield [pk for pk in alive if chance.random() < 1 / 3]


def _opening(customer_id: int, chance: Random, until: date | None) -> Opening:
    points = max(10, round(chance.expovariate(1 / USUAL), -1))
    return Opening(customer_id, int(points), PROGRAMME, expires_on=until)


def _by_hand(shop: Shop, ids: list[int], chance: Random, by: Actor) -> int:
    today, changed = today_of(shop), 0
    for note, points, share, day, lasts in _BY_HAND:
        some = [pk for pk in ids if chance.randrange(100) < share]
        counts_on = today + timedelta(days=day)
        until = counts_on + timedelta(days=lasts) if lasts else None
        changed += adjust_many(shop, some, points, note=note, by=by, counts_on=counts_on, expires_on=until).changed
    return changed
