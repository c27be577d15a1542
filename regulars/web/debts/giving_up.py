"""Giving up a part of what an order owes, and owing it again: one dialog for an amount and a reason, in two words."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.kit import money
from regulars.kit.errors import BadValue, DomainError
from regulars.orders.models import Order
from regulars.orders.operations import take_back_write_off, write_off
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.debts.dialogs import DIALOG, SEE, of_order
from regulars.web.orders.subject import order_of
from regulars.web.pages import page, redirect, toast
from regulars.web.places import back_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One way round. most: of an order, in minor units: all of it at first. lead, done: with an {amount}."""

    do: Callable[..., Order]
    most: Callable[[Order], int]
    path: str
    heading: Promise
    button: Promise
    lead: Promise
    help: Promise
    done: Promise


GIVE_UP = Deed(
    do=write_off,
    most=lambda order: order.owed,
    path="write-off/",
    heading=_("Write off"),
    button=_("Write off"),
    lead=_("{amount} still to pay"),
    help=_("What is given up is owed no longer. It can be taken back."),
    done=_("{amount} of {number} written off."),
)
OWE_AGAIN = Deed(
    do=take_back_write_off,
    most=lambda order: order.written_off,
    path="write-off/back/",
    heading=_("Take a write-off back"),
    button=_("Owe again"),
    lead=_("{amount} written off"),
    help=_("The customer owes it again. Both entries stay in the books."),
    done=_("{amount} of {number} is owed again."),
)


@staff_may(*SEE, Permission.WRITE_OFF)
def give_up(request: StaffRequest, pk: int, deed: Deed = GIVE_UP) -> HttpResponse:
    """The form for an amount and a reason, and what was written in it. Routes say which way round it goes."""
    order = order_of(request, pk)
    most = deed.most(order)
    given = request.POST.dict() or {"amount": _shown(most, order) if most else "", "reason": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            amount = _amount(given.get("amount", ""), order)
            deed.do(order, amount, reason=given.get("reason", ""), by=request.actor)
            shown = _shown(money.to_minor(amount, order.shop.currency), order)
            toast(request, str(deed.done).format(amount=shown, number=order.number))
            return redirect(request, back_to(request, f"orders/{order.pk}/"))
        except BadValue as refusal:
            errors[refusal.field or "amount"] = str(refusal)
        except DomainError as refusal:
            errors["amount"] = str(refusal)
    words = {name: getattr(deed, name) for name in ("heading", "path", "button", "help")}
    lead = str(deed.lead).format(amount=_shown(most, order))
    context = {**of_order(request, order, given, errors), **words, "lead": lead, "deed": "amount"}
    return page(request, DIALOG, context, status=422 if errors else 200)


def _amount(text: str, order: Order) -> Decimal:
    try:
        return money.read_money(text, order.shop.currency, get_language() or "en")
    except BadValue as refusal:
        raise refusal.for_field("amount") from None


def _shown(minor: int, order: Order) -> str:
    return money.show_money(minor, order.shop.currency, get_language() or "en")
