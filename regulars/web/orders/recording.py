"""The dialogs in which staff record a payment, a refund or a return of an order."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.kit import money
from regulars.kit.errors import BadValue, DomainError
from regulars.orders.by_hand import (
    Goods,
    Money,
    give_refund,
    must_stand,
    still_to_pay,
    take_payment,
    take_return,
    to_pay_back,
    worth_of,
)
from regulars.orders.models import Order, ReturnReason
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.numbers import whole_number
from regulars.web.orders.methods import METHODS
from regulars.web.orders.subject import order_of
from regulars.web.pages import page, redirect, toast

SEE = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)
LONGEST_KEY = 60

Given = Mapping[str, str]


@staff_may(*SEE, Permission.PAYMENTS)
def payment(request: StaffRequest, pk: int) -> HttpResponse:
    """Money that came in: the form, and what was written in it."""
    order = order_of(request, pk)
    words = {"heading": _("Record a payment"), "path": "payment/", "button": _("Record payment")}
    done = _("{amount} of {number} recorded as paid.")
    return _money(request, order, take_payment, still_to_pay(order), done, words)


@staff_may(*SEE, Permission.PAYMENTS)
def refund(request: StaffRequest, pk: int) -> HttpResponse:
    """Money that went back: the form, and what was written in it."""
    order = order_of(request, pk)
    words = {"heading": _("Record a refund"), "path": "refund/", "button": _("Record refund")}
    done = _("{amount} of {number} recorded as paid back.")
    return _money(request, order, give_refund, to_pay_back(order), done, words)


@staff_may(*SEE, Permission.PAYMENTS)
def goods(request: StaffRequest, pk: int) -> HttpResponse:
    """Goods that came back: the form, and what was written in it."""
    order = order_of(request, pk)
    given = request.POST.dict() or {"key": uuid4().hex, "on": _today(request).isoformat(), "reason": "0"}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            back = take_return(order, _goods(request, order), by=request.actor)
            toast(request, _("Return of {number} recorded.").format(number=order.number))
            if back.amount > back.credited and order.captured > order.refunded:
                toast(request, _("No money moved. What was paid back is recorded as a refund."), kind="info")
            return _back(request, order)
        except BadValue as refusal:
            errors[refusal.field] = str(refusal)
        except DomainError as refusal:
            errors["quantities"] = str(refusal)
    context = {
        **_common(request, order, given, errors),
        "lines": [_line(line, order, given) for line in order.lines.all() if line.quantity > 0],
        "left": max(0, order.items_count - order.items_returned),
        "reasons": [(int(one), str(one.label)) for one in ReturnReason],
        "owed": _shown(still_to_pay(order), order),
        "refusal": _refusal(order),
    }
    return page(request, "orders/return.html", context, status=422 if errors else 200)


# --- money ----------------------------------------------------------------------------------------------------------


def _money(
    request: StaffRequest, order: Order, record: Any, usual: Decimal, done: str, words: Mapping[str, str]
) -> HttpResponse:
    """A form for money, with `usual` in it at first."""
    new = {"key": uuid4().hex, "amount": _written(usual, order), "on": _today(request).isoformat()}
    given = request.POST.dict() or new
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            amount = _amount(given, "amount", order)
            facts = Money(
                key=given.get("key", "")[:LONGEST_KEY], amount=amount, on=_day(request, given),
                method=given.get("method", ""), reference=given.get("reference", ""),
            )  # fmt: skip
            record(order, facts, by=request.actor)
            toast(request, done.format(amount=_shown(amount, order), number=order.number))
            return _back(request, order)
        except BadValue as refusal:
            errors[refusal.field or "amount"] = str(refusal)
        except DomainError as refusal:
            errors["amount"] = str(refusal)
    methods = [("", _("not said")), *((code, str(name)) for code, name in METHODS.items())]
    context = {**_common(request, order, given, errors), **words, "methods": methods, "open": _shown(usual, order)}
    context["is_refund"] = record is give_refund
    context["refusal"] = "" if context["is_refund"] else _refusal(order)
    return page(request, "orders/money.html", context, status=422 if errors else 200)


def _refusal(order: Order) -> str:
    """Why nothing more is recorded of an order, in place of the form; "" while it can be."""
    try:
        must_stand(order)
    except DomainError as refusal:
        return str(refusal)
    return ""


# --- goods ----------------------------------------------------------------------------------------------------------


def _goods(request: StaffRequest, order: Order) -> Goods:
    given = request.POST.dict()
    quantities = {line.pk: _count(given.get(f"line-{line.pk}", "")) for line in order.lines.all()}
    return Goods(
        key=given.get("key", "")[:LONGEST_KEY],
        quantities={pk: count for pk, count in quantities.items() if count},
        quantity=_count(given.get("quantity", "")),
        worth=_amount(given, "worth", order) if given.get("worth", "").strip() else None,
        credited=_amount(given, "credited", order) if given.get("credited", "").strip() else None,
        reason=_reason(given.get("reason", "")),
        on=_day(request, given),
        note=given.get("note", ""),
    )


def _line(line: Any, order: Order, given: Given) -> dict[str, Any]:
    return {
        "name": f"line-{line.pk}",
        "title": line.title,
        "sold": line.quantity,
        "price": _shown(worth_of(order, [(line, 1)]), order),
        "value": given.get(f"line-{line.pk}", "0"),
    }


def _reason(text: str) -> ReturnReason:
    known = {str(int(one)): one for one in ReturnReason}
    if text not in known:
        raise BadValue(_("Choose a reason."), value=text, field="reason")
    return known[text]


def _count(text: str) -> int:
    """A whole number of things, 0 for nothing written."""
    if not text.strip():
        return 0
    count = whole_number(text.strip())
    if count is None or count > 1_000_000:
        raise BadValue(_("“{value}” is not a number of things."), value=text, field="quantities")
    return count


# --- both -----------------------------------------------------------------------------------------------------------


def _common(request: StaffRequest, order: Order, given: Given, errors: Given) -> dict[str, Any]:
    home = f"/s/{request.shop.slug}/orders/{order.pk}/"
    return {
        "order": order, "here": home, "given": given, "errors": errors, "today": _today(request).isoformat(),
        "symbol": money.symbol(order.currency, get_language() or "en"),
    }  # fmt: skip


def _amount(given: Given, name: str, order: Order) -> Decimal:
    try:
        return money.read_money(given.get(name, ""), order.currency, get_language() or "en")
    except BadValue as refusal:
        raise refusal.for_field(name) from None


def _written(amount: Decimal, order: Order) -> str:
    """An amount as it stands in a field, to be changed by hand; nothing for none."""
    if not amount:
        return ""
    is_shown_whole = amount == amount.quantize(Decimal(1).scaleb(-money.shown_decimals(order.currency)))
    return _shown(amount, order) if is_shown_whole else str(amount)


def _shown(amount: Decimal, order: Order) -> str:
    return money.show_money(money.to_minor(amount, order.currency), order.currency, get_language() or "en")


def _day(request: StaffRequest, given: Given) -> date | None:
    """A day of the shop's calendar; None for today. Raises BadValue."""
    text = given.get("on", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadValue(_("“{value}” is not a day."), value=text, field="on") from None


def _today(request: StaffRequest) -> date:
    return context_for(request.shop, staff=request.staff).today


def _back(request: StaffRequest, order: Order) -> HttpResponse:
    return redirect(request, f"/s/{request.shop.slug}/orders/{order.pk}/")
