"""The one way columns of a single customer change: locked, compared, recorded with old and new, found again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.customers.citizen import HIDDEN
from regulars.customers.custom import folded, held
from regulars.customers.drafts import sort_key
from regulars.customers.errors import Anonymised, EmailTaken, InTheBin, Merged
from regulars.customers.models import AccountState, ContactKind, Customer, OtherContact
from regulars.customers.search import write_search_texts
from regulars.customers.search.texts import COLUMNS
from regulars.events.record import Actor, record

SEALED = "citizen_id_sealed"
_NEVER_TOLD = frozenset({"citizen_id_index"})
_TOLD_TOGETHER = (("birth_md", "birth_year"), ("staff_id", "co_staff_ids"))
_SEARCHED = frozenset(COLUMNS)
_SORTED_BY = frozenset({"name", "company", "email", "email_raw", "phone", "phone_raw"})


def locked(customer: Customer) -> Customer:
    """The customer as they are now, kept from others until the transaction ends.

    Raises InTheBin, Anonymised, Merged.
    """
    fresh = locked_anyhow(customer)
    if fresh.anonymised_at:
        raise Anonymised
    if fresh.merged_into_id:
        raise Merged(customer_id=fresh.merged_into_id)
    if fresh.deleted_at:
        raise InTheBin
    return fresh


def locked_anyhow(customer: Customer) -> Customer:
    """As `locked`, in the bin or not."""
    return Customer.objects.of(customer.shop_id).select_for_update(no_key=True).get(pk=customer.pk)


def change_columns(
    customer: Customer, wanted: Mapping[str, Any], *, by: Actor, batch_id: int | None = None
) -> dict[str, list[Any]]:
    """Write the columns that differ and one `customer.changed` event; the customer must be `locked`.

    wanted: column → value, foreign keys as "group_id", the shop's own fields as "custom.shoe_size". The version counts
    up by one for the event, so that `conflicts` can tell what happened since a form was opened.
    Returns {column: [old, new]} as recorded, empty when nothing differs. Raises EmailTaken.
    """
    columns = dict(wanted) | _sort_key(customer, wanted)
    columns = {column: new for column, new in columns.items() if held(customer, column) != new}
    if not columns:
        return {}
    columns |= _moments(customer, columns)
    changes = _told(customer, columns)
    columns = folded(columns, customer.custom)
    for column, new in columns.items():
        setattr(customer, column, new)
    customer.updated_at = timezone.now()
    customer.version += 1
    with email_kept_unique(customer.shop_id, customer.email, but=customer.pk):
        customer.save(update_fields=[*columns, "updated_at", "version"])
    if not _SEARCHED.isdisjoint(columns):
        write_search_texts(customer.shop_id, [customer.pk])
    about = ("customer", customer.pk)
    data = {"changes": changes}
    record(customer.shop_id, "customer.changed", about=about, by=by, data=data, batch_id=batch_id)
    return changes


def _told(customer: Customer, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new of each column; of a birthday, and of who is responsible, both, as neither says anything alone."""
    for group in _TOLD_TOGETHER:
        if not columns.keys().isdisjoint(group):
            columns = {column: getattr(customer, column) for column in group} | dict(columns)
    return {
        column: [told(column, held(customer, column)), told(column, new)]
        for column, new in columns.items()
        if column not in _NEVER_TOLD
    }


def told(column: str, value: Any) -> Any:
    """A value as events may hold it: moments as text, a citizen id never."""
    if column == SEALED:
        return HIDDEN if value else ""
    return value.isoformat() if isinstance(value, datetime) else value


@contextmanager
def email_kept_unique(shop_id: int, email: str | None, *, but: int | None = None) -> Iterator[None]:
    """Turns the table's refusal of a second customer with this e-mail address into EmailTaken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if '"customer_email"' not in str(error):  # nor "customer_email_not_blank"
            raise
        raise EmailTaken(email=email, customer_id=who_has(shop_id, email, but=but)) from None


def who_has(shop_id: int, email: str | None, *, but: int | None = None) -> int | None:
    """The live customer with this normalised e-mail address, first or other, who is not `but`."""
    if not email:
        return None
    others = Customer.objects.of(shop_id).alive().exclude(pk=but or 0)
    known = OtherContact.objects.of(shop_id).filter(kind=ContactKind.EMAIL, value=email).values("customer_id")
    for found in (others.reached_by(email=email), others.filter(pk__in=known)):
        if pk := found.values_list("pk", flat=True).first():
            return pk
    return None


def _sort_key(customer: Customer, wanted: Mapping[str, Any]) -> dict[str, str]:
    if _SORTED_BY.isdisjoint(wanted):
        return {}
    return {"name_key": sort_key({column: wanted.get(column, getattr(customer, column)) for column in _SORTED_BY})}


def _moments(customer: Customer, columns: Mapping[str, Any]) -> dict[str, datetime]:
    """When a state began: written together with it."""
    began: dict[str, datetime] = {}
    if "status_id" in columns:
        began["status_at"] = timezone.now()
    if "oa_state" in columns:
        began["oa_at"] = timezone.now()
    if _has_account(columns.get("account_state")) and not (customer.registered_at or columns.get("registered_at")):
        began["registered_at"] = timezone.now()
    return began


def _has_account(state: int | None) -> bool:
    return state in (AccountState.REGISTERED, AccountState.VERIFIED)
