"""Into the bin, out of it, and away for good."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.models import Customer
from regulars.customers.operations import delete_customer, purge, restore_customer
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.owing import owing_words, stays_words
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.pages import page, redirect, toast


@require_POST
@staff_may(Permission.DELETE_CUSTOMERS)
@refusals_told
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Move to the bin and go back to the list; Undo takes it out again."""
    customer = customer_of(request, pk)
    view = CustomerView(request, customer)
    delete_customer(customer, by=request.actor)
    toast(request, _("{name} is in the bin for 30 days.").format(name=view.name), undo_url=view.url("restore/"))
    return redirect(request, view.place.back)


@require_POST
@staff_may(Permission.DELETE_CUSTOMERS)
@refusals_told
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of the bin, and to the customer's page."""
    customer = customer_of(request, pk)
    view = CustomerView(request, customer)
    restore_customer(customer, by=request.actor)
    toast(request, _("{name} is back.").format(name=view.name))
    return redirect(request, view.url())


@staff_may(Permission.DELETE_CUSTOMERS)
@refusals_told
def purge_now(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first; posted, away for good before the thirty days are over. Orders stay, without a name."""
    customer = customer_of(request, pk)
    view, home = CustomerView(request, customer), f"/s/{request.shop.slug}/customers/bin/"
    if request.method != "POST":
        people = Customer.objects.of(request.shop).filter(pk=pk)
        owing = owing_words(people, request.staff, many=False)
        return page(
            request, "customers/purge.html", {"view": view, "home": home, "owing": owing, "stays": stays_words()}
        )
    if purge(customer, by=request.actor):
        toast(request, _("{name} is gone for good.").format(name=view.name))
    else:
        toast(request, _("The personal data of {name} is gone for good; the orders stay.").format(name=view.name))
    return redirect(request, home)
