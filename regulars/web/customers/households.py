"""A customer's household: who comes in, who leaves, what it is called."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.customers.operations.households import leave_household, link_household, rename_household
from regulars.customers.search import find
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView
from regulars.web.customers.rows import second_line, shown_name
from regulars.web.customers.sections.household import NAMING
from regulars.web.customers.subject import LARGEST_ID, customer_of, refusals_told
from regulars.web.pages import page, redirect, toast
from regulars.web.places import back_to

MOST_FOUND = 10


@staff_may(Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS)
def household(request: StaffRequest, pk: int) -> HttpResponse:
    """The dialog: somebody to add, and the name; then what was said in it."""
    view = CustomerView(request, customer_of(request, pk))
    problem = ""
    if request.method == "POST":
        try:
            return _saved(request, view)
        except DomainError as refusal:
            problem = str(refusal)
    context = {"view": view, "problem": problem, "name": request.POST.get("name", "")}
    return page(request, "customers/household.html", context, status=422 if problem else 200)


@require_POST
@staff_may(Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS)
@refusals_told
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Take this customer out of the household."""
    customer = customer_of(request, pk)
    leave_household(customer, by=request.actor)
    toast(request, _("No longer in the household."))
    return redirect(request, back_to(request, f"customers/{pk}/"))


@staff_may(Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS)
def people(request: StaffRequest, pk: int) -> HttpResponse:
    """Customers a typed text may mean, other than this one: [{"value", "text"}]."""
    customer = customer_of(request, pk)
    text = request.GET.get("q", "").strip()[:200]
    hits = find(request.shop, text, limit=MOST_FOUND, visible_to=request.staff)
    found = [hit.customer_id for hit in hits if hit.customer_id != customer.pk]
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    rows = {row["id"]: row for row in Customer.objects.of(request.shop).filter(pk__in=found).values("id", *NAMING)}
    return JsonResponse([_option(rows[pk], ctx) for pk in found if pk in rows], safe=False)


def _saved(request: StaffRequest, view: CustomerView) -> HttpResponse:
    customer, member = view.customer, _member(request)
    name = request.POST.get("name", "")
    if member and member.pk != customer.pk:
        link_household([customer, member], name=name, by=request.actor)
        toast(request, _("Linked as one household."))
    customer.refresh_from_db(fields=["household"])
    if customer.household:
        rename_household(customer.household, name, by=request.actor)
    return redirect(request, view.url())


def _member(request: StaffRequest) -> Customer | None:
    text = request.POST.get("member", "")
    is_id = text.isascii() and text.isdigit() and int(text) <= LARGEST_ID
    return customer_of(request, int(text)) if is_id else None


def _option(row: dict[str, Any], ctx: Any) -> dict[str, str]:
    words = filter(None, [shown_name(row, ctx), second_line(row, ctx)])
    return {"value": str(row["id"]), "text": " · ".join(words)}
