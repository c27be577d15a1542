"""The search box: the best few, as somebody types, and why each was found."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from regulars.customers.models import Customer, CustomerSearch
from regulars.customers.queries import CustomerQuerySet
from regulars.customers.search.matching import open_to, tags_named
from regulars.customers.search.sources import ask_sources
from regulars.customers.search.terms import Terms
from regulars.kit.phones import search_digits
from regulars.kit.text import fold
from regulars.shops.models import Shop, Staff

CANDIDATES = 200  # as many are ranked; more would cost more than anybody reads

_ROW = ("pk", "name", "name_key", "email", "phone", "phone_raw", "company", "tax_code", "zalo_id")
Row = dict[str, Any]


class Hit(NamedTuple):
    """A customer found, and by what ("name", "phone", "order 1001"), translated."""

    customer_id: int
    reason: str


def find(shop: Shop, text: str, *, limit: int = 20, visible_to: Staff | None = None) -> list[Hit]:
    """The customers a text most likely means, best first; nobody for a blank text or for those in the bin.

    Names, e-mail addresses and phones that begin so are looked up first (well under a millisecond); only when they
    do not fill the answer, and never for one or two characters, are all texts searched. Exact spelling comes
    first: who types "Đào" sees Đào before Dao. visible_to: an agent limited to their own finds only those, and
    who may not see contact data does not find by it.
    """
    terms = Terms.of(text, shop.country)
    if not terms.words:
        return []
    people = Customer.objects.of(shop).alive()
    people = people.visible_to(visible_to) if visible_to else people
    known = _known_above(people, shop, terms)
    people = people.filter(open_to(visible_to, terms))
    rows = _beginning_so(people, terms)
    if len(rows) + len(known) < limit and not terms.is_short:
        rows |= _holding(people, shop, terms)
    hits = [Hit(pk, why) for pk, why in known.items()]
    hits += [Hit(row["pk"], _reason(row, terms)) for row in _ranked(rows.values(), terms)[:limit]]
    if len(hits) < limit:
        hits += _tagged(people, shop, terms, limit)
    return _first_of_each(hits)[:limit]


def _known_above(people: CustomerQuerySet, shop: Shop, terms: Terms) -> dict[int, str]:
    known = ask_sources(shop.pk, terms.typed)
    if not known:
        return {}
    here = set(people.filter(pk__in=list(known)).values_list("pk", flat=True))
    return {pk: why for pk, why in known.items() if pk in here}


def _beginning_so(people: CustomerQuerySet, terms: Terms) -> dict[int, Row]:
    """Walks along the btrees of names, e-mail addresses and phones, in one statement."""
    walks = [people.filter(name_key__startswith=terms.key).order_by("name_key", "pk")]
    if len(terms.words) == 1:
        walks.append(people.filter(email__startswith=terms.words[0]).order_by("email"))
    walks += [people.filter(phone__startswith=f"+{form}").order_by("phone") for form in terms.digits]
    first, *others = (walk.values(*_ROW)[:CANDIDATES] for walk in walks)
    return {row["pk"]: row for row in first.union(*others, all=True)}


def _holding(people: CustomerQuerySet, shop: Shop, terms: Terms) -> dict[int, Row]:
    texts = CustomerSearch.objects.of(shop).filter(terms.inside())
    rows = people.filter(pk__in=texts.values("customer_id")).values(*_ROW)[:CANDIDATES]
    return {row["pk"]: row for row in rows}


def _tagged(people: CustomerQuerySet, shop: Shop, terms: Terms, limit: int) -> list[Hit]:
    hits = []
    for tag in tags_named(shop, terms):
        if tag.key in {terms.key, *terms.words} and len(terms.words) == len(tag.key.split()):
            ids = people.tagged(tag.pk).order_by("name_key", "pk").values_list("pk", flat=True)[:limit]
            hits += [Hit(pk, _("tag {name}").format(name=tag.name)) for pk in ids]
    return hits


def _ranked(rows: Iterable[Row], terms: Terms) -> list[Row]:
    spelled = terms.spelled

    def place(row: Row) -> tuple[Any, ...]:
        name, key = row["name"].casefold(), row["name_key"]
        return (
            not all(word in name for word in spelled),
            -fuzz.token_set_ratio(terms.key, key),
            not key.startswith(terms.key),
            -fuzz.ratio(terms.key, key),
            key,
            row["pk"],
        )

    return sorted(rows, key=place)


def _reason(row: Row, terms: Terms) -> str:
    """The first thing of a customer that holds all that was typed."""
    if terms.digits and _has_number(row, terms):
        return _("phone")
    name = f"{fold(row['name'])} {row['name_key'] if row['name'] else ''}"
    if all(word in name for word in terms.words):
        return _("name")
    for label, column in (
        (_("e-mail"), "email"),
        (_("company"), "company"),
        (_("tax code"), "tax_code"),
        (_("Zalo id"), "zalo_id"),
        (_("phone"), "phone_raw"),
    ):
        value = fold(row[column] or "")
        if all(word in value for word in terms.words):
            return label
    return _("several fields") if len(terms.words) > 1 else _("outside id")


def _has_number(row: Row, terms: Terms) -> bool:
    stored = search_digits(row["phone"]) if row["phone"] else ["".join(filter(str.isdigit, row["phone_raw"]))]
    return any(form in number for form in terms.digits for number in stored)


def _first_of_each(hits: list[Hit]) -> list[Hit]:
    first: dict[int, Hit] = {}
    for hit in hits:
        first.setdefault(hit.customer_id, hit)
    return list(first.values())
