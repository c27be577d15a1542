"""Customers that programs add and change: the profile, the shop's own fields, who is responsible."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.api.auth import Bearer, KeyRequest, actor_of
from regulars.api.customers import customers_of, router, whole
from regulars.api.lists import answer
from regulars.api.problems import NotThere, ValuesRefused
from regulars.api.schemas import Id
from regulars.api.schemas_sent import CustomerSent
from regulars.customers.custom import key_of
from regulars.customers.custom_typed import read_typed
from regulars.customers.drafts import Draft
from regulars.customers.leading import leads_to
from regulars.customers.models import Customer, CustomField, Group, Source, Status
from regulars.customers.operations import create_customer, set_credit_limit, set_staff, update_customer
from regulars.customers.operations.profiles import read_changes
from regulars.customers.profile import read_profile
from regulars.kit.labels import join_labels
from regulars.shops.models import ApiKey, Shop
from regulars.shops.permissions import Scope

APART = frozenset({"tags", "staff", "credit_limit", "custom"})
"""What is no text of the profile."""

KEPT_AS_TEXT = frozenset({"phone", "tax_code"})
"""What is stored as it was written when it cannot be read."""

MAY = Bearer(Scope.CUSTOMERS, Scope.EDIT_CUSTOMERS)


@router.post("/customers", auth=MAY, summary="Add a customer", openapi_extra={"x-schema": "Customer", "x-status": 201})
def add_customer(request: KeyRequest, sent: CustomerSent) -> HttpResponse:
    """Add a customer; refused when the e-mail address is somebody's already. Answers all fields."""
    key = request.auth
    with transaction.atomic():
        shop = key.shop
        draft = read_profile(_raw(sent), country=_country(sent, shop), tz=shop.timezone)
        _complete(draft, sent, shop)
        customer = create_customer(shop, draft, by=actor_of(key), source=Source.API)
        _apart(customer, sent, key)
        told = whole(key, customer.pk)
    return answer(told, status=201)


@router.patch("/customers/{id}", auth=MAY, summary="Change a customer", openapi_extra={"x-schema": "Customer"})
def change_customer(request: KeyRequest, id: Id, sent: CustomerSent) -> HttpResponse:
    """Change what is named and leave the rest. Either everything is stored or nothing. Answers all fields.

    The id of a customer who was merged means the one they became.
    """
    key = request.auth
    with transaction.atomic():
        customer = customer_called(key, id)
        draft = read_changes(customer, _raw(sent))
        _complete(draft, sent, key.shop)
        customer = update_customer(customer, draft, by=actor_of(key))
        _apart(customer, sent, key)
        told = whole(key, customer.pk)
    return answer(told)


def customer_called(key: ApiKey, pk: int) -> Customer:
    """The shop's customer of this number, or whom they became. Raises NotThere."""
    pk = leads_to(key.shop_id, pk) or pk
    found: Customer | None = customers_of(key).select_related("shop").filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def _raw(sent: CustomerSent) -> dict[str, str]:
    """What was named, as `read_profile` takes it."""
    named = sent.model_fields_set
    raw = {name: getattr(sent, name) or "" for name in named - APART}
    if "tags" in named:
        raw["tags"] = join_labels(sent.tags or [])
    return raw


def _country(sent: CustomerSent, shop: Shop) -> str:
    """The customs by which a phone is read."""
    country = (sent.country or "").strip().upper()
    return country if len(country) == 2 and country.isalpha() else shop.country


def _complete(draft: Draft, sent: CustomerSent, shop: Shop) -> None:
    """Add the shop's own fields to what was read. Raises ValuesRefused, which names every fault."""
    fields = {one.key: one for one in CustomField.objects.of(shop).in_use()}
    columns, faults = read_typed(fields, sent.custom, shop.currency)
    faults |= {one.field: str(one.reason) for one in draft.problems if one.fatal or one.field not in KEPT_AS_TEXT}
    faults |= _unknown_words(sent, shop)
    if faults:
        errors = [{"field": name, "detail": faults[name]} for name in sorted(faults)]
        raise ValuesRefused(reason=errors[0]["detail"], errors=errors)
    draft.columns |= {column: value for column, value in columns.items() if value is not None}
    draft.cleared |= {column for column, value in columns.items() if value is None and key_of(column)}


def _unknown_words(sent: CustomerSent, shop: Shop) -> dict[str, str]:
    """A file may bring new groups and statuses, a program names those there are."""
    faults = {}
    for name, model in (("group", Group), ("status", Status)):
        word = (getattr(sent, name) or "").strip()
        rows: Any = model.objects.of(shop)
        known = {one.lower() for pair in rows.values_list("key", "name") for one in pair}
        if word and word.lower() not in known:
            faults[name] = _("“{value}” is not one of the shop's.").format(value=word[:60])
    return faults


def _apart(customer: Customer, sent: CustomerSent, key: ApiKey) -> None:
    """What has operations of its own."""
    if "staff" in sent.model_fields_set:
        set_staff(customer, sent.staff or [], by=actor_of(key))
    if "credit_limit" in sent.model_fields_set:
        set_credit_limit(customer, sent.credit_limit, by=actor_of(key))
