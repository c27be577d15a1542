"""What the person who is signed in was told, in this shop: all of it, the newest, how much is unread."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.shops.models import JobRun, Notification
from regulars.shops.operations import mark_read, unread_count
from regulars.shops.operations.notifications import notifications_of, worded
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.paging import Slice, slice_of
from regulars.web.files.words import context_of
from regulars.web.jobs.links import page_of
from regulars.web.lists import cells
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, target_id

AT_THE_BELL = 10
_PARTS = {"bell_list", "bell_count"}


@staff_may(Permission.SEE_CUSTOMERS)
def notifications(request: StaffRequest) -> HttpResponse:
    """The page, a page of its list, or what the bell asks for: its number, its newest lines."""
    return _answer(request)


@require_POST
@staff_may(Permission.SEE_CUSTOMERS)
def read(request: StaffRequest) -> HttpResponse:
    """Mark one read (`id`), or all."""
    one = whole_number(request.POST.get("id", ""))
    mark_read(request.staff, None if "id" not in request.POST else [one] if one else [])
    if not target_id(request):
        return redirect(request, f"/s/{request.shop.slug}/notifications/")
    return _answer(request, oob=("bell_count",))


@staff_may(Permission.SEE_CUSTOMERS)
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    """To what it is about; it is read then."""
    found = notifications_of(request.staff).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    mark_read(request.staff, [found.pk])
    return redirect(request, _about(request, [found])[found.pk] or f"/s/{request.shop.slug}/notifications/")


def _answer(request: StaffRequest, *, oob: Sequence[str] = ()) -> HttpResponse:
    part = target_id(request).replace("-", "_")
    context: dict[str, Any] = {"unread": unread_count(request.staff), "lines": [], "found": Slice([], None, None)}
    if part != "bell_count":
        size = AT_THE_BELL if part in _PARTS else 50
        found = slice_of(notifications_of(request.staff), ("-id",), request.GET, size=size)
        context |= {"found": found, "lines": lines_of(request, found.rows)}
    return page(request, "notifications/notifications.html", context, title=str(_("Notifications")), oob=oob)


def lines_of(request: StaffRequest, found: Sequence[Notification]) -> list[dict[str, Any]]:
    """Lines ready to print: id, icon, text, when, is_read, and the address that leads to what it is about, if any."""
    ctx, about = context_of(request), _about(request, found)
    home = f"/s/{request.shop.slug}/notifications"
    return [
        {
            **line,
            "when": cells.show_moment(line["at"], ctx),
            "href": f"{home}/{line['id']}/" if about[line["id"]] else "",
        }
        for line in worded(request.staff, found)
    ]


def _about(request: StaffRequest, found: Sequence[Notification]) -> dict[int, str]:
    """Where each leads, "" for nowhere. A piece of work leads to its own page, if it has one."""
    runs = {one.data["run"] for one in found if isinstance(one.data.get("run"), int)}
    by_id = {run.pk: run for run in JobRun.objects.of(request.shop).filter(pk__in=runs)} if runs else {}
    return {one.pk: _address(request.shop.slug, one, by_id.get(one.data.get("run"))) for one in found}


def _address(slug: str, one: Notification, run: JobRun | None) -> str:
    if one.url:
        return f"/s/{slug}/{one.url}"
    return (page_of(slug, run) or "") if run else ""
