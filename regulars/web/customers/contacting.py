"""Getting in touch is written down: a click on a button by itself, a call by whoever made it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.contacts import log_contact
from regulars.customers.ways import Outcome, Way
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted
from regulars.web.customers.subject import customer_of
from regulars.web.pages import nothing, page, toast


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEE_CONTACT)
def contacted(request: StaffRequest, pk: int) -> HttpResponse:
    """The dialog about a call, and its answer. A click on a button posts the `way` alone and waits for nothing."""
    customer = customer_of(request, pk)
    view, error = CustomerView(request, customer), ""
    given = {name: request.POST.get(name, "") for name in ("way", "outcome", "note")}
    if request.method == "POST":
        note = given["note"] if view.may_note else ""
        try:
            log_contact(customer, given["way"], by=request.actor, outcome=given["outcome"], note=note)
        except DomainError as refusal:
            error = str(refusal)
        else:
            return _kept(request, pk) if given["outcome"] else nothing(request)
    choices = {name: [(one.value, str(one.label)) for one in of] for name, of in (("ways", Way), ("outcomes", Outcome))}
    context = {"view": view, "given": given, "error": error, **choices}
    return page(request, "customers/contacted.html", context, status=422 if error else 200)


def _kept(request: StaffRequest, pk: int) -> HttpResponse:
    toast(request, _("Written into the timeline."))
    return acted(request, pk)
