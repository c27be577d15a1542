"""Members put in or kept out by hand, one by one; and why somebody is in or not."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.customers.search import find
from regulars.kit.query.context import Context
from regulars.segments.actions import decide
from regulars.segments.members import members
from regulars.segments.models import Override, Segment, SegmentKind
from regulars.segments.why import explain
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.rows import second_line, shown_name
from regulars.web.customers.subject import customer_of
from regulars.web.lists import cells
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast
from regulars.web.places import back_to
from regulars.web.segments.history import NAMING
from regulars.web.segments.subject import DECISIONS, refusals_told, segment_of, segment_to_change
from regulars.web.segments.view import SegmentView

MOST_SHOWN = 500
MOST_FOUND = 10


@staff_may(Permission.SEE_CUSTOMERS)
def by_hand(request: StaffRequest, pk: int) -> HttpResponse:
    """Who was put in or kept out, by whom and when."""
    view = SegmentView(request, segment_of(request, pk), tab="by_hand")
    rows = Override.objects.of(request.shop).filter(segment=view.segment).select_related("by__user").order_by("-at")
    people = Customer.objects.of(request.shop).alive().visible_to(request.staff)
    shown = list(rows.filter(customer__in=people)[:MOST_SHOWN]) if view.is_dynamic else []
    named = {row["id"]: row for row in people.filter(pk__in=[one.customer_id for one in shown]).values(*NAMING)}
    context = {"seg": view, "rows": [_row(view, one, named[one.customer_id]) for one in shown]}
    return page(request, "segments/by_hand.html", context)


def _row(view: SegmentView, one: Override, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one.customer_id,
        "name": shown_name(person, view.ctx),
        "url": f"/s/{view.shop.slug}/customers/{one.customer_id}/",
        "why_url": view.url(f"why/{one.customer_id}/"),
        "is_member": one.is_member,
        "by": str(one.by) if one.by else _("Regulars"),
        "when": cells.show_moment(one.at, view.ctx),
    }


@require_POST
@staff_may(Permission.SEE_CUSTOMERS, Permission.SEGMENTS)
@refusals_told
def decide_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Put one customer in, keep them out, or let the conditions decide; back to where one was."""
    segment = segment_to_change(request, pk)
    given = {**request.GET.dict(), **request.POST.dict()}  # a row's menu says it in the address
    chosen = whole_number(str(given.get("customer", "")))
    word = str(given.get("decision", ""))
    back = back_to(request, f"segments/{pk}/by-hand/")
    if chosen is None or word not in DECISIONS:
        toast(request, _("Choose a customer first."), kind="problem")
        return redirect(request, back)
    customer = customer_of(request, chosen)
    before = _decided(segment, customer)
    decide(segment, [customer.pk], DECISIONS[word], by=request.actor)
    here = f"/s/{request.shop.slug}/segments/{pk}/decide?customer={customer.pk}&decision={before}"
    words = _SAID[word]().format(name=customer, segment=segment.name)
    toast(request, words, undo_url=here if before != word else None)
    return redirect(request, back)


def _decided(segment: Segment, customer: Customer) -> str:
    """What holds of a customer now, as forms say it: of a static segment whether they are in."""
    if segment.kind == SegmentKind.STATIC:
        return "in" if members(segment).filter(pk=customer.pk).exists() else "out"
    override = Override.objects.of(segment.shop_id).filter(segment=segment, customer=customer).first()
    return "conditions" if override is None else "in" if override.is_member else "out"


_SAID: dict[str, Any] = {
    "in": lambda: _("{name} is in “{segment}” by hand."),
    "out": lambda: _("{name} is kept out of “{segment}” by hand."),
    "conditions": lambda: _("The conditions of “{segment}” decide about {name} again."),
}


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEGMENTS)
def people(request: StaffRequest) -> HttpResponse:
    """Customers a typed text may mean, for choosing one: [{"value", "text"}]."""
    text = request.GET.get("q", "").strip()[:200]
    hits = [hit.customer_id for hit in find(request.shop, text, limit=MOST_FOUND, visible_to=request.staff)]
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    rows = {row["id"]: row for row in Customer.objects.of(request.shop).filter(pk__in=hits).values(*NAMING)}
    return JsonResponse([_option(rows[pk], ctx) for pk in hits if pk in rows], safe=False)


def _option(row: dict[str, Any], ctx: Context) -> dict[str, str]:
    words = filter(None, [shown_name(row, ctx), second_line(row, ctx)])
    return {"value": str(row["id"]), "text": " · ".join(words)}


@staff_may(Permission.SEE_CUSTOMERS)
def why(request: StaffRequest, pk: int, customer: int) -> HttpResponse:
    """Why a customer is in, or is not: by hand, or condition by condition."""
    view = SegmentView(request, segment_of(request, pk))
    person = customer_of(request, customer)
    found = explain(view.segment, person, staff=request.staff, locale=view.ctx.locale)
    row = {name: getattr(person, name) for name in NAMING}
    context = {
        "seg": view,
        "customer": person,
        "name": shown_name(row, view.ctx),
        "customer_url": f"/s/{request.shop.slug}/customers/{person.pk}/",
        "found": found,
        "decided_at": cells.show_moment(found.override.at, view.ctx) if found.override else "",
    }
    return page(request, "segments/why.html", context)
