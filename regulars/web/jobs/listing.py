"""All background work of a shop, newest first: a page of it, ready to print."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.undo_limits import can_still_undo
from regulars.customers.undo_trials import TRIAL as UNDO_TRIAL
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.models import JobRun
from regulars.transfer.trials import TRIAL as IMPORT_TRIAL
from regulars.web.access import StaffRequest
from regulars.web.files.paging import slice_of
from regulars.web.files.words import context_of
from regulars.web.jobs.links import page_of
from regulars.web.jobs.words import state_words, undo_words
from regulars.web.lists import cells
from regulars.web.pages import page

CHECKS = (UNDO_TRIAL, IMPORT_TRIAL)
"""They write nothing; what they found stands where they were asked for."""

IMPORT = "import"
"""Has a page that says first what undoing would do."""


def runs_page(request: StaffRequest, runs: QuerySet[JobRun]) -> HttpResponse:
    """The page of these runs, which this person may see; it is fetched again while one of them is under way."""
    runs = runs.exclude(kind__in=CHECKS, finished_at__isnull=False).select_related("undone_by", "staff__user")
    found = slice_of(runs, ("-id",), request.GET)
    ctx = context_of(request)
    lines = [_line(request, run, ctx) for run in found.rows]
    context = {"lines": lines, "found": found, "is_busy": any(line["is_busy"] for line in lines)}
    return page(request, "jobs/jobs.html", {**context, "jobs": None})


def _line(request: StaffRequest, run: JobRun, ctx: Context) -> dict[str, Any]:
    base = f"/s/{request.shop.slug}/jobs/{run.pk}"
    state, tone = state_words(run)
    url, can_undo = page_of(request.shop.slug, run), can_still_undo(run, ctx.tz)
    return {
        "id": run.pk,
        "title": run.title,
        "url": url,
        "detail": run.error or _progress(run, ctx),
        "is_busy": not run.is_over,
        "is_running": run.state == JobRun.State.RUNNING,
        "percent": run.percent,
        "state": state,
        "tone": tone,
        "who": str(run.staff.user) if run.staff else "Regulars",
        "when": cells.show_moment(run.created_at, ctx),
        "ended": cells.show_moment(run.finished_at, ctx),
        "cancel_url": "" if run.is_over or run.cancel_asked else f"{base}/cancel",
        "undo_page": f"{url}undo/" if url and can_undo and run.kind == IMPORT else "",
        "undo_url": f"{base}/undo" if can_undo else "",
        "undo_words": undo_words(run, ctx),
    }


def _progress(run: JobRun, ctx: Context) -> str:
    if not run.total:
        return ""
    done, total = show_number(run.done, ctx.locale), show_number(run.total, ctx.locale)
    return _("{done} of {total}").format(done=done, total=total)
