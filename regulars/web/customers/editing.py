"""Adding a customer by hand, and editing one."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markupsafe import Markup

from regulars.customers.duplicates import possible_duplicates
from regulars.customers.errors import (
    DraftRefused,
    EditConflict,
    EmailTaken,
    IdentityTaken,
    ReferralCircle,
    SelfReferral,
)
from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.customers.operations import create_customer, update_customer
from regulars.customers.profile import read_profile
from regulars.kit.errors import BadValue, DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers import conflict
from regulars.web.customers.choices import Choices
from regulars.web.customers.form import Form
from regulars.web.customers.page import CustomerView
from regulars.web.customers.rows import second_line, shown_name
from regulars.web.customers.sections.addresses import help_for
from regulars.web.customers.subject import customer_of
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast

_NAMING = ("id", "name", "company", "email", "phone", "phone_raw", "city", "country")
_LIKE = ("name", "given_name", "family_name", "email", "phone", "company", "address1", "city")


@staff_may(Permission.EDIT_CUSTOMERS)
def new(request: StaffRequest) -> HttpResponse:
    """The empty form, and its answer."""
    form = Form(request.shop, request.staff)
    if request.method != "POST":
        return _form(request, form.start())
    form.fill(request.POST)
    if request.staff.only_own:  # else they would not see whom they added
        form.values["staff"] = request.staff.user.email
    if "redraw" in request.POST:
        return _form(request, form)
    draft = form.read()
    if form.is_ready:
        try:
            customer = create_customer(request.shop, draft, by=request.actor)
        except DomainError as refusal:
            _refused(request, form, refusal)
        else:
            toast(request, _("Customer added."))
            return redirect(request, CustomerView(request, customer).url())
    return _form(request, form, status=422)


@staff_may(Permission.EDIT_CUSTOMERS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """The form of a customer, and its answer; who meanwhile changed the same fields is asked about, not overwritten."""
    customer = customer_of(request, pk)
    view = CustomerView(request, customer)
    if not view.is_live:
        return redirect(request, view.url())
    form = Form(request.shop, request.staff, customer).start()
    if request.method != "POST":
        return _form(request, form, view)
    form.fill(request.POST)
    conflict.settle(form, request.POST)
    version = _version(request, customer)
    if request.POST.get("then") == "form":
        return _form(request, form, view, version=version)
    draft = form.read()
    if form.is_ready:
        try:
            update_customer(customer, draft, by=request.actor, version=version)
        except EditConflict as clash:
            return _compare(request, form, view, clash)
        except DomainError as refusal:
            _refused(request, form, refusal)
        else:
            toast(request, _("Saved."))
            return redirect(request, view.url())
    return _form(request, form, view, version=version, status=422)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def similar(request: StaffRequest) -> HttpResponse:
    """Who looks like the person being typed in; posted, so that no name or number lands in a log."""
    given = {name: request.POST.get(name, "") for name in _LIKE}
    country = request.POST.get("country") or request.shop.country
    draft = read_profile(given, country=country, partial=True)
    but = whole_number(request.POST.get("but", ""))
    found = possible_duplicates(request.shop, draft, but=but, visible_to=request.staff)
    context = {"similar": _people(request, {one.customer_id: one.reason for one in found})}
    return page(request, "customers/similar.html", context)


def _form(
    request: StaffRequest, form: Form, view: CustomerView | None = None, *, version: int = 0, status: int = 200
) -> HttpResponse:
    customer = form.customer
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "choices": Choices(form, get_language() or "en"),
        "address_help": help_for(form.values["address_country"], form.values),
        "version": version or (customer.version if customer else 0),
        "home": f"/s/{request.shop.slug}/customers/",
        "may_contact": request.staff.may(Permission.SEE_CONTACT),
        "similar": [],
    }
    return page(request, "customers/edit.html", context, status=status)


def _compare(request: StaffRequest, form: Form, view: CustomerView, clash: EditConflict) -> HttpResponse:
    now = customer_of(request, view.customer.pk)
    context = {
        "view": view,
        "sides": conflict.sides(clash, now, get_language() or "en"),
        "hidden": conflict.hidden(form),
        "version": clash.version,
    }
    return page(request, "customers/conflict.html", context, status=409)


def _version(request: StaffRequest, customer: Customer) -> int:
    """The version the form was opened with; a form without one was opened now."""
    sent = whole_number(request.POST.get("version", ""))
    return customer.version if sent is None else min(sent, customer.version)


def _refused(request: StaffRequest, form: Form, refusal: DomainError) -> None:
    """Sort a refusal to the input it is about."""
    if isinstance(refusal, EmailTaken):
        form.errors["email"] = [str(refusal), _link(request, refusal.details["customer_id"])]
    elif isinstance(refusal, IdentityTaken):
        form.errors["zalo_id"] = [str(refusal), _link(request, refusal.details["customer_id"])]
    elif isinstance(refusal, SelfReferral | ReferralCircle):
        form.errors["referrer"] = [str(refusal)]
    elif isinstance(refusal, DraftRefused):
        for problem in refusal.details["problems"]:
            form.errors.setdefault(problem["field"], []).append(problem["reason"])
    elif isinstance(refusal, BadValue) and refusal.field in form.values:
        form.errors[refusal.field] = [str(refusal)]
    else:
        form.general = str(refusal)


def _link(request: StaffRequest, pk: int) -> Any:
    """To the other customer, for those who may see them."""
    people = _people(request, {pk: ""})
    return Markup('<a href="{url}">{name}</a>').format(**people[0]) if people else ""


def _people(request: StaffRequest, reasons: dict[int, str]) -> list[dict[str, Any]]:
    """Customers by id and why they are shown, in that order; those one may not see are left out."""
    rows = Customer.objects.of(request.shop).visible_to(request.staff).filter(pk__in=list(reasons)).values(*_NAMING)
    by_id = {row["id"]: row for row in rows}
    ctx = context_for(request.shop, staff=request.staff)
    return [
        {
            "id": pk,
            "url": f"/s/{request.shop.slug}/customers/{pk}/",
            "name": shown_name(by_id[pk], ctx),
            "detail": " · ".join(filter(None, [second_line(by_id[pk], ctx), by_id[pk]["city"]])),
            "why": why,
        }
        for pk, why in reasons.items()
        if pk in by_id
    ]
