"""The list of orders and its panels."""

from django.http import HttpResponse

from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import views
from regulars.web.orders.kind import ORDERS
from regulars.web.orders.rows import rows

MAY = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)


@staff_may(*MAY)
def orders(request: StaffRequest) -> HttpResponse:
    return views.show_list(request, ORDERS, rows, "orders/list.html")


@staff_may(*MAY)
def orders_count(request: StaffRequest) -> HttpResponse:
    return views.show_count(request, ORDERS, "orders/list.html")


@staff_may(*MAY)
def orders_filter(request: StaffRequest) -> HttpResponse:
    return views.show_filter_panel(request, ORDERS)


@staff_may(*MAY)
def orders_apply(request: StaffRequest) -> HttpResponse:
    return views.apply_filter(request, ORDERS)


@staff_may(*MAY)
def orders_columns(request: StaffRequest) -> HttpResponse:
    return views.show_columns(request, ORDERS)


@staff_may(*MAY)
def orders_conditions(request: StaffRequest) -> HttpResponse:
    return views.show_conditions(request, ORDERS)
