"""Adding, changing and removing a customer's addresses."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.drafts import AddressDraft
from regulars.customers.errors import AddressTwice, NotAPlace
from regulars.customers.models import Address, Customer
from regulars.customers.operations import add_address, change_address, remove_address, set_default_address
from regulars.customers.profile import read_profile
from regulars.kit import countries
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted
from regulars.web.customers.sections.addresses import help_for, values_of
from regulars.web.customers.subject import LARGEST_ID, customer_of, refusals_told
from regulars.web.pages import page

FIELDS = (
    "address_label", "recipient", "address_company", "address1", "address2", "area", "ward", "district", "city",
    "region", "postal_code", "address_country", "address_phone",
)  # fmt: skip


@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """The form of a new address, and its answer."""
    customer = customer_of(request, pk)
    start = {"address_country": customer.country or request.shop.country}
    if request.method != "POST" or "redraw" in request.POST:
        return _form(request, customer, None, {**start, **_given(request)})
    try:
        draft = _read(request, customer)
        add_address(customer, draft, by=request.actor, **_defaults(request))
    except NotAPlace as refusal:
        return _form(request, customer, None, _given(request), str(refusal))
    return acted(request, pk)


@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def edit(request: StaffRequest, pk: int, address: int) -> HttpResponse:
    """The form of an address, and its answer. Without the right to see contact data its phone stays as it is."""
    customer, found = customer_of(request, pk), _address(request, pk, address)
    if request.method != "POST" or "redraw" in request.POST:
        return _form(request, customer, found, {**values_of(found), **_given(request)})
    try:
        draft = _read(request, customer)
        if not request.staff.may(Permission.SEE_CONTACT):
            draft.phone, draft.phone_raw = found.phone, found.phone_raw
        changed = change_address(found, draft, by=request.actor)
        set_default_address(changed, by=request.actor, **_defaults(request))
    except (NotAPlace, AddressTwice) as refusal:
        return _form(request, customer, found, _given(request), str(refusal))
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def make_default(request: StaffRequest, pk: int, address: int) -> HttpResponse:
    """Make it the address for `use`: shipping or billing."""
    customer_of(request, pk)
    use = request.POST.get("use", "")
    found = _address(request, pk, address)
    set_default_address(found, shipping=use == "shipping", billing=use == "billing", by=request.actor)
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def remove(request: StaffRequest, pk: int, address: int) -> HttpResponse:
    """Take an address away; orders keep what was written on them."""
    customer_of(request, pk)
    remove_address(_address(request, pk, address), by=request.actor)
    return acted(request, pk)


def _form(
    request: StaffRequest, customer: Customer, address: Address | None, values: Mapping[str, str], error: str = ""
) -> HttpResponse:
    view = CustomerView(request, customer)
    context = {"view": view, "known": address, "error": error, **fields(values, get_language() or "en")}
    context["ticked"] = _defaults(request) if request.method == "POST" else _now_default(address)
    return page(request, "customers/address.html", context, status=422 if error else 200)


def fields(values: Mapping[str, str], locale: str) -> dict[str, Any]:
    """What the form of an address shows: its parts as its country writes them, and their values."""
    filled = {name: values.get(name, "") for name in FIELDS}
    country = filled["address_country"]
    choices = [("", _("Not known")), *countries.country_choices(locale)]
    return {"address_help": help_for(country, filled), "address": filled, "countries": choices}


def _given(request: StaffRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in FIELDS if name in request.POST}


def _read(request: StaffRequest, customer: Customer) -> AddressDraft:
    """Raises NotAPlace."""
    draft = read_profile(_given(request), country=customer.country or request.shop.country, partial=True)
    if draft.address is None:
        raise NotAPlace
    return draft.address


def _defaults(request: StaffRequest) -> dict[str, bool]:
    return {use: use in request.POST for use in ("shipping", "billing")}


def _now_default(address: Address | None) -> dict[str, bool]:
    if address is None:
        return {"shipping": False, "billing": False}
    return {"shipping": address.is_default_shipping, "billing": address.is_default_billing}


def _address(request: StaffRequest, pk: int, address: int) -> Address:
    rows = Address.objects.of(request.shop).select_related("customer")
    found = rows.filter(customer_id=pk, pk=address).first() if address <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found
