"""Why an order stays that came with a file: what happened to it since, as its trail tells."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from regulars.customers.bulk.undoing import Undoing
from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.orders.models import Payment, Return

REASONS = {
    "order.moved": "moved",
    "payment.captured": "paid",
    "payment.failed": "paid",
    "payment.refunded": "refunded",
    "payment.joined": "changed",
    "return.recorded": "returned",
    "order.cancelled": "cancelled",
    "order.uncancelled": "cancelled",
    "order.deleted": "deleted",
    "order.restored": "deleted",
    "order.written_off": "written_off",
    "order.write_off_taken_back": "written_off",
    "order.changed": "changed",
    "order.put_back": "changed",
}
"""Kind of event → why the order stays."""

CHANGED, MOVED, MERGED, FORGOTTEN = "changed", "moved", "merged", "forgotten"


def reasons(
    undoing: Undoing, owners: Mapping[int, int | None], now: Mapping[int, Mapping[str, Any]]
) -> dict[int, tuple[str, ...]]:
    """Why each of these orders stays; owners: order id → whose it was when the batch left it.

    An order of which nobody told anything, such as a test or one that a newer report only touched, was changed.
    """
    if not owners:
        return {}
    found: dict[int, set[str]] = defaultdict(set)
    for kind, about, about_id, data in _events(undoing, owners, now):
        order_id = about_id if about == "order" else data.get("order")
        if order_id in owners:
            found[order_id].add(REASONS[kind])
    merged, forgotten = _gone(undoing, owners)
    for order_id, owner in owners.items():
        if owner in forgotten:
            found[order_id].add(FORGOTTEN)
        if now[order_id]["customer_id"] != owner:
            found[order_id].add(MERGED if owner in merged else MOVED)
    order = [*dict.fromkeys(REASONS.values()), MERGED, FORGOTTEN]
    return {pk: tuple(sorted(found[pk], key=order.index)) or (CHANGED,) for pk in owners}


def _events(undoing: Undoing, owners: Mapping[int, int | None], now: Mapping[int, Mapping[str, Any]]) -> Any:
    """(kind, about, about_id, data) of what others did to these orders after the batch began."""
    people = {*filter(None, owners.values()), *(pk for one in owners if (pk := now[one]["customer_id"]))}
    payments = Payment.objects.of(undoing.shop).filter(order_id__in=owners, customer__isnull=True)
    returns = Return.objects.of(undoing.shop).filter(order_id__in=owners, customer__isnull=True)
    of_nobody = (
        Q(about="order", about_id__in=list(owners))
        | Q(about="payment", about_id__in=list(payments.values_list("pk", flat=True)))
        | Q(about="return", about_id__in=list(returns.values_list("pk", flat=True)))
    )
    events = Event.objects.filter(shop_id=undoing.shop.pk, kind__in=list(REASONS), id__gt=_beginning(undoing))
    events = events.filter(Q(customer_id__in=people) | Q(customer_id__isnull=True) & of_nobody)
    events = events.filter(Q(batch_id__isnull=True) | ~Q(batch_id__in=undoing.ours))
    return events.values_list("kind", "about", "about_id", "data")


def _beginning(undoing: Undoing) -> int:
    first = Event.objects.filter(shop_id=undoing.shop.pk, batch_id=undoing.batch_id).order_by("id")
    return first.values_list("id", flat=True).first() or 0


def _gone(undoing: Undoing, owners: Mapping[int, int | None]) -> tuple[set[int], set[int]]:
    """Those of the owners who were merged into somebody, and those who were forgotten."""
    people = Customer.objects.of(undoing.shop).filter(pk__in={*filter(None, owners.values())})
    merged = people.filter(merged_into__isnull=False).values_list("pk", flat=True)
    return set(merged), set(people.filter(anonymised_at__isnull=False).values_list("pk", flat=True))
