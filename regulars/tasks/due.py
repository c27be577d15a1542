"""When a task is due: a day by the assignee's own clocks, or an hour of it; and the instants that follow from it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.kit.dates import day_of, day_start, zone
from regulars.kit.errors import BadValue
from regulars.shops.models import Shop, Staff

if TYPE_CHECKING:
    from regulars.tasks.models import Task

REMINDED_AT = time(9)
"""When people are reminded of tasks that have no hour."""

MOST_REMIND = 60 * 24 * 60
"""Minutes."""

USUAL_MINUTES = 30
"""What a task with an hour and without a length takes on a calendar."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day, and the hour where there is one, by the assignee's clocks. minutes: how long it takes, None unknown."""

    day: date
    hour: time | None = None
    minutes: int | None = None


def zone_of(staff: Staff) -> str:
    """The time zone of somebody's days: their own, or the shop's."""
    return str(staff.user.timezone or staff.shop.timezone)


def today_of(staff: Staff, at: datetime | None = None) -> date:
    """The day it is for somebody."""
    return day_of(at or now(), zone_of(staff))


def reminder(minutes: int | None) -> int | None:
    """How many minutes before it somebody is reminded of a task, None not at all. Raises BadValue."""
    if minutes is not None and not 0 <= minutes <= MOST_REMIND:
        raise BadValue(_("A reminder comes at most 60 days before."), value=minutes, field="remind_before")
    return minutes


def due_of(task: "Task", tz: str) -> Due:
    """When a task is due by the clocks of a zone."""
    if task.is_all_day:
        return Due(task.due_on, None, task.minutes)
    local = task.starts_at.astimezone(zone(tz))
    return Due(local.date(), local.time().replace(second=0, microsecond=0), task.minutes)


def set_due(task: "Task", due: Due, tz: str) -> None:
    """Write a due into a task's columns, without saving."""
    task.due_on, task.is_all_day, task.minutes = due.day, due.hour is None, due.minutes
    if due.hour is not None:
        task.starts_at = datetime.combine(due.day, due.hour, zone(tz)).astimezone(UTC)
    reckon(task, tz)


def reckon(task: "Task", tz: str) -> None:
    """Set what follows from the due and a zone, without saving.

    A task with an hour keeps its instant in another zone, one for a whole day keeps its day.
    """
    if task.is_all_day:
        task.starts_at = day_start(task.due_on, tz)
        task.late_at = day_start(task.due_on + timedelta(days=1), tz)
    else:
        task.due_on = day_of(task.starts_at, tz)
        task.late_at = task.starts_at + timedelta(minutes=task.minutes or 0)
    task.remind_at = _remind_at(task, tz)


def _remind_at(task: "Task", tz: str) -> datetime | None:
    if task.remind_before is None:
        return None
    begins = datetime.combine(task.due_on, REMINDED_AT, zone(tz)) if task.is_all_day else task.starts_at
    return begins.astimezone(UTC) - timedelta(minutes=task.remind_before)


def days_by_zone(shop: Shop) -> dict[date, list[int]]:
    """The day it is now → ids of the staff for whom it is that day, in one query."""
    found: dict[date, list[int]] = {}
    for staff in Staff.objects.of(shop).select_related("user", "shop"):
        found.setdefault(today_of(staff), []).append(staff.pk)
    return found
