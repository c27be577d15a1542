"""Forgetting who a customer was, keeping what was sold."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from regulars.customers.errors import Merged
from regulars.customers.figures import lock_customers
from regulars.customers.forgetting import forget_elsewhere
from regulars.customers.leading import family_ids
from regulars.customers.models import (
    AccountState,
    Address,
    Avatar,
    ConsentEntry,
    ConsentState,
    Customer,
    CustomerSearch,
    Gender,
    Identity,
    Interaction,
    Merge,
    Note,
    OaState,
    OtherContact,
    PhoneKind,
)
from regulars.customers.note_files import forget_laid_aside
from regulars.customers.writing import locked_anyhow
from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.shops.operations.notifications import forget_notifications

FORGOTTEN: dict[str, Any] = {
    **dict.fromkeys(
        (
            "name", "name_key", "given_name", "family_name", "email_raw", "phone_raw", "zalo_id", "company", "tax_code",
            "citizen_id_sealed", "citizen_id_index", "city", "region", "country", "language", "referrer_text",
            "referral_code",
        ),
        "",
    ),
    **dict.fromkeys(("email", "phone", "birth_year", "birth_md", "oa_at", "registered_at"), None),
    **dict.fromkeys(("status_at", "last_access_at"), None),
    **dict.fromkeys(("status_id", "staff_id", "referred_by_id", "household_id", "credit_limit"), None),
    **{f"consent_{channel}": int(ConsentState.UNKNOWN) for channel in ("email", "sms", "zalo", "whatsapp")},
    "gender": int(Gender.UNKNOWN),
    "account_state": int(AccountState.GUEST),
    "oa_state": int(OaState.UNKNOWN),
    "phone_kind": int(PhoneKind.NONE),
    "has_avatar": False,
    "tag_ids": [],
    "co_staff_ids": [],
    "custom": {},
    "visits": 0,
    "visits_30d": 0,
    "interaction": int(Interaction.NONE),
}  # fmt: skip
"""Columns about the person, and what is left in them. The other columns count trade or keep the row in order."""

KEPT = frozenset(
    column
    for line in (
        "id shop_id version group_id group_by_hand channel_first_id channel_last_id source",
        "created_at updated_at deleted_at anonymised_at merged_into_id",
        "total_spent gross_spent refunded spent_3m spent_before_3m debt average_order",
        "points points_earned points_pending",
        "first_order_at last_order_at last_order_id last_order_number",
        "orders_count orders_recorded orders_placed orders_paid orders_fulfilled orders_delivered",
        "orders_cancelled orders_returned orders_discounted",
    )
    for column in line.split()
)
"""Columns that stay: figures of the shop, and where and when they came from."""


@transaction.atomic
def anonymise(customer: Customer, *, by: Actor, batch_id: int | None = None) -> None:
    """Erase everything personal for good, in the bin or not: columns, texts, addresses, notes, pictures, trail.

    The row stays for the orders' sake and is shown in no list. Words about consent keep their dates, not where they
    were said. Who was merged into them is forgotten with them. Doing it again changes nothing. Raises Merged (ask for
    whom they became).
    """
    customer = locked_with_family(customer)
    if customer.merged_into_id:
        raise Merged(customer_id=customer.merged_into_id)
    if customer.anonymised_at:
        return
    family = Customer.objects.of(customer.shop_id).filter(merged_into=customer).select_for_update(no_key=True)
    merges = Merge.objects.of(customer.shop_id).filter(survivor_id__in=family_ids(customer.shop_id, customer.pk))
    forget_elsewhere(customer.shop_id, family_ids(customer.shop_id, customer.pk), by=by)
    for one in (*family.order_by("pk"), customer):
        _forget(one, by=by, batch_id=batch_id)
    merges.update(snapshot={})


def locked_with_family(customer: Customer) -> Customer:
    """The customer as they are now, locked in the order in which everybody locks: with all who became them, and those
    of their household, who may be left alone by it."""
    shop_id, pk = customer.shop_id, customer.pk
    housemates = Customer.objects.of(shop_id).filter(household__members=pk).values_list("pk", flat=True)
    lock_customers(shop_id, sorted({*family_ids(shop_id, pk), *housemates}))
    return locked_anyhow(customer)


def _forget(customer: Customer, *, by: Actor, batch_id: int | None) -> None:
    moment = timezone.now()
    shop_id, pk = customer.shop_id, customer.pk
    rest = {"deleted_at": customer.deleted_at or moment, "anonymised_at": moment, "updated_at": moment}
    Customer.objects.of(shop_id).filter(pk=pk).update(**FORGOTTEN, **rest, version=customer.version + 1)
    for model in (CustomerSearch, Identity, Address, Note, Avatar, OtherContact):
        model.objects.of(shop_id).filter(customer_id=pk).delete()
    ConsentEntry.objects.of(shop_id).filter(customer_id=pk).update(source="")
    forget_trail(shop_id, pk)
    record(shop_id, "customer.anonymised", about=("customer", pk), by=by, batch_id=batch_id)


def forget_trail(shop_id: int, customer_id: int) -> None:
    """Leave of a customer's events only that something happened and when, and of what staff were told nothing."""
    forget_laid_aside(shop_id, customer_id)
    forget_notifications(shop_id, "customer", [customer_id])
    trail = Event.objects.filter(
        Q(customer_id=customer_id) | Q(about="customer", about_id=customer_id), shop_id=shop_id
    )
    trail.update(data={})
    trail.filter(actor_kind="customer").update(actor_name="")
