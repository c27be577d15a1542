"""People who live or work together: linked, not merged; everybody keeps their own orders and figures."""

from collections.abc import Collection, Sequence

from django.db import transaction

from regulars.customers.errors import TwoHouseholds
from regulars.customers.figures import lock_customers
from regulars.customers.forgetting import before_forgetting
from regulars.customers.models import Customer, Household
from regulars.customers.writing import change_columns, locked
from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.kit.text import one_line

NAME_LENGTH = 120
RENAMED = "customer.household_renamed"


@transaction.atomic
def link_household(customers: Sequence[Customer], *, name: str = "", by: Actor) -> list[int]:
    """Make customers of one shop one household: the one that one of them has, or a new one.

    Answers who came in by this, nobody when they were linked already. Raises TwoHouseholds when they have different
    ones, InTheBin, Anonymised, Merged.
    """
    people = [locked(one) for one in sorted(customers, key=lambda one: one.pk)]
    shop_id = _one_shop(people)
    known = {one.household_id for one in people if one.household_id}
    if len(known) > 1:
        raise TwoHouseholds
    if not known and len(people) < 2:
        return []
    household_id = known.pop() if known else Household.objects.create(shop_id=shop_id, name=_clean(name)).pk
    joining = [one for one in people if one.household_id != household_id]
    for one in joining:
        change_columns(one, {"household_id": household_id}, by=by)
    return [one.pk for one in joining]


@transaction.atomic
def leave_household(customer: Customer, *, by: Actor) -> None:
    """Take somebody out; a household of one dissolves."""
    lock_customers(customer.shop_id, housemates(customer.shop_id, [customer.pk]))  # else two wait for each other
    customer = locked(customer)
    household_id = customer.household_id
    if household_id is None:
        return
    _lock(customer.shop_id, household_id)
    change_columns(customer, {"household_id": None}, by=by)
    dissolve(customer.shop_id, [household_id], by=by)


def housemates(shop_id: int, customer_ids: Collection[int]) -> list[int]:
    """All members of the households of these customers, themselves among them, in ascending order."""
    together = Customer.objects.of(shop_id).filter(household__members__in=customer_ids)
    return sorted(set(together.values_list("pk", flat=True)))


@transaction.atomic
def rename_household(household: Household, name: str, *, by: Actor) -> Household:
    """Call it something; "" leaves it nameless."""
    household = _lock(household.shop_id, household.pk)
    old, household.name = household.name, _clean(name)
    if old == household.name:
        return household
    household.save(update_fields=["name"])
    for customer_id in household.members.order_by("pk").values_list("pk", flat=True):
        record(
            household.shop_id, RENAMED, about=("household", household.pk), by=by,
            customer_id=customer_id, data={"old": old, "new": household.name},
        )  # fmt: skip
    return household


@before_forgetting
def leave_for_good(shop_id: int, customer_ids: Collection[int], by: Actor) -> None:
    """Take people out who are about to be forgotten; a household of one dissolves, its name forgotten."""
    leaving = Customer.objects.of(shop_id).filter(pk__in=customer_ids, household_id__isnull=False)
    households = sorted(set(leaving.values_list("household_id", flat=True)))
    leaving.update(household_id=None)
    for household in Household.objects.of(shop_id).select_for_update().filter(pk__in=households).order_by("pk"):
        rest = list(household.members.filter(merged_into__isnull=True).values_list("pk", flat=True)[:2])
        if len(rest) < 2:
            named = Event.objects.filter(shop_id=shop_id, customer_id__in=rest, kind=RENAMED, about_id=household.pk)
            named.update(data={"old": "", "new": ""})
            dissolve(shop_id, [household.pk], by=by)


def dissolve(shop_id: int, household_ids: Collection[int], *, by: Actor) -> None:
    """Dissolve those of them that have fewer than two members; their members are locked. Who was merged is none."""
    for household_id in household_ids:
        members = Customer.objects.of(shop_id).filter(household_id=household_id)
        rest = list(members.filter(merged_into__isnull=True).select_for_update(no_key=True)[:2])
        if len(rest) > 1:
            continue
        for customer in rest:
            change_columns(customer, {"household_id": None}, by=by)
        members.update(household_id=None)
        Household.objects.of(shop_id).filter(pk=household_id).delete()


def _lock(shop_id: int, household_id: int) -> Household:
    return Household.objects.of(shop_id).select_for_update().get(pk=household_id)


def _one_shop(people: Sequence[Customer]) -> int:
    shops = {one.shop_id for one in people}
    if len(shops) != 1:
        raise ValueError("a household is of one shop")
    return shops.pop()


def _clean(name: str) -> str:
    return one_line(name)[:NAME_LENGTH]
