"""How a segment was: its size day by day, who came and went, who was in it at some time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.segments.asking import today_of
from regulars.segments.errors import NoHistory
from regulars.segments.models import Membership, Segment, SegmentSize
from regulars.segments.moving import ENTERED, LEFT

Cursor = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Size:
    """A segment on one day of the shop: its size at the end (of today: now), how many came and went."""

    day: date
    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came or went. cursor: to go on behind it."""

    customer_id: int
    at: datetime
    entered: bool
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class AsOf:
    """The members at an instant. reaches_back_to: since when the trail knows."""

    ids: frozenset[int]
    at: datetime
    reaches_back_to: datetime


def sizes(segment: Segment, days: int) -> list[Size]:
    """The last so many days, today last, from the first day on that is known; a day without moves keeps its size."""
    today = today_of(segment.shop)
    since = today - timedelta(days=days - 1)
    known = SegmentSize.objects.of(segment.shop_id).filter(segment_id=segment.pk, day__lte=today)
    rows = {row.day: row for row in known.filter(day__gt=since)}
    before = known.filter(day__lte=since).order_by("-day").first()
    return list(_filled(before, rows, since, today))


def moves(
    segment: Segment, *, entered: bool | None = None, limit: int = 50, before: Cursor | None = None
) -> list[Move]:
    """Who came (entered), went, or both, newest first. before: the cursor of the last move of the page before."""
    trail = _trail(segment)
    if entered is not None:
        trail = trail.filter(kind=ENTERED if entered else LEFT)
    if before:
        at, pk = before
        trail = trail.filter(Q(at__lt=at) | Q(at=at, id__lt=pk), at__lte=at)
    found = trail.order_by("-at", "-id").values_list("id", "customer_id", "at", "kind")[:limit]
    return [Move(who, at, kind == ENTERED, (at, pk)) for pk, who, at, kind in found if who]


def members_as_of(segment: Segment, at: datetime) -> AsOf:
    """Who was in the segment then, as far as they are still customers.

    Raises NoHistory for a time before its question was what it is, and while the first answer is being found.
    """
    if at < segment.defined_at or segment.evaluated_at is None:
        raise NoHistory(name=segment.name, since=segment.defined_at if segment.evaluated_at else None)
    held = Membership.objects.of(segment.shop_id).filter(segment_ids__contains=[segment.pk])
    ids = set(held.values_list("customer_id", flat=True))
    for customer_id, kind in _first_moves_after(segment, at):
        (ids.discard if kind == ENTERED else ids.add)(customer_id)
    alive = Customer.objects.of(segment.shop_id).alive().filter(pk__in=ids).values_list("pk", flat=True)
    return AsOf(frozenset(alive), at, segment.defined_at)


# --- how it is done ---------------------------------------------------------------------------------------


def _trail(segment: Segment) -> QuerySet[Event]:
    """What the trail tells of the segment since its question is what it is."""
    about = Event.objects.filter(shop_id=segment.shop_id, about="segment", about_id=segment.pk)
    return about.filter(customer_id__isnull=False, kind__in=(ENTERED, LEFT), at__gte=segment.defined_at)


def _first_moves_after(segment: Segment, at: datetime) -> list[tuple[int, str]]:
    """The first move of each customer after an instant: it says on which side they were before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (customer_id) customer_id, kind FROM events_event "
            "WHERE shop_id = %s AND about = 'segment' AND about_id = %s AND customer_id IS NOT NULL AND at > %s "
            "AND kind IN (%s, %s) ORDER BY customer_id, at, id",
            [segment.shop_id, segment.pk, at, ENTERED, LEFT],
        )
        return cursor.fetchall()


def _filled(before: SegmentSize | None, rows: dict[date, SegmentSize], since: date, today: date) -> Iterator[Size]:
    size = before.size if before else None
    if before and before.day == since:
        rows = rows | {since: before}
    day = since
    while day <= today:
        row = rows.get(day)
        size = row.size if row else size
        if size is not None:
            yield Size(day, size, row.entered if row else 0, row.left if row else 0)
        day += timedelta(days=1)
