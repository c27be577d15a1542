"""What runs in the background, for whoever started it and for managers."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from regulars.customers.actions import undo_run
from regulars.customers.undo_limits import can_still_undo
from regulars.kit import numbers
from regulars.kit.errors import DomainError
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.shops.work import cancel_job
from regulars.web.access import StaffRequest, staff_may
from regulars.web.jobs.links import page_of
from regulars.web.jobs.listing import runs_page
from regulars.web.pages import page, redirect, target_id, tell, toast
from regulars.web.places import back_to

SHOWN_FOR = timedelta(hours=12)
MOST = 8
RING = "jobs"
"""The element that holds the ring, on every page."""


@staff_may(Permission.SEE_CUSTOMERS)
def jobs(request: StaffRequest) -> HttpResponse:
    """All of it; or the ring and its list, where htmx fills those."""
    if target_id(request) == RING:
        return _ring(request)
    return runs_page(request, _visible(request))


@require_POST
@staff_may(Permission.SEE_CUSTOMERS)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask a run to stop after the step it is at."""
    cancel_job(_own(request, pk))
    return _answer(request)


@require_POST
@staff_may(Permission.SEE_CUSTOMERS)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what a run did; what others changed since stays, and is said."""
    try:
        toast(request, _undone(undo_run(_own(request, pk), staff=request.staff, by=request.actor)))
    except DomainError as fault:
        toast(request, str(fault), kind="problem")
    tell(request, "jobs")
    return _answer(request)


def _undone(undoing: JobRun) -> str:
    if not undoing.is_over:
        return _("Undoing in the background.")
    conflicts = undoing.result.get("conflicts", 0)
    if not conflicts:
        return _("Undone.")
    if undoing.result.get("rows"):
        text = ngettext("Undone, but for {n} that was worked with since.",
                        "Undone, but for {n} that were worked with since.", conflicts)  # fmt: skip
        return text.format(n=conflicts)
    text = ngettext(
        "Undone, but for {n} customer whom somebody changed since.",
        "Undone, but for {n} customers whom somebody changed since.",
        conflicts,
    )
    return text.format(n=conflicts)


def _answer(request: StaffRequest) -> HttpResponse:
    """The ring anew where it was clicked there, else the page the person was on."""
    if target_id(request) == RING:
        return _ring(request)
    return redirect(request, back_to(request, "customers/"))


def _ring(request: StaffRequest) -> HttpResponse:
    return page(request, "jobs/jobs.html", {"jobs": rows(request), "lines": []})


def _own(request: StaffRequest, pk: int) -> JobRun:
    run = _visible(request).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _visible(request: StaffRequest) -> Any:
    runs = JobRun.objects.of(request.shop)
    return runs if request.staff.may(Permission.SETTINGS) else runs.filter(staff_id=request.staff.pk)


def rows(request: StaffRequest) -> list[dict[str, Any]]:
    """Rows for the ring: what is under way, and what ended within half a day."""
    recent = Q(finished_at__isnull=True) | Q(finished_at__gte=timezone.now() - SHOWN_FOR)
    found = _visible(request).filter(recent).select_related("undone_by").order_by("-id")[:MOST]
    return [_row(request, run) for run in found]


def _row(request: StaffRequest, run: JobRun) -> dict[str, Any]:
    base = f"/s/{request.shop.slug}/jobs/{run.pk}"
    show = lambda n: numbers.show_number(n)  # noqa: E731
    detail = run.error if run.state == JobRun.State.FAILED else ""
    if not detail and run.total:
        detail = _("{done} of {total}").format(done=show(run.done), total=show(run.total))
    return {
        "title": run.title,
        "state": run.state,
        "percent": run.percent,
        "detail": detail,
        "url": page_of(request.shop.slug, run),
        "cancel_url": f"{base}/cancel" if not run.is_over else None,
        "undo_url": f"{base}/undo" if can_still_undo(run, request.shop.timezone) else None,
    }
