"""The third step of an import: what would happen, row by row, and the word to begin."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.transfer.imports import discard, start
from regulars.transfer.models import ImportRun, ImportTrial
from regulars.transfer.trials import differences_of, start_trial, trial_of, try_now, waits_for
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.runs import COUNTED, home_of, import_in
from regulars.web.files.tried import TABS, in_words, rows_of_tab, tab_counts
from regulars.web.files.words import changes, context_of, format_name, kind_name
from regulars.web.jobs.links import shows
from regulars.web.pages import asked_for_part, page, redirect, tell, toast

AT_ONCE = 1_000
"""Rows of a file whose figures stand on the page at once; those of a longer one come after it."""


@shows("import.trial")
def page_of_trial(job: JobRun) -> str:
    return f"files/imports/{job.data['import']}/check/"


@staff_may(Permission.IMPORT)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """What the import would do; nothing is written. A POST tries once more."""
    run = import_in(request, pk)
    if run.state != ImportRun.State.UPLOADED:
        return redirect(request, home_of(run))
    try:
        trial = _trial(request, run)
    except (DomainError, FileNotFoundError) as refusal:
        toast(request, _why(refusal), kind="problem")
        return redirect(request, home_of(run) + "columns/")
    context = {
        "run": run,
        "home": home_of(run),
        "kind_name": kind_name(run.kind),
        "format": format_name(run.format),
        "waits": waits_for(run),
        "tried": _tried(request, run, trial) if trial else None,
    }
    return page(request, "files/check.html", context)


def _trial(request: StaffRequest, run: ImportRun) -> ImportTrial | None:
    """What was tried; of a short file it is tried now, of a long one only when somebody says so."""
    if request.method == "POST" and not waits_for(run):
        tell(request, "jobs")
        return start_trial(run, staff=request.staff)
    known = None if request.method == "POST" else trial_of(run)
    is_asked = "now" in request.GET or asked_for_part(request) or request.method == "POST"
    if known is None and waits_for(run) and ((run.rows_total or 0) <= AT_ONCE or is_asked):
        return try_now(run)
    return known


@require_POST
@staff_may(Permission.IMPORT)
def import_start(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin; the page that follows shows the progress."""
    run = import_in(request, pk)
    try:
        start(run, staff=request.staff)
        tell(request, "jobs")
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, home_of(run))


@require_POST
@staff_may(Permission.IMPORT)
def import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget an uploaded file that was not imported."""
    run = import_in(request, pk)
    try:
        discard(run)
        toast(request, _("“{file}” was discarded; nothing of it was imported.").format(file=run.file_name))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, f"/s/{request.shop.slug}/files/")


def _why(refusal: Exception) -> str:
    if isinstance(refusal, DomainError):
        return str(refusal)
    return _("This file is not here any more. Upload it again.")


def _tried(request: StaffRequest, run: ImportRun, trial: ImportTrial) -> dict[str, Any]:
    """What was found so far, ready to print: the figures, and the rows of the open tab."""
    ctx, figures = context_of(request), differences_of(trial)
    show = lambda number: show_number(number, ctx.locale)  # noqa: E731
    counts = tab_counts(figures)
    first = next((name for name in ("changed", "new", "rejected") if counts[name]), "unchanged")
    tab = request.GET.get("tab", first)
    tab = tab if tab in TABS else first
    job = trial.job_run
    return {
        "counts": {name: show(getattr(figures, name)) for name in COUNTED},
        "in_words": in_words(run.kind, figures, ctx),
        "nothing_to_do": trial.is_over and not figures.created and not figures.updated and not figures.rejected,
        "rows": show(figures.rows),
        "is_over": trial.is_over,
        "is_whole": trial.is_whole,
        "percent": job.percent if job else 0,
        "error": job.error if job else "",
        "changes": changes(run.kind, figures.changed, figures.replaced, ctx),
        "twice": show(figures.duplicates) if figures.duplicates else "",
        "tab": tab,
        "tabs": [
            {"label": str(TABS[name]), "url": f"?tab={name}#tried", "count": show(count), "current": name == tab}
            for name, count in counts.items()
        ],
        "shown": rows_of_tab(request, run, trial, tab, counts[tab], ctx),
    }
