"""A customer's orders and transactions, ready to print."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from regulars.kit import money, numbers
from regulars.orders.lists import After, Slice, orders_of, payments_of, returns_of
from regulars.orders.models import FinancialState, FulfilmentState, Order, Payment, PaymentKind, PaymentState, Return
from regulars.web.customers.sections.cursors import read_cursor, write_cursor
from regulars.web.lists import cells
from regulars.web.orders.methods import method_name

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

PAID_TONES = {
    FinancialState.PAID: "good",
    FinancialState.PENDING: "warn",
    FinancialState.AUTHORISED: "cool",
    FinancialState.PARTLY_PAID: "warn",
    FinancialState.PARTLY_REFUNDED: "violet",
    FinancialState.REFUNDED: "violet",
}
SENT_TONES = {
    FulfilmentState.DELIVERED: "good",
    FulfilmentState.FULFILLED: "cool",
    FulfilmentState.PARTLY_FULFILLED: "warn",
    FulfilmentState.RETURNED: "violet",
}
_PAYMENT_TONES = {PaymentState.SUCCEEDED: "good", PaymentState.PENDING: "warn", PaymentState.FAILED: "bad"}
_OUTGOING = {PaymentKind.REFUND}


def orders(view: "CustomerView") -> dict[str, Any]:
    """A page of orders, newest first, and the address of the next one."""
    found = orders_of(view.customer, after=page_after(view))
    return page_of(view, found, "orders", lambda row: _order(view, row))


def payments(view: "CustomerView") -> dict[str, Any]:
    """A page of transactions, newest first, and the address of the next one."""
    found = payments_of(view.customer, after=page_after(view))
    return page_of(view, found, "transactions", lambda row: _payment(view, row))


def returns(view: "CustomerView") -> dict[str, Any]:
    """A page of what came back, newest first, and the address of the next one."""
    found = returns_of(view.customer, after=page_after(view))
    return page_of(view, found, "returns", lambda row: _return(view, row))


def page_of(view: "CustomerView", found: Slice, tab: str, ready: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Rows ready to print, and the address of the older ones."""
    more = view.url(tab=tab, before=write_cursor(found.next.at, found.next.id)) if found.next else ""
    return {"rows": [ready(row) for row in found.rows], "more": more}


def page_after(view: "CustomerView") -> After | None:
    """Behind which row the page begins that the address asks for."""
    before = read_cursor(view.request.GET.get("before", ""))
    return After(*before) if before else None


def _order(view: "CustomerView", order: Order) -> dict[str, Any]:
    ctx = view.ctx
    return {
        "id": order.pk,
        "url": f"/s/{view.shop.slug}/orders/{order.pk}/",
        "number": order.number,
        "placed": cells.show_moment(order.placed_at, ctx),
        "channel": order.channel.name,
        "what": ", ".join(str(line) for line in order.lines.all()),
        "items": numbers.show_number(order.items_count, ctx.locale),
        "total": cells.show_amount(order.total, ctx),
        "owed": cells.show_amount(order.owed, ctx) if order.owed else "",
        "paid": order.get_financial_state_display(),
        "paid_tone": PAID_TONES.get(FinancialState(order.financial_state), ""),
        "sent": order.get_fulfilment_state_display(),
        "sent_tone": SENT_TONES.get(FulfilmentState(order.fulfilment_state), ""),
        "is_cancelled": order.cancelled_at is not None,
        "is_test": order.is_test,
    }


def _payment(view: "CustomerView", payment: Payment) -> dict[str, Any]:
    ctx = view.ctx
    sign = "−" if payment.kind in _OUTGOING else ""
    return {
        "url": f"/s/{view.shop.slug}/transactions/{payment.pk}/",
        "at": cells.show_moment(payment.at, ctx),
        "kind": payment.get_kind_display(),
        "amount": f"{sign}{money.show_money(payment.amount, ctx.currency, ctx.locale)}",
        "method": method_name(payment.method),
        "reference": payment.reference,
        "order": payment.order.number if payment.order else payment.order_external_id,
        "order_url": f"/s/{view.shop.slug}/orders/{payment.order_id}/" if payment.order_id else "",
        "channel": payment.channel.name,
        "state": payment.get_state_display(),
        "tone": _PAYMENT_TONES.get(PaymentState(payment.state), ""),
        "is_stated": payment.is_stated,
    }


def _return(view: "CustomerView", back: Return) -> dict[str, Any]:
    ctx = view.ctx
    return {
        "order": back.order.number if back.order else back.order_external_id,
        "order_url": f"/s/{view.shop.slug}/orders/{back.order_id}/" if back.order_id else "",
        "at": cells.show_moment(back.at, ctx),
        "reason": back.get_reason_display(),
        "quantity": numbers.show_number(back.quantity, ctx.locale),
        "amount": cells.show_amount(back.amount, ctx),
        "credited": cells.show_amount(back.credited, ctx),
        "note": back.note,
    }
