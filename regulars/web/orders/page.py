"""One order: lines, money, payments, refunds, returns, who bought it, what happened."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.events.models import Event
from regulars.kit import countries, dates, money, numbers
from regulars.kit.query.context import Context
from regulars.orders.errors import NoSuchOrder
from regulars.orders.lists import order_detail
from regulars.orders.models import Order, PaymentKind
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.rows import second_line, shown_name
from regulars.web.lists import cells
from regulars.web.orders import states
from regulars.web.orders.kind import visible_orders
from regulars.web.orders.methods import method_name
from regulars.web.pages import page

MOST_EVENTS = 50


@staff_may(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one order; an order of a customer one may not see does not exist."""
    try:
        found = order_detail(request.shop, pk)
    except NoSuchOrder:
        raise Http404 from None
    if request.staff.only_own and not visible_orders(request.shop, request.staff).filter(pk=pk).exists():
        raise Http404
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    return page(request, "orders/page.html", _context(found, ctx, request), title=found.number)


def _context(order: Order, ctx: Context, request: StaffRequest) -> dict[str, Any]:
    home = f"/s/{request.shop.slug}/"
    return {
        "order": order,
        "home": home,
        "placed": dates.show_moment(order.placed_at, ctx.tz, ctx.locale),
        "financial": states.financial(order.financial_state),
        "fulfilment": states.fulfilment(order.fulfilment_state),
        "cancelled": dates.show_moment(order.cancelled_at, ctx.tz, ctx.locale) if order.cancelled_at else "",
        "lines": [_line(line, ctx) for line in order.lines.all()],
        "sums": _sums(order, ctx),
        "payments": [_payment(payment, ctx) for payment in order.payments.all()],
        "returns": [_return(back, ctx) for back in order.returns.all()],
        "buyer": _buyer(order, ctx, home),
        "shipping": address_lines(order.shipping_address, ctx),
        "billing": address_lines(order.billing_address, ctx),
        "original": _original(order, ctx),
        "rate": numbers.show_number(order.rate.normalize(), ctx.locale),
        "events": _events(order, ctx),
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
    ]
    kept = {_("Total"), _("Paid")}
    return [(word, _show(amount, ctx), css) for word, amount, css in rows if amount or word in kept]


def _payment(payment: Any, ctx: Context) -> dict[str, Any]:
    return {
        "when": cells.show_moment(payment.at, ctx),
        "kind": payment.get_kind_display(),
        "state": states.payment(payment.state),
        "method": method_name(payment.method),
        "reference": payment.reference,
        "amount": _show(-payment.amount if payment.kind == PaymentKind.REFUND else payment.amount, ctx),
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


def _buyer(order: Order, ctx: Context, home: str) -> dict[str, Any] | None:
    customer = order.customer
    if customer is None:
        return None
    row = {name: getattr(customer, name) for name in ("id", "name", "company", "email", "phone", "phone_raw")}
    return {
        "name": shown_name(row, ctx),
        "sub": second_line(row, ctx),
        "url": f"{home}customers/{customer.pk}/",
        "id": customer.pk,
        "orders": numbers.show_number(customer.orders_count, ctx.locale),
        "spent": _show(customer.total_spent, ctx),
        "in_bin": customer.deleted_at is not None,
    }


def address_lines(address: dict[str, Any] | None, ctx: Context) -> list[str]:
    """An address of an order (names of `customers.profile`) in lines; the phone only for those who may see it."""
    if not address:
        return []
    get = lambda *names: ", ".join(str(address[name]) for name in names if address.get(name))  # noqa: E731
    lines = [
        get("recipient"), get("address_company"), get("address1"), get("address2"), get("ward", "district", "area"),
        get("postal_code", "city", "region"), _country(get("address_country"), ctx),
    ]  # fmt: skip
    if ctx.may(Permission.SEE_CONTACT):
        lines.append(get("address_phone"))
    return [line for line in lines if line]


def _country(written: str, ctx: Context) -> str:
    """A country as the source wrote it, in the reader's words where it is one."""
    code = countries.read_country(written)
    return countries.country_name(code, ctx.locale) if code else written


def _original(order: Order, ctx: Context) -> str:
    """The total in the order's own currency, when it is not the shop's."""
    if order.currency == ctx.currency:
        return ""
    return money.show_money(order.total_original, order.currency, ctx.locale)


def _events(order: Order, ctx: Context) -> list[dict[str, Any]]:
    about = Q(shop_id=order.shop_id, about="order", about_id=order.pk)
    # the trail is indexed by customer; orders of nobody have an index of their own
    about &= Q(customer_id=order.customer_id) if order.customer_id else Q(customer_id__isnull=True)
    events = Event.objects.filter(about).order_by("-at", "-id")[:MOST_EVENTS]
    return [
        {
            "title": str(EVENTS.get(event.kind, event.kind)),
            "when": dates.show_ago(event.at, timezone.now(), ctx.locale),
            "exact": event.at.isoformat(),
            "by": event.actor_name,
        }
        for event in events
    ]


EVENTS = {
    "order.placed": gettext_lazy("Placed"),
    "order.changed": gettext_lazy("Changed"),
    "order.cancelled": gettext_lazy("Cancelled"),
    "order.uncancelled": gettext_lazy("Taken up again"),
    "order.deleted": gettext_lazy("Deleted"),
    "order.reassigned": gettext_lazy("Given to another customer"),
    "order.written_off": gettext_lazy("Written off"),
    "payment.captured": gettext_lazy("Paid"),
    "payment.authorised": gettext_lazy("Payment authorised"),
    "payment.refunded": gettext_lazy("Refunded"),
    "payment.failed": gettext_lazy("Payment failed"),
    "payment.voided": gettext_lazy("Payment voided"),
    "return.recorded": gettext_lazy("Goods came back"),
}
