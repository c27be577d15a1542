"""Who a new customer may be already: a warning while somebody types, never a refusal."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from regulars.customers.drafts import Draft
from regulars.customers.models import Customer, CustomerSearch
from regulars.customers.queries import CustomerQuerySet
from regulars.customers.search.terms import SHORTEST_INSIDE
from regulars.kit.text import fold, name_key
from regulars.shops.models import Shop, Staff

ALIKE = 88
"""From here on (0 to 100) two names may be one: a letter left out, another order of words."""

CANDIDATES = 200
_SAME_THING = 95


class Duplicate(NamedTuple):
    """A customer who may be the same, and why, translated: "same e-mail", "same phone", "similar name, same city"."""

    customer: Customer
    reasons: list[str]


def possible_duplicates(
    shop: Shop, draft: Draft, exclude_id: int | None = None, limit: int = 5, visible_to: Staff | None = None
) -> list[Duplicate]:
    """Customers who may be the one in the draft, surest first.

    A similar name alone is nothing: half a country shares a few. It counts with the same city or company.
    exclude_id: the customer being edited. visible_to: an agent limited to their own is not told of others.
    """
    people = Customer.objects.of(shop).alive()
    people = people.visible_to(visible_to) if visible_to else people
    people = people.exclude(pk=exclude_id) if exclude_id else people
    columns = draft.columns
    found = {one.pk: one for one in _reached(people, columns.get("email"), columns.get("phone"))}
    found |= {one.pk: one for one in _called_alike(people, shop, draft)}
    sure = [Duplicate(one, reasons) for one in found.values() if (reasons := _reasons(one, draft))]
    return sorted(sure, key=lambda one: _surest(one, draft))[:limit]


def _reached(people: CustomerQuerySet, email: str | None, phone: str | None) -> Iterable[Customer]:
    """One query for each, so that each uses its own index."""
    for one in ({"email": email}, {"phone": phone}):
        yield from people.reached_by(**one).order_by("pk")[:CANDIDATES]


def _called_alike(people: CustomerQuerySet, shop: Shop, draft: Draft) -> Iterable[Customer]:
    """Those in the same city or company who share a word of the name, or nearly."""
    words = [word for word in name_key(draft.columns.get("name", "")).split() if len(word) >= SHORTEST_INSIDE]
    place = _same_place(draft)
    if not words or not place:
        return []
    question = Q()
    for word in sorted(words, key=len)[-2:]:
        question |= Q(text__contains=word[: max(SHORTEST_INSIDE, len(word) - 1)])
    texts = CustomerSearch.objects.of(shop).filter(question)
    return people.filter(place, pk__in=texts.values("customer_id")).order_by("pk")[:CANDIDATES]


def _same_place(draft: Draft) -> Q:
    place = Q()
    if draft.address and draft.address.city:
        place |= Q(city__iexact=draft.address.city)
    if company := draft.columns.get("company"):
        place |= Q(company__iexact=company)
    return place


def _reasons(customer: Customer, draft: Draft) -> list[str]:
    columns, reasons = draft.columns, []
    if columns.get("email") and customer.email == columns["email"]:
        reasons.append(_("same e-mail"))
    if columns.get("phone") and customer.phone == columns["phone"]:
        reasons.append(_("same phone"))
    if _likeness(customer, draft) < ALIKE:
        return reasons
    city = draft.address.city if draft.address else ""
    for label, ours, theirs in (
        (_("similar name, same city"), city, customer.city),
        (_("similar name, same company"), columns.get("company", ""), customer.company),
    ):
        if ours and fuzz.ratio(fold(ours), fold(theirs)) >= _SAME_THING:
            reasons.append(label)
    return reasons


def _likeness(customer: Customer, draft: Draft) -> float:
    ours, theirs = name_key(draft.columns.get("name", "")), name_key(customer.name)
    return max(fuzz.token_sort_ratio(ours, theirs), fuzz.ratio(ours, theirs)) if ours and theirs else 0


def _surest(one: Duplicate, draft: Draft) -> tuple[bool, bool, float, int]:
    """E-mail before phone before name; then the closer name, then the older customer."""
    columns, customer = draft.columns, one.customer
    same_email = bool(columns.get("email")) and customer.email == columns["email"]
    same_phone = bool(columns.get("phone")) and customer.phone == columns["phone"]
    return not same_email, not same_phone, -_likeness(customer, draft), customer.pk
