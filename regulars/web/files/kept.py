"""Rows that stay when an import is taken back, ready to print: what they are, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.catalog.models import Activity
from regulars.customers.models import Customer
from regulars.loyalty.models import PointsEntry
from regulars.orders.models import Order
from regulars.web.access import StaffRequest
from regulars.web.files.words import field_name

WHATS = {
    "order": gettext_lazy("Orders"), "activity": gettext_lazy("Visits and viewed products"),
    "product": gettext_lazy("Products"), "points": gettext_lazy("Points"),
}  # fmt: skip
"""What an import brings, in the order in which it is told; customers come last."""

ONE = {
    "order": gettext_lazy("Order"), "activity": gettext_lazy("Visit or view"), "product": gettext_lazy("Product"),
    "points": gettext_lazy("Points"),
}  # fmt: skip

WHY = {
    "changed": gettext_lazy("changed since"),
    "paid": gettext_lazy("a payment came since"),
    "refunded": gettext_lazy("money was paid back since"),
    "returned": gettext_lazy("goods came back since"),
    "cancelled": gettext_lazy("cancelled since, or that was taken back"),
    "deleted": gettext_lazy("deleted since, or that was taken back"),
    "written_off": gettext_lazy("a part was written off since"),
    "moved": gettext_lazy("given to another customer since"),
    "merged": gettext_lazy("its customer was merged since"),
    "forgotten": gettext_lazy("its customer was forgotten since"),
    "used": gettext_lazy("in orders or visits that stay"),
    "spent": gettext_lazy("points were spent since"),
    "expired": gettext_lazy("points expired since"),
}


def kept(request: StaffRequest, stayed: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """{"what", "name", "url", "why"} of those that this person may see."""
    stayed = list(stayed)
    found = Order.objects.of(request.shop).visible_to(request.staff).filter(pk__in=_ids(stayed, "order"))
    orders = set(found.values_list("pk", flat=True))
    activity = _activity(request, _ids(stayed, "activity"))
    entries = PointsEntry.objects.of(request.shop).visible_to(request.staff).filter(pk__in=_ids(stayed, "points"))
    points = set(entries.values_list("pk", flat=True))
    seen = {"order": orders, "activity": activity, "points": points}
    return [
        {
            "what": str(ONE[one["what"]]),
            "name": one["about"],
            "url": _url(request, one),
            "why": _why(one["why"]),
        }
        for one in stayed
        if one["what"] not in seen or one["row_id"] in seen[one["what"]]
    ]


def _ids(stayed: Iterable[Mapping[str, Any]], what: str) -> list[int]:
    return [one["row_id"] for one in stayed if one["what"] == what]


def _url(request: StaffRequest, one: Mapping[str, Any]) -> str:
    """Where it is: an order, or the customer whose points they are."""
    if one["what"] == "order":
        return f"/s/{request.shop.slug}/orders/{one['row_id']}/"
    return f"/s/{request.shop.slug}/customers/{one['customer_id']}/" if one["what"] == "points" else ""


def _activity(request: StaffRequest, ids: list[int]) -> set[int]:
    """Visits of customers whom this person sees, and of nobody."""
    rows = Activity.objects.of(request.shop).filter(pk__in=ids).values_list("pk", "customer_id")
    owners = {customer_id for _pk, customer_id in rows}
    people = Customer.objects.of(request.shop).visible_to(request.staff).filter(pk__in=owners - {None})
    seen = {None, *people.values_list("pk", flat=True)}
    return {pk for pk, customer_id in rows if customer_id in seen}


def _why(reasons: Iterable[str]) -> str:
    """ "a payment came since, goods came back since"; of products also which field."""
    return ", ".join(_reason(one) for one in reasons)


def _reason(one: str) -> str:
    reason, _mark, field = one.partition(":")
    told = str(WHY[reason])
    return _("{field} {changed_since}").format(field=_field(field), changed_since=told) if field else told


def _field(column: str) -> str:
    return field_name("products", {"external_id": "product_id", "is_service": "service"}.get(column, column))
