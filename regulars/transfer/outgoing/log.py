"""The export log: the only place that writes to it.

A line stands before the first byte leaves, is completed after the last one, and counts each download. Whatever
happens to it is also told by an entry that nobody can change afterwards (`entries`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from regulars.events.record import Actor, record
from regulars.shops.models import JobRun, Shop, Staff
from regulars.transfer.models import ExportEntry, ExportLog, ExportSchedule
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.entries import add_entry

Kind = ExportEntry.Kind


@transaction.atomic
def begin(
    shop: Shop,
    asked: Asked,
    fields: list[str],
    *,
    by: Actor,
    staff: Staff | None,
    ip: str | None,
    scheduled: ExportSchedule | None = None,
) -> ExportLog:
    """Write down what is about to leave. fields: the names of its columns. scheduled: what it comes from."""
    log = ExportLog.objects.create(
        shop=shop, kind=asked.kind, format=asked.format, delimiter=asked.delimiter, encoding=asked.encoding,
        where=asked.where, search=asked.search[:200], fields=fields, staff=staff, actor_name=by.name[:120], ip=ip,
        readers=scheduled.mail_to if scheduled else [],
    )  # fmt: skip
    record(shop.pk, "export.started", about=("export", log.pk), by=by, data={"where": log.where})
    add_entry(log, Kind.STARTED, by=by, ip=ip, data=_told(log, asked, scheduled))
    return log


def belongs_to(log: ExportLog, job: JobRun) -> None:
    """Which work writes the file."""
    log.job_run = job
    log.save(update_fields=["job_run"])


@transaction.atomic
def finish(
    log: ExportLog, rows: int, digest: str, size: int, *, stored_as: str = "", expires_at: datetime | None = None
) -> None:
    """All of it was written. rows: lines of the file without its header. digest: SHA-256, hexadecimal. size: bytes."""
    log.rows, log.sha256, log.finished_at, log.state = rows, digest, now(), ExportLog.State.DONE
    log.stored_as, log.expires_at = stored_as, expires_at
    log.save(update_fields=["rows", "sha256", "finished_at", "state", "stored_as", "expires_at"])
    add_entry(log, Kind.FINISHED, by=asker(log), data={"rows": rows, "sha256": digest, "bytes": size})


@transaction.atomic
def fail(log: ExportLog, *, called_off: bool = False) -> None:
    """Nothing came of it. called_off: because somebody wanted so."""
    log.state, log.finished_at = ExportLog.State.FAILED, now()
    log.save(update_fields=["state", "finished_at"])
    add_entry(log, Kind.CANCELLED if called_off else Kind.FAILED, by=asker(log))


@transaction.atomic
def downloaded(log: ExportLog, *, by: Actor, ip: str | None = None) -> None:
    """The file was fetched once more."""
    ExportLog.objects.of(log.shop_id).filter(pk=log.pk).update(downloads=F("downloads") + 1)
    record(log.shop_id, "export.downloaded", about=("export", log.pk), by=by)
    add_entry(log, Kind.DOWNLOADED, by=by, ip=ip, data={"sha256": log.sha256})


def delivered(log: ExportLog, place: str) -> None:
    """The file was laid into a folder; told once. place: its name below the folder for files that leave."""
    if ExportEntry.objects.of(log.shop_id).filter(export=log, kind=Kind.DELIVERED).exists():
        return
    add_entry(log, Kind.DELIVERED, by=asker(log), data={"file": place, "sha256": log.sha256})


def forget_file(log: ExportLog) -> None:
    """The file is no longer kept; what the log says of it stays."""
    ExportLog.objects.of(log.shop_id).filter(pk=log.pk).update(stored_as="")


def asker(log: ExportLog) -> Actor:
    """Who asked for the export."""
    return Actor("staff" if log.staff_id else "system", log.staff_id, log.actor_name)  # type: ignore[attr-defined]


def _told(log: ExportLog, asked: Asked, scheduled: ExportSchedule | None) -> Mapping[str, Any]:
    """What was asked for; what was not said is left out."""
    told = {
        "kind": log.kind, "format": log.format, "where": log.where, "search": log.search, "sort": asked.sort,
        "fields": list(log.fields), "selected": None if asked.ids is None else len(asked.ids),
        "excluded": len(asked.excluded) or None, "schedule": scheduled.name if scheduled else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "")}
