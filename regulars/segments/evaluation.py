"""Who is in which live segment now: asked of some customers, compared with what is stored, and written.

What somebody decided by hand (`Override`) goes before the conditions. A customer in the bin is in no segment;
which static ones they were in is remembered as an override until they come back or are gone for good.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import DataError, connection, transaction
from django.utils.timezone import now

from regulars.events.handlers import announce
from regulars.events.record import Actor
from regulars.segments.asking import Asking, asking_of, set_aside, today_of
from regulars.segments.first_answers import are_first, write_first
from regulars.segments.models import Override, Segment, SegmentKind
from regulars.segments.moving import Moves, Teller, lock_members, write_moves
from regulars.segments.statements import Layer, run_layer
from regulars.shops.models import Shop

log = logging.getLogger(__name__)

MOVED = "segment.moved"
"""Announced, not recorded: customers whose groups may follow, as a rule asks for segments."""

REPAIRED = "segment.repaired"
"""Announced, not recorded: a segment can be asked again, and must be."""


@dataclass(slots=True)
class Evaluated:
    """How many memberships began and ended."""

    entered: int = 0
    left: int = 0

    def add(self, moves: Moves) -> None:
        self.entered += sum(map(len, moves.entered.values()))
        self.left += sum(map(len, moves.left.values()))


@dataclass(slots=True)
class _ByHand:
    """Overrides of some customers: of live segments by customer, and what is remembered of static ones."""

    live: dict[int, dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))
    back: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


@transaction.atomic(savepoint=False)
def evaluate(
    shop: Shop,
    ids: Sequence[int],
    *,
    only: Collection[int] | None = None,
    by: Actor | None = None,
    batch_id: int | None = None,
) -> Evaluated:
    """Bring the memberships of these customers up to date, at most some thousands at once.

    only: these segments and those that ask for them, instead of all. A segment whose question cannot be understood
    (any more) or answered gets its `fault` and keeps its members; the others are asked all the same.
    """
    lock_members(shop.pk)
    teller = Teller(shop.pk, today_of(shop), by or Actor.system(), batch_id)
    by_hand, done = _by_hand(shop, ids), Evaluated()
    moved = _write(_bin_moves(shop, ids, by_hand), teller, done)
    asking = _asking(shop, only)
    layers = list(asking.layers)
    if only is not None and not by_hand.live and not asking.rules_ask and are_first(shop.pk, layers, ids):
        with suppress(DataError):  # the usual way finds out which of them it is
            while layers:
                with transaction.atomic():
                    done.entered += write_first(layers[0], ids, teller)
                del layers[0]
    while layers:
        try:
            with transaction.atomic():
                found = _asked(shop, layers[0], ids, by_hand.live, keep=only is None)
        except DataError as fault:
            failing = _failing(shop, layers[0], ids)
            if not failing:
                raise
            log.warning("shop %s: the database cannot answer segments %s: %s", shop.slug, failing, fault)
            set_aside(shop, failing)
            layers = list(_asking(shop, only).layers)  # who was moved by the first ones is not moved again
            continue
        moved |= _write(_moves(layers.pop(0), found, by_hand.live), teller, done)
    if moved and asking.rules_ask:
        announce(shop.pk, MOVED, moved, batch_id=batch_id)
    return done


def note_faults(shop: Shop, asking: Asking) -> None:
    """Store why segments cannot be asked. One that can be again begins anew: nobody knows what it missed."""
    live = Segment.objects.of(shop).dynamic()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, fault FROM segments_segment WHERE shop_id = %s AND kind = 'dynamic' AND fault <> '' "
            "AND deleted_at IS NULL",
            [shop.pk],
        )
        known = dict(cursor.fetchall())
    for pk, fault in sorted(asking.faults.items()):
        if known.get(pk) != fault:
            live.filter(pk=pk).update(fault=fault)
    if repaired := known.keys() - asking.faults.keys():
        live.filter(pk__in=repaired).update(fault="", defined_at=now(), evaluated_at=None)
        announce(shop.pk, REPAIRED, set())


# --- how it is done ---------------------------------------------------------------------------------------


def _asking(shop: Shop, only: Collection[int] | None) -> Asking:
    asking = asking_of(shop)
    note_faults(shop, asking)
    return asking if only is None else asking_of(shop, asking.with_readers(only))


def _failing(shop: Shop, layer: Layer, ids: Sequence[int]) -> list[int]:
    """Which segments of a layer the database cannot answer for these customers, each asked alone."""
    failing = []
    for pk in layer.segment_ids:
        try:
            with transaction.atomic():
                _asked(shop, asking_of(shop, [pk]).layers[0], ids, (), keep=False)
        except DataError:
            failing.append(pk)
    return failing


def _write(moves: Moves, teller: Teller, done: Evaluated) -> set[int]:
    write_moves(moves, teller)
    done.add(moves)
    return set(moves.held)


def _asked(
    shop: Shop, layer: Layer, ids: Sequence[int], by_hand: Collection[int], *, keep: bool
) -> list[tuple[int, list[int], list[int]]]:
    """(customer, the segments that hold, the stored ones). Who is just where the answer says is not even fetched.

    keep: see `run_layer`.
    """
    return run_layer(_COMPARE.format(asked=layer.sql), [list(ids), list(by_hand), shop.pk], keep=keep)


def _moves(
    layer: Layer, found: Iterable[tuple[int, list[int], list[int]]], by_hand: Mapping[int, Mapping[int, bool]]
) -> Moves:
    """What a layer's answers change; what was decided by hand goes before them."""
    moves, asked = Moves(), set(layer.segment_ids)
    for customer_id, holds, stored in found:
        chosen = by_hand.get(customer_id)
        if not chosen:
            moves.compare(customer_id, stored, {*stored} - asked | {*holds} if stored else holds)
            continue
        kept_out = {pk for pk, is_member in chosen.items() if not is_member}
        put_in = asked & {pk for pk, is_member in chosen.items() if is_member}
        moves.compare(customer_id, stored, (set(stored) - asked) | (set(holds) - kept_out) | put_in)
    return moves


_COMPARE = """
    WITH {asked}
    SELECT asked.id, asked.held, coalesce(m.segment_ids, '{{}}')
    FROM asked LEFT JOIN segments_membership m ON m.shop_id = $3::bigint AND m.customer_id = asked.id
    WHERE asked.held <> coalesce(m.segment_ids, '{{}}') OR asked.id = ANY ($2::bigint[])
"""


def _by_hand(shop: Shop, ids: Sequence[int]) -> _ByHand:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.customer_id, o.segment_id, o.is_member, s.kind, c.deleted_at FROM segments_override o "
            "JOIN segments_segment s ON s.shop_id = o.shop_id AND s.id = o.segment_id "
            "JOIN customers_customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id "
            "WHERE o.shop_id = %s AND o.customer_id = ANY (%s) AND s.deleted_at IS NULL",
            [shop.pk, list(ids)],
        )
        rows = cursor.fetchall()
    found = _ByHand()
    for customer_id, segment_id, is_member, kind, deleted_at in rows:
        if kind == SegmentKind.DYNAMIC:
            found.live[customer_id][segment_id] = is_member
        elif deleted_at is None:
            found.back[customer_id].add(segment_id)
    return found


def _bin_moves(shop: Shop, ids: Sequence[int], by_hand: _ByHand) -> Moves:
    """Out of all segments for those in the bin; into their static ones for those who came back."""
    moves, static = Moves(), None
    for customer_id, stored in _in_the_bin(shop, ids):
        if static is None:
            static = set(Segment.objects.ever_of(shop).exclude(kind=SegmentKind.DYNAMIC).values_list("pk", flat=True))
        _remember(shop, customer_id, static & set(stored))
        moves.compare(customer_id, stored, ())
    if by_hand.back:
        stored_of = dict(_stored(shop, list(by_hand.back)))
        for customer_id, segment_ids in by_hand.back.items():
            stored = stored_of.get(customer_id, [])
            moves.compare(customer_id, stored, {*stored, *segment_ids})
        back = Override.objects.of(shop).filter(customer_id__in=list(by_hand.back))
        back.exclude(segment__kind=SegmentKind.DYNAMIC).filter(segment__deleted_at__isnull=True).delete()
    return moves


def _in_the_bin(shop: Shop, ids: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Of these customers who is in the bin and still in segments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.customer_id, m.segment_ids FROM segments_membership m JOIN customers_customer c "
            "ON c.shop_id = m.shop_id AND c.id = m.customer_id WHERE m.shop_id = %s AND m.customer_id = ANY (%s) "
            "AND c.deleted_at IS NOT NULL AND m.segment_ids <> '{}'",
            [shop.pk, list(ids)],
        )
        return cursor.fetchall()


def _stored(shop: Shop, ids: Sequence[int]) -> list[tuple[int, list[int]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, segment_ids FROM segments_membership WHERE shop_id = %s AND customer_id = ANY (%s)",
            [shop.pk, list(ids)],
        )
        return cursor.fetchall()


def _remember(shop: Shop, customer_id: int, segment_ids: Collection[int]) -> None:
    rows = (Override(shop=shop, segment_id=pk, customer_id=customer_id, is_member=True) for pk in segment_ids)
    Override.objects.bulk_create(rows, ignore_conflicts=True)
