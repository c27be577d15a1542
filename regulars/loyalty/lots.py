"""Which points are left: those that expire first are used first, then the oldest.

The ledger only knows sums. What is left of each giving is replayed from it, so nothing has to be kept in step.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from regulars.customers.models import Customer
from regulars.loyalty.entries import today_of
from regulars.loyalty.models import PointsEntry


class Left(NamedTuple):
    """Points of one giving that are still there, more than 0."""

    entry: PointsEntry
    points: int


class Expiring(NamedTuple):
    """What is left of points that can be used until a day, that day included."""

    expires_on: date
    points: int


def left_of(entries: Iterable[PointsEntry]) -> list[Left]:
    """What is left of each giving of one customer, that which expires first in front.

    entries: all of one customer, in any order; pending ones do not count. Together it is the balance, or nothing
    where that is below 0. What was taken back counts as never given or taken.
    """
    replay = _Replay()
    for entry in _standing(entries):
        if entry.points > 0:
            replay.give(entry)
        else:
            replay.take(-entry.points, entry.lot_id)
    return [Left(lot, replay.left[lot.pk]) for lot in replay.lots() if replay.left[lot.pk]]


def expiring(customer: Customer) -> list[Expiring]:
    """When how many of the customer's points expire, the nearest day first; what never does is not among them."""
    today = today_of(customer.shop)
    sums: dict[date, int] = {}
    for entry, points in left_of(PointsEntry.objects.of(customer.shop_id).filter(customer=customer)):
        if entry.expires_on and entry.expires_on >= today:
            sums[entry.expires_on] = sums.get(entry.expires_on, 0) + points
    return [Expiring(day, points) for day, points in sorted(sums.items())]


class _Replay:
    """A ledger told again, movement by movement."""

    def __init__(self) -> None:
        self.left: dict[int, int] = {}
        self.overdrawn = 0
        self._lots: list[PointsEntry] = []

    def lots(self) -> list[PointsEntry]:
        """In the order in which they are used."""
        return sorted(self._lots, key=lambda lot: (lot.expires_on or date.max, lot.counts_on, lot.pk))

    def give(self, lot: PointsEntry) -> None:
        """What was overdrawn is paid first."""
        paid = min(self.overdrawn, lot.points)
        self.overdrawn -= paid
        self.left[lot.pk] = lot.points - paid
        self._lots.append(lot)

    def take(self, points: int, first: int | None) -> None:
        """first: the lot that expired."""
        order = [lot.pk for lot in self.lots()]
        for pk in [first, *order] if first in self.left else order:
            used = min(points, self.left[pk])
            self.left[pk] -= used
            points -= used
        self.overdrawn += points


def _standing(entries: Iterable[PointsEntry]) -> list[PointsEntry]:
    """Those that count and were not taken back, in the order in which they began to count."""
    counted = [entry for entry in entries if not entry.is_pending]
    known = {entry.pk for entry in counted}
    pairs = {pk for one in counted if one.reverses_id in known for pk in (one.pk, one.reverses_id)}
    standing = [entry for entry in counted if entry.pk not in pairs]
    return sorted(standing, key=lambda entry: (entry.counted_at, entry.pk))
