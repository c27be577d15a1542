"""Which order a page or an action is about."""

from django.http import Http404

from regulars.orders.errors import NoSuchOrder
from regulars.orders.lists import order_detail
from regulars.orders.models import Order
from regulars.web.access import StaffRequest
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.orders.kind import visible_orders


def order_of(request: StaffRequest, pk: int) -> Order:
    """The shop's order of that number, whole; 404 for one of a customer this person may not see."""
    if pk > LARGEST_ID:
        raise Http404
    try:
        found = order_detail(request.shop, pk)
    except NoSuchOrder:
        raise Http404 from None
    if request.staff.only_own and not visible_orders(request.shop, request.staff).filter(pk=pk).exists():
        raise Http404
    return found
