"""Data that leaves: written down before its first byte, formatted by PostgreSQL in one snapshot, kept for one person.

All of it is read of one snapshot, so its rows are those of one instant and as many as the count shown with it.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.events.record import Actor
from regulars.kit.query.paging import Order
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.work import start_job
from regulars.transfer.errors import ExportCancelled, LinkExpired, NotYours
from regulars.transfer.files import new_private_file, private_path
from regulars.transfer.models import ExportLog, ExportSchedule
from regulars.transfer.outgoing import log as export_log
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.delivery import deliver, may_fetch
from regulars.transfer.outgoing.formats import AS_CELLS, AS_CSV, AS_OBJECTS, write_book, write_csv, write_objects
from regulars.transfer.outgoing.progress import watched
from regulars.transfer.outgoing.snapshot import one_snapshot
from regulars.transfer.outgoing.statement import Copied, objects, rows_of, table
from regulars.transfer.outgoing.ways import CSV, JSON_LINES, check_way, format_named

__all__ = ["Asked", "check_asked", "download", "export_ended", "export_to", "rows_of", "start_export", "write_export"]

KEPT_FOR = timedelta(hours=24)
SCHEDULED_KEPT_FOR = timedelta(days=7)
"""Nobody waits for what comes by itself: Friday's link must work on Monday."""

Told = Callable[[int], None]


def export_to(
    path: Path, shop: Shop, asked: Asked, *, by: Actor, staff: Staff | None = None, ip: str | None = None
) -> ExportLog:
    """Write an export to a file of the caller's, now; one that cannot be written whole is removed.

    Raises BadCondition, UnknownExport, UnknownExportField, UnknownExportFormat before anything is written.
    """
    log = export_log.begin(shop, asked, _Prepared(shop, asked, staff).names, by=by, staff=staff, ip=ip)
    try:
        with _whole(path), one_snapshot():
            rows = _Prepared(shop, asked, staff).write(path, "wb", lambda done: None)
    except BaseException:
        export_log.fail(log)
        raise
    export_log.finish(log, rows, _digest(path), _size(path))
    return log


def check_asked(shop: Shop, asked: Asked, staff: Staff) -> None:
    """Raises what `export_to` raises of an export that cannot be written."""
    _Prepared(shop, asked, staff)


@transaction.atomic
def start_export(
    shop: Shop,
    asked: Asked,
    *,
    staff: Staff,
    by: Actor,
    ip: str | None = None,
    scheduled: ExportSchedule | None = None,
) -> ExportLog:
    """Write an export in the background, for `staff` alone to download within 24 hours; `job_run` of the log tells
    how far it is. scheduled: what it comes from; it is kept for a week then, for all who are sent a link.
    Raises what `export_to` raises.
    """
    prepared = _Prepared(shop, asked, staff)
    total = prepared.rows.count()
    log = export_log.begin(shop, asked, prepared.names, by=by, staff=staff, ip=ip, scheduled=scheduled)
    data: dict[str, Any] = {"export": log.pk, "asked": asked.stored()}
    if scheduled:
        data["schedule"] = scheduled.pk
    title = scheduled.name if scheduled else _("Export: {kind}").format(kind=asked.what.label)
    export_log.belongs_to(log, start_job(shop, "export", title, data=data, staff=staff, total=total))
    return log


def write_export(job: JobRun) -> bool:
    """The one step of the work of an export."""
    log = ExportLog.objects.of(job.shop_id).select_related("shop", "staff").get(pk=job.data["export"])
    asked = Asked.of(job.data["asked"])
    name = new_private_file("exports", format_named(asked.format).extension)
    path = private_path(name)
    try:
        with _whole(path), watched(job) as told, one_snapshot():
            rows = _Prepared(log.shop, asked, log.staff).write(path, "xb", told)
    except ExportCancelled:
        return True  # whoever works on it sees that it was called off before it goes on
    kept_for = SCHEDULED_KEPT_FOR if "schedule" in job.data else KEPT_FOR
    export_log.finish(log, rows, _digest(path), _size(path), stored_as=name, expires_at=now() + kept_for)
    job.done = job.total = rows
    job.result = {"rows": rows, "export": log.pk}
    return False


def export_ended(job: JobRun) -> None:
    """An export that failed or was called off says so in the log; one that a schedule made is delivered."""
    if job.state != JobRun.State.DONE:
        log = ExportLog.objects.of(job.shop_id).get(pk=job.data["export"])
        export_log.fail(log, called_off=job.state == JobRun.State.CANCELLED)
    if "schedule" in job.data:
        deliver(job)


@transaction.atomic
def download(log: ExportLog, *, staff: Staff, by: Actor, ip: str | None = None) -> Path:
    """The file of an export, for those it is for and who still may; each download is counted and told.

    Raises NotYours, LinkExpired.
    """
    if not may_fetch(log, staff):
        raise NotYours
    path = private_path(log.stored_as) if log.stored_as else None
    if log.expires_at is None or log.expires_at <= now() or path is None or not path.exists():
        raise LinkExpired
    export_log.downloaded(log, by=by, ip=ip)
    return path


# --- how it is done -----------------------------------------------------------------------------------------


class _Prepared:
    """An export whose question, fields and format are understood."""

    def __init__(self, shop: Shop, asked: Asked, staff: Staff | None) -> None:
        self._shop, self._asked, self._kind = shop, asked, asked.what
        check_way(asked.delimiter, asked.encoding)
        self._ctx = context_for(shop, staff=staff)
        self.rows = rows_of(shop, asked, self._ctx, staff)
        self._columns = self._kind.chosen(asked.fields, self._ctx, format_named(asked.format).writing)
        self._order = Order.read(asked.sort, self._kind.fields, self._ctx) if asked.sort else None

    @property
    def names(self) -> list[str]:
        """What the columns are called."""
        return [column.name for column in self._columns]

    def write(self, path: Path, mode: str, told: Told) -> int:
        """Write the file; how many rows it has."""
        make = objects if self._asked.format == JSON_LINES else table
        statement = make(self._kind, self.rows, self._columns, self._order, self._ctx)
        rows = Copied(self._shop, statement, self._copying())
        with path.open(mode) as out:
            if self._asked.format == CSV:
                way = {"delimiter": self._asked.delimiter, "encoding": self._asked.encoding}
                write_csv(out, self._columns, rows, told, **way)  # type: ignore[arg-type]
            elif self._asked.format == JSON_LINES:
                write_objects(out, rows, told)  # type: ignore[arg-type]
            else:
                write_book(out, self._columns, rows, told, title=str(self._kind.label))  # type: ignore[arg-type]
        return rows.count

    def _copying(self) -> str:
        if self._asked.format == CSV:
            return AS_CSV.format(self._asked.delimiter)
        return AS_OBJECTS if self._asked.format == JSON_LINES else AS_CELLS


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """A file that was not written to its end is none."""
    try:
        yield
    except BaseException:
        if path.is_file():
            path.unlink()
        raise


def _size(path: Path) -> int:
    """Bytes of what was written; 0 for a pipe."""
    return path.stat().st_size if path.is_file() else 0


def _digest(path: Path) -> str:
    """SHA-256 of what was written, in hexadecimal; "" for a pipe, which cannot be read again."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
