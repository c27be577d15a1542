"""Dialogs about what is owed: until when it is paid, how much may be owed. Each goes back to where it was opened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.operations import set_credit_limit
from regulars.kit import money
from regulars.kit.dates import show_day
from regulars.kit.errors import BadValue, DomainError
from regulars.orders.debts import due_day
from regulars.orders.models import Order
from regulars.orders.operations import set_due_date
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of
from regulars.web.orders.subject import order_of
from regulars.web.pages import page, redirect, toast
from regulars.web.places import back_to

SEE = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)
DIALOG = "debts/dialog.html"
Given = Mapping[str, str]


@staff_may(*SEE, Permission.PAYMENTS)
def due(request: StaffRequest, pk: int) -> HttpResponse:
    """Until when an order should be paid; empty for the shop's usual days."""
    order = order_of(request, pk)
    given = request.POST.dict() or {"due_on": order.due_on.isoformat() if order.due_on else ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            changed = set_due_date(order, _day(given["due_on"]) if given.get("due_on") else None, by=request.actor)
            day = show_day(due_day(changed, request.shop), get_language() or "en")
            toast(request, _("{number} is to be paid by {day}.").format(number=order.number, day=day))
            return redirect(request, back_to(request, f"orders/{pk}/"))
        except BadValue as refusal:
            errors["due_on"] = str(refusal)
    words = {"heading": _("Due date"), "path": "due/", "button": _("Save"), "lead": ""}
    context = {**of_order(request, order, given, errors), **words, "deed": "due"}
    return page(request, DIALOG, context, status=422 if errors else 200)


@staff_may(*SEE, Permission.WRITE_OFF)
def limit(request: StaffRequest, pk: int) -> HttpResponse:
    """How much a customer may owe; empty for no limit."""
    customer = customer_of(request, pk)
    view = CustomerView(request, customer)
    currency, locale = request.shop.currency, get_language() or "en"
    now = "" if customer.credit_limit is None else money.show_money(customer.credit_limit, currency, locale)
    given = request.POST.dict() or {"credit_limit": now}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            text = given.get("credit_limit", "").strip()
            set_credit_limit(customer, money.read_money(text, currency, locale) if text else None, by=request.actor)
            toast(request, _("Saved."))
            return redirect(request, back_to(request, f"customers/{pk}/?tab=debts"))
        except DomainError as refusal:
            errors["credit_limit"] = str(refusal)
    context = {
        "deed": "limit", "heading": _("Credit limit"), "lead": view.name, "button": _("Save"), "given": given,
        "errors": errors, "action": view.url("credit-limit/"), "here": view.url(tab="debts"), "currency": currency,
    }  # fmt: skip
    return page(request, DIALOG, context, status=422 if errors else 200)


def of_order(request: StaffRequest, order: Order, given: Given, errors: Given) -> dict[str, Any]:
    """What every dialog about one order shows."""
    here = f"/s/{request.shop.slug}/orders/{order.pk}/"
    return {
        "order": order, "given": given, "errors": errors, "here": here, "currency": request.shop.currency,
        "usual": show_day(_usual(order, request), get_language() or "en"),
    }  # fmt: skip


def _usual(order: Order, request: StaffRequest) -> date:
    """The day an order has without one of its own."""
    return due_day(Order(placed_at=order.placed_at), request.shop)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadValue(_("“{value}” is not a day."), value=text, field="due_on") from None
