"""One transaction: what moved, how it went on, whose it is, and the order it belongs to."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for
from regulars.events.models import Event
from regulars.kit import dates, money
from regulars.kit.query.context import Context
from regulars.orders.errors import NotTheSame
from regulars.orders.lists import story_of
from regulars.orders.models import Payment, PaymentKind, PaymentState
from regulars.orders.operations import join_payments
from regulars.orders.recognising import may_be_same
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.orders import states
from regulars.web.orders.buyer import buyer_of
from regulars.web.orders.methods import method_name
from regulars.web.pages import page, redirect, toast
from regulars.web.transactions.kind import visible_payments
from regulars.web.transactions.rows import signed_amount


@staff_may(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)
def transaction(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one transaction; one of a customer one may not see does not exist."""
    visible = visible_payments(request.shop, request.staff).select_related("order", "customer", "channel")
    found = visible.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    return page(request, "transactions/page.html", _context(found, ctx, request), title=name_of(found))


@require_POST
@staff_may(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS, Permission.PAYMENTS)
def same(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    """Say that two transactions are the same money, which then counts once."""
    known = visible_payments(request.shop, request.staff).select_related("order")
    found = known.in_bulk([one for one in (pk, other) if one <= LARGEST_ID])
    if len(found) != 2:
        raise Http404
    home = f"/s/{request.shop.slug}/transactions/"
    try:
        left = join_payments(found[pk], found[other], by=request.actor)
    except NotTheSame as refusal:
        toast(request, str(refusal), kind="problem")
        return redirect(request, f"{home}{pk}/")
    toast(request, _("They are one transaction now."))
    return redirect(request, f"{home}{left.pk}/")


def name_of(payment: Payment) -> str:
    """What a transaction is called: its reference, or how its channel knows it."""
    return payment.reference or payment.external_id


def _context(payment: Payment, ctx: Context, request: StaffRequest) -> dict[str, Any]:
    home = f"/s/{request.shop.slug}/"
    return {
        "payment": payment,
        "home": home,
        "name": name_of(payment),
        "kind": payment.get_kind_display(),
        "when": dates.show_moment(payment.at, ctx.tz, ctx.locale),
        "state": states.payment(payment.state),
        "figures": _figures(payment, ctx),
        "facts": _facts(payment, ctx),
        "story": [_step(one, payment, ctx, home) for one in _seen(story_of(payment), request)],
        "same": [{"id": one.pk, "name": _told_apart(one, ctx)} for one in may_be_same(payment)],
        "may_join": request.staff.may(Permission.PAYMENTS),
        "order": payment.order,
        "order_total": money.show_money(payment.order.total, ctx.currency, ctx.locale) if payment.order else "",
        "order_state": states.financial(payment.order.financial_state) if payment.order else "",
        "buyer": buyer_of(payment.customer, ctx, home),
    }


def _told_apart(one: Payment, ctx: Context) -> str:
    """When it was, how, and by which reference: what tells two of one amount apart."""
    when = dates.show_moment(one.at, ctx.tz, ctx.locale)
    return " · ".join(filter(None, (when, method_name(one.method), one.reference)))


def _seen(story: list[Payment], request: StaffRequest) -> list[Payment]:
    """Those of the story this person may see: an agent limited to their own learns nothing of others'."""
    if not request.staff.only_own:
        return story
    known = visible_payments(request.shop, request.staff).filter(pk__in=[one.pk for one in story])
    ids = set(known.values_list("pk", flat=True))
    return [one for one in story if one.pk in ids]


def _figures(payment: Payment, ctx: Context) -> list[tuple[str, str, str]]:
    """(wording, amount, note): what moved, what the provider kept, what is left."""
    show = lambda minor: money.show_money(minor, ctx.currency, ctx.locale)  # noqa: E731
    shown = [(_("Amount"), signed_amount(payment.kind, payment.amount, ctx), _original(payment, ctx))]
    if payment.fee:
        net = payment.amount - payment.fee if payment.kind != PaymentKind.REFUND else -payment.amount - payment.fee
        shown += [(_("Fee"), show(payment.fee), ""), (_("Net"), show(net), _("after the fee"))]
    return shown


def _original(payment: Payment, ctx: Context) -> str:
    """The amount in the currency it was paid in, when it is not the shop's."""
    if payment.currency in ("", ctx.currency):
        return ""
    return money.show_money(money.to_minor(Decimal(payment.original), payment.currency), payment.currency, ctx.locale)


def _facts(payment: Payment, ctx: Context) -> list[tuple[str, Any]]:
    recorded = _recorded_by(payment)
    told = [
        (_("Method"), method_name(payment.method)),
        (_("Reference"), payment.reference),
        (_("Currency"), payment.currency or ctx.currency),
        (_("Channel"), payment.channel.name),
        (_("Transaction ID"), payment.external_id),
        (_("Waits for order"), payment.order_external_id if payment.order is None else ""),
        (_("Recorded by"), recorded),
    ]
    return [(word, value) for word, value in told if value]


def _recorded_by(payment: Payment) -> str:
    """The member of staff who recorded it; "" for what came from elsewhere."""
    about = Event.objects.filter(shop_id=payment.shop_id, about="payment", about_id=payment.pk, actor_kind="staff")
    event = about.filter(customer_id=payment.customer_id).order_by("-id").first()
    return event.actor_name if event else ""


def _step(one: Payment, here: Payment, ctx: Context, home: str) -> dict[str, Any]:
    return {
        "title": _said(one),
        "amount": signed_amount(one.kind, one.amount, ctx),
        "when": dates.show_moment(one.at, ctx.tz, ctx.locale),
        "exact": one.at.isoformat(),
        "by": " · ".join(filter(None, (method_name(one.method), one.reference))),
        "url": "" if one.pk == here.pk else f"{home}transactions/{one.pk}/",
        "is_here": one.pk == here.pk,
    }


def _said(payment: Payment) -> str:
    """What happened, as people say it."""
    if payment.state == PaymentState.SUCCEEDED:
        return str(_HAPPENED[PaymentKind(payment.kind)])
    return f"{payment.get_kind_display()}: {payment.get_state_display()}"


_HAPPENED = {
    PaymentKind.AUTHORISATION: gettext_lazy("Authorised"),
    PaymentKind.CAPTURE: gettext_lazy("Captured"),
    PaymentKind.REFUND: gettext_lazy("Paid back"),
    PaymentKind.VOID: gettext_lazy("Voided"),
}
