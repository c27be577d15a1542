"""Addresses of a customer: each once, at most one for shipping by default and one for billing."""

from django.db import transaction

from regulars.customers.drafts import PLACES, AddressDraft, places_of
from regulars.customers.errors import AddressTwice, NotAPlace
from regulars.customers.models import Address, Customer
from regulars.customers.writing import change_columns, locked
from regulars.events.record import Actor, record

_SHOWN_AS_CHANGES = (
    "label", "recipient", "company", "line1", "line2", "area", "ward", "district", "city", "region", "postal_code",
    "country", "phone_raw",
)  # fmt: skip


@transaction.atomic
def add_address(
    customer: Customer,
    address: AddressDraft,
    *,
    by: Actor,
    shipping: bool = False,
    billing: bool = False,
    batch_id: int | None = None,
) -> Address:
    """Keep an address, or find the same one the customer already has.

    The first is the default for both; shipping, billing: make it the default. Raises NotAPlace, InTheBin.
    """
    if not address.is_place:
        raise NotAPlace
    customer = locked(customer)
    kept = _of(customer)
    has_some = kept.exists()
    columns = {"shop_id": customer.shop_id, "customer": customer, **address.columns()}
    row, is_new = kept.get_or_create(fingerprint=address.fingerprint, defaults=columns)
    if is_new:
        _record(row, "customer.address_added", {"text": str(row)}, by, batch_id)
    _make_default(customer, row, shipping or not has_some, billing or not has_some, by=by)
    return row


@transaction.atomic
def change_address(address: Address, new: AddressDraft, *, by: Actor) -> Address:
    """Replace what is written in an address. Raises NotAPlace, AddressTwice (the customer has such a one)."""
    if not new.is_place:
        raise NotAPlace
    customer = locked(address.customer)
    address = _of(customer).get(pk=address.pk)
    if _of(customer).filter(fingerprint=new.fingerprint).exclude(pk=address.pk).exists():
        raise AddressTwice
    columns = new.columns()
    changes = {
        column: [getattr(address, column), columns[column]]
        for column in _SHOWN_AS_CHANGES
        if getattr(address, column) != columns[column]
    }
    if changes:
        for column, value in columns.items():
            setattr(address, column, value)
        address.save(update_fields=list(columns))
        _record(address, "customer.address_changed", {"changes": changes}, by)
        show_default(customer, by=by)
    return address


@transaction.atomic
def remove_address(address: Address, *, by: Actor) -> None:
    """Take an address away; what it was the default for goes to the newest one left."""
    customer = locked(address.customer)
    address = _of(customer).get(pk=address.pk)
    _record(address, "customer.address_removed", {"text": str(address)}, by)
    was_shipping, was_billing = address.is_default_shipping, address.is_default_billing
    address.delete()
    heir = _of(customer).order_by("-id").first()
    if heir:
        _make_default(customer, heir, was_shipping, was_billing, by=by)
    show_default(customer, by=by)


@transaction.atomic
def set_default_address(address: Address, *, shipping: bool = False, billing: bool = False, by: Actor) -> Address:
    """Make it the default for shipping, billing or both."""
    customer = locked(address.customer)
    address = _of(customer).get(pk=address.pk)
    _make_default(customer, address, shipping, billing, by=by)
    return address


def show_default(customer: Customer, *, by: Actor) -> None:
    """Bring country, city and province of a locked customer's row in line with the default address.

    That for shipping counts, else that for billing. Without any, city and province are empty; the country stays.
    """
    defaults = _of(customer).order_by("-is_default_shipping", "-is_default_billing", "id")
    address = defaults.first()
    if address is None:
        places = dict.fromkeys(PLACES, "") | {"country": customer.country}
    else:
        places = places_of(address, customer.country)
    change_columns(customer, places, by=by)


def _of(customer: Customer):  # type: ignore[no-untyped-def]
    return Address.objects.of(customer.shop_id).filter(customer=customer)


def _make_default(customer: Customer, address: Address, shipping: bool, billing: bool, *, by: Actor) -> None:
    wanted = {"is_default_shipping": shipping, "is_default_billing": billing}
    gained = [flag for flag, is_wanted in wanted.items() if is_wanted and not getattr(address, flag)]
    if not gained:
        return
    for flag in gained:
        _of(customer).filter(**{flag: True}).update(**{flag: False})
        setattr(address, flag, True)
    address.save(update_fields=gained)
    uses = [flag.removeprefix("is_default_") for flag in gained]
    _record(address, "customer.address_default", {"text": str(address), "for": uses}, by)
    show_default(customer, by=by)


def _record(address: Address, kind: str, data: dict, by: Actor, batch_id: int | None = None) -> None:
    about = ("address", address.pk)
    record(address.shop_id, kind, about=about, customer_id=address.customer_id, by=by, data=data, batch_id=batch_id)
