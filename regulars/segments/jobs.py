"""Background work on segments."""

from django.db import connection, transaction

from regulars.kit.jobs import checkpoint, every, job
from regulars.segments.evaluation import evaluate
from regulars.segments.moving import lock_members
from regulars.segments.passes import is_due, recount, start_pass
from regulars.segments.pending import done_with, next_pending
from regulars.segments.rules import apply_rules
from regulars.shops.models import Shop

BATCH = 1000


@job(queue="segments")
def refresh_pending(shop_id: int) -> None:
    """Ask again about everybody who changed; each batch is a transaction of its own.

    Whoever comes into the queue meanwhile brings another job, as this one no longer waits.
    """
    shop = Shop.objects.get(pk=shop_id)
    places = [0] * BATCH
    while len(places) == BATCH:
        places, ids = next_pending(shop, BATCH)
        apply_rules(shop, ids)
        with transaction.atomic():
            lock_members(shop_id)
            done_with(shop, places)
            evaluate(shop, ids)
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
    """Take a deleted segment out of the memberships; nobody sees it there meanwhile."""
    while _forget_some(shop_id, segment_id):
        checkpoint()


@transaction.atomic
def _forget_some(shop_id: int, segment_id: int) -> int:
    lock_members(shop_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE segments_membership SET segment_ids = array_remove(segment_ids, %(segment)s) "
            "WHERE shop_id = %(shop)s AND customer_id IN (SELECT customer_id FROM segments_membership "
            "WHERE shop_id = %(shop)s AND segment_ids @> ARRAY[%(segment)s]::bigint[] ORDER BY customer_id LIMIT 5000)",
            {"shop": shop_id, "segment": segment_id},
        )
        return cursor.rowcount
