"""Taking points of a run back: by entries of their own, and only while they are there."""

from collections.abc import Sequence

from regulars.customers.bulk.undoing import Outcome, Undoing, undoes
from regulars.events.models import Event
from regulars.loyalty.days import open_lots
from regulars.loyalty.entries import Movement, balances_of, write_entries
from regulars.loyalty.models import PointsEntry, Reason


@undoes("points.added")
def take_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """An entry against each, unless the points were spent or expired since, or were taken back already."""
    shop = undoing.shop
    rows = PointsEntry.objects.of(shop).filter(pk__in=[event.about_id for event in events])
    balances_of(shop, rows.values_list("customer_id", flat=True))
    entries = list(rows.order_by("-pk"))
    over = _over(shop.pk, entries)
    left = [entry for entry in entries if entry.pk not in over]
    answers = write_entries(shop, [reversal(entry) for entry in left], by=undoing.by, batch_id=undoing.undo_id)
    open_lots(shop, {answer.customer_id for answer in answers if answer and answer.points > 0})
    for entry, answer in zip(left, answers, strict=True):
        (outcome.restored if answer else outcome.conflicts).add(entry.customer_id)
    outcome.conflicts |= {entry.customer_id for entry in entries if entry.pk in over}


def reversal(entry: PointsEntry) -> Movement:
    """What takes an entry back: the same points with the other sign, pending while it is."""
    return Movement(
        entry.customer_id, -entry.points, Reason.TAKEN_BACK, earned=-entry.earned, origin=entry.origin,
        counts_on=entry.counts_on if entry.is_pending else None, reverses_id=entry.pk, is_pending=entry.is_pending,
        may_overdraw=entry.is_pending,  # on its day both are counted, and the balance is as it was
    )  # fmt: skip


def _over(shop_id: int, entries: Sequence[PointsEntry]) -> set[int]:
    """Entries that were taken back already, or of which some points expired."""
    ids = [entry.pk for entry in entries]
    rows = PointsEntry.objects.of(shop_id)
    reversed_ = rows.filter(reverses_id__in=ids).values_list("reverses_id", flat=True)
    expired = rows.filter(lot_id__in=ids).values_list("lot_id", flat=True)
    return {*filter(None, reversed_), *filter(None, expired)}
