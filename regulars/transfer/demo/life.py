"""What the staff of a demo shop saved: segments in folders, groups filled by rules, views of their lists.

All of it made by the operations that pages use, so its answers come as everybody's do: from the worker, from now on.
"""

from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer, Group
from regulars.customers.operations import add_group, set_benefits
from regulars.kit.query import FieldSet, parse
from regulars.kit.query.language import quoted
from regulars.orders.fields import order_fields
from regulars.segments.benchmarks import Benchmarks, benchmarks
from regulars.segments.models import GroupRule, Segment, SegmentKind
from regulars.segments.operations import create_segment, set_members
from regulars.segments.rules import set_rule
from regulars.segments.saved_views import Look, create_view
from regulars.segments.templates import fill_one
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Role
from regulars.shops.queries import acting

WORTH, RHYTHM, CAMPAIGNS = "Worth", "Rhythm", "Campaigns"

FROM_TEMPLATES = {
    "best": WORTH, "big_baskets": WORTH, "active": RHYTHM, "at_risk": RHYTHM, "almost_lost": RHYTHM,
    "viewed_not_bought": CAMPAIGNS, "followers_no_order": CAMPAIGNS,
}  # fmt: skip
"""Template → folder; segments keep the names of their templates."""

PUT_IN = 2
"""Good friends of the house, in the best segment whatever they spent."""


class View(NamedTuple):
    """A saved view. whose: the role of its owner."""

    list_name: str
    name: str
    where: str
    sort: str
    whose: str
    is_team: bool
    is_pinned: bool


VIEWS = (
    View("customers", "New this month", "created_at = this_month", "-created_at", Role.OWNER, True, True),
    View("customers", "To call", "segment = 'at_risk' AND has_phone = true", "-total_spent", Role.OWNER, False, False),
    View("customers", "My debtors", "staff = me AND debt > 0", "-debt", Role.AGENT, False, True),
    View("orders", "To collect", "financial_state IN ('pending', 'partly_paid')", "-placed_at", Role.OWNER, True,
         True),
    View("orders", "From the best", "customer_segment = 'best_customers'", "-total", Role.MANAGER, False, False),
)  # fmt: skip

_FIELDS: dict[str, FieldSet] = {"customers": customer_fields, "orders": order_fields}


@transaction.atomic
def save_questions(shop: Shop) -> None:
    """Give a shop without segments and rules all of these; a shop that has some keeps what it has."""
    if Segment.objects.of(shop).exists() or GroupRule.objects.of(shop).exists():
        return
    team = _team(shop)
    if owner := team.get(Role.OWNER):
        figures = benchmarks(shop)
        _save_segments(shop, owner, figures)
        _fill_groups(shop, owner, figures)
    for view in VIEWS:
        if view.whose in team:
            _save_view(team[view.whose], view)


def _team(shop: Shop) -> dict[str, Staff]:
    """The first active staff member of each role."""
    found: dict[str, Staff] = {}
    for member in Staff.objects.of(shop).active().select_related("user", "shop").order_by("pk"):
        found.setdefault(member.role, member)
    return found


# --- segments -------------------------------------------------------------------------------------------------------


def _save_segments(shop: Shop, owner: Staff, figures: Benchmarks) -> None:
    by = acting(owner)
    for key, folder in FROM_TEMPLATES.items():
        if filled := fill_one(shop, key, staff=owner, locale=shop.language):
            one = filled.template
            create_segment(
                shop, name=str(one.name), where=filled.where, description=str(one.idea), colour=one.colour,
                folder=folder, template=key, staff=owner, by=by,
            )  # fmt: skip
    _save_own(shop, owner, figures)
    _decide_by_hand(shop, owner)


def _save_own(shop: Shop, owner: Staff, figures: Benchmarks) -> None:
    """A segment of a segment, and a list of guests that stays as it is."""
    by = acting(owner)
    create_segment(
        shop, name="Best, but quiet", where="segment = 'best_customers' AND NOT last_order_date >= -60d",
        description="They spent the most and have not ordered for two months: Linh calls them herself.", colour="red",
        folder=RHYTHM, staff=owner, by=by,
    )  # fmt: skip
    create_segment(
        shop, name="Guests of the skincare evening", kind=SegmentKind.STATIC,
        where=f"city = {quoted(figures.best_city)} AND tags CONTAINS 'Skincare' AND orders >= 1",
        description="Invited by card; who comes later is not on the list.", colour="teal", folder=CAMPAIGNS,
        staff=owner, by=by,
    )  # fmt: skip


def _decide_by_hand(shop: Shop, owner: Staff) -> None:
    """Some are among the best whatever they spent; who spent the most is kept out: it is the family."""
    best, people = Segment.objects.of(shop).get(template="best"), Customer.objects.of(shop).alive()
    friends = people.filter(total_spent__lte=0).order_by("pk").values_list("pk", flat=True)[:PUT_IN]
    family = people.order_by("-total_spent", "pk").values_list("pk", flat=True)[:1]
    set_members(best, list(friends), True, staff=owner, by=acting(owner))
    set_members(best, list(family), False, staff=owner, by=acting(owner))


# --- groups and views -----------------------------------------------------------------------------------------------


def _fill_groups(shop: Shop, owner: Staff, figures: Benchmarks) -> None:
    """Gold is asked before Silver: whoever spent enough for both is in Gold."""
    _fill(shop, owner, "Gold", "yellow", Decimal(8), figures.spent_most, "Free sample with every order")
    _fill(shop, owner, "Silver", "grey", Decimal(3), figures.spent_good, "")


def _fill(shop: Shop, owner: Staff, name: str, colour: str, discount: Decimal, spent: Decimal, note: str) -> None:
    by = acting(owner)
    known: Group | None = Group.objects.of(shop).filter(name__iexact=name).first()
    group = known or add_group(shop, name, colour=colour, by=by)
    set_benefits(group, discount=discount, free_shipping_from=None, price_note=note, by=by)
    set_rule(group, f"total_spent >= {spent}", staff=owner, by=by)


def _save_view(owner: Staff, view: View) -> None:
    ctx = context_for(owner.shop, staff=owner)
    look = Look.of(parse(view.where), _FIELDS[view.list_name], ctx, sort=view.sort)
    create_view(
        owner, view.list_name, view.name, look, is_team=view.is_team, is_pinned=view.is_pinned, overwrite=True
    )  # fmt: skip
