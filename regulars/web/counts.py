"""The figures beside the navigation: how many customers and orders, a minute old at most."""

import time
from typing import Any

from django.db.models import QuerySet

from regulars.customers.models import Customer
from regulars.kit.query.paging import count_up_to, counts_up_to
from regulars.kit.query.prepared import prepared
from regulars.orders.models import Order
from regulars.segments.models import Segment
from regulars.shops.models import Staff
from regulars.shops.operations.notifications import unread
from regulars.shops.permissions import Permission
from regulars.tasks.due import today_of
from regulars.tasks.models import Task

FRESH_SECONDS = 60
MOST = 99_999  # counting further would cost more than the figure is worth here; the list says it exactly
COUNTED_AT_ONCE = 20_000  # takes some milliseconds; a figure that is seen to lag would be a riddle

_known: dict[tuple[str, int, int], tuple[float, int]] = {}


def nav_counts(staff: Staff) -> dict[str, int]:
    """Figures by navigation entry, as far as this person may see them, and `unread` of the bell; MOST + 1 means more
    than that.
    """
    counts = {}
    if staff.may(Permission.SEE_CUSTOMERS):
        counts["customers"] = _counted("customers", staff, Customer.objects.of(staff.shop_id).alive().visible_to(staff))
    if staff.may(Permission.SEE_ORDERS) and not staff.only_own:
        counts["orders"] = _counted("orders", staff, Order.objects.of(staff.shop_id).existing())
    if staff.may(Permission.SEE_CUSTOMERS):
        counts["segments"] = _counted("segments", staff, Segment.objects.of(staff.shop_id))
    own = _of_this_person(staff)
    return counts | ({"tasks": own["tasks"]} if own.get("tasks") else {}) | {"unread": own["unread"]}


def _of_this_person(staff: Staff) -> dict[str, int]:
    """What waits for somebody: asked anew each time, for people check it off."""
    asked = {"unread": unread(staff.shop_id, staff.pk)}
    if staff.may(Permission.TASKS):
        asked["tasks"] = _due_tasks(staff.shop_id, staff.pk, today_of(staff))
    return counts_up_to(asked, MOST)


@prepared
def _due_tasks(shop: Any, staff: Any, today: Any) -> QuerySet[Any, Any]:
    """Tasks that are due today or overdue."""
    return Task.objects.of(shop).open().filter(assignee_id=staff, due_on__lte=today).order_by().values("pk")


def customers_count(staff: Staff) -> int:
    """Exactly how many customers this person may see, a minute old at most: what shares are parts of."""
    people = Customer.objects.of(staff.shop_id).alive().visible_to(staff)
    return _counted("everyone", staff, people, most=None)


def all_of(kind: str, staff: Staff, rows: QuerySet) -> int:
    """Exactly how many rows a list has before anybody filters it; of very many, a minute old at most."""
    return _counted(f"all {kind}", staff, rows, most=None, at_once=COUNTED_AT_ONCE)


def _counted(name: str, staff: Staff, rows: QuerySet, most: int | None = MOST, at_once: int = 0) -> int:
    """at_once: fewer are counted each time."""
    key = (name, staff.shop_id, staff.pk if staff.only_own else 0)
    at, count = _known.get(key, (-FRESH_SECONDS, 0))
    if time.monotonic() - at >= FRESH_SECONDS or count < at_once:
        count = rows.count() if most is None else count_up_to(rows, most)
        _known[key] = (time.monotonic(), count)
    return count
