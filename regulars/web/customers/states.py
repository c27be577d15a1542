"""What is set on a customer's page at a glance: stage, group, staff, tags, account, follower."""

from typing import TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.actions import RULES
from regulars.customers.models import AccountState, Customer, Group, OaState, Status
from regulars.customers.operations import (
    ensure_tags,
    release_group,
    set_account_state,
    set_group,
    set_oa_state,
    set_staff,
    set_status,
    tag_customer,
)
from regulars.customers.pipeline import stays
from regulars.customers.profile import MOST_TAGS, TAG_LENGTH, tag_key
from regulars.kit.errors import BadValue
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted, show
from regulars.web.customers.staying import stay_words
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.lists import cells
from regulars.web.pages import asked_for_part, page, redirect, tell, toast


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def change_status(request: StaffRequest, pk: int) -> HttpResponse:
    """Move to the stage `status`, "" for none."""
    customer = customer_of(request, pk)
    stages = {str(one.pk): one for one in Status.objects.of(request.shop)}
    set_status(customer, _chosen(request, "status", stages), by=request.actor)
    return acted(request, pk)


@staff_may(Permission.SEE_CUSTOMERS)
def status_history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every status the customer has been at: from when, for how long, by whom."""
    view = CustomerView(request, customer_of(request, pk))
    known = {one.pk: one for one in Status.objects.of(request.shop)}
    rows = [
        {
            "status": known.get(stay.status_id or 0),
            "is_gone": stay.status_id is not None and stay.status_id not in known,
            "since": cells.show_moment(stay.since, view.ctx),
            "days": stay_words(stay.since, stay.until, view.ctx),
            "is_now": stay.until is None,
            "by": stay.by,
        }
        for stay in stays(view.customer)
    ]
    return page(request, "customers/status_history.html", {"view": view, "rows": rows})


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def change_group(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the group `group`, or let the "rules" decide again."""
    customer = customer_of(request, pk)
    if request.POST.get("group") == RULES:
        release_group(customer, by=request.actor)
    else:
        groups = {str(one.pk): one for one in Group.objects.of(request.shop)}
        if (group := _chosen(request, "group", groups)) is not None:
            set_group(customer, group, by=request.actor)
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def change_staff(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the `staff` (any number) responsible. Who so loses sight of the customer goes back to the list."""
    customer = customer_of(request, pk)
    set_staff(customer, _people(request, customer), by=request.actor)
    if not Customer.objects.of(request.shop).visible_to(request.staff).filter(pk=pk).exists():
        toast(request, _("Handed over. You see only your own customers, so this one has left your list."))
        return redirect(request, CustomerView(request, customer).place.back)
    return acted(request, pk)


@require_POST
@staff_may(Permission.TAG_CUSTOMERS)
@refusals_told
def change_tags(request: StaffRequest, pk: int) -> HttpResponse:
    """What was added to and taken from the tags the page showed (`had`); what others did meanwhile stays."""
    customer = customer_of(request, pk)
    wanted, had = _keys(request, "tags"), _keys(request, "had")
    added = ensure_tags(request.shop, [name for key, name in wanted.items() if key not in had])
    gone = ensure_tags(request.shop, [name for key, name in had.items() if key not in wanted])
    if len(set(customer.tag_ids) | {tag.pk for tag in added.values()}) > MOST_TAGS:
        raise BadValue(_("A customer has at most {most} tags."), field="tags", most=MOST_TAGS)
    tag_customer(customer, add=added.values(), remove=gone.values(), by=request.actor)
    tell(request, "customer-changed")
    if asked_for_part(request):
        return show(request, customer_of(request, pk), tags_had=list(wanted.values()))
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def change_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Invite, disable or enable the customer's account: `state`."""
    customer = customer_of(request, pk)
    states = {str(int(one)): one for one in AccountState}
    state = _chosen(request, "state", states)
    if state is not None:
        set_account_state(customer, state, by=request.actor)
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def change_follow(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether the official account is followed: `state`."""
    customer = customer_of(request, pk)
    state = _chosen(request, "state", {str(int(one)): one for one in OaState})
    if state is not None:
        set_oa_state(customer, state, by=request.actor)
    return acted(request, pk)


def _people(request: StaffRequest, customer: Customer) -> list[int]:
    """The ids sent as `staff`, in order; others than who works here now, or was responsible already, are refused."""
    sent = [text for text in request.POST.getlist("staff") if text]
    team = {str(pk) for pk in Staff.objects.of(request.shop).active().values_list("pk", flat=True)}
    for text in sent:
        if text not in team | {str(pk) for pk in customer.responsible_ids}:
            raise BadValue(_("This choice does not exist any more. Reload the page."), value=text, field="staff")
    return [int(text) for text in sent]


Choice = TypeVar("Choice")


def _chosen(request: StaffRequest, name: str, known: dict[str, Choice]) -> Choice | None:
    """The choice sent under a name, None for a blank one. Raises BadValue for one that does not exist here."""
    sent = request.POST.get(name, "")
    if sent and sent not in known:
        raise BadValue(_("This choice does not exist any more. Reload the page."), value=sent, field=name)
    return known.get(sent)


def _keys(request: StaffRequest, name: str) -> dict[str, str]:
    names = [text.strip()[:TAG_LENGTH] for text in request.POST.getlist(name)]
    return {tag_key(text): text for text in names if text}
