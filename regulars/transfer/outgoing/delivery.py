"""What a schedule does with its file: lays it into a folder of the server, and mails links to those who may fetch it.

Both are background work of their own, behind the export: a mail server that is away loses no file.
"""

import logging
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.kit.dates import show_moment, zone
from regulars.kit.jobs import job, later
from regulars.kit.mails import mail_goes_out
from regulars.shops.models import JobRun, Staff
from regulars.shops.operations.notifications import notify, wording
from regulars.shops.permissions import Permission
from regulars.transfer.errors import UnknownExport
from regulars.transfer.files import private_path
from regulars.transfer.models import ExportLog, ExportSchedule
from regulars.transfer.outgoing import log as export_log
from regulars.transfer.outgoing.kinds import export_kind
from regulars.transfer.outgoing.ways import format_named

logger = logging.getLogger(__name__)

FILES_KEPT = 30
"""Files of one schedule that stay in its folder; older ones are deleted when a new one comes."""


def may_take_out(staff: Staff, kind: str) -> bool:
    """Whether a person may export rows of a kind."""
    try:
        needed = export_kind(kind).needs
    except UnknownExport:
        return False
    return all(staff.may(permission) for permission in (Permission.EXPORT, *needed))


def may_fetch(log: ExportLog, staff: Staff) -> bool:
    """Whether the file is for a person: their own, or a schedule's that names them and shows no more than they see."""
    if log.staff_id == staff.pk:  # type: ignore[attr-defined]
        return staff.may(Permission.EXPORT)
    if staff.pk not in log.readers or log.shop_id != staff.shop_id or log.staff is None:
        return False
    sees_all = not staff.only_own or log.staff.only_own
    return sees_all and staff.may(Permission.SEE_CONTACT) and may_take_out(staff, log.kind)


def deliver(run: JobRun) -> None:
    """Go on behind an export that a schedule made; called in the transaction that ends it."""
    schedule = ExportSchedule.objects.of(run.shop_id).filter(pk=run.data["schedule"]).first()
    if schedule is None:
        return
    if run.state != JobRun.State.DONE:
        _tell(schedule, run.error or _("The export was called off."))
        return
    ids = {"shop_id": run.shop_id, "schedule_id": schedule.pk, "export_id": run.data["export"]}
    if schedule.folder:
        later(lay_down, **ids)
    for staff_id in schedule.mail_to:
        later(mail_link, staff_id=staff_id, **ids)
    _tell_readers(run, schedule)


def _tell_readers(run: JobRun, schedule: ExportSchedule) -> None:
    """At the bell, beside the mail; the owner hears of the work itself."""
    export_id = run.data["export"]
    log = ExportLog.objects.of(run.shop_id).select_related("staff").get(pk=export_id)
    readers = Staff.objects.of(run.shop_id).active().filter(pk__in=schedule.mail_to).exclude(pk=run.staff_id or 0)
    for staff in readers:
        if may_fetch(log, staff):
            url, key = f"files/exports/{export_id}/", f"export:{export_id}"
            notify(staff, "export.ready", data={"name": schedule.name}, url=url, key=key)


@wording("export.ready", icon="download")
def _ready(data: Mapping[str, Any]) -> str:
    return _("“{name}” is ready to download").format_map(data)


@job(queue="files", retry=5)
def lay_down(shop_id: int, schedule_id: int, export_id: int) -> None:
    """Copy the file into the schedule's folder; there it is whole or not at all."""
    schedule, log = _found(shop_id, schedule_id, export_id)
    if schedule is None or not log.stored_as:
        return
    target = folder_of(schedule) / file_name(log)
    place = str(target.relative_to(settings.OUTGOING_ROOT))
    if target.exists():  # a worker died when it was there; before or after that was written down
        export_log.delivered(log, place)
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_name(f".{target.name}.half")
    try:
        shutil.copyfile(private_path(log.stored_as), half)
        half.chmod(0o600)
        with transaction.atomic():
            export_log.delivered(log, place)
            half.replace(target)
    except OSError as fault:
        _tell(schedule, _("The file could not be laid into the folder: {fault}").format(fault=fault.strerror or fault))
        raise
    _forget_older(target.parent, log)


@job(queue="files", retry=5)
def mail_link(shop_id: int, schedule_id: int, export_id: int, staff_id: int) -> None:
    """Send one person the link to the file, never the file; nobody who may not fetch it any more."""
    schedule, log = _found(shop_id, schedule_id, export_id)
    staff = Staff.objects.of(shop_id).active().select_related("user", "shop").filter(pk=staff_id).first()
    if schedule is None:
        return
    if staff is None or not may_fetch(log, staff):
        _tell(schedule, _("A link was not sent: the person may not export any more."))
    elif not mail_goes_out():
        _tell(schedule, _("No link was sent: this installation has no mail server."))
    else:
        try:
            _send(schedule, log, staff)
        except OSError:  # smtplib's and the network's faults
            _tell(schedule, _("The mail to {person} could not be sent.").format(person=staff.user))
            raise


def folder_of(schedule: ExportSchedule) -> Path:
    """Where the files of a schedule lie: below the shop's own folder, in one of a name without any path in it."""
    return Path(settings.OUTGOING_ROOT) / schedule.shop.slug / schedule.folder


def file_name(log: ExportLog) -> str:
    """The kind, the moment by the shop's clocks and the export's number; names sort by time, and none comes twice."""
    at = log.started_at.astimezone(zone(log.shop.timezone))
    return f"{log.kind}-{at:%Y-%m-%d-%H%M%S}-{log.pk}{format_named(log.format).extension}"


def _found(shop_id: int, schedule_id: int, export_id: int) -> tuple[ExportSchedule | None, ExportLog]:
    schedule = ExportSchedule.objects.of(shop_id).select_related("shop").filter(pk=schedule_id).first()
    return schedule, ExportLog.objects.of(shop_id).select_related("shop", "staff").get(pk=export_id)


def _forget_older(folder: Path, log: ExportLog) -> None:
    """Only files that are named like ours are ever deleted."""
    ours = re.compile(rf"{re.escape(log.kind)}-\d{{4}}-\d\d-\d\d-\d{{6}}(-\d+)?\.[a-z]+")
    for path in sorted(path for path in folder.iterdir() if ours.fullmatch(path.name))[:-FILES_KEPT]:
        path.unlink(missing_ok=True)


def _send(schedule: ExportSchedule, log: ExportLog, staff: Staff) -> None:
    shop = schedule.shop
    with translation.override(staff.user.language or shop.language):
        subject = _("{name}: the file is ready").format(name=schedule.name)
        until = show_moment(log.expires_at, shop.timezone, translation.get_language()) if log.expires_at else ""
        text = _(
            "“{name}” of {shop} was exported: {rows} rows.\n\n"
            "Sign in and download it here until {until}:\n{link}\n\n"
            "The link works for you alone. {owner} may stop these mails."
        ).format(
            name=schedule.name, shop=shop.name, rows=log.rows, until=until, owner=log.actor_name,
            link=f"{schedule.address}/s/{shop.slug}/files/exports/{log.pk}/",
        )  # fmt: skip
    send_mail(subject, text, None, [staff.user.email])


def _tell(schedule: ExportSchedule, problem: str) -> None:
    ExportSchedule.objects.of(schedule.shop_id).filter(pk=schedule.pk).update(last_problem=problem)
