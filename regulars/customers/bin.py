"""The bin: thirty days to think again, then nothing personal is left."""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from regulars.customers.anonymise import anonymise, forget_trail, locked_with_family
from regulars.customers.errors import Anonymised, EmailTaken, Merged, NotInTheBin
from regulars.customers.forgetting import forget_elsewhere
from regulars.customers.leading import family_ids
from regulars.customers.models import Customer
from regulars.customers.writing import email_kept_unique, locked_anyhow, who_has
from regulars.events.record import Actor, record
from regulars.kit.jobs import checkpoint, every

DAYS = 30
_log = logging.getLogger(__name__)


@transaction.atomic
def delete_customer(customer: Customer, *, by: Actor, batch_id: int | None = None) -> Customer:
    """Move to the bin, where nobody is found or matched. Doing it again changes nothing. Raises Anonymised."""
    customer = _whole(customer)
    if customer.deleted_at is None:
        customer.deleted_at = timezone.now()
        customer.save(update_fields=["deleted_at"])
        _tell(customer, "customer.deleted", by, batch_id)
    return customer


@transaction.atomic
def restore_customer(customer: Customer, *, by: Actor, batch_id: int | None = None) -> Customer:
    """Take out of the bin. Raises EmailTaken when somebody else has the address by now, NotInTheBin, Anonymised."""
    customer = _whole(customer)
    if customer.deleted_at is None:
        raise NotInTheBin
    if customer.email and (other := who_has(customer.shop_id, customer.email, but=customer.pk)):
        raise EmailTaken(email=customer.email, customer_id=other)
    customer.deleted_at = None
    with email_kept_unique(customer.shop_id, customer.email, but=customer.pk):
        customer.save(update_fields=["deleted_at"])
    _tell(customer, "customer.restored", by, batch_id)
    return customer


@transaction.atomic
def purge(customer: Customer, *, by: Actor, batch_id: int | None = None) -> bool:
    """Remove for good what lies in the bin; somebody with orders is anonymised, so that the shop's figures stay.

    Who was merged into them goes with them, and not without. Answers whether the row is gone. Raises NotInTheBin,
    Merged.
    """
    customer = locked_with_family(customer)
    if customer.merged_into_id:
        raise Merged(customer_id=customer.merged_into_id)
    if customer.deleted_at is None:
        raise NotInTheBin
    shop_id, pk = customer.shop_id, customer.pk or 0
    family = family_ids(shop_id, pk)
    forget_elsewhere(shop_id, family, by=by)
    if customer.orders_recorded or not _removed(customer, family):
        anonymise(customer, by=by, batch_id=batch_id)
        return False
    for one in family:
        forget_trail(shop_id, one)
    record(shop_id, "customer.purged", about=("customer", pk), by=by, batch_id=batch_id)
    return True


def purge_what_is_due(most: int = 10_000) -> int:
    """Empty all shops' bins of what has lain there for 30 days, the oldest first; says how many were purged."""
    before = timezone.now() - timedelta(days=DAYS)
    due = Customer.objects.in_bin().filter(deleted_at__lt=before).order_by("deleted_at", "pk")
    purged = 0
    for shop_id, pk in due.values_list("shop_id", "pk")[:most]:
        checkpoint()
        purged += _purge_one(shop_id, pk, before)
    return purged


@every("41 19 * * *")  # the small hours where most shops are
def empty_the_bins() -> None:
    """Every day."""
    purge_what_is_due()


@transaction.atomic
def _purge_one(shop_id: int, pk: int, before: object) -> int:
    """Each in its own transaction: one that cannot be purged does not keep the others."""
    due = Customer.objects.of(shop_id).in_bin().select_for_update().filter(pk=pk, deleted_at__lt=before).first()
    if due is None:  # restored, or purged by another worker
        return 0
    purge(due, by=Actor.system())
    return 1


def _removed(customer: Customer, family: Collection[int]) -> bool:
    """Delete the row, those merged into it and what hangs on them, unless an upper floor still needs it."""
    pk = customer.pk
    try:
        with transaction.atomic():
            Customer.objects.of(customer.shop_id).filter(referred_by_id__in=family).update(referred_by_id=None)
            customer.delete()
    except ProtectedError:
        customer.pk = pk
        return False
    customer.pk = pk
    return True


def _whole(customer: Customer) -> Customer:
    fresh = locked_anyhow(customer)
    if fresh.anonymised_at:
        raise Anonymised
    if fresh.merged_into_id:
        raise Merged(customer_id=fresh.merged_into_id)
    return fresh


def _tell(customer: Customer, kind: str, by: Actor, batch_id: int | None) -> None:
    record(customer.shop_id, kind, about=("customer", customer.pk), by=by, batch_id=batch_id)
