"""The export log: the only place that writes to it.

A line stands before the first byte leaves, is completed after the last one, and counts each download.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from regulars.events.record import Actor, record
from regulars.shops.models import JobRun, Shop, Staff
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing.asked import Asked


@transaction.atomic
def begin(shop: Shop, asked: Asked, fields: list[str], *, by: Actor, staff: Staff | None, ip: str | None) -> ExportLog:
    """Write down what is about to leave. fields: the names of its columns."""
    log = ExportLog.objects.create(
        shop=shop, kind=asked.kind, format=asked.format, delimiter=asked.delimiter, encoding=asked.encoding,
        where=asked.where, search=asked.search[:200], fields=fields, staff=staff, actor_name=by.name[:120], ip=ip,
    )  # fmt: skip
    record(shop.pk, "export.started", about=("export", log.pk), by=by, data={"where": log.where})
    return log


def belongs_to(log: ExportLog, job: JobRun) -> None:
    """Which work writes the file."""
    log.job_run = job
    log.save(update_fields=["job_run"])


def finish(log: ExportLog, rows: int, digest: str, *, stored_as: str = "", expires_at: datetime | None = None) -> None:
    """All of it was written. rows: lines of the file without its header. digest: SHA-256, hexadecimal."""
    log.rows, log.sha256, log.finished_at, log.state = rows, digest, now(), ExportLog.State.DONE
    log.stored_as, log.expires_at = stored_as, expires_at
    log.save(update_fields=["rows", "sha256", "finished_at", "state", "stored_as", "expires_at"])


def fail(log: ExportLog) -> None:
    """Nothing came of it."""
    log.state, log.finished_at = ExportLog.State.FAILED, now()
    log.save(update_fields=["state", "finished_at"])


def downloaded(log: ExportLog, *, by: Actor) -> None:
    """The file was fetched once more."""
    ExportLog.objects.of(log.shop_id).filter(pk=log.pk).update(downloads=F("downloads") + 1)
    record(log.shop_id, "export.downloaded", about=("export", log.pk), by=by)


def forget_file(log: ExportLog) -> None:
    """The file is no longer kept; what the log says of it stays."""
    ExportLog.objects.of(log.shop_id).filter(pk=log.pk).update(stored_as="")
