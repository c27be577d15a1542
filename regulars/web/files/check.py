"""The third step of an import: what would happen, and the word to begin."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.transfer.figures import Figures
from regulars.transfer.imports import discard, dry_run, start
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.runs import COUNTED, home_of, import_in
from regulars.web.files.words import changes, context_of, doubts, format_name, kind_name
from regulars.web.pages import asked_for_part, page, redirect, tell, toast

TRIED = {"customers": 20_000, "orders": 3_000, "activity": 20_000}
"""Records tried before an import begins: about three seconds' worth. The page says when there are more."""

AT_ONCE = 1_000
"""Rows of a file whose figures stand on the page at once; those of a longer one come after it."""

SHOWN = 20


@staff_may(Permission.IMPORT)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """What the import would do; nothing is written."""
    run = import_in(request, pk)
    if run.state != ImportRun.State.UPLOADED:
        return redirect(request, home_of(run))
    is_short = (run.rows_total or 0) <= AT_ONCE
    figures = None
    if is_short or "now" in request.GET or asked_for_part(request):
        try:
            figures = dry_run(run, most=TRIED[run.kind])
        except (DomainError, FileNotFoundError) as refusal:
            toast(request, _why(refusal), kind="problem")
            return redirect(request, home_of(run) + "columns/")
    context = {
        "run": run,
        "home": home_of(run),
        "kind_name": kind_name(run.kind),
        "format": format_name(run.format),
        "tried": _tried(request, run, figures) if figures else None,
    }
    return page(request, "files/check.html", context)


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


def _tried(request: StaffRequest, run: ImportRun, figures: Figures) -> dict[str, Any]:
    """The figures of a dry run ready to print."""
    ctx = context_of(request)
    show = lambda number: show_number(number, ctx.locale)  # noqa: E731
    return {
        "counts": {name: show(getattr(figures, name)) for name in COUNTED},
        "nothing_to_do": figures.is_whole and not figures.created and not figures.updated,
        "rows": show(figures.rows),
        "is_whole": figures.is_whole,
        "changes": changes(run.kind, figures.changed, figures.replaced, ctx),
        "rejected": figures.rejected,
        "errors": figures.errors[:SHOWN],
        "doubts": doubts(run.kind, figures.doubtful[:SHOWN]),
        "doubtful": show(sum(figures.warnings.values())) if figures.warnings else "",
        "twice": show(figures.duplicates) if figures.duplicates else "",
    }
