"""What we can make happen with points. Everything moves through `entries.write_entries`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.customers.writing import locked
from regulars.events.record import Actor
from regulars.loyalty.entries import Movement, today_of, write_entries
from regulars.loyalty.errors import BadPoints, KeyUsed, NotEnoughPoints
from regulars.loyalty.models import PointsEntry, Reason
from regulars.loyalty.openings import Opening, Stated, state_openings
from regulars.loyalty.reading import check_days, check_note, check_points
from regulars.shops.models import Shop

__all__ = ["Adjusted", "Opening", "Stated", "adjust_many", "adjust_points", "state_openings"]

KEY_LENGTH = PointsEntry._meta.get_field("key").max_length or 0


@transaction.atomic
def adjust_points(
    customer: Customer,
    points: int,
    *,
    note: str,
    by: Actor,
    counts_on: date | None = None,
    expires_on: date | None = None,
    key: str = "",
    may_overdraw: bool = False,
) -> PointsEntry:
    """Give a customer points by hand, or take some (points < 0).

    note: why, up to 300 characters. counts_on: the day in the shop's zone from which they count, None for today; on a
    later day they are pending until then. expires_on: the last day they can be used. key: the same key again answers
    the entry of the first time. may_overdraw: the balance may fall below 0.
    Raises NotEnoughPoints, BadPoints, KeyUsed, Merged, InTheBin, Anonymised. Safe against two cashiers at once: locks
    the customer.
    """
    note = check_note(note)
    shop = customer.shop
    check_days(check_points(points), counts_on, expires_on, today=today_of(shop))
    if len(key) > KEY_LENGTH:
        raise BadPoints(_("A key has 120 characters at most."), value=key, field="key")
    movement = _by_hand(customer.pk, points, note, counts_on, expires_on, key=key, may_overdraw=may_overdraw)
    if known := _known(shop, movement):
        return known
    fresh = locked(customer)
    if known := _known(shop, movement):
        return known
    try:
        with transaction.atomic():
            (entry,) = write_entries(shop, [movement], by=by)
    except IntegrityError as error:  # the same key for somebody else, at the same moment
        if '"points_key"' not in str(error):
            raise
        raise KeyUsed(key=key) from None
    if entry is None:
        raise NotEnoughPoints(needed=-points, balance=fresh.points)
    return entry


@dataclass(frozen=True, slots=True)
class Adjusted:
    """How many customers' points moved; short: who (ids) had too few. Customers in the bin are in neither."""

    changed: int
    short: list[int]


@transaction.atomic
def adjust_many(
    shop: Shop,
    ids: Collection[int],
    points: int,
    *,
    note: str,
    by: Actor,
    batch_id: int | None = None,
    counts_on: date | None = None,
    expires_on: date | None = None,
) -> Adjusted:
    """As `adjust_points` for many; who has not enough is left out. Locks them in order, a few statements for all.

    Raises BadPoints.
    """
    note = check_note(note)
    check_days(check_points(points), counts_on, expires_on, today=today_of(shop))
    people = Customer.objects.of(shop).alive().filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    alive = list(people.values_list("pk", flat=True))
    entries = write_entries(
        shop, [_by_hand(pk, points, note, counts_on, expires_on) for pk in alive], by=by, batch_id=batch_id
    )
    short = [pk for pk, entry in zip(alive, entries, strict=True) if entry is None]
    return Adjusted(len(alive) - len(short), short)


def _by_hand(
    customer_id: int, points: int, note: str, counts_on: date | None, expires_on: date | None, *, key: str = "",
    may_overdraw: bool = False,
) -> Movement:  # fmt: skip
    return Movement(
        customer_id, points, Reason.ADJUSTED, earned=max(points, 0), note=note, counts_on=counts_on,
        expires_on=expires_on, key=key, may_overdraw=may_overdraw,
    )  # fmt: skip


def _known(shop: Shop, movement: Movement) -> PointsEntry | None:
    """The entry that was written with this key. Raises KeyUsed when it was another movement."""
    if not movement.key:
        return None
    entry = PointsEntry.objects.of(shop).filter(key=movement.key).select_related("customer").first()
    if entry is None:
        return None
    is_theirs = movement.customer_id in (entry.customer_id, *_family(entry))
    same = (
        entry.points == movement.points and entry.reason == movement.reason and entry.expires_on == movement.expires_on
    )
    if not (is_theirs and same):
        raise KeyUsed(key=movement.key)
    return entry


def _family(entry: PointsEntry) -> list[int]:
    """Who was merged into the customer of an entry."""
    return list(Customer.objects.of(entry.shop_id).filter(merged_into=entry.customer_id).values_list("pk", flat=True))
