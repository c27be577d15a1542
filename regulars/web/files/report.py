"""The last step of an import: its progress, and what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.numbers import show_number
from regulars.kit.query import Condition, Op, write
from regulars.kit.query.conditions import Literal
from regulars.kit.query.context import Context
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.shops.work import cancel_job, pause_job, resume_job
from regulars.transfer.figures import Figures
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.paging import slice_of
from regulars.web.files.runs import can_undo, home_of, import_in, is_undone, line_of, undo_words
from regulars.web.files.undone import undone
from regulars.web.files.words import changes, context_of, doubts
from regulars.web.jobs.links import shows
from regulars.web.pages import page, redirect, tell, toast

SHOWN = 20


@shows("import")
def page_of_import(job: JobRun) -> str:
    return f"files/imports/{job.data['import']}/"


@staff_may(Permission.IMPORT)
def import_run(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress while it runs, the report afterwards; one block, which the page fetches again while it changes."""
    run = import_in(request, pk)
    if run.state == ImportRun.State.UPLOADED:
        return redirect(request, home_of(run) + "columns/")
    ctx = context_of(request)
    line = line_of(run, ctx)
    rejected = slice_of(RejectedRow.objects.of(request.shop).filter(run=run), ("line", "id"), request.GET)
    context = {
        "run": run,
        "home": home_of(run),
        "line": line,
        "progress": _progress(run, ctx) if line["is_running"] else None,
        "undone": undone(request, run) if is_undone(run) else None,
        "report": None if line["is_running"] else _report(run, ctx),
        "rejected": rejected,
        "lines": [_rejected(row) for row in rejected.rows],
        "said": _said(run),
    }
    return page(request, "files/report.html", context, oob=("import_said",))


@require_POST
@staff_may(Permission.IMPORT)
def import_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask an import to stop after the batch it is at; what is in stays in."""
    run = import_in(request, pk)
    if run.job_run and not run.job_run.is_over:
        cancel_job(run.job_run)
        toast(request, _("The import stops after the rows it is at."), kind="info")
    return redirect(request, home_of(run))


@require_POST
@staff_may(Permission.IMPORT)
def import_pause(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an import rest after the batch it is at."""
    run = import_in(request, pk)
    if run.job_run and not run.job_run.is_over:
        pause_job(run.job_run)
    return redirect(request, home_of(run))


@require_POST
@staff_may(Permission.IMPORT)
def import_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on where it rested."""
    run = import_in(request, pk)
    if run.job_run and not run.job_run.is_over:
        resume_job(run.job_run)
        tell(request, "jobs")
    return redirect(request, home_of(run))


def _progress(run: ImportRun, ctx: Context) -> dict[str, Any]:
    job = run.job_run
    begun = bool(job and job.state != JobRun.State.WAITING)
    done, total = show_number(run.rows, ctx.locale), show_number(run.rows_total or 0, ctx.locale)
    text = _("{done} of about {total} rows").format(done=done, total=total) if begun else _("Waiting for its turn")
    return {
        "percent": job.percent if job and begun and run.rows_total else None,
        "text": text,
        "is_stopping": bool(job and job.cancel_asked),
        "is_paused": bool(job and job.state == JobRun.State.PAUSED),
        "is_pausing": bool(job and job.pause_asked),
    }


def _said(run: ImportRun) -> str:
    """What a screen reader is told: not each percent, but each tenth."""
    if run.job_run and run.job_run.state == JobRun.State.PAUSED:
        return str(run.job_run.get_state_display())
    if run.state == ImportRun.State.RUNNING:
        percent = run.job_run.percent if run.job_run else 0
        return _("{percent} % imported").format(percent=percent // 10 * 10)
    return str(run.get_state_display())


def _report(run: ImportRun, ctx: Context) -> dict[str, Any]:
    """What came of it, ready to print."""
    figures = Figures.of(run)
    show = lambda number: show_number(number, ctx.locale)  # noqa: E731
    return {
        "rows": show(run.rows),
        "changes": changes(run.kind, figures.changed, figures.replaced, ctx),
        "doubts": doubts(run.kind, figures.doubtful[:SHOWN]),
        "doubtful": show(sum(figures.warnings.values())) if figures.warnings else "",
        "twice": show(figures.duplicates) if figures.duplicates else "",
        "people_url": _people_url(run),
        "is_undone": is_undone(run),
        "undo_url": home_of(run) + "undo/" if can_undo(run) else "",
        "undo_words": undo_words(run, ctx),
    }


def _rejected(row: RejectedRow) -> dict[str, Any]:
    """A rejected row ready to print: the value that is to blame, or the cells as far as they could be told apart."""
    value = row.value or " · ".join(filter(None, row.cells))[:200]
    return {"line": row.line, "column": row.column, "value": value, "reason": row.reason}


def _people_url(run: ImportRun) -> str:
    """The list of those who got the import's own tag; the whole list when it gave none (visits never do)."""
    home = f"/s/{run.shop.slug}/{'orders' if run.kind == 'orders' else 'customers'}/"
    name = run.options.get("defaults", {}).get("tags", "").split(",")[0].strip()
    if run.kind != "customers" or not name:
        return home
    where = write(Condition("tags", Op.CONTAINS, (Literal("text", name),)))
    return f"{home}?{urlencode({'where': where})}"
