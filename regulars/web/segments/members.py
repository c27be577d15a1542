"""The members of a segment: the list of customers with all it can do, and who they were on an earlier day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path

from regulars.customers.models import Customer
from regulars.kit import dates
from regulars.kit.query.among import OneOf
from regulars.kit.query.language import quoted
from regulars.segments.errors import NoHistory
from regulars.segments.history import members_as_of
from regulars.segments.members import members
from regulars.segments.models import Segment
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import bulk_actions
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.customers.rows import rows
from regulars.web.lists.kind import ListKind
from regulars.web.lists.urls import list_urls
from regulars.web.pages import redirect
from regulars.web.segments.subject import segment_of
from regulars.web.segments.view import SegmentView

MEMBERS = "segments/list_members.html"
THEN = "segments/list_then.html"


def question_of(segment: Segment) -> str:
    """The condition that its members, and nobody else, answer to."""
    return f"segment = {quoted(segment.key)}"


def members_kind(segment: Segment) -> ListKind:
    """The customers list with the segment's members for rows."""
    return replace(
        CUSTOMERS,
        name=f"segment-{segment.pk}",
        path=f"segments/{segment.pk}/",
        rows=_members_of(segment),
        within=question_of(segment),
    )


def _members_of(segment: Segment) -> Callable[[Shop, Staff], QuerySet]:
    return lambda shop, staff: members(segment).visible_to(staff)


def members_of(request: StaffRequest, pk: int) -> ListKind:
    """The list of the segment in the address."""
    return members_kind(segment_of(request, pk))


def around(request: StaffRequest, pk: int) -> dict[str, Any]:
    """The segment around the list."""
    return {"seg": SegmentView(request, segment_of(request, pk)), "bulk_actions": bulk_actions(request.staff)}


# --- on an earlier day ----------------------------------------------------------------------------------------------


@staff_may(Permission.SEE_CUSTOMERS)
def then(request: StaffRequest, pk: int) -> HttpResponse:
    """Who was in it at the end of the day in `day`; without one, today's members."""
    one = segment_of(request, pk)
    view = SegmentView(request, one)
    day = request.GET.get("day", "")
    if not day or day == view.ctx.today.isoformat():
        return redirect(request, view.url())
    return redirect(request, view.url(f"then/{_read_day(day, view).isoformat()}/"))


def members_then(request: StaffRequest, pk: int, day: str) -> ListKind:
    """The list of those who were members at the end of a day."""
    one = segment_of(request, pk)
    try:
        return _kind_then(one, _read_day(day, SegmentView(request, one)))
    except NoHistory:
        raise Http404 from None


def around_then(request: StaffRequest, pk: int, day: str) -> dict[str, Any]:
    """The segment around the same."""
    view = SegmentView(request, segment_of(request, pk))
    return {"seg": view, "day": dates.show_day(date.fromisoformat(day), view.ctx.locale)}


def _read_day(text: str, view: SegmentView) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not view.first_day <= day <= view.ctx.today:
        raise Http404
    return day


def _kind_then(segment: Segment, day: date) -> ListKind:
    ids = sorted(members_as_of(segment, dates.day_start(day + timedelta(days=1), segment.shop.timezone)).ids)

    def rows_then(shop: Shop, staff: Staff) -> QuerySet:
        return Customer.objects.of(shop).alive().visible_to(staff).filter(OneOf("pk", ids))

    name = f"segment-{segment.pk}-{day.isoformat()}"
    return replace(
        CUSTOMERS, name=name, path=f"segments/{segment.pk}/then/{day.isoformat()}/", rows=rows_then, quick=()
    )


def member_urls() -> list[URLPattern]:
    """The addresses of both lists, below the segment."""
    home, may = "segments/<int:pk>/", (Permission.SEE_CUSTOMERS,)
    day = f"{home}then/<str:day>/"
    return [
        *list_urls(members_of, "segment", may=may, rows=rows, template=MEMBERS, more=around, home=home),
        path(f"{home}then/", then, name="segment_then"),
        *list_urls(members_then, "segment_day", may=may, rows=rows, template=THEN, more=around_then, home=day),
    ]
