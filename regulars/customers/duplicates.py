"""Who a new customer may be already: a warning while somebody types, never a refusal.

Fewer reasons are enough here than for the queue of `likeness`: a look costs the person who types nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from regulars.customers.drafts import Draft
from regulars.customers.likeness.people import people as compared
from regulars.customers.likeness.people import person_in
from regulars.customers.likeness.scoring import REASONS, Person, compare
from regulars.customers.models import ContactKind, Customer, CustomerSearch, OtherContact
from regulars.customers.queries import CustomerQuerySet
from regulars.customers.search.terms import SHORTEST_INSIDE
from regulars.kit.text import name_key
from regulars.shops.models import Shop, Staff

WARNED_FROM = 40
"""The score (0 to 100) from which somebody is named: the same whole name is enough."""

CANDIDATES = 200


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
    typed = person_in(draft)
    people = Customer.objects.of(shop).alive()
    people = people.visible_to(visible_to) if visible_to else people
    people = people.exclude(pk=but) if but else people
    found = {*_reached(shop, people, typed), *_called_alike(people, shop, draft)}
    weighed = [(compare(typed, one), pk) for pk, one in compared(shop.pk, found).items()]
    alike = sorted((one for one in weighed if one[0].score >= WARNED_FROM), key=lambda one: (-one[0].score, one[1]))
    return [Likeness(pk, ", ".join(str(REASONS[reason]) for reason in one.reasons)) for one, pk in alike[:limit]]


def _reached(shop: Shop, people: CustomerQuerySet, typed: Person) -> Iterable[int]:
    """One query for each, so that each uses its own index."""
    values = {ContactKind.EMAIL: typed.emails, ContactKind.PHONE: typed.phones}
    for kind, known in values.items():
        if known:
            others = OtherContact.objects.of(shop).filter(kind=kind, value__in=known).values("customer_id")
            yield from _first(people.filter(**{f"{kind.value}__in": known}))
            yield from _first(people.filter(pk__in=others))
    if typed.name:
        yield from _first(people.filter(name_key=typed.name))


def _called_alike(people: CustomerQuerySet, shop: Shop, draft: Draft) -> Iterable[int]:
    """Those in the same city or company who share a word of the name, or nearly."""
    words = [word for word in name_key(draft.columns.get("name", "")).split() if len(word) >= SHORTEST_INSIDE]
    place = _same_place(draft)
    if not words or not place:
        return []
    question = Q()
    for word in sorted(words, key=len)[-2:]:
        question |= Q(text__contains=word[: max(SHORTEST_INSIDE, len(word) - 1)])
    texts = CustomerSearch.objects.of(shop).filter(question)
    return _first(people.filter(place, pk__in=texts.values("customer_id")))


def _same_place(draft: Draft) -> Q:
    place = Q()
    if draft.address and draft.address.city:
        place |= Q(city__iexact=draft.address.city)
    if company := draft.columns.get("company"):
        place |= Q(company__iexact=company)
    return place


def _first(people: CustomerQuerySet) -> Iterable[int]:
    return people.order_by("pk").values_list("pk", flat=True)[:CANDIDATES]
