"""A customer's referral code, and finding who may have sent somebody."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.customers.operations import give_referral_code, set_referral_code
from regulars.customers.search import find
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import acted
from regulars.web.customers.rows import shown_name
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.pages import page, toast

MOST = 8
_NAMING = ("id", "name", "company", "email", "phone", "phone_raw", "zalo_id", "country", "city")


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def code(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the customer a code: the one that is posted, or a new one."""
    customer, wanted = customer_of(request, pk), request.POST.get("code", "")
    if wanted.strip():
        set_referral_code(customer, wanted, by=request.actor)
    else:
        give_referral_code(customer, by=request.actor)
    toast(request, _("The referral code is kept."))
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def referrers(request: StaffRequest) -> HttpResponse:
    """Customers whom the words in `referrer` may mean; posted, so that no name or number lands in a log."""
    text = request.POST.get("referrer", "").strip()
    found = _found(request, text) if len(text) > 1 and not text.startswith("#") else []
    return page(request, "customers/referrers.html", {"found": found})


def _found(request: StaffRequest, text: str) -> list[dict[str, str]]:
    try:
        hits = find(request.shop, text, limit=MOST, visible_to=request.staff)
    except DomainError:
        return []
    ids = [hit.customer_id for hit in hits]
    rows = {row["id"]: row for row in Customer.objects.of(request.shop).filter(pk__in=ids).values(*_NAMING)}
    ctx = context_for(request.shop, staff=request.staff)
    return [
        {"value": f"#{pk}", "label": " · ".join(filter(None, [shown_name(rows[pk], ctx), rows[pk]["city"]]))}
        for pk in ids
        if pk in rows
    ]
