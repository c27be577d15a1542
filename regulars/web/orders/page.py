"""One order: lines, money, payments, refunds, returns, write-offs, who bought it, what happened."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.address_lines import PARTS, address_lines
from regulars.customers.fields import context_for
from regulars.kit import countries, dates, money, numbers
from regulars.kit.query.context import Context
from regulars.orders.debts import days_late, due_day
from regulars.orders.models import Order, PaymentKind, WriteOff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import cells
from regulars.web.orders import states
from regulars.web.orders.buyer import buyer_of
from regulars.web.orders.deeds import Deeds
from regulars.web.orders.events import events
from regulars.web.orders.methods import method_name
from regulars.web.orders.subject import order_of
from regulars.web.pages import page


@staff_may(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one order; an order of a customer one may not see does not exist."""
    found = order_of(request, pk)
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    return page(request, "orders/page.html", _context(found, ctx, request), title=found.number)


def _context(order: Order, ctx: Context, request: StaffRequest) -> dict[str, Any]:
    home = f"/s/{request.shop.slug}/"
    return {
        "order": order,
        "home": home,
        "here": f"{home}orders/{order.pk}/",
        "placed": dates.show_moment(order.placed_at, ctx.tz, ctx.locale),
        "financial": states.financial(order.financial_state),
        "fulfilment": states.fulfilment(order.fulfilment_state),
        "cancelled": dates.show_moment(order.cancelled_at, ctx.tz, ctx.locale) if order.cancelled_at else "",
        "to_pay_back": _show(order.captured - order.refunded, ctx) if order.captured > order.refunded else "",
        "lines": [_line(line, ctx) for line in order.lines.all()],
        "sums": _sums(order, ctx),
        "payments": [_payment(payment, ctx, home) for payment in order.payments.all()],
        "returns": [_return(back, ctx) for back in order.returns.all()],
        "buyer": buyer_of(order.customer, ctx, home),
        "shipping": lines_of(order.shipping_address, ctx),
        "billing": lines_of(order.billing_address, ctx),
        "original": _original(order, ctx),
        "rate": numbers.show_number(order.rate.normalize(), ctx.locale),
        "events": events(order, ctx),
        "deeds": Deeds.of(order, request.staff),
        "written_off": [_write_off(one, ctx) for one in order.write_offs.all()],
        "due": _due(order, ctx),
        "may_contact": request.staff.may(Permission.SEE_CONTACT),
    }


def _show(minor: int, ctx: Context) -> str:
    return money.show_money(minor, ctx.currency, ctx.locale)


def _line(line: Any, ctx: Context) -> dict[str, Any]:
    return {
        "title": line.title,
        "sku": line.sku,
        "service_on": dates.show_day(line.service_on, ctx.locale) if line.service_on else "",
        "quantity": numbers.show_number(line.quantity, ctx.locale),
        "unit_price": _show(line.unit_price, ctx),
        "discount": _show(line.discount, ctx) if line.discount else "",
        "total": _show(line.total, ctx),
    }


def _sums(order: Order, ctx: Context) -> list[tuple[str, str, str]]:
    """(wording, amount, class) of the money below the lines; nothing that is zero but the total and what was paid."""
    rows = [
        (_("Subtotal"), order.subtotal, ""),
        (_("Discount"), -order.discount, ""),
        (_("Shipping"), order.shipping, ""),
        (_("Tax"), order.tax, ""),
        (_("Total"), order.total, "is-total"),
        (_("Paid"), order.captured, ""),
        (_("Refunded"), -order.refunded, ""),
        (_("Credited for returns"), -order.credited, ""),
        (_("Written off"), -order.written_off, ""),
        (_("Still to pay"), order.owed, "is-owed"),
        (_("Credit of the customer"), order.overpaid, "is-owed"),
    ]
    kept = {_("Total"), _("Paid")}
    return [(word, _show(amount, ctx), css) for word, amount, css in rows if amount or word in kept]


def _payment(payment: Any, ctx: Context, home: str) -> dict[str, Any]:
    return {
        "url": f"{home}transactions/{payment.pk}/",
        "when": cells.show_moment(payment.at, ctx),
        "kind": payment.get_kind_display(),
        "is_stated": payment.is_stated,
        "state": states.payment(payment.state),
        "method": method_name(payment.method),
        "reference": payment.reference,
        "amount": _show(-payment.amount if payment.kind == PaymentKind.REFUND else payment.amount, ctx),
        "original": _in(payment.currency, payment.original, ctx),
        "fee": _show(payment.fee, ctx) if payment.fee else "",
    }


def _return(back: Any, ctx: Context) -> dict[str, Any]:
    return {
        "when": cells.show_moment(back.at, ctx),
        "reason": back.get_reason_display(),
        "quantity": numbers.show_number(back.quantity, ctx.locale),
        "amount": _show(back.amount, ctx),
        "credited": _show(back.credited, ctx) if back.credited else "",
        "note": back.note,
    }


def lines_of(address: dict[str, Any] | None, ctx: Context) -> list[str]:
    """An address of an order (names of `customers.profile`) in lines; the phone only for those who may see it."""
    if not address:
        return []
    get = lambda name: str(address.get(name) or "")  # noqa: E731
    country = get("address_country")
    where = address_lines(countries.read_country(country) or "", {part: get(part) for part in PARTS})
    lines = [get("recipient"), get("address_company"), *where, _country(country, ctx)]
    if ctx.may(Permission.SEE_CONTACT):
        lines.append(get("address_phone"))
    return [line for line in lines if line]


def _country(written: str, ctx: Context) -> str:
    """A country as the source wrote it, in the reader's words where it is one."""
    code = countries.read_country(written)
    return countries.country_name(code, ctx.locale) if code else written


def _write_off(one: WriteOff, ctx: Context) -> dict[str, Any]:
    return {
        "when": cells.show_moment(one.at, ctx),
        "reason": one.reason,
        "by": one.by_name,
        "amount": _show(one.amount, ctx),
    }


def _due(order: Order, ctx: Context) -> dict[str, Any] | None:
    """Until when it should be paid, and how late that is; None for what owes nothing."""
    if not order.owed:
        return None
    late = days_late(order, order.shop, ctx.today)
    words = ngettext("{n} day late", "{n} days late", late).format(n=numbers.show_number(late, ctx.locale))
    return {"day": dates.show_day(due_day(order, order.shop), ctx.locale), "late": words if late else ""}


def _in(currency: str, amount: Decimal, ctx: Context) -> str:
    """An amount in its own currency, when that is not the shop's."""
    if currency in ("", ctx.currency):
        return ""
    return money.show_money(money.to_minor(amount, currency), currency, ctx.locale)


def _original(order: Order, ctx: Context) -> str:
    """The total in the order's own currency, when it is not the shop's."""
    if order.currency == ctx.currency:
        return ""
    return money.show_money(order.total_original, order.currency, ctx.locale)
