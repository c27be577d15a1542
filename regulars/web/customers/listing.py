"""The list of customers, its panels and its bin."""

from django.http import HttpResponse

from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import bulk_actions
from regulars.web.customers.kind import BIN, CUSTOMERS
from regulars.web.customers.rows import rows
from regulars.web.lists import views


@staff_may(Permission.SEE_CUSTOMERS)
def customers(request: StaffRequest) -> HttpResponse:
    more = {"bulk_actions": bulk_actions(request.staff)}
    return views.show_list(request, CUSTOMERS, rows, "customers/list.html", more)


@staff_may(Permission.SEE_CUSTOMERS)
def customers_count(request: StaffRequest) -> HttpResponse:
    return views.show_count(request, CUSTOMERS, "customers/list.html")


@staff_may(Permission.SEE_CUSTOMERS)
def customers_filter(request: StaffRequest) -> HttpResponse:
    return views.show_filter_panel(request, CUSTOMERS)


@staff_may(Permission.SEE_CUSTOMERS)
def customers_apply(request: StaffRequest) -> HttpResponse:
    return views.apply_filter(request, CUSTOMERS)


@staff_may(Permission.SEE_CUSTOMERS)
def customers_columns(request: StaffRequest) -> HttpResponse:
    return views.show_columns(request, CUSTOMERS)


@staff_may(Permission.SEE_CUSTOMERS)
def customers_conditions(request: StaffRequest) -> HttpResponse:
    return views.show_conditions(request, CUSTOMERS)


@staff_may(Permission.DELETE_CUSTOMERS)
def bin_list(request: StaffRequest) -> HttpResponse:
    return views.show_list(request, BIN, rows, "customers/bin.html")
