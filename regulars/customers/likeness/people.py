"""Customers as they are compared."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from regulars.customers.drafts import Draft
from regulars.customers.likeness.names import whole_name
from regulars.customers.likeness.scoring import Person
from regulars.customers.models import ContactKind, Customer, OtherContact
from regulars.kit.text import fold, name_key

_COLUMNS = (
    "pk", "name", "email", "phone", "zalo_id", "citizen_id_index", "tax_code", "city", "region", "company",
    "birth_md", "birth_year",
)  # fmt: skip


def people(shop_id: int, ids: Collection[int]) -> dict[int, Person]:
    """Those of the ids who are alive, by id. Two queries."""
    known = Customer.objects.of(shop_id).alive().filter(pk__in=list(ids)).order_by()
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in known.values_list(*_COLUMNS)]
    others = _other_contacts(shop_id, [row["pk"] for row in rows])
    return {row["pk"]: person_of(row, others.get(row["pk"], ())) for row in rows}


def person_of(row: Mapping[str, Any], others: Iterable[tuple[str, str]] = ()) -> Person:
    """A row of customer columns, and the further (kind, value) they are reached by."""
    reached: dict[str, set[str]] = {ContactKind.EMAIL: set(), ContactKind.PHONE: set()}
    for kind, value in ((ContactKind.EMAIL, row.get("email")), (ContactKind.PHONE, row.get("phone")), *others):
        if value:
            reached[kind].add(value)
    name = row.get("name") or ""
    return Person(
        pk=row.get("pk"),
        name=whole_name(name),
        called=name_key(name),
        emails=frozenset(reached[ContactKind.EMAIL]),
        phones=frozenset(reached[ContactKind.PHONE]),
        zalo=row.get("zalo_id") or "",
        citizen_id=row.get("citizen_id_index") or "",
        tax_code=row.get("tax_code") or "",
        city=folded(row.get("city") or row.get("region") or ""),
        company=folded(row.get("company") or ""),
        birthday=birthday(row.get("birth_md"), row.get("birth_year")),
    )


def person_in(draft: Draft) -> Person:
    """Whom a draft speaks of; a citizen id in it is not compared."""
    place = {"city": draft.address.city, "region": draft.address.region} if draft.address else {}
    return person_of({**draft.columns, **place, "pk": None})


def birthday(month_day: int | None, year: int | None) -> str:
    """A whole date of birth; without its year it is shared by a few in a thousand and says nothing."""
    return f"{year}-{month_day}" if month_day and year else ""


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A place or company in any spelling."""
    return fold(text)


def _other_contacts(shop_id: int, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = OtherContact.objects.of(shop_id).filter(customer_id__in=ids).order_by()
    for customer_id, kind, value in rows.values_list("customer_id", "kind", "value"):
        found.setdefault(customer_id, []).append((kind, value))
    return found
