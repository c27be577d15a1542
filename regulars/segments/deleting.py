"""Deleting segments, and taking it back: thirty days to think again, then nothing of one is left."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from regulars.customers.models import Customer
from regulars.events.record import Actor, record
from regulars.kit.jobs import later
from regulars.kit.query import parse
from regulars.segments.cycles import refuse_segment_cycle
from regulars.segments.errors import SegmentExists, SegmentInUse
from regulars.segments.jobs import forget_members
from regulars.segments.models import Membership, Override, Segment, SegmentKind
from regulars.segments.moving import lock_members
from regulars.segments.passes import start_pass
from regulars.segments.snapshots import take_snapshot
from regulars.segments.uses import used_by


@transaction.atomic
def delete_segment(segment: Segment, *, by: Actor) -> None:
    """Delete a segment that nothing asks for; for thirty days it can be restored. Raises SegmentInUse."""
    segment = _locked(segment)
    if segment.deleted_at:
        return
    if users := used_by(segment, reader_id=by.id if by.kind == "staff" else None):
        raise SegmentInUse(name=segment.name, users=users)
    _store(segment, deleted_at=now())
    record(segment.shop_id, "segment.deleted", about=("segment", segment.pk), by=by, data={"name": segment.name})
    later(forget_members, shop_id=segment.shop_id, segment_id=segment.pk)


@transaction.atomic
def restore_segment(segment: Segment, *, by: Actor) -> Segment:
    """Bring a deleted segment back; does nothing to one that is there.

    A static one holds whom it held, as far as they are still there; a dynamic one finds its members anew, and both
    begin their history anew. Raises SegmentExists when another one is called so by now, SegmentCycle.
    """
    segment = _locked(segment)
    if not segment.deleted_at:
        return segment
    if other := Segment.objects.of(segment.shop_id).filter(name__iexact=segment.name).first():
        raise SegmentExists(name=other.name)
    is_live = segment.kind == SegmentKind.DYNAMIC
    if is_live:
        refuse_segment_cycle(segment.shop, segment.key, segment.name, parse(segment.where))
    held = Membership.objects.of(segment.shop_id).filter(segment_ids__contains=[segment.pk])
    _store(segment, deleted_at=None, defined_at=now(), evaluated_at=None, fault="", size=held.count())
    record(segment.shop_id, "segment.restored", about=("segment", segment.pk), by=by, data={"name": segment.name})
    if is_live:
        start_pass(segment.shop)
    else:
        _hold_again(segment, held.values_list("customer_id", flat=True))
    return segment


# --- how it is done ---------------------------------------------------------------------------------------


def _hold_again(segment: Segment, not_yet_forgotten: Iterable[int]) -> None:
    """Those in the bin come back into it with their own way out of the bin."""
    kept = Override.objects.of(segment.shop_id).filter(segment_id=segment.pk)
    take_snapshot(segment, {*kept.values_list("customer_id", flat=True), *not_yet_forgotten})
    kept.filter(customer_id__in=Customer.objects.of(segment.shop_id).alive().values("pk")).delete()


def _locked(segment: Segment) -> Segment:
    lock_members(segment.shop_id)
    found: Segment = Segment.objects.ever_of(segment.shop_id).select_related("shop").get(pk=segment.pk)
    return found


def _store(segment: Segment, **wanted: Any) -> None:
    for column, value in (wanted | {"updated_at": now()}).items():
        setattr(segment, column, value)
    segment.save(update_fields=[*wanted, "updated_at"])
