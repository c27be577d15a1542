"""Taking points of a run back: by entries of their own, and only while they are there."""

from collections.abc import Sequence

from regulars.customers.bulk.undoing import Outcome, Stayed, Undoing, undoes
from regulars.events.models import Event
from regulars.loyalty.days import open_lots
from regulars.loyalty.entries import Movement, balances_of, write_entries
from regulars.loyalty.models import PointsEntry, Reason

WHAT = "points"
SPENT, EXPIRED = "spent", "expired"
"""Why points stay: some of them were spent since, or expired."""


@undoes("points.added")
def take_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """An entry against each that was not taken back already; what was spent or expired since stays, whole."""
    shop = undoing.shop
    rows = PointsEntry.objects.of(shop).filter(pk__in=[event.about_id for event in events])
    balances_of(shop, rows.values_list("customer_id", flat=True))
    back = PointsEntry.objects.of(shop).filter(reverses_id__in=rows.values("pk")).values("reverses_id")
    entries = list(rows.exclude(pk__in=back).order_by("-pk"))
    expired = _expired(shop.pk, entries)
    left = [entry for entry in entries if entry.pk not in expired]
    answers = write_entries(shop, [reversal(entry) for entry in left], by=undoing.by, batch_id=undoing.undo_id)
    open_lots(shop, {answer.customer_id for answer in answers if answer and answer.points > 0})
    spent = [entry for entry, answer in zip(left, answers, strict=True) if answer is None]
    outcome.count(WHAT, restored=len(left) - len(spent))
    outcome.stay([_stayed(entry, SPENT) for entry in spent])
    outcome.stay([_stayed(entry, EXPIRED) for entry in entries if entry.pk in expired])


def reversal(entry: PointsEntry) -> Movement:
    """What takes an entry back: the same points with the other sign, pending while it is."""
    return Movement(
        entry.customer_id, -entry.points, Reason.TAKEN_BACK, earned=-entry.earned, origin=entry.origin,
        counts_on=entry.counts_on if entry.is_pending else None, reverses_id=entry.pk, is_pending=entry.is_pending,
        may_overdraw=entry.is_pending,  # on its day both are counted, and the balance is as it was
    )  # fmt: skip


def _expired(shop_id: int, entries: Sequence[PointsEntry]) -> set[int]:
    """Entries of whose points some expired: taken back too, they would be taken twice."""
    lots = PointsEntry.objects.of(shop_id).filter(lot_id__in=[entry.pk for entry in entries])
    return set(lots.values_list("lot_id", flat=True))


def _stayed(entry: PointsEntry, why: str) -> Stayed:
    return Stayed(WHAT, entry.pk, (why,), f"{entry.points:+,}", entry.customer_id)
