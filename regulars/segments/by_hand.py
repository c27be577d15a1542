"""Customers put into segments, or kept out of them, by hand."""

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from regulars.customers.figures import batches
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.segments.asking import today_of
from regulars.segments.errors import NotYourSegment
from regulars.segments.evaluation import evaluate
from regulars.segments.models import Membership, Override, Segment, SegmentKind
from regulars.segments.moving import Moves, Teller, lock_members, write_moves
from regulars.segments.rights import may_change
from regulars.shops.models import Staff


@transaction.atomic
def set_members(
    segment: Segment,
    customer_ids: Collection[int],
    is_member: bool | None,
    *,
    staff: Staff | None,
    by: Actor,
    batch_id: int | None = None,
) -> int:
    """Put living customers into a segment (True) or keep them out (False); for how many that was another word.

    Of a live segment this goes before its conditions until it is taken back (None). Of a static one it changes the
    members, and None changes nothing. Done before it returns; of very many have a job do it, some thousands at once.
    staff: who decides; None where nobody in particular does. Raises NotYourSegment.
    """
    if staff is not None and not may_change(staff, segment):
        raise NotYourSegment(name=segment.name)
    lock_members(segment.shop_id)
    kind = Segment.objects.of(segment.shop_id).values_list("kind", flat=True).get(pk=segment.pk)
    people = Customer.objects.of(segment.shop_id).alive().filter(pk__in=sorted(set(customer_ids)))
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    changed = 0
    for batch in batches(ids):
        if kind == SegmentKind.DYNAMIC:
            changed += _decide(segment, batch, is_member, staff)
        elif is_member is not None:
            changed += _move(segment, batch, is_member, by, batch_id)
        evaluate(segment.shop, batch, only=[segment.pk], by=by, batch_id=batch_id)
    return changed


def _decide(segment: Segment, ids: Sequence[int], is_member: bool | None, staff: Staff | None) -> int:
    chosen = Override.objects.of(segment.shop_id).filter(segment_id=segment.pk, customer_id__in=ids)
    if is_member is None:
        return int(chosen.delete()[0])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segments_override AS known (shop_id, segment_id, customer_id, is_member, by_id, at) "
            "SELECT %s, %s, unnest(%s::bigint[]), %s, %s::bigint, now() "
            "ON CONFLICT (shop_id, segment_id, customer_id) DO UPDATE "
            "SET is_member = excluded.is_member, by_id = excluded.by_id, at = excluded.at "
            "WHERE known.is_member <> excluded.is_member",
            [segment.shop_id, segment.pk, list(ids), is_member, staff.pk if staff else None],
        )
        return cursor.rowcount


def _move(segment: Segment, ids: Sequence[int], is_member: bool, by: Actor, batch_id: int | None) -> int:
    """Members of a static segment come or go at once."""
    held = Membership.objects.of(segment.shop_id).filter(customer_id__in=ids)
    stored_of = dict(held.values_list("customer_id", "segment_ids"))
    moves = Moves()
    for customer_id in ids:
        stored = stored_of.get(customer_id, [])
        after = {*stored, segment.pk} if is_member else set(stored) - {segment.pk}
        moves.compare(customer_id, stored, after)
    write_moves(moves, Teller(segment.shop_id, today_of(segment.shop), by, batch_id))
    return len(moves.held)
