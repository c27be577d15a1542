"""Background work on segments."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.timezone import now

from regulars.customers.in_turn import done_with, next_of
from regulars.kit.jobs import checkpoint, every, job
from regulars.segments.evaluation import evaluate
from regulars.segments.models import Pending, Segment, SegmentKind
from regulars.segments.moving import lock_members
from regulars.segments.passes import is_due, recount, start_pass
from regulars.segments.rules import apply_rules
from regulars.shops.models import Shop

BATCH = 1000
DAYS = 30
"""So long a deleted segment can be restored."""


@job(queue="segments")
def refresh_pending(shop_id: int) -> None:
    """Ask again about everybody who changed; each batch is a transaction of its own.

    Whoever comes into the queue meanwhile brings another job, as this one no longer waits.
    """
    shop = Shop.objects.get(pk=shop_id)
    while (waiting := next_of(Pending, shop_id, BATCH)).places:
        apply_rules(shop, waiting.customer_ids)
        with transaction.atomic():
            lock_members(shop_id)
            done_with(Pending, shop_id, waiting.places)
            evaluate(shop, waiting.customer_ids)
        checkpoint()


@job(queue="segments")
def run_pass(shop_id: int) -> None:
    """Begin to ask everybody about everything."""
    start_pass(Shop.objects.get(pk=shop_id), everything=True)


@every("1-59/15 * * * *")  # a minute after what moves the figures of the last days and months
def ask_at_midnight() -> None:
    """Where a new day has begun, relative dates mean other days; some time zones begin theirs at a quarter."""
    for shop in Shop.objects.order_by("pk"):
        if is_due(shop):
            start_pass(shop, everything=True)
        checkpoint()


@job(queue="segments")
def recount_sizes(shop_id: int) -> None:
    """Bring the sizes in line with the memberships."""
    with transaction.atomic():
        lock_members(shop_id)
        recount(Shop.objects.get(pk=shop_id))


@job(queue="segments")
def forget_members(shop_id: int, segment_id: int) -> None:
    """Take a deleted segment out of the memberships; nobody sees it there meanwhile. Stops when it is restored."""
    while _forget_some(shop_id, segment_id):
        checkpoint()


@every("40 2 * * *")
def forget_deleted() -> None:
    """Remove for good what has been deleted for thirty days."""
    old = Segment.objects.gone().filter(deleted_at__lt=now() - timedelta(days=DAYS))
    for segment in old.order_by("shop_id", "pk"):
        while _forget_some(segment.shop_id, segment.pk):
            checkpoint()
        _remove(segment)
        checkpoint()


@transaction.atomic
def _remove(segment: Segment) -> None:
    """Unless somebody restored it just now."""
    lock_members(segment.shop_id)
    Segment.objects.ever_of(segment.shop_id).gone().filter(pk=segment.pk).delete()


@transaction.atomic
def _forget_some(shop_id: int, segment_id: int) -> int:
    lock_members(shop_id)
    segment = Segment.objects.ever_of(shop_id).gone().filter(pk=segment_id).first()
    if segment is None:
        return 0
    is_static = segment.kind == SegmentKind.STATIC
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"shop": shop_id, "segment": segment_id, "static": is_static})
        return int(cursor.fetchone()[0])


# Who was in a static segment is kept beside it, as of those in the bin: it cannot be found anew.
_FORGET = """
    WITH gone AS (
        UPDATE segments_membership SET segment_ids = array_remove(segment_ids, %(segment)s)
        WHERE shop_id = %(shop)s AND customer_id IN (
            SELECT customer_id FROM segments_membership
            WHERE shop_id = %(shop)s AND segment_ids @> ARRAY[%(segment)s]::bigint[] ORDER BY customer_id LIMIT 5000
        )
        RETURNING customer_id
    ), kept AS (
        INSERT INTO segments_override (shop_id, segment_id, customer_id, is_member, at)
        SELECT %(shop)s, %(segment)s, customer_id, true, now() FROM gone WHERE %(static)s
        ON CONFLICT (shop_id, segment_id, customer_id) DO NOTHING
    )
    SELECT count(*) FROM gone
"""
