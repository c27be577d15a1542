"""Exports that come again by themselves: every day or week, with the eyes their owner has at that time."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.fields import context_for
from regulars.events.record import Actor, record
from regulars.kit.dates import day_of, zone
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.jobs import every
from regulars.kit.query import parse, write
from regulars.kit.text import one_line
from regulars.segments.renaming import KEPT
from regulars.segments.uses import KINDS, Named, Use, names_segments, read_kept, shows_fields
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting
from regulars.transfer.errors import OwnerGone, ScheduleExists
from regulars.transfer.exports import check_asked, start_export
from regulars.transfer.models import ExportLog, ExportSchedule
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.delivery import may_take_out

NAME_LENGTH = 60
MOST_READERS = 20
FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""A folder's name: nothing that leads anywhere else."""

KEPT.append(ExportSchedule)
KINDS["schedule"] = gettext_lazy("the scheduled export")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When: every day or week (weekday 0 is Monday), at an hour of the shop's clocks."""

    every: str = ExportSchedule.Every.WEEK
    weekday: int = 0
    hour: int = 7

    def next_after(self, instant: datetime, tz: str) -> datetime:
        """The first time behind an instant, in UTC.

        An hour that the clocks skip comes as soon as they have skipped it; one that they show twice comes once.
        """
        first = day_of(instant, tz)
        for ahead in range(9):
            day = first + timedelta(days=ahead)
            at = datetime.combine(day, time(self.hour), zone(tz)).astimezone(UTC)
            if at > instant and (self.every == ExportSchedule.Every.DAY or day.weekday() == self.weekday):
                return at
        raise ValueError(f"{self} never comes.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """folder: a name below the shop's folder of files that leave, "" for none. mail_to: ids of staff who get a link."""

    folder: str = ""
    mail_to: Sequence[int] = field(default=())


def schedules_for(staff: Staff) -> Any:
    """The schedules a person sees, by name: their own, and all of the shop for those who change its settings."""
    found = ExportSchedule.objects.of(staff.shop_id).select_related("shop", "staff__user", "last_export")
    return found if staff.may(Permission.SETTINGS) else found.filter(staff=staff)


@transaction.atomic
def save_schedule(
    staff: Staff,
    name: str,
    asked: Asked,
    rhythm: Rhythm,
    delivery: Delivery,
    *,
    address: str = "",
    schedule: ExportSchedule | None = None,
) -> ExportSchedule:
    """Make a schedule, or change one; it is on then, and belongs to who saved it. address: where Regulars was reached.

    Raises BadValue (name, folder, nowhere to go, people who may not have it), ScheduleExists, OwnerGone, and what
    `start_export` raises of a question that cannot be asked.
    """
    name = one_line(name)[:NAME_LENGTH].strip()
    _check(staff, name, asked, delivery)
    others = ExportSchedule.objects.of(staff.shop_id).filter(name=name)
    if (others.exclude(pk=schedule.pk) if schedule else others).exists():
        raise ScheduleExists(name=name)
    saved = schedule or ExportSchedule(shop_id=staff.shop_id)
    saved.staff = staff  # nobody changes what another one's eyes are asked
    saved.name, saved.asked, saved.address = name, replace(asked, where="").stored(), address
    saved.where = _canonical(asked, staff)
    saved.every, saved.weekday, saved.hour = rhythm.every, rhythm.weekday, rhythm.hour
    saved.folder, saved.mail_to = delivery.folder, list(dict.fromkeys(delivery.mail_to))
    saved.is_on, saved.last_problem = True, ""
    saved.next_at = rhythm.next_after(now(), staff.shop.timezone)
    saved.save()
    _record(saved, "saved", acting(staff))
    return saved


@transaction.atomic
def pause_schedule(schedule: ExportSchedule, *, by: Actor, reason: str = "") -> None:
    """Let it rest until somebody has it go on. reason: a sentence, when it rests by itself."""
    schedule.is_on, schedule.last_problem = False, reason
    schedule.save(update_fields=["is_on", "last_problem"])
    _record(schedule, "paused", by)


@transaction.atomic
def resume_schedule(schedule: ExportSchedule, *, by: Actor) -> None:
    """Have it go on at its next time; what it missed while it rested is not made up for. Raises OwnerGone."""
    _check_owner(schedule.staff, question_of(schedule))
    schedule.is_on, schedule.last_problem = True, ""
    schedule.next_at = rhythm_of(schedule).next_after(now(), schedule.shop.timezone)
    schedule.save(update_fields=["is_on", "last_problem", "next_at"])
    _record(schedule, "resumed", by)


@transaction.atomic
def remove_schedule(schedule: ExportSchedule, *, by: Actor) -> None:
    """Forget it. What it exported stays in the log, its files in their folder."""
    _record(schedule, "removed", by)
    schedule.delete()


@transaction.atomic
def run_now(schedule: ExportSchedule) -> ExportLog:
    """Begin its export now, besides its times. Raises OwnerGone and what `start_export` raises."""
    asked = question_of(schedule)
    _check_owner(schedule.staff, asked)
    log = start_export(schedule.shop, asked, staff=schedule.staff, by=acting(schedule.staff), scheduled=schedule)
    schedule.last_at, schedule.last_export, schedule.last_problem = now(), log, ""
    schedule.save(update_fields=["last_at", "last_export", "last_problem"])
    return log


@transaction.atomic
def run_if_due(shop_id: int, schedule_id: int) -> ExportLog | None:
    """Begin the export of a schedule whose time has come, once however many ask and however often it was missed.

    Its next time is set in the same transaction. One that cannot be run rests, and says why.
    """
    due = ExportSchedule.objects.of(shop_id).filter(pk=schedule_id, is_on=True, next_at__lte=now())
    schedule = due.select_related("shop", "staff__user").select_for_update(skip_locked=True, of=("self",)).first()
    if schedule is None:
        return None
    schedule.next_at = rhythm_of(schedule).next_after(now(), schedule.shop.timezone)
    schedule.save(update_fields=["next_at"])
    with translation.override(schedule.staff.user.language or schedule.shop.language):
        try:
            return run_now(schedule)
        except DomainError as refusal:
            pause_schedule(schedule, by=Actor.system(), reason=str(refusal))
    return None


@every("* * * * *", queue="files")
def run_due_schedules() -> None:
    """Begin all scheduled exports whose time has come."""
    for shop in Shop.objects.all():
        due = ExportSchedule.objects.of(shop).filter(is_on=True, next_at__lte=now())
        for pk in due.order_by("next_at").values_list("pk", flat=True):
            run_if_due(shop.pk, pk)


def readers_for(shop: Shop, kind: str) -> list[Staff]:
    """Who can be sent links to exports of a kind, by name."""
    people = Staff.objects.of(shop).active().select_related("user")
    return sorted((one for one in people if may_take_out(one, kind)), key=lambda one: str(one.user).casefold())


def question_of(schedule: ExportSchedule) -> Asked:
    """What it exports."""
    return replace(Asked.of(schedule.asked), where=schedule.where)


def rhythm_of(schedule: ExportSchedule) -> Rhythm:
    return Rhythm(schedule.every, schedule.weekday, schedule.hour)


@names_segments
def _schedules(shop: Shop) -> Iterable[Named]:
    """Schedules count as users of the segments they ask for."""
    for schedule in ExportSchedule.objects.of(shop):
        if schedule.where and (node := read_kept(schedule.where)) is not None:
            yield Use("schedule", schedule.name, f"files/schedules/{schedule.pk}/"), node


@shows_fields
def _written(shop: Shop) -> Iterable[tuple[Use, Collection[str]]]:
    """Schedules count as users of the fields they write."""
    for schedule in ExportSchedule.objects.of(shop):
        yield Use("schedule", schedule.name, f"files/schedules/{schedule.pk}/"), question_of(schedule).fields


def _check(staff: Staff, name: str, asked: Asked, delivery: Delivery) -> None:
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    if delivery.folder and not FOLDER.fullmatch(delivery.folder):
        words = _("A folder is named with small letters, digits, - and _, up to 40 of them.")
        raise BadValue(words, value=delivery.folder, field="folder")
    if not (delivery.folder or delivery.mail_to):
        raise BadValue(_("Say where the file goes: to people, into a folder, or both."), value="", field="mail_to")
    if asked.ids is not None:
        raise BadValue(_("What you ticked by hand cannot come again. Use a filter."), value="", field="name")
    _check_owner(staff, asked)
    known = Staff.objects.of(staff.shop_id).active().filter(pk__in=delivery.mail_to)
    may = {one.pk for one in known.select_related("user") if may_take_out(one, asked.kind)}
    if not may.issuperset(delivery.mail_to) or len(may) > MOST_READERS:
        raise BadValue(_("Choose people who may export."), value="", field="mail_to")
    check_asked(staff.shop, asked, staff)


def _canonical(asked: Asked, staff: Staff) -> str:
    """The question with keys instead of labels, so that it is still the same when something gets another name."""
    if not asked.where:
        return ""
    return write(asked.what.fields.canonical(parse(asked.where), context_for(staff.shop, staff=staff)))


def _check_owner(staff: Staff, asked: Asked) -> None:
    if not (staff.is_active and staff.user.is_active and may_take_out(staff, asked.kind)):
        raise OwnerGone(person=str(staff.user))


def _record(schedule: ExportSchedule, what: str, by: Actor) -> None:
    about = ("export_schedule", schedule.pk)
    record(schedule.shop_id, f"export_schedule.{what}", about=about, by=by, data={"name": schedule.name})
