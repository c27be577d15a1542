"""What points a shop still owes: all balances, what waits, and what will expire unless it is used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, Q, Sum

from regulars.customers.models import Customer
from regulars.loyalty.entries import today_of
from regulars.loyalty.lots import Expiring, left_of
from regulars.loyalty.models import PointsEntry
from regulars.shops.models import Shop, Staff

AT_ONCE = 500
"""Customers whose ledgers are read at once."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Points of all customers a person may see: what they can use, of how many, and what counts later.

    overdrawn: what those together lack who took more than they had.
    """

    points: int
    holders: int
    pending: int
    overdrawn: int


def outstanding(shop: Shop, staff: Staff) -> Outstanding:
    """The sums of the figures on customers' rows, by one query."""
    people = Customer.objects.of(shop).alive().visible_to(staff).filter(Q(points__gt=0) | ~Q(points_pending=0))
    short = Customer.objects.of(shop).alive().visible_to(staff).filter(points__lt=0)
    found = people.aggregate(
        usable=Sum("points", filter=Q(points__gt=0)), holders=Count("id", filter=Q(points__gt=0)),
        pending=Sum("points_pending"),
    )  # fmt: skip
    lacking = short.aggregate(lacking=Sum("points"))["lacking"] or 0
    return Outstanding(int(found["usable"] or 0), found["holders"], int(found["pending"] or 0), -int(lacking))


def expiring_points(shop: Shop, staff: Staff, days: int) -> list[Expiring]:
    """When how many points expire within so many days, today and the last one included, the nearest day first.

    Only of customers this person may see. Replays the ledgers of those who have such points, some hundreds at once.
    """
    today = today_of(shop)
    last = today + timedelta(days=days)
    sums: dict[date, int] = {}
    for entries in _ledgers(shop, _those_concerned(shop, staff, today, last)):
        for entry, points in left_of(entries):
            if entry.expires_on and today <= entry.expires_on <= last:
                sums[entry.expires_on] = sums.get(entry.expires_on, 0) + points
    return [Expiring(day, points) for day, points in sorted(sums.items())]


def _those_concerned(shop: Shop, staff: Staff, first: date, last: date) -> list[int]:
    """Ids of customers with points that end in these days, ascending."""
    lots = PointsEntry.objects.of(shop).visible_to(staff).counted().filter(is_settled=False)
    ending = lots.filter(expires_on__range=(first, last), customer__deleted_at__isnull=True)
    return list(ending.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def _ledgers(shop: Shop, customer_ids: Sequence[int]) -> Iterator[list[PointsEntry]]:
    """The entries of each of these customers."""
    for start in range(0, len(customer_ids), AT_ONCE):
        entries = PointsEntry.objects.of(shop).filter(customer_id__in=customer_ids[start : start + AT_ONCE])
        for _pk, ledger in groupby(entries.order_by("customer_id", "pk"), key=attrgetter("customer_id")):
            yield list(ledger)
