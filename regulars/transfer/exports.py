"""Data that leaves: written down before its first byte, formatted by PostgreSQL in one snapshot, kept for one person.

An export is one statement, so its rows are those of one instant and as many as the count shown with it.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.events.record import Actor
from regulars.kit.query.paging import Order
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.work import start_job
from regulars.transfer.errors import ExportCancelled, LinkExpired, NotYours
from regulars.transfer.files import new_private_file, private_path
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing import log as export_log
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.formats import AS_CELLS, AS_CSV, AS_OBJECTS, write_book, write_csv, write_objects
from regulars.transfer.outgoing.progress import watched
from regulars.transfer.outgoing.statement import Copied, objects, rows_of, table
from regulars.transfer.outgoing.ways import CSV, JSON_LINES, check_way, format_named

__all__ = ["Asked", "download", "export_ended", "export_to", "rows_of", "start_export", "write_export"]

KEPT_FOR = timedelta(hours=24)
Told = Callable[[int], None]


def export_to(
    path: Path, shop: Shop, asked: Asked, *, by: Actor, staff: Staff | None = None, ip: str | None = None
) -> ExportLog:
    """Write an export to a file of the caller's, now; one that cannot be written whole is removed.

    Raises BadCondition, UnknownExport, UnknownExportField, UnknownExportFormat before anything is written.
    """
    prepared = _Prepared(shop, asked, staff)
    log = export_log.begin(shop, asked, prepared.names, by=by, staff=staff, ip=ip)
    try:
        with _whole(path):
            rows = prepared.write(path, "wb", lambda done: None)
    except BaseException:
        export_log.fail(log)
        raise
    export_log.finish(log, rows, _digest(path))
    return log


@transaction.atomic
def start_export(shop: Shop, asked: Asked, *, staff: Staff, by: Actor, ip: str | None = None) -> ExportLog:
    """Write an export in the background, for `staff` alone to download within 24 hours; `job_run` of the log tells
    how far it is. Raises what `export_to` raises.
    """
    prepared = _Prepared(shop, asked, staff)
    total = prepared.rows.count()
    log = export_log.begin(shop, asked, prepared.names, by=by, staff=staff, ip=ip)
    data = {"export": log.pk, "asked": asked.stored()}
    title = _("Export: {kind}").format(kind=asked.what.label)
    export_log.belongs_to(log, start_job(shop, "export", title, data=data, staff=staff, total=total))
    return log


def write_export(job: JobRun) -> bool:
    """The one step of the work of an export."""
    log = ExportLog.objects.of(job.shop_id).select_related("shop", "staff").get(pk=job.data["export"])
    asked = Asked.of(job.data["asked"])
    prepared = _Prepared(log.shop, asked, log.staff)
    name = new_private_file("exports", format_named(asked.format).extension)
    path = private_path(name)
    try:
        with _whole(path), watched(job) as told:
            rows = prepared.write(path, "xb", told)
    except ExportCancelled:
        return True  # whoever works on it sees that it was called off before it goes on
    export_log.finish(log, rows, _digest(path), stored_as=name, expires_at=now() + KEPT_FOR)
    job.done = job.total = rows
    job.result = {"rows": rows, "export": log.pk}
    return False


def export_ended(job: JobRun) -> None:
    """An export that failed or was called off says so in the log."""
    if job.state != JobRun.State.DONE:
        export_log.fail(ExportLog.objects.of(job.shop_id).get(pk=job.data["export"]))


@transaction.atomic
def download(log: ExportLog, *, staff: Staff, by: Actor) -> Path:
    """The file of an export, for the person who made it and still may; each download is counted and told.

    Raises NotYours, LinkExpired.
    """
    if log.staff_id != staff.pk or not staff.may(Permission.EXPORT):
        raise NotYours
    path = private_path(log.stored_as) if log.stored_as else None
    if log.expires_at is None or log.expires_at <= now() or path is None or not path.exists():
        raise LinkExpired
    export_log.downloaded(log, by=by)
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


def _digest(path: Path) -> str:
    """SHA-256 of what was written, in hexadecimal; "" for a pipe, which cannot be read again."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
