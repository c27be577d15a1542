"""One movement of points: it is looked at where it stands, in its customer's ledger."""

from django.http import Http404, HttpResponse

from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.loyalty.kind import visible_entries
from regulars.web.pages import redirect


@staff_may(Permission.SEE_CUSTOMERS)
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """Leads there; 404 for one of a customer whom this person may not see."""
    found = visible_entries(request.shop, request.staff).filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return redirect(request, f"/s/{request.shop.slug}/customers/{found.customer_id}/?tab=points")
