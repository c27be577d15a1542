"""Whose orders are: attaching related ones to a customer, detaching wrong ones, and taking either back."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from regulars.customers.models import Customer
from regulars.orders.errors import NotTheirs
from regulars.orders.models import Order
from regulars.orders.operations import attach_orders, detach_orders, undo_moves
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.numbers import whole_number
from regulars.web.orders.kind import visible_orders
from regulars.web.pages import redirect, toast

MOST = 200
MAY = (Permission.SEE_ORDERS, Permission.EDIT_CUSTOMERS)


@require_POST
@staff_may(*MAY)
@refusals_told
def attach(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the chosen orders to this customer."""
    customer = customer_of(request, pk)
    orders = _chosen(request)
    if not orders:
        toast(request, _("Choose orders first."), kind="info")
        return acted(request, pk)
    moved = attach_orders(customer, orders, by=request.actor)
    words = ngettext("{n} order attached.", "{n} orders attached.", moved).format(n=moved)
    return _moved(request, customer, orders, words)


@require_POST
@staff_may(*MAY)
@refusals_told
def detach(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an order be nobody's; who sees only their own customers' orders would lose it, and may not."""
    customer = customer_of(request, pk)
    if request.staff.only_own:
        raise Http404
    orders = _chosen(request)
    if not detach_orders(customer, orders, by=request.actor):
        raise NotTheirs
    return _moved(request, customer, orders, _("Order {number} is nobody's now.").format(number=orders[0].number))


@require_POST
@staff_may(*MAY)
@refusals_told
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring orders back to where they were before they were attached or detached."""
    customer = customer_of(request, pk)
    moved = undo_moves(customer, _chosen(request), by=request.actor)
    if not moved:
        raise NotTheirs
    toast(request, ngettext("{n} order is back.", "{n} orders are back.", moved).format(n=moved))
    return redirect(request, _here(request, customer))


def _moved(request: StaffRequest, customer: Customer, orders: list[Order], words: str) -> HttpResponse:
    ids = ",".join(str(order.pk) for order in orders)
    undo_url = CustomerView(request, customer).url("orders/undo/", orders=ids, tab=request.GET.get("tab", ""))
    toast(request, words, undo_url=undo_url)
    return redirect(request, _here(request, customer))  # figures, tabs and timeline are all others now


def _here(request: StaffRequest, customer: Customer) -> str:
    return CustomerView(request, customer).here


def _chosen(request: StaffRequest) -> list[Order]:
    """The orders that were ticked, or that stand in the address, as far as this person may see them."""
    given = request.POST.getlist("orders") or request.GET.get("orders", "").split(",")
    ids = [pk for pk in map(whole_number, given[:MOST]) if pk is not None]
    return list(visible_orders(request.shop, request.staff).filter(pk__in=ids).order_by("pk"))
