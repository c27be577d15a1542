"""A feed as an iCalendar file (RFC 5545): open tasks with their rules and alarms, and days worth knowing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from regulars.customers.models import Customer
from regulars.kit.dates import zone
from regulars.shops.permissions import Permission
from regulars.tasks.discreet import without_contacts
from regulars.tasks.due import REMINDED_AT, today_of, zone_of
from regulars.tasks.layers import Asked, Entry, entries_of
from regulars.tasks.models import CalendarFeed, State, Task
from regulars.tasks.repeating import parts_of

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST = 2000
REFRESH = timedelta(hours=1)

_DAY_ONE = datetime(2020, 1, 1, tzinfo=UTC)


def written(feed: CalendarFeed) -> bytes:
    """The file, the same bytes while nothing changed. In the language of the person.

    Without `with_contacts` no note goes out, and whatever looks like a phone number or an e-mail address is left out
    of titles.
    """
    staff = feed.staff
    with translation.override(staff.user.language or staff.shop.language):
        return bytes(_calendar(feed).to_ical())


def _calendar(feed: CalendarFeed) -> Calendar:
    staff, today = feed.staff, today_of(feed.staff)
    found = entries_of(Asked(staff, today - BACK, today + AHEAD, MOST), feed.layers)
    entries = [entry for one in found.values() for entry in one.entries if _goes_out(entry)]
    calendar = Calendar()
    calendar.add("prodid", "-//Regulars//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{staff.shop.name}: {feed.name}")
    calendar.add("x-wr-timezone", zone_of(staff))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    people = _people(feed, entries)
    for entry in entries:
        for event in _events(feed, entry, people):
            calendar.add_component(event)
    calendar.add_missing_timezones(first_date=today - BACK, last_date=today + 10 * AHEAD)
    return calendar


def _goes_out(entry: Entry) -> bool:
    """Days to come are told by the rule; what is done is done."""
    return not entry.is_to_come and (entry.task is None or entry.task.state == State.OPEN)


def _people(feed: CalendarFeed, entries: list[Entry]) -> dict[int, Customer]:
    """The customers these are about, as far as the person may see them."""
    ids = {entry.customer_id for entry in entries if entry.customer_id}
    return dict(Customer.objects.of(feed.shop_id).alive().visible_to(feed.staff).in_bulk(list(ids)))


def _events(feed: CalendarFeed, entry: Entry, people: dict[int, Customer]) -> list[Event]:
    """One event; of a repeating task that was moved alone, the rule and the exception from it."""
    task = entry.task
    event = _event(feed, entry, people)
    if task is None or not task.repeat or task.occurs_on is None:
        return [event]
    if not task.following and task.occurs_on == task.due_on:
        event.add("rrule", _rule(task, event))
        return [event]
    master = _master(feed, task, event)
    event.add("recurrence-id", master.start)
    return [master, event]


def _event(feed: CalendarFeed, entry: Entry, people: dict[int, Customer]) -> Event:
    event, task = Event(), entry.task
    event.add("uid", _uid(feed, entry))
    event.add("dtstamp", task.updated_at if task else _DAY_ONE)
    event.add("summary", entry.title if entry.is_figures else _text(feed, entry.title))
    if entry.day is not None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    else:
        assert entry.starts_at is not None and entry.ends_at is not None
        here = zone(zone_of(feed.staff))
        event.add("dtstart", entry.starts_at.astimezone(here))
        event.add("dtend", entry.ends_at.astimezone(here))
    event.add("transp", "OPAQUE" if entry.day is None else "TRANSPARENT")
    if words := _description(feed, entry, people):
        event.add("description", words)
    if task is not None:
        event.add("sequence", task.version)
        if task.remind_before is not None:
            event.add_component(_alarm(task))
    return event


def _master(feed: CalendarFeed, task: Task, moved: Event) -> Event:
    """What the rule says of a task that was changed alone."""
    kept: dict[str, Any] = task.following or {}
    event = Event()
    event.add("uid", str(moved["uid"]))
    event.add("dtstamp", task.updated_at)
    event.add("summary", _text(feed, kept.get("title", task.title)))
    hour = time.fromisoformat(kept["hour"]) if kept.get("hour") else None
    assert task.occurs_on is not None
    if hour is None:
        start: date = task.occurs_on
        length = timedelta(days=1)
    else:
        start = datetime.combine(task.occurs_on, hour, zone(zone_of(task.assignee)))
        length = timedelta(minutes=kept.get("minutes") or 30)
    event.add("dtstart", start)
    event.add("dtend", start + length)
    event.add("rrule", _rule(task, event))
    event.add("sequence", task.version)
    return event


def _rule(task: Task, event: Event) -> dict[str, Any]:
    """The rule; its last day as DTSTART has it, a day or an instant in UTC."""
    parts = parts_of(task)
    start = event.start
    if "UNTIL" in parts and isinstance(start, datetime):
        parts["UNTIL"] = datetime.combine(parts["UNTIL"], time(23, 59, 59), start.tzinfo).astimezone(UTC)
    return parts


def _uid(feed: CalendarFeed, entry: Entry) -> str:
    """Of a repeating task that of its row, so that calendars see one thing; never the shop's address."""
    name = f"task-{entry.task.series_id}" if entry.task and entry.task.series_id else entry.uid
    return f"{name}-{feed.shop_id}@regulars"


def _alarm(task: Task) -> Alarm:
    before = timedelta(minutes=task.remind_before or 0)
    morning = timedelta(hours=REMINDED_AT.hour) if task.is_all_day else timedelta()
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Reminder"))
    alarm.add("trigger", morning - before)
    return alarm


def _text(feed: CalendarFeed, text: str) -> str:
    return text if feed.with_contacts else without_contacts(text)


def _description(feed: CalendarFeed, entry: Entry, people: dict[int, Customer]) -> str:
    task, customer = entry.task, people.get(entry.customer_id or 0)
    lines = [str(task.get_kind_display())] if task else []
    if customer and customer.name:
        lines.append(_("Customer: {name}").format(name=_text(feed, customer.name)))
    if feed.with_contacts and feed.staff.may(Permission.SEE_CONTACT):
        if customer:
            lines += [contact for contact in (customer.phone or customer.phone_raw, customer.email) if contact]
        if task and task.note:
            lines += ["", task.note]
    return "\n".join(lines)
