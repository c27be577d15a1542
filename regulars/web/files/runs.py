"""An import in an address, and how one is printed in a line."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from regulars.customers import undo_limits
from regulars.customers.undo_limits import can_still_undo
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest
from regulars.web.files.words import TONES, format_name, kind_name, who
from regulars.web.jobs import words
from regulars.web.lists import cells

COUNTED = ("created", "updated", "unchanged", "rejected")


def import_in(request: StaffRequest, pk: int) -> ImportRun:
    """The shop's import of that number; 404 for another shop's."""
    runs = ImportRun.objects.of(request.shop).select_related("shop", "job_run__undone_by", "staff__user")
    run = runs.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def home_of(run: ImportRun) -> str:
    """The address of an import's pages."""
    return f"/s/{run.shop.slug}/files/imports/{run.pk}/"


def line_of(run: ImportRun, ctx: Context) -> dict[str, Any]:
    """An import ready to print."""
    is_waiting = run.state == ImportRun.State.UPLOADED
    return {
        "id": run.pk,
        "url": home_of(run) + ("columns/" if is_waiting else ""),
        "name": run.file_name,
        "kind": kind_name(run.kind),
        "format": format_name(run.format),
        "who": who(run.staff),
        "when": cells.show_moment(run.created_at, ctx),
        "counts": {name: _count(getattr(run, name), ctx, is_waiting) for name in COUNTED},
        "is_waiting": is_waiting,
        "is_running": run.state == ImportRun.State.RUNNING,
        "percent": run.job_run.percent if run.job_run else 0,
        "state": _state(run),
        "tone": "warn" if is_undone(run) else TONES[run.state],
    }


def is_undone(run: ImportRun) -> bool:
    """Whether somebody took it back."""
    return bool(run.job_run and run.job_run.undone_by_id)


def is_half_undone(run: ImportRun) -> bool:
    """Whether taking it back ended before its end, and can go on."""
    return bool(run.job_run and undo_limits.is_half_undone(run.job_run))


def can_undo(run: ImportRun) -> bool:
    """Whether it can be taken back: it did something, it is over, not too long ago, and nobody took it back."""
    return bool(run.job_run and can_still_undo(run.job_run, run.shop.timezone))


def undo_words(run: ImportRun, ctx: Context) -> str:
    """Until which day it can be taken back, or could; "" when it never could or was."""
    return words.undo_words(run.job_run, ctx) if run.job_run else ""


def _state(run: ImportRun) -> str:
    if run.state == ImportRun.State.UPLOADED:
        return ""
    if is_half_undone(run):
        return _("Undone in part")
    return _("Undone") if is_undone(run) else str(run.get_state_display())


def _count(number: int, ctx: Context, is_waiting: bool) -> Any:
    return "" if is_waiting else show_number(number, ctx.locale)
