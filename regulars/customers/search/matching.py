"""Everybody a search text means: the set behind a list, its count and its selection."""

from functools import reduce
from typing import Any, TypeAlias

from django.db.models import Q

from regulars.customers.models import Customer, CustomerSearch, Tag
from regulars.customers.search.sources import ask_sources
from regulars.customers.search.terms import Terms
from regulars.kit.query.paging import FEW, expected_rows
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission

MOST_TAGS = 3

Ids: TypeAlias = Any  # a queryset of one column, of whichever table


def search_q(shop: Shop, text: str, *, seen_by: Staff | None = None, by_papers: bool = True) -> Q:
    """All customers a text means, as a condition on Customer.

    seen_by: who asks. Without the permission to see contact data they find people by name and company only, or the
    search would tell what the page hides.
    by_papers: whether customers are also found by what upper floors know (order numbers).

    text: not blank; text that folds to nothing means those whose name is exactly that. One or two characters, and
    signs alone, look at beginnings only. Customers in the bin are among them.
    """
    terms = Terms.of(text, shop.country)
    if not terms.words:
        return Q(name_key="", name=terms.typed)
    question = _beginning(shop, terms) if terms.is_short else _inside(shop, terms)
    question &= open_to(seen_by, terms)
    found = ask_sources(shop.pk, terms.typed) if by_papers else {}
    return _with_known(shop, question, list(found), terms) if found else question


def matching(shop: Shop, text: str, *, seen_by: Staff | None = None) -> Ids:
    """The ids of all customers a text means, for questions about other tables: `filter(customer_id__in=…)`."""
    return Customer.objects.of(shop).filter(search_q(shop, text, seen_by=seen_by)).values("pk")


def open_to(staff: Staff | None, terms: Terms) -> Q:
    """No restriction for those who may see contact data; else every word stands in the name, the company or a tag."""
    if staff is None or staff.may(Permission.SEE_CONTACT):
        return Q()
    question = Q()
    for word in terms.words:
        # the sort key of somebody without a name is made of what they can be reached by
        question &= Q(name_key__contains=word) & ~Q(name="") | Q(company__icontains=word)
    for tag in tags_named(staff.shop, terms):
        question |= Q(tag_ids__contains=[tag.pk])
    return question


def tags_named(shop: Shop, terms: Terms) -> list[Tag]:
    """Tags that are called like one of the words, or like all of them together."""
    keys = {*terms.words, terms.key, " ".join(terms.words)}
    return list(Tag.objects.of(shop).filter(key__in=sorted(keys)).order_by("pk")[:MOST_TAGS])


def _with_known(shop: Shop, question: Q, found: list[int], terms: Terms) -> Q:
    """Also those whom the upper floors know. Not by OR beside other tables: that would try every customer (165 ms)."""
    known = Q(pk__in=found)
    if terms.is_short:  # all on the customer's own row
        return question | known
    people = Customer.objects.of(shop)
    return Q(pk__in=people.filter(question).values("pk").union(people.filter(known).values("pk")))


def _beginning(shop: Shop, terms: Terms) -> Q:
    """All on the customer's own row: the list walks its order and looks, or joins the bitmaps of the indexes."""
    question = Q(name_key__startswith=terms.key)
    if len(terms.words) == 1:
        question |= Q(email__startswith=terms.words[0])
    for tag in tags_named(shop, terms):
        question |= Q(tag_ids__contains=[tag.pk])
    return question


def _inside(shop: Shop, terms: Terms) -> Q:
    """Texts that hold the words, or tags called so.

    Few tagged customers are joined by UNION, because OR over two tables would lose both indexes; a tag of many is
    asked beside it, because the list then finds its page sooner than all of them.
    """
    parts: list[Ids] = [CustomerSearch.objects.of(shop).filter(terms.inside()).values("customer_id")]
    of_many = Q()
    for tag in tags_named(shop, terms):
        tagged = Customer.objects.of(shop).tagged(tag.pk)
        rest = tuple(word for word in terms.words if word != tag.key)
        if rest and tag.key in terms.words:
            texts = CustomerSearch.objects.of(shop).filter(terms.inside(rest), customer_id__in=tagged.values("pk"))
            parts.append(texts.values("customer_id"))
        elif expected_rows(tagged) < FEW:
            parts.append(tagged.values("pk"))
        else:
            of_many |= Q(tag_ids__contains=[tag.pk])
    return Q(pk__in=reduce(lambda one, other: one.union(other), parts)) | of_many
