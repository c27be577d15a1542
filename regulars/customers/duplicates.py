"""Who a new customer may be already: a warning while somebody types, never a refusal."""

from collections.abc import Iterable
from typing import Any, NamedTuple

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


class Likeness(NamedTuple):
    """A customer who may be the same, and why ("same e-mail, same phone"), translated."""

    customer_id: int
    reason: str


def possible_duplicates(
    shop: Shop, draft: Draft, *, but: int | None = None, visible_to: Staff | None = None, limit: int = 5
) -> list[Likeness]:
    """Live customers who may be the one in the draft, surest first; nobody for a draft that says nothing yet.

    The same e-mail address or phone; nearly the same name in the same city or company; the same whole name.
    but: the customer being edited. visible_to: an agent limited to their own is not told of others.
    """
    people = Customer.objects.of(shop).alive()
    people = people.visible_to(visible_to) if visible_to else people
    people = people.exclude(pk=but) if but else people
    found = {one.pk: one for one in _reached(people, draft)}
    found |= {one.pk: one for one in _called_alike(people, shop, draft)}
    sure = [(one, reasons) for one in found.values() if (reasons := _reasons(one, draft))]
    sure.sort(key=lambda one: _surest(one[0], one[1], draft))
    return [Likeness(one.pk, ", ".join(map(str, reasons.values()))) for one, reasons in sure[:limit]]


def _reached(people: CustomerQuerySet, draft: Draft) -> Iterable[Customer]:
    """One query for each, so that each uses its own index."""
    email, phone, key = draft.columns.get("email"), draft.columns.get("phone"), _whole_name(draft)
    for one in ({"email": email}, {"phone": phone}, {"name_key": key}):
        if all(one.values()):
            yield from people.filter(**one).order_by("pk")[:CANDIDATES]


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


def _reasons(customer: Customer, draft: Draft) -> dict[str, Any]:
    """What speaks for it, surest first."""
    columns, reasons = draft.columns, {}
    if columns.get("email") and customer.email == columns["email"]:
        reasons["email"] = _("same e-mail")
    if columns.get("phone") and customer.phone == columns["phone"]:
        reasons["phone"] = _("same phone")
    likeness = _likeness(customer, draft)
    city = draft.address.city if draft.address else ""
    if likeness >= ALIKE and _is_same(city, customer.city):
        reasons["place"] = _("similar name, same city")
    elif likeness >= ALIKE and _is_same(columns.get("company", ""), customer.company):
        reasons["place"] = _("similar name, same company")
    elif customer.name and customer.name_key == _whole_name(draft):
        reasons["name"] = _("same name")
    return reasons


def _is_same(ours: str, theirs: str) -> bool:
    return bool(ours) and fuzz.ratio(fold(ours), fold(theirs)) >= _SAME_THING


def _whole_name(draft: Draft) -> str:
    """The name as it is sorted by, "" for a single word: half a country shares a given name."""
    key = name_key(draft.columns.get("name", ""), 300)
    return key if " " in key else ""


def _likeness(customer: Customer, draft: Draft) -> float:
    ours, theirs = name_key(draft.columns.get("name", "")), name_key(customer.name)
    return max(fuzz.token_sort_ratio(ours, theirs), fuzz.ratio(ours, theirs)) if ours and theirs else 0


def _surest(customer: Customer, reasons: dict[str, Any], draft: Draft) -> tuple[Any, ...]:
    """E-mail before phone before name; then the closer name, then the older customer."""
    absent = [reason not in reasons for reason in ("email", "phone", "place")]
    return *absent, -_likeness(customer, draft), customer.pk
