"""Which customer an address means, and how views about one customer answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from regulars.customers.models import Customer
from regulars.kit.errors import DomainError
from regulars.web.access import StaffRequest
from regulars.web.pages import asked_for_part, nothing, redirect, toast

LARGEST_ID = 2**63 - 1
View = Callable[..., HttpResponse]


def customer_of(request: StaffRequest, pk: int) -> Customer:
    """The shop's customer of that number, in the bin or not; 404 for one this person may not see.

    One row of one table: planning a join of nine takes PostgreSQL longer than asking for the few that are shown.
    """
    rows = Customer.objects.of(request.shop).visible_to(request.staff)
    customer: Customer | None = rows.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if customer is None:
        raise Http404
    customer.shop = request.shop
    return customer


def refusals_told(view: View) -> View:
    """A refusal of the domain becomes a sentence in the corner of the page one is on."""

    @wraps(view)
    def inner(request: StaffRequest, **rest: Any) -> HttpResponse:
        try:
            return view(request, **rest)
        except DomainError as refusal:
            toast(request, str(refusal), kind="problem")
        if asked_for_part(request):
            return nothing(request)
        pk = rest.get("pk")
        return redirect(request, f"/s/{request.shop.slug}/customers/{f'{pk}/' if pk else ''}")

    return inner
