"""Points for tests: given, counted and looked at."""

from regulars.customers.actions import run_action
from regulars.customers.models import Customer
from regulars.customers.selection import Selection
from regulars.loyalty import days, entries, operations
from regulars.loyalty.entries import today_of
from regulars.loyalty.models import PointsEntry
from tests.factories import SYSTEM


def adjust(customer, points, *, note="Thanks", by=SYSTEM, **more):
    """Give or take points by hand."""
    return operations.adjust_points(customer, points, note=note, by=by, **more)


def figures(customer):
    """points, points_earned, points_pending"""
    return Customer.objects.values_list("points", "points_earned", "points_pending").get(pk=customer.pk)


def ledger(customer):
    """The points of all entries, oldest first."""
    return list(
        PointsEntry.objects.of(customer.shop_id)
        .filter(customer=customer)
        .order_by("pk")
        .values_list("points", flat=True)
    )


def today(customer):
    return today_of(customer.shop)


def ask(staff, people, **params):
    """Points for a selection, as a run."""
    selection = Selection.of_ids(staff.shop, [one.pk for one in people])
    return run_action(selection, "points", {"note": "Gift", **params}, staff=staff)


def at(monkeypatch, moment):
    """Let it be that moment for points."""
    for module in (entries, days):
        monkeypatch.setattr(module, "now", lambda: moment)
