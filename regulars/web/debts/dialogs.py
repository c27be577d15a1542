"""The dialogs about what is owed: give up a part of it, owe it again, until when it is paid, how much may be owed.

Each goes back to the page it was opened on.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
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
from regulars.orders.operations import set_due_date, take_back_write_off, write_off
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


@staff_may(*SEE, Permission.WRITE_OFF)
def give_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Write off a part of what an order owes; at first all of it."""
    order = order_of(request, pk)
    words = {
        "heading": _("Write off"),
        "path": "write-off/",
        "button": _("Write off"),
        "lead": _("{amount} still to pay").format(amount=_shown(order.owed, order)),
        "help": _("What is given up is owed no longer. It can be taken back."),
    }
    done = _("{amount} of {number} written off.")
    return _amounts(request, order, write_off, order.owed, done, words)


@staff_may(*SEE, Permission.WRITE_OFF)
def owe_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a write-off back, or a part of it; at first all of it."""
    order = order_of(request, pk)
    words = {
        "heading": _("Take a write-off back"),
        "path": "write-off/back/",
        "button": _("Owe again"),
        "lead": _("{amount} written off").format(amount=_shown(order.written_off, order)),
        "help": _("The customer owes it again. Both entries stay in the books."),
    }
    done = _("{amount} of {number} is owed again.")
    return _amounts(request, order, take_back_write_off, order.written_off, done, words)


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
    context = {**_of_order(request, order, given, errors), **words, "deed": "due"}
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


# --- how it is done -------------------------------------------------------------------------------------------------


def _amounts(
    request: StaffRequest, order: Order, do: Callable[..., Order], usual: int, done: str, words: Given
) -> HttpResponse:
    """A form for an amount and a reason, with `usual` minor units in it at first."""
    given = request.POST.dict() or {"amount": _shown(usual, order) if usual else "", "reason": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            amount = _amount(given.get("amount", ""), order)
            do(order, amount, reason=given.get("reason", ""), by=request.actor)
            shown = _shown(money.to_minor(amount, order.shop.currency), order)
            toast(request, done.format(amount=shown, number=order.number))
            return redirect(request, back_to(request, f"orders/{order.pk}/"))
        except BadValue as refusal:
            errors[refusal.field or "amount"] = str(refusal)
        except DomainError as refusal:
            errors["amount"] = str(refusal)
    context = {**_of_order(request, order, given, errors), **words, "deed": "amount"}
    return page(request, DIALOG, context, status=422 if errors else 200)


def _of_order(request: StaffRequest, order: Order, given: Given, errors: Given) -> dict[str, Any]:
    here = f"/s/{request.shop.slug}/orders/{order.pk}/"
    return {
        "order": order, "given": given, "errors": errors, "here": here, "currency": request.shop.currency,
        "usual": show_day(_usual(order, request), get_language() or "en"),
    }  # fmt: skip


def _usual(order: Order, request: StaffRequest) -> date:
    """The day an order has without one of its own."""
    return due_day(Order(placed_at=order.placed_at), request.shop)


def _amount(text: str, order: Order) -> Decimal:
    try:
        return money.read_money(text, order.shop.currency, get_language() or "en")
    except BadValue as refusal:
        raise refusal.for_field("amount") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadValue(_("“{value}” is not a day."), value=text, field="due_on") from None


def _shown(minor: int, order: Order) -> str:
    return money.show_money(minor, order.shop.currency, get_language() or "en")
