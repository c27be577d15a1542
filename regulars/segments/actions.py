"""What can be done with segments to many customers at once, and how it is taken back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.actions import Params, action
from regulars.customers.bulk.undoing import Outcome, Undoing, undoes
from regulars.customers.timeline import Names, Part, describes, link, text
from regulars.events.models import Event
from regulars.events.record import Actor, Happening, record_many
from regulars.kit.errors import BadValue
from regulars.segments.models import Membership, Override, Segment, SegmentKind
from regulars.segments.operations import set_members
from regulars.segments.rights import may_change
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission

BY_HAND = "segment.by_hand"
"""Somebody decided about a member. data: segment (id), name, old and new: True in, False out, None nobody decided.

Of a static segment old and new are whether they were and are members.
"""


def _read(shop: Shop, params: Mapping[str, Any]) -> Params:
    """`segment`: an id; `is_member`: True puts in, False keeps out, None lets the conditions decide."""
    segment = Segment.objects.of(shop).filter(pk=params.get("segment") or 0).first()
    if segment is None:
        raise BadValue(_("Choose a segment."), field="segment")
    is_member = params.get("is_member")
    if is_member is not None and not isinstance(is_member, bool):
        raise BadValue(_("Say whether they are put in or kept out."), field="is_member")
    if is_member is None and segment.kind == SegmentKind.STATIC:
        raise BadValue(_("“{name}” is static: it has no conditions that could decide."), name=segment.name)
    return {"segment": segment.pk, "is_member": is_member}


def _title(shop: Shop, params: Params) -> str:
    segment = Segment.objects.of(shop).filter(pk=params["segment"]).first()
    return str(_TITLES[params["is_member"]]).format(name=segment.name if segment else "")


_TITLES = {
    True: gettext_lazy("Add to the segment {name}"),
    False: gettext_lazy("Remove from the segment {name}"),
    None: gettext_lazy("Let conditions decide about {name}"),
}


def _allowed(staff: Staff, params: Params) -> bool:
    segment = Segment.objects.of(staff.shop_id).filter(pk=params["segment"]).first()
    return segment is not None and may_change(staff, segment)


@action(
    "segment",
    gettext_lazy("Add to a segment, or remove"),
    needs=Permission.SEGMENTS,
    read=_read,
    allowed=_allowed,
    title=_title,
)
def put(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    """Put these customers in, or keep them out; how many that was another word for."""
    segment = Segment.objects.of(shop).select_related("shop").filter(pk=params["segment"]).first()
    return decide(segment, ids, params["is_member"], by=by, batch_id=batch_id) if segment else 0


def decide(
    segment: Segment, ids: Sequence[int], is_member: bool | None, *, by: Actor, batch_id: int | None = None
) -> int:
    """As `operations.set_members`, told in the trail of each customer for whom it was another word.

    Raises NotYourSegment.
    """
    before = _decided(segment, ids)
    changed = [pk for pk in ids if before[pk] != is_member]
    if not changed:
        return 0
    set_members(segment, changed, is_member, staff=_staff(segment, by), by=by, batch_id=batch_id)
    record_many(segment.shop_id, _told(segment, changed, before, is_member), by=by, batch_id=batch_id)
    return len(changed)


def _decided(segment: Segment, ids: Sequence[int]) -> dict[int, bool | None]:
    """What is decided by now about each of the customers; see BY_HAND."""
    if segment.kind == SegmentKind.STATIC:
        held = Membership.objects.of(segment.shop_id).filter(segment_ids__contains=[segment.pk], customer_id__in=ids)
        members = set(held.values_list("customer_id", flat=True))
        return {pk: pk in members for pk in ids}
    chosen = Override.objects.of(segment.shop_id).filter(segment=segment, customer_id__in=ids)
    known = dict(chosen.values_list("customer_id", "is_member"))
    return {pk: known.get(pk) for pk in ids}


def _told(
    segment: Segment, ids: Iterable[int], before: Mapping[int, bool | None], is_member: bool | None
) -> Iterator[Happening]:
    for pk in ids:
        data = {"segment": segment.pk, "name": segment.name, "old": before[pk], "new": is_member}
        yield Happening(BY_HAND, "segment", segment.pk, pk, data)


def _staff(segment: Segment, by: Actor) -> Staff | None:
    if by.kind != "staff" or by.id is None:
        return None
    found: Staff | None = Staff.objects.of(segment.shop_id).filter(pk=by.id).first()
    return found


@undoes(BY_HAND)
def decide_as_before(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """What was decided before, for those about whom nobody decided anew since."""
    by_segment: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_segment[event.about_id].append(event)
    known = Segment.objects.of(undoing.shop).select_related("shop").in_bulk(list(by_segment))
    for pk, told in by_segment.items():
        people = {event.customer_id or 0 for event in told}
        if (segment := known.get(pk)) is None or not _may_undo(undoing, segment):
            outcome.conflicts |= people
            continue
        now = _decided(segment, sorted(people))
        for old in (True, False, None):
            left = {event.customer_id or 0: event.data["new"] for event in told if event.data["old"] is old}
            still = [one for one, new in left.items() if now[one] is new]
            decide(segment, still, old, by=undoing.by, batch_id=undoing.undo_id)
            outcome.restored |= set(still)
            outcome.conflicts |= left.keys() - set(still)


def _may_undo(undoing: Undoing, segment: Segment) -> bool:
    staff = _staff(segment, undoing.by)
    return staff is None or may_change(staff, segment)


@describes(BY_HAND)
def _said(event: Event, names: Names) -> list[Part]:
    words = str(_SENTENCES[event.data.get("new")])
    before, _mark, after = words.partition("{segment}")
    return [text(before), link(event.data.get("name", ""), "segment", event.about_id), text(after)]


_SENTENCES = {
    True: gettext_lazy("Put into the segment {segment} by hand"),
    False: gettext_lazy("Kept out of the segment {segment} by hand"),
    None: gettext_lazy("Left to the conditions of the segment {segment}"),
}
