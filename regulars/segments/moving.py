"""Customers enter and leave segments: the one place that writes memberships, sizes and what the trail tells of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from regulars.events.record import Actor, Happening, record_many
from regulars.segments.models import Segment
from regulars.segments.quiet import by_run

ENTERED, LEFT = "segment.entered", "segment.left"


def lock_members(shop_id: int) -> None:
    """Be the only one who writes memberships of the shop until the transaction ends.

    Whoever adds or changes a segment takes it as well, so that no pass over all customers begins or ends meanwhile.
    """
    with connection.cursor() as cursor:
        # compiling the SQL of many segments to machine code costs more than it gains; what the index of memberships
        # has not sorted in yet may be much, because many at once are sorted in faster
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)), set_config('jit', 'off', true),"
            " set_config('gin_pending_list_limit', '32MB', true)",
            [f"segments:{shop_id}"],
        )


@dataclass(slots=True)
class Moves:
    """Who enters and who leaves, and the memberships that come of it.

    held: customer id → all their segments afterwards, ascending. entered, left: segment id → customers.
    """

    held: dict[int, list[int]] = field(default_factory=dict)
    entered: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    left: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __bool__(self) -> bool:
        return bool(self.held)

    def compare(self, customer_id: int, before: Collection[int], after: Collection[int]) -> None:
        """Take one customer's segments before and after."""
        if not before:
            self._first(customer_id, after)
            return
        had, has = set(before), set(after)
        if had == has:
            return
        self.held[customer_id] = sorted(has)
        for segment_id in has - had:
            self.entered[segment_id].append(customer_id)
        for segment_id in had - has:
            self.left[segment_id].append(customer_id)

    def _first(self, customer_id: int, after: Collection[int]) -> None:
        """Somebody who was in no segment: of a million, most are."""
        if after:
            self.held[customer_id] = sorted(after)
            for segment_id in after:
                self.entered[segment_id].append(customer_id)


@dataclass(frozen=True, slots=True)
class Teller:
    """How moves are told: by whom, and on which day of the shop."""

    shop_id: int
    day: date
    by: Actor
    batch_id: int | None = None


def write_moves(moves: Moves, teller: Teller) -> None:
    """Write memberships, sizes and events; call `lock_members` first in the transaction that read what was held.

    Of a segment whose first answer is still being found nothing is told: nobody came or went.
    """
    if not moves:
        return
    moved = moves.entered.keys() | moves.left.keys()
    answered = Segment.objects.of(teller.shop_id).filter(pk__in=moved, evaluated_at__isnull=False)
    names = dict(answered.values_list("pk", "name"))
    _write_held(teller.shop_id, moves)
    entered, left = ({pk: len(who) for pk, who in moved.items()} for moved in (moves.entered, moves.left))
    write_sizes(teller, entered, left, names)
    told = _told(moves, names)
    parts = {teller.batch_id: told} if teller.batch_id else by_run(teller.shop_id, told, (ENTERED, LEFT))
    for batch_id, happened in parts.items():
        record_many(teller.shop_id, happened, by=teller.by, batch_id=batch_id)


def _told(moves: Moves, names: Mapping[int, str]) -> Iterator[Happening]:
    for kind, moved in ((ENTERED, moves.entered), (LEFT, moves.left)):
        for segment_id, customers in sorted(moved.items()):
            if segment_id in names:
                data = {"name": names[segment_id]}
                yield from (Happening(kind, "segment", segment_id, pk, data) for pk in sorted(customers))


def _write_held(shop_id: int, moves: Moves) -> None:
    ids = sorted(moves.held)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segments_membership (shop_id, customer_id, segment_ids) "
            "SELECT %s, given.id, given.held::bigint[] FROM unnest(%s::bigint[], %s::text[]) AS given (id, held) "
            "ON CONFLICT (shop_id, customer_id) DO UPDATE SET segment_ids = excluded.segment_ids",
            [shop_id, ids, [_array(moves.held[pk]) for pk in ids]],
        )


def write_sizes(teller: Teller, entered: Mapping[int, int], left: Mapping[int, int], told: Collection[int]) -> None:
    """Count segments up and down: segment id → how many came, how many went. told: those of which it is news."""
    ids = sorted(entered.keys() | left.keys())
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _SIZES,
            {
                "shop": teller.shop_id, "day": teller.day, "ids": ids, "in": [entered.get(pk, 0) for pk in ids],
                "out": [left.get(pk, 0) for pk in ids], "told": [pk in told for pk in ids],
            },
        )  # fmt: skip


def _array(ids: Iterable[int]) -> str:
    """Arrays of different lengths go as text."""
    return "{" + ",".join(map(str, ids)) + "}"


# Of a segment whose first answer is being found nobody "came".
_SIZES = """
    WITH moved AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(in)s::int[], %(out)s::int[], %(told)s::bool[])
            AS given (id, entered, gone, told)
    ), sized AS (
        UPDATE segments_segment s SET size = greatest(0, s.size + moved.entered - moved.gone)
        FROM moved WHERE s.shop_id = %(shop)s AND s.id = moved.id
        RETURNING s.id, s.size, moved.entered, moved.gone, moved.told
    )
    INSERT INTO segments_segmentsize AS known (shop_id, segment_id, day, size, entered, "left")
    SELECT %(shop)s, id, %(day)s, size, CASE WHEN told THEN entered ELSE 0 END, CASE WHEN told THEN gone ELSE 0 END
    FROM sized ORDER BY id
    ON CONFLICT (shop_id, segment_id, day) DO UPDATE
    SET size = excluded.size, entered = known.entered + excluded.entered, "left" = known."left" + excluded."left"
"""
