"""What the command line asks of files and lists: answers as dicts that JSON knows."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.actions import undo_run
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.kit.query import write
from regulars.kit.query.paging import Order, ids_of_page
from regulars.kit.query.told import told_rows
from regulars.shops.models import JobRun, Shop
from regulars.shops.work import carry_on
from regulars.transfer import exports, imports, trials
from regulars.transfer.asking import question_of
from regulars.transfer.errors import BadMapping, ImportFailed, NoSuchImport
from regulars.transfer.explaining import explain_customer
from regulars.transfer.figures import Figures
from regulars.transfer.files import chunks_of, forget_file
from regulars.transfer.listing import chosen_fields
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.transfer.outgoing.asked import within
from regulars.transfer.outgoing.kinds import export_kind

__all__ = [
    "explain_customer", "export_rows", "import_file", "list_customers", "list_imports", "undo_import",
]  # fmt: skip

Progress = Callable[[str, int, int], None]
POLL_SECONDS = 0.2
DEFAULTS = frozenset({"tags", "group", "channel", "country", "origin"})
"""What all rows of a file may be given."""


def _silent(stage: str, done: int, total: int) -> None:
    pass


def import_file(
    kind: str,
    path: Path,
    shop: Shop,
    *,
    format: str = "auto",
    template: str | None = "",
    match: Sequence[str] = (),
    defaults: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress = _silent,
    **told: Any,
) -> dict[str, Any]:
    """Import a file here and now, with its figures and all rejected rows; a dry run changes nothing.

    template: a saved mapping to follow, None for none; without one, that of the same column names. told: delimiter,
    encoding, sheet, header_row, and policy, twice, day_order, assume_paid, quiet as in `Options`; None leaves as it is.

    Answers {"id", "format", "rows", "created", "updated", "unchanged", "rejected", "errors", "seconds", …}; the id is
    that of the run, None of a dry run. Raises FileRefused.
    """
    started = time.monotonic()
    with path.open("rb") as file:
        cut = {name: told.pop(name) for name in imports.CUT if told.get(name) is not None}
        run = imports.stage(shop, kind, chunks_of(file), path.name, format=format, template=template, **cut)
    try:
        told |= {"match": list(match) or None, "defaults": _defaults(run, defaults or {})}
        imports.configure(run, **told)
        if dry_run:
            figures = trials.dry_run(run)
            return _answer(run, figures, figures.errors, started) | {"id": None}
        job = imports.start(run)
    finally:
        _forget_if_waiting(run)
    _work_here(run, job, progress)
    run.refresh_from_db()
    if run.state == ImportRun.State.FAILED:
        raise ImportFailed(reason=run.error)
    return _answer(run, Figures.of(run), _rejected(run), started)


def _defaults(run: ImportRun, said: Mapping[str, str]) -> dict[str, str]:
    """What all rows get: what the saved mapping says, and what is said now. Raises BadMapping."""
    if unknown := said.keys() - DEFAULTS:
        known, names = ", ".join(sorted(DEFAULTS)), ", ".join(sorted(unknown))
        raise BadMapping(reason=_("Rows can be given {known}, not “{unknown}”.").format(known=known, unknown=names))
    return {**run.options.get("defaults", {}), **said}


def list_imports(shop: Shop) -> list[dict[str, Any]]:
    """Past imports, newest first."""
    return [
        {
            "id": run.pk, "kind": run.kind, "file": run.file_name, "format": run.format, "state": run.state,
            "rows": run.rows, "created": run.created, "updated": run.updated, "unchanged": run.unchanged,
            "rejected": run.rejected, "created_at": run.created_at, "finished_at": run.finished_at,
        }
        for run in ImportRun.objects.of(shop).exclude(state=ImportRun.State.UPLOADED).order_by("-id")
    ]  # fmt: skip


def undo_import(shop: Shop, run_id: int, *, by: Actor) -> dict[str, Any]:
    """Take an import back: {"id", "restored", "removed", "conflicts"}; what was changed since is a conflict and stays.

    Raises NoSuchImport, CannotUndo, TooLateToUndo.
    """
    run = ImportRun.objects.of(shop).select_related("job_run").filter(pk=run_id).first()
    if run is None or run.job_run is None:
        raise NoSuchImport(id=run_id)
    undoing = _worked_off(undo_run(run.job_run, staff=None, by=by), "Undoing", _silent)
    if undoing.state == JobRun.State.FAILED:
        raise ImportFailed(reason=undoing.error)
    return {"id": run_id} | {name: undoing.result.get(name, 0) for name in ("restored", "removed", "conflicts")}


def _work_here(run: ImportRun, job: JobRun, progress: Progress) -> None:
    with imports.watched(run.pk, lambda done, total: progress("Importing", done, total)):
        _worked_off(job, "Importing", progress)


def _worked_off(job: JobRun, stage: str, progress: Progress) -> JobRun:
    """Do background work in this process, or watch the worker that was quicker to take it, until it is over."""
    while not job.is_over:
        done = job.done
        carry_on(shop_id=job.shop_id, run_id=job.pk)
        job = JobRun.objects.of(job.shop_id).get(pk=job.pk)
        if not job.is_over:
            progress(stage, job.done, job.total or 0)
        if job.done == done:
            time.sleep(POLL_SECONDS)
    return job


def _forget_if_waiting(run: ImportRun) -> None:
    """A file that was only tried, or could not be, leaves nothing behind."""
    waiting = ImportRun.objects.of(run.shop_id).filter(pk=run.pk, state=ImportRun.State.UPLOADED)
    if waiting.delete()[0]:
        forget_file(run.stored_as)


def _answer(run: ImportRun, figures: Figures, errors: list[dict[str, Any]], started: float) -> dict[str, Any]:
    return {
        "id": run.pk,
        "format": run.format,
        "rows": figures.rows,
        "created": figures.created,
        "updated": figures.updated,
        "unchanged": figures.unchanged,
        "rejected": figures.rejected,
        "errors": errors,
        "changed": dict(figures.changed),
        "replaced": dict(figures.replaced),
        "warnings": dict(figures.warnings),
        "duplicates": figures.duplicates,
        "seconds": round(time.monotonic() - started, 3),
    }


def _rejected(run: ImportRun) -> list[dict[str, Any]]:
    rows = RejectedRow.objects.of(run.shop_id).filter(run=run).order_by("line", "id")
    return [dict(row) for row in rows.values("line", "column", "value", "reason")]


def export_rows(
    shop: Shop,
    kind: str = "customers",
    *,
    where: str = "",
    search: str = "",
    sort: str = "",
    date: str = "",
    first: str = "",
    last: str = "",
    fields: Sequence[str] = (),
    format: str = "csv",
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    output: Path,
    by: Actor,
) -> dict[str, Any]:
    """Write rows of a kind to a file: {"id", "kind", "format", "rows", "sha256", "file", "seconds"}.

    first, last: days of the period of the date field `date` (the kind's first one without it), both included.
    Raises BadCondition, UnknownExport, UnknownExportField, UnknownExportFormat.
    """
    started = time.monotonic()
    where = within(export_kind(kind), where, date, first, last, context_for(shop))
    asked = exports.Asked(
        kind=kind, where=where, search=search, sort=sort, fields=tuple(fields), format=format, delimiter=delimiter,
        encoding=encoding,
    )  # fmt: skip
    log = exports.export_to(output, shop, asked, by=by)
    return {
        "id": log.pk, "kind": kind, "format": format, "rows": log.rows, "sha256": log.sha256, "file": str(output),
        "seconds": round(time.monotonic() - started, 3),
    }  # fmt: skip


def list_customers(
    shop: Shop,
    *,
    where: str = "",
    segment: str = "",
    search: str = "",
    sort: str = "",
    limit: int = 50,
    fields: Sequence[str] = (),
    count_only: bool = False,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Customers as {"count", "customers": [{"id", …}]}, in the shape of `kit.query.told`.

    segment, as_of: as in `question_of`; what is shown is as it is now. sort: a field, "-" before it for the largest
    first; without one, the newest first. Raises BadCondition.
    """
    question = question_of(shop, where, segment=segment, as_of=as_of)
    ctx = question.ctx
    rows = exports.rows_of(shop, exports.Asked(where=write(question.node), search=search), ctx)
    order = Order.read(sort or "-created_at", customer_fields, ctx)
    shown = chosen_fields(fields, ctx)
    answer: dict[str, Any] = {"count": rows.count()}
    if count_only:
        return answer
    ids = ids_of_page(rows, order, size=limit, filtered=bool(where or segment or search or as_of)).ids if limit else []
    answer["customers"] = told_rows(Customer.objects.of(shop), ids, shown, customer_fields, ctx)
    return answer
