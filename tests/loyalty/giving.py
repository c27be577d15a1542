"""Points for tests: given, counted and looked at."""

from regulars.customers.models import Customer
from regulars.loyalty import operations
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
