"""Background work: whoever changed is compared again, within a second or so."""

from typing import Any

from django.db import transaction

from regulars.customers.in_turn import all_of, done_with, is_longer, next_of, put_in
from regulars.customers.likeness.around import look_again
from regulars.customers.likeness.finding import start_finding
from regulars.customers.models import ToCompare
from regulars.events.handlers import on
from regulars.kit.jobs import checkpoint, job, later
from regulars.shops.models import Shop

BATCH = 50
"""Customers a transaction: of each some hundred spellings of the name are looked up."""

MOST = 5000
"""From so many on everybody is compared instead: one search costs less than such a queue."""

UNHEARD = frozenset(
    {
        "customer.tagged", "customer.note_added", "customer.note_changed", "customer.note_deleted", "customer.consent",
        "customer.citizen_id_revealed", "customer.told_apart", "customer.alike_again", "customer.household_renamed",
        "customer.figures", "customer.active",
    }
)  # fmt: skip
"""News that change nothing of what is compared."""


@on("customer.*")
def compare_again(shop_id: int, kind: str, customer_ids: set[int], **_news: Any) -> None:
    """Put them into the queue, in the transaction that changed them, and wake the worker when it commits."""
    if customer_ids and kind not in UNHEARD:
        put_in(ToCompare, shop_id, customer_ids, by=BATCH)
        name = f"likeness:{shop_id}"
        later(compare_pending, once=name, lock=name, shop_id=shop_id)


@job(queue="likeness")
def compare_pending(shop_id: int) -> None:
    """Compare everybody who changed; each batch is a transaction of its own.

    Whoever comes into the queue meanwhile brings another job, as this one no longer waits.
    """
    if is_longer(ToCompare, shop_id, MOST):
        _compare_all(shop_id)
    while _compare_next(shop_id):
        checkpoint()


@transaction.atomic
def _compare_next(shop_id: int) -> bool:
    """Whether there was anybody."""
    places, ids = next_of(ToCompare, shop_id, BATCH)
    if places:
        look_again(shop_id, ids)
        done_with(ToCompare, shop_id, places)
    return bool(places)


@transaction.atomic
def _compare_all(shop_id: int) -> None:
    places = all_of(ToCompare, shop_id)
    start_finding(Shop.objects.get(pk=shop_id))
    done_with(ToCompare, shop_id, places)
