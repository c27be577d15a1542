"""Background work: whoever changed is compared again, within a second or so."""

from typing import Any

from django.db import transaction

from regulars.customers.likeness.around import look_again
from regulars.customers.likeness.finding import start_finding
from regulars.customers.likeness.pending import add_pending, all_pending, done_with, is_long, next_pending
from regulars.events.handlers import on
from regulars.kit.jobs import checkpoint, job, later
from regulars.shops.models import Shop

BATCH = 50
"""Customers a transaction: of each some hundred spellings of the name are looked up."""

UNHEARD = frozenset(
    {
        "customer.tagged", "customer.note_added", "customer.note_changed", "customer.note_deleted", "customer.consent",
        "customer.citizen_id_revealed", "customer.told_apart", "customer.alike_again", "customer.household_renamed",
    }
)  # fmt: skip
"""News that change nothing of what is compared."""


@on("customer.*")
def compare_again(shop_id: int, kind: str, customer_ids: set[int], **_news: Any) -> None:
    """Put them into the queue, in the transaction that changed them, and wake the worker when it commits."""
    if customer_ids and kind not in UNHEARD:
        add_pending(shop_id, customer_ids)
        name = f"likeness:{shop_id}"
        later(compare_pending, once=name, lock=name, shop_id=shop_id)


@job(queue="likeness")
def compare_pending(shop_id: int) -> None:
    """Compare everybody who changed; each batch is a transaction of its own.

    Whoever comes into the queue meanwhile brings another job, as this one no longer waits.
    """
    if is_long(shop_id):
        _compare_all(shop_id)
    places = [0] * BATCH
    while len(places) == BATCH:
        with transaction.atomic():
            places, ids = next_pending(shop_id, BATCH)
            look_again(shop_id, ids)
            done_with(shop_id, places)
        checkpoint()


@transaction.atomic
def _compare_all(shop_id: int) -> None:
    places = all_pending(shop_id)
    start_finding(Shop.objects.get(pk=shop_id))
    done_with(shop_id, places)
