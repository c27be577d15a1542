"""One box for everything. Each answer says why it matched."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.customers.search import find
from regulars.kit.text import fold
from regulars.orders.models import Order
from regulars.segments.models import Segment
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import asked_for_part, page
from regulars.web.transactions.kind import visible_payments

MOST_PEOPLE, MOST_ORDERS, MOST_SEGMENTS, MOST_PAGES = 8, 5, 5, 4


@staff_may(Permission.SEE_CUSTOMERS)
def search(request: StaffRequest) -> HttpResponse:
    """Groups of hits for what was typed so far."""
    text = request.GET.get("q", "").strip()[:200]
    groups = [
        ("people", _("Customers"), _people(request, text)),
        ("orders", _("Orders"), _orders(request, text)),
        ("transactions", _("Transactions"), _transactions(request, text)),
        ("segments", _("Segments"), _segments(request, text)),
        ("pages", _("Pages and actions"), _pages(request, text)),
    ]
    found = [group for group in groups if group[2]] if text else []
    context = {"text": text, "groups": found, "in_box": asked_for_part(request)}
    return page(request, "search/results.html", context)


def _people(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    hits = find(request.shop, text, limit=MOST_PEOPLE, visible_to=request.staff)
    rows = Customer.objects.of(request.shop).in_bulk([hit.customer_id for hit in hits])
    may_contact = request.staff.may(Permission.SEE_CONTACT)
    return [
        {
            "id": f"c{hit.customer_id}",
            "url": f"/s/{request.shop.slug}/customers/{hit.customer_id}/",
            "title": _called(rows[hit.customer_id], may_contact),
            "detail": _detail(rows[hit.customer_id], may_contact),
            "why": hit.reason,
            "person": _called(rows[hit.customer_id], may_contact),
            "icon": "",
        }
        for hit in hits
        if hit.customer_id in rows
    ]


def _called(customer: Customer, may_contact: bool) -> str:
    reached = (customer.email or customer.phone or customer.phone_raw) if may_contact else ""
    return customer.name or customer.company or reached or _("Customer {id}").format(id=customer.pk)


def _detail(customer: Customer, may_contact: bool) -> str:
    reached = [customer.email, customer.phone or customer.phone_raw] if may_contact else []
    return " · ".join(part for part in [*reached, customer.city] if part)


def _orders(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    """Orders whose number begins so; an agent limited to their own customers finds only theirs."""
    if len(text) < 2 or not request.staff.may(Permission.SEE_ORDERS):
        return []
    orders = Order.objects.of(request.shop).recorded().visible_to(request.staff)
    numbers = [text, f"#{text}"] if not text.startswith("#") else [text]
    found: dict[int, Order] = {}
    for number in numbers:
        for order in orders.filter(number__startswith=number).order_by("number")[:MOST_ORDERS]:
            found.setdefault(order.pk, order)
    return [
        {
            "id": f"o{order.pk}",
            "url": f"/s/{request.shop.slug}/orders/{order.pk}/",
            "title": order.number,
            "detail": str(order.get_financial_state_display()),
            "why": _("order number"),
            "person": None,
            "icon": "shopping-bag",
        }
        for order in list(found.values())[:MOST_ORDERS]
    ]


def _transactions(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    """Transactions of exactly this reference, as far as this person may see them."""
    if len(text) < 2 or not request.staff.may(Permission.SEE_ORDERS):
        return []
    payments = visible_payments(request.shop, request.staff).filter(reference__in={text, text.upper()})
    return [
        {
            "id": f"t{payment.pk}",
            "url": f"/s/{request.shop.slug}/transactions/{payment.pk}/",
            "title": payment.reference,
            "detail": f"{payment.get_kind_display()} · {payment.get_state_display()}",
            "why": _("reference"),
            "person": None,
            "icon": "receipt",
        }
        for payment in payments.exclude(reference="").order_by("-at", "-pk")[:MOST_ORDERS]
    ]


def _segments(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    """Segments whose name or folder holds all the words."""
    words = fold(text).split()
    every = Segment.objects.of(request.shop).order_by("name", "pk")
    hits = [one for one in every if words and all(word in fold(f"{one.name} {one.folder}") for word in words)]
    return [
        {
            "id": f"s{one.pk}",
            "url": f"/s/{request.shop.slug}/segments/{one.pk}/",
            "title": one.name,
            "detail": one.description,
            "why": _("segment"),
            "person": None,
            "icon": "target",
        }
        for one in hits[:MOST_SEGMENTS]
    ]


def _pages(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    """Pages and actions whose name holds all the words."""
    words = fold(text).split()
    known = [
        (Permission.EDIT_CUSTOMERS, _("Add customer"), "customers/new/", "user-plus"),
        (Permission.IMPORT, _("Import customers"), "files/import/customers/", "file-import"),
        (Permission.IMPORT, _("Import orders"), "files/import/orders/", "file-import"),
        (Permission.SEE_CUSTOMERS, _("Customers"), "customers/", "users"),
        (Permission.SEE_CUSTOMERS, _("Segments"), "segments/", "target"),
        (Permission.SEGMENTS, _("New segment"), "segments/new/", "plus"),
        (Permission.SEE_ORDERS, _("Orders"), "orders/", "shopping-bag"),
        (Permission.SEE_ORDERS, _("Transactions"), "transactions/", "receipt"),
        (Permission.DELETE_CUSTOMERS, _("Bin"), "customers/bin/", "trash"),
        (Permission.EXPORT, _("Imports & exports"), "files/", "transfer"),
        (Permission.SETTINGS, _("Settings"), "settings/", "settings"),
    ]
    hits = [one for one in known if request.staff.may(one[0]) and all(word in fold(one[1]) for word in words)]
    return [
        {"id": f"p{place}", "url": f"/s/{request.shop.slug}/{path}", "title": title, "detail": "", "why": "",
         "person": None, "icon": picture}
        for place, (_permission, title, path, picture) in enumerate(hits[:MOST_PAGES])
    ]  # fmt: skip
