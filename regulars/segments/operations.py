"""What can be done with segments. A live segment finds its members in the background, as soon as this is committed."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.bulk.names import label_key
from regulars.customers.operations.labels import COLOURS
from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.query import parse
from regulars.kit.text import one_line
from regulars.segments.by_hand import set_members
from regulars.segments.cycles import refuse_segment_cycle
from regulars.segments.deleting import delete_segment, restore_segment
from regulars.segments.errors import SegmentAsksNothing, SegmentExists
from regulars.segments.models import Membership, Override, Segment, SegmentKind
from regulars.segments.moving import lock_members
from regulars.segments.passes import start_pass
from regulars.segments.questions import canonical_where
from regulars.segments.snapshots import take_snapshot
from regulars.shops.models import Shop, Staff

__all__ = [
    "change_segment",
    "convert_segment",
    "create_segment",
    "delete_segment",
    "duplicate_segment",
    "restore_segment",
    "set_members",
]

NAME_LENGTH, KEY_LENGTH, DESCRIPTION_LENGTH, FOLDER_LENGTH = 80, 60, 500, 60


@transaction.atomic
def create_segment(
    shop: Shop,
    *,
    name: str,
    where: str = "",
    kind: str = SegmentKind.DYNAMIC,
    description: str = "",
    colour: str = "grey",
    folder: str = "",
    template: str = "",
    customer_ids: Iterable[int] | None = None,
    staff: Staff | None = None,
    by: Actor,
) -> Segment:
    """A segment more.

    where: its question; a dynamic one without asks for everybody. A static one keeps whom `where` means now, or the
    customers in `customer_ids`, those who are not alive left out. staff: who makes it, for `me`, what they may ask
    about and whom they see: only those are kept. Raises BadValue, BadCondition, SegmentExists, SegmentCycle.
    """
    lock_members(shop.pk)
    facts = _facts(shop, name=name, description=description, colour=colour, folder=folder)
    text = canonical_where(shop, where, staff=staff)
    key = _free_key(shop, facts["name"])
    if kind == SegmentKind.DYNAMIC:
        refuse_segment_cycle(shop, key, facts["name"], parse(text))
    segment: Segment = Segment.objects.create(
        shop=shop, key=key, kind=SegmentKind(kind), where=text, template=template[:40], created_by=staff, **facts
    )
    record(shop.pk, "segment.created", about=("segment", segment.pk), by=by, data={"name": segment.name})
    if segment.kind == SegmentKind.DYNAMIC:
        start_pass(shop)
    else:
        take_snapshot(segment, customer_ids, staff=staff)
    return segment


@transaction.atomic
def change_segment(
    segment: Segment,
    *,
    name: str | None = None,
    where: str | None = None,
    description: str | None = None,
    colour: str | None = None,
    folder: str | None = None,
    staff: Staff | None = None,
    by: Actor,
) -> Segment:
    """Change what is given. With another question its history begins anew, and its members are found anew.

    A static segment stays as it is whatever its question says. Raises as `create_segment`.
    """
    lock_members(segment.shop_id)
    segment = _fresh(segment)
    wanted = _facts(segment.shop, segment, name=name, description=description, colour=colour, folder=folder)
    if where is not None:
        wanted["where"] = canonical_where(segment.shop, where, staff=staff)
    changes = {column: [getattr(segment, column), new] for column, new in wanted.items()}
    changes = {column: pair for column, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return segment
    is_asking_anew = "where" in changes and segment.kind == SegmentKind.DYNAMIC
    if is_asking_anew:
        refuse_segment_cycle(segment.shop, segment.key, wanted.get("name", segment.name), parse(wanted["where"]))
        wanted |= {"defined_at": now(), "evaluated_at": None, "fault": ""}
    _store(segment, wanted)
    _record(segment, "changed", by, changes=changes)
    if is_asking_anew:
        start_pass(segment.shop)
    return segment


def duplicate_segment(segment: Segment, *, name: str = "", staff: Staff | None, by: Actor) -> Segment:
    """Another segment with the same question; of a static one, with the same members. Raises as `create_segment`."""
    is_static = segment.kind == SegmentKind.STATIC
    held = Membership.objects.of(segment.shop_id).filter(segment_ids__contains=[segment.pk])
    return create_segment(
        segment.shop,
        name=name or _free_name(segment),
        where=segment.where,
        kind=segment.kind,
        description=segment.description,
        colour=segment.colour,
        folder=segment.folder,
        customer_ids=held.values_list("customer_id", flat=True) if is_static else None,
        staff=staff,
        by=by,
    )


@transaction.atomic
def convert_segment(segment: Segment, kind: str, *, by: Actor) -> Segment:
    """Let a live segment stay as it is from now on, or let a static one follow its question again.

    Raises SegmentAsksNothing, SegmentCycle.
    """
    lock_members(segment.shop_id)
    segment, kind = _fresh(segment), SegmentKind(kind)
    if segment.kind == kind:
        return segment
    is_unanswered, moment = segment.evaluated_at is None, now()
    if kind == SegmentKind.DYNAMIC:
        if not segment.where:
            raise SegmentAsksNothing(name=segment.name)
        refuse_segment_cycle(segment.shop, segment.key, segment.name, parse(segment.where))
    answered = moment if kind == SegmentKind.STATIC else None
    Override.objects.of(segment.shop_id).filter(segment_id=segment.pk).delete()
    _store(segment, {"kind": kind, "defined_at": moment, "evaluated_at": answered, "fault": ""})
    _record(segment, "changed", by, changes={"kind": [segment.kind, kind]})
    if kind == SegmentKind.DYNAMIC:
        start_pass(segment.shop)
    elif is_unanswered:
        take_snapshot(segment)
    return segment


# --- how it is done ---------------------------------------------------------------------------------------


def _fresh(segment: Segment) -> Segment:
    found: Segment = Segment.objects.of(segment.shop_id).select_related("shop").get(pk=segment.pk)
    return found


def _store(segment: Segment, wanted: dict[str, Any]) -> None:
    for column, value in (wanted | {"updated_at": now()}).items():
        setattr(segment, column, value)
    segment.save(update_fields=[*wanted, "updated_at"])


def _record(segment: Segment, what: str, by: Actor, **data: Any) -> None:
    record(segment.shop_id, f"segment.{what}", about=("segment", segment.pk), by=by, data=data)


def _facts(shop: Shop, segment: Segment | None = None, **given: str | None) -> dict[str, Any]:
    """The given facts, cleaned."""
    facts: dict[str, Any] = {}
    if given["name"] is not None:
        facts["name"] = _free(shop, one_line(given["name"])[:NAME_LENGTH], segment)
    if given["description"] is not None:
        facts["description"] = given["description"].strip()[:DESCRIPTION_LENGTH]
    if given["folder"] is not None:
        facts["folder"] = one_line(given["folder"])[:FOLDER_LENGTH]
    if given["colour"] is not None:
        if given["colour"] not in COLOURS:
            raise BadValue(_("“{value}” is not one of the colours."), value=given["colour"], field="colour")
        facts["colour"] = given["colour"]
    return facts


def _free(shop: Shop, name: str, segment: Segment | None) -> str:
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    others = Segment.objects.of(shop).filter(name__iexact=name).exclude(pk=segment.pk if segment else 0)
    if other := others.first():
        raise SegmentExists(name=other.name)
    return name


def _free_key(shop: Shop, name: str) -> str:
    taken = set(Segment.objects.ever_of(shop).values_list("key", flat=True))
    return _first_free(label_key(name)[: KEY_LENGTH - 5], "{word}_{number}", taken)


def _free_name(segment: Segment) -> str:
    taken = {name.casefold() for name in Segment.objects.of(segment.shop_id).values_list("name", flat=True)}
    word = _("{name} (copy)").format(name=segment.name[: NAME_LENGTH - 20])
    return _first_free(word, "{word} {number}", taken)


def _first_free(word: str, pattern: str, taken: Collection[str]) -> str:
    number, free = 1, word
    while free.casefold() in taken:
        number += 1
        free = pattern.format(word=word, number=number)
    return free
