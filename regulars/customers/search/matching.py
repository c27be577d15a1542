"""Everybody a search text means: the set behind a list, its count and its selection."""

from functools import reduce
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from regulars.customers.models import Customer, CustomerSearch, Tag
from regulars.customers.search.sources import ask_sources
from regulars.customers.search.terms import Terms
from regulars.shops.models import Shop

MOST_TAGS = 3

Ids: TypeAlias = Any  # a queryset of one column, of whichever table


def matching(shop: Shop, text: str) -> Ids:
    """The ids of all customers a text means, to be used as `filter(pk__in=matching(shop, text))`.

    text: not blank; text that folds to nothing means those whose name is exactly that. Customers in the bin are
    among them. One or two characters look at beginnings only. The parts are joined by UNION and not by OR: each
    has its own index, which OR over several tables would lose.
    """
    terms = Terms.of(text, shop.country)
    if not terms.words:
        return Customer.objects.of(shop).filter(name_key="", name=terms.typed).values("pk")
    parts = _beginning(shop, terms) if terms.is_short else _inside(shop, terms)
    parts += _tagged(shop, terms)
    if known := ask_sources(shop.pk, terms.typed):
        parts.append(Customer.objects.of(shop).filter(pk__in=list(known)).values("pk"))
    return reduce(lambda one, other: one.union(other), parts)


def tags_named(shop: Shop, terms: Terms) -> list[Tag]:
    """Tags that are called like one of the words, or like all of them together."""
    keys = {*terms.words, terms.key, " ".join(terms.words)}
    return list(Tag.objects.of(shop).filter(key__in=sorted(keys)).order_by("pk")[:MOST_TAGS])


def _texts(shop: Shop) -> QuerySet[CustomerSearch]:
    return CustomerSearch.objects.of(shop)


def _inside(shop: Shop, terms: Terms) -> list[Ids]:
    return [_texts(shop).filter(terms.inside()).values("customer_id")]


def _beginning(shop: Shop, terms: Terms) -> list[Ids]:
    people = Customer.objects.of(shop).alive()
    beginnings = [Q(name_key__startswith=terms.key), Q(email__startswith=terms.words[0])]
    return [people.filter(beginning).values("pk") for beginning in beginnings]


def _tagged(shop: Shop, terms: Terms) -> list[Ids]:
    """For each tag meant: those who have it and whose text holds the other words."""
    found = []
    for tag in tags_named(shop, terms):
        people: Ids = Customer.objects.of(shop).tagged(tag.pk).values("pk")
        rest = tuple(word for word in terms.words if word != tag.key)
        if rest and tag.key in terms.words:
            texts = _texts(shop).filter(terms.inside(rest), customer_id__in=people)
            people = texts.values("customer_id")
        found.append(people)
    return found
