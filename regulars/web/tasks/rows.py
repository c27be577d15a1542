"""A task ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton, format_time
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit.dates import show_day, show_moment, zone
from regulars.kit.numbers import locale_of
from regulars.shops.models import Staff
from regulars.tasks.due import today_of, zone_of
from regulars.tasks.models import Kind, Priority, State, Task
from regulars.tasks.repeating import rule_of, words_of

ICONS = {Kind.CALL: "phone", Kind.MEETING: "users", Kind.FOLLOW_UP: "arrow-forward-up", Kind.TODO: "square-check"}
TONES = {State.DONE: "good", State.CANCELLED: ""}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom tasks are printed: their clocks, their language, and whose names they may read."""

    staff: Staff
    tz: str
    locale: str
    today: date
    home: str

    @classmethod
    def of(cls, staff: Staff) -> "Reader":
        home = f"/s/{staff.shop.slug}/"
        return cls(staff, zone_of(staff), get_language() or "en", today_of(staff), home)


def rows(found: QuerySet, reader: Reader) -> list[dict[str, Any]]:
    """Tasks in their order, by two queries however many."""
    tasks = list(found)
    names = names_of((task.customer_id for task in tasks), reader)
    return [row(task, reader, names) for task in tasks]


def names_of(ids: Iterable[int | None], reader: Reader) -> dict[int, str]:
    """What those of these customers are called whom the reader may see, by one query."""
    wanted = {pk for pk in ids if pk}
    people = Customer.objects.of(reader.staff.shop_id).alive().visible_to(reader.staff).filter(pk__in=wanted)
    named = people.values_list("pk", "name", "company") if wanted else ()
    return {pk: name or company or f"#{pk}" for pk, name, company in named}


def row(task: Task, reader: Reader, names: dict[int, str]) -> dict[str, Any]:
    """One line of a list."""
    rule = rule_of(task)
    return {
        "id": task.pk,
        "url": f"{reader.home}tasks/{task.pk}/",
        "title": task.title,
        "kind": task.get_kind_display(),
        "icon": ICONS[Kind(task.kind)],
        "when": when(task, reader),
        "exact": show_day(task.due_on, reader.locale) if task.is_all_day
        else show_moment(task.starts_at, reader.tz, reader.locale),
        "is_late": task.is_open and task.late_at <= now(),
        "is_open": task.is_open,
        "state": task.get_state_display(),
        "tone": TONES.get(State(task.state), ""),
        "closed": show_moment(task.closed_at, reader.tz, reader.locale) if task.closed_at else "",
        "is_high": task.priority == Priority.HIGH,
        "is_low": task.priority == Priority.LOW,
        "repeats": words_of(rule) if rule else "",
        "has_reminder": task.remind_before is not None,
        "assignee": str(task.assignee.user),
        "assignee_id": task.assignee.user_id,
        "is_mine": task.assignee_id == reader.staff.pk,
        "customer": names.get(task.customer_id or 0, ""),
        "customer_url": f"{reader.home}customers/{task.customer_id}/?tab=tasks",
    }  # fmt: skip


def when(task: Task, reader: Reader) -> str:
    """The day in as few words as tell it, and the hour."""
    local = task.starts_at.astimezone(zone(reader.tz))
    day = task.due_on if task.is_all_day else local.date()
    words = day_words(day, reader)
    return words if task.is_all_day else f"{words}, {hour_words(local, reader)}"


def day_words(day: date, reader: Reader) -> str:
    """Today, tomorrow, yesterday, a weekday of the next days; else the day."""
    away = (day - reader.today).days
    named = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}
    if away in named:
        return named[away]
    if 1 < away < 7:
        return format_skeleton("EEEE", day, locale=locale_of(reader.locale))
    if day.year == reader.today.year:
        return format_skeleton("MMMd", day, locale=locale_of(reader.locale))
    return show_day(day, reader.locale)


def hour_words(local: datetime, reader: Reader) -> str:
    return format_time(local.time(), "short", locale=locale_of(reader.locale))
