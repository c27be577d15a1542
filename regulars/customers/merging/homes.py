"""Households that a merge leaves with fewer than two members: they dissolve, and are there again when it is taken back.

Somebody outside the family who is left alone leaves, too; and so do those, unseen, who were merged earlier.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from regulars.customers.merging.rows import Change, count_version, kept, read, told_changes, write
from regulars.customers.merging.rules import Family
from regulars.customers.models import Customer, Household
from regulars.customers.operations.households import dissolve, housemates
from regulars.customers.queries import CustomerQuerySet
from regulars.events.record import Actor, record

Homes = Mapping[str, Any]
"""As a snapshot holds them: "rows" {household id: columns}, "left" {customer id: changes of their row}, "hidden"
{household id: ids of those who were merged earlier}."""


def touched(shop_id: int, ids: Sequence[int], homes: Homes | None = None) -> list[int]:
    """Whom to lock for these customers: those who live with them, and who did before a merge."""
    known = {*ids, *map(int, (homes or {}).get("left", ()))}
    return sorted({*known, *housemates(shop_id, sorted(known))})


def leave_empty(people: Sequence[Customer], after: dict[str, Any], family: Family) -> Homes:
    """Empty the households of these people, the survivor first, in which fewer than two will live.

    after: the survivor's columns to be; who was to live in one that dissolves lives in the first that does not. Of the
    family's own rows `without_home` says what is written; `remove` takes the households away in the end.
    """
    found = dict.fromkeys(one for one in (after["household_id"], *(row.household_id for row in people)) if one)
    others = {home: _living_in(family.shop_id, home).exclude(pk__in=family.ids) for home in found}
    after["household_id"] = next((home for home in found if others[home].exists()), None)
    empty = [home for home in found if others[home].count() + (home == after["household_id"]) < 2]
    rows = Household.objects.of(family.shop_id).select_for_update().filter(pk__in=empty).order_by("pk")
    return {
        "rows": {str(row.pk): {"name": row.name, "created_at": kept(row.created_at)} for row in rows},
        "left": {str(one.pk): _leave(one, family.by) for home in empty for one in others[home]},
        "hidden": {str(home): _hide(family, home) for home in empty},
    }


def without_home(customer: Customer, homes: Homes) -> dict[str, None]:
    """The columns of somebody who is merged away: they live in no household that dissolves."""
    return {"household_id": None} if str(customer.household_id) in homes["rows"] else {}


def remove(shop_id: int, homes: Homes) -> None:
    """Take the households away, once nobody lives in them."""
    Household.objects.of(shop_id).filter(pk__in=list(map(int, homes["rows"]))).delete()


def build_again(shop_id: int, homes: Homes) -> None:
    """Make the households anew, under their ids, before the family comes back into them."""
    for pk, row in homes.get("rows", {}).items():
        columns = {"name": row["name"], "created_at": datetime.fromisoformat(row["created_at"])}
        Household.objects.of(shop_id).get_or_create(pk=int(pk), defaults={**columns, "shop_id": shop_id})


def come_back(shop_id: int, homes: Homes, lived_in: int | None, by: Actor) -> None:
    """Bring those back who were left alone and live in no other one by now; a household of one dissolves again.

    lived_in: where the survivor lived until now.
    """
    people = Customer.objects.of(shop_id).filter(merged_into__isnull=True, anonymised_at__isnull=True)
    for one in people.filter(pk__in=list(map(int, homes.get("left", {}))), household_id__isnull=True).order_by("pk"):
        changes = homes["left"][str(one.pk)]
        same = {name: old for name, (old, new) in changes.items() if kept(getattr(one, name)) == new}
        _write(one, {name: read(name, old) for name, old in same.items()}, by)
    for home, ids in homes.get("hidden", {}).items():
        unseen = Customer.objects.of(shop_id).filter(merged_into__isnull=False, household_id__isnull=True, pk__in=ids)
        unseen.update(household_id=int(home))
    dissolve(shop_id, sorted({*map(int, homes.get("rows", {})), *([lived_in] if lived_in else [])}), by=by)


def _living_in(shop_id: int, home: int) -> CustomerQuerySet:
    people: CustomerQuerySet = Customer.objects.of(shop_id).filter(household_id=home, merged_into__isnull=True)
    return people.order_by("pk")


def _leave(customer: Customer, by: Actor) -> dict[str, Change]:
    return _write(customer, {"household_id": None, "updated_at": timezone.now()}, by)


def _hide(family: Family, home: int) -> list[int]:
    """Take those out who were merged earlier; which."""
    rows = Customer.objects.of(family.shop_id).filter(household_id=home, merged_into__isnull=False)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.filter(pk__in=ids).update(household_id=None)
    return ids


def _write(customer: Customer, columns: Mapping[str, Any], by: Actor) -> dict[str, Change]:
    """Change somebody who is not of the family, and tell it."""
    changes = write(customer, columns)
    count_version(customer.shop_id, customer.pk)
    data = {"changes": told_changes(changes)}
    record(customer.shop_id, "customer.changed", about=("customer", customer.pk), by=by, data=data)
    return changes
