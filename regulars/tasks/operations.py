"""What can be done with tasks. Each change counts the version up and leaves one event with old and new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.errors import InTheBin
from regulars.customers.leading import leads_to
from regulars.customers.models import Customer
from regulars.events.record import Actor, Happening, record, record_many
from regulars.kit.errors import BadValue
from regulars.kit.text import clean, one_line
from regulars.shops.models import Shop, Staff
from regulars.tasks.due import Due, due_of, reckon, reminder, set_due, today_of, zone_of
from regulars.tasks.errors import TaskChanged, TaskIsClosed
from regulars.tasks.models import Kind, Priority, Repeat, State, Task
from regulars.tasks.repeating import Rule, next_day, rule_of

TITLE_LENGTH, NOTE_LENGTH = 200, 5000
MOST_MINUTES = 7 * 24 * 60

TOLD = (
    "title", "kind", "priority", "note", "assignee_id", "customer_id", "due_on", "is_all_day", "starts_at", "minutes",
    "remind_before", "repeat", "repeat_every", "repeat_until", "repeat_count",
)  # fmt: skip
"""Columns whose old and new stand in the trail."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form says of a task. remind_before: minutes (see `models.Task`), None for no reminder."""

    title: str
    due: Due
    assignee: Staff
    kind: str = Kind.TODO
    priority: int = Priority.NORMAL
    note: str = ""
    customer: Customer | None = None
    remind_before: int | None = None
    rule: Rule | None = None


@transaction.atomic
def add_task(shop: Shop, facts: Facts, *, by: Actor) -> Task:
    """A task more. Raises BadValue, InTheBin."""
    task = Task(shop=shop, created_by_id=by.id if by.kind == "staff" else None)
    _write(task, facts)
    _repeat(task, facts.rule)
    task.save()
    if task.repeat:
        task.series_id = task.pk
        task.save(update_fields=["series_id"])
    _record(task, "added", by)
    return task


@transaction.atomic
def change_task(task: Task, facts: Facts, *, version: int, only_this: bool = False, by: Actor) -> Task:
    """Make a task what the form says. version: the one the form was opened with.

    only_this: of a task that repeats, those that follow stay as they were; otherwise, and whenever the rule itself
    changes, they become like this one, and a new day is the day their rule counts from.
    Raises TaskChanged, TaskIsClosed, BadValue, InTheBin.
    """
    task = _locked(task, version)
    before = _told(task)
    kept = task.following or _shape(task)
    was_due, old_rule = task.due_on, rule_of(task)
    _write(task, facts)
    if only_this and old_rule and facts.rule == old_rule:
        task.following = kept
    else:
        task.following = {}
        if facts.rule != old_rule or (facts.rule and task.due_on != was_due):
            _repeat(task, facts.rule)
    return _saved(task, before, by)


@transaction.atomic
def move_task(task: Task, due: Due, *, tz: str = "", version: int | None = None, by: Actor) -> Task:
    """Another day or hour for this one; those that follow keep theirs.

    tz: whose clocks the due is read by; without it the assignee's. Raises TaskChanged, TaskIsClosed, BadValue.
    """
    task = _locked(task, version)
    before = _told(task)
    if task.repeat and not task.following:
        task.following = _shape(task)
    set_due(task, _checked(due), tz or zone_of(task.assignee))
    reckon(task, zone_of(task.assignee))
    return _saved(task, before, by)


@transaction.atomic
def assign_task(task: Task, assignee: Staff, *, by: Actor) -> Task:
    """Give a task to a colleague, and those that follow. Raises TaskIsClosed."""
    task = _locked(task)
    before = _told(task)
    _give(task, assignee)
    return _saved(task, before, by)


@transaction.atomic
def assign_tasks(tasks: Sequence[Task], assignee: Staff, *, by: Actor) -> None:
    """As `assign_task`, of many open tasks whose rows are locked; as many statements as for a few."""
    changed: list[tuple[Task, dict[str, Any]]] = []
    for task in tasks:
        before = _told(task)
        _give(task, assignee)
        if changes := _counted(task, before):
            changed.append((task, changes))
    Task.objects.bulk_update([task for task, _changes in changed], _GIVEN, batch_size=500)
    told = (
        Happening("task.changed", "task", task.pk, task.customer_id, _news(task, fields=changes))
        for task, changes in changed
    )
    record_many(assignee.shop_id, told, by=by)


@transaction.atomic
def complete_task(task: Task, *, by: Actor) -> Task | None:
    """It is done; done again, nothing happens. Returns the next one of a task that repeats, if one was made."""
    return _close(task, State.DONE, "done", by)


@transaction.atomic
def cancel_task(task: Task, *, by: Actor) -> Task | None:
    """It need not be done. Of a task that repeats the next one is made, as when it is done."""
    return _close(task, State.CANCELLED, "cancelled", by)


@transaction.atomic
def reopen_task(task: Task, *, by: Actor) -> Task:
    """It is to be done after all. The next one that was made because of it goes, if nobody touched it."""
    task = _row(task)
    if task.state == State.OPEN:
        return task
    task.state, task.closed_at, task.closed_by = State.OPEN, None, None
    _save(task, "state", "closed_at", "closed_by_id")
    if task.repeat:
        after = _later_ones(task).filter(version=1)
        after.update(deleted_at=now(), version=2)
    _record(task, "reopened", by)
    return task


@transaction.atomic
def delete_task(task: Task, *, by: Actor) -> None:
    """Take a task away, and with it those that would follow. It can be brought back for 30 days."""
    task = _row(task)
    if task.deleted_at is None:
        task.deleted_at = now()
        _save(task, "deleted_at")
        _record(task, "deleted", by)


@transaction.atomic
def restore_task(task: Task, *, by: Actor) -> Task:
    """Bring a deleted task back."""
    task = _row(task)
    if task.deleted_at is not None:
        task.deleted_at = None
        _save(task, "deleted_at")
        _record(task, "restored", by)
    return task


# --- how it is done -------------------------------------------------------------------------------------------------


def _row(task: Task) -> Task:
    """The task as it is now, kept from others until the transaction ends."""
    rows = Task.objects.of(task.shop_id)
    rows.select_for_update(no_key=True).get(pk=task.pk)  # joined, one that changes hands meanwhile is not found
    found: Task = rows.select_related("shop", "assignee__user", "assignee__shop").get(pk=task.pk)
    return found


def _locked(task: Task, version: int | None = None) -> Task:
    task = _row(task)
    if version is not None and task.version != version:
        raise TaskChanged(version=task.version)
    if not task.is_open:
        raise TaskIsClosed(title=task.title)
    return task


def _write(task: Task, facts: Facts) -> None:
    """Put the form's facts into the columns."""
    task.title = one_line(facts.title)[:TITLE_LENGTH]
    if not task.title:
        raise BadValue(_("Say what is to be done."), value="", field="title")
    if facts.customer is not None and facts.customer.deleted_at and facts.customer.pk != task.customer_id:
        raise InTheBin
    task.kind, task.priority = Kind(facts.kind), Priority(facts.priority)
    task.note, task.customer = clean(facts.note)[:NOTE_LENGTH], facts.customer
    task.assignee, task.remind_before = facts.assignee, reminder(facts.remind_before)
    set_due(task, _checked(facts.due), zone_of(facts.assignee))


def _give(task: Task, assignee: Staff) -> None:
    """Make it this person's, by their clocks, and those that follow."""
    task.assignee = assignee
    reckon(task, zone_of(assignee))
    if task.following:
        task.following = task.following | {"assignee_id": assignee.pk}


def _checked(due: Due) -> Due:
    if not 1970 <= due.day.year <= 2200:
        raise BadValue(_("“{value}” is not a day of a task."), value=due.day, field="day")
    if due.minutes is not None and not 0 < due.minutes <= MOST_MINUTES:
        raise BadValue(_("A task takes from one minute to a week."), value=due.minutes, field="minutes")
    return due


def _repeat(task: Task, rule: Rule | None) -> None:
    """Have a task follow a rule from its day on, or none."""
    rule = rule.checked(task.due_on) if rule else None
    task.repeat, task.repeat_every = (rule.repeat, rule.every) if rule else (Repeat.NEVER, 1)
    task.repeat_until, task.repeat_count = (rule.until, rule.count) if rule else (None, None)
    task.repeat_from = task.occurs_on = task.due_on if rule else None
    task.series_id = (task.series_id or task.pk) if rule else None


def _shape(task: Task) -> dict[str, Any]:
    """What those that follow take over, as JSON."""
    due = due_of(task, zone_of(task.assignee))
    columns = ("title", "kind", "priority", "note", "assignee_id", "customer_id", "minutes", "remind_before")
    return {name: getattr(task, name) for name in columns} | {"hour": due.hour.isoformat() if due.hour else None}


def _close(task: Task, state: str, what: str, by: Actor) -> Task | None:
    task = _row(task)
    if not task.is_open:
        return None
    task.state, task.closed_at = state, now()
    task.closed_by_id = by.id if by.kind == "staff" else None
    _save(task, "state", "closed_at", "closed_by_id")
    _record(task, what, by)
    return _follow(task, by)


def _follow(task: Task, by: Actor) -> Task | None:
    """The next one of a task that repeats, unless it is there already or the rule has ended."""
    day = next_day(task, today_of(task.assignee))
    if day is None or _later_ones(task).exists():
        return None
    shape = task.following or _shape(task)
    columns = {name: value for name, value in shape.items() if name != "hour"}
    columns["customer_id"] = _still_there(task.shop, columns["customer_id"])
    following = Task(
        shop=task.shop, created_by_id=task.created_by_id, series_id=task.series_id or task.pk, occurs_on=day,
        **{name: getattr(task, name) for name in _RULE}, **columns,
    )  # fmt: skip
    assignee = Staff.objects.of(task.shop_id).select_related("user", "shop").get(pk=shape["assignee_id"])
    hour = time.fromisoformat(shape["hour"]) if shape["hour"] else None
    set_due(following, Due(day, hour, shape["minutes"]), zone_of(assignee))
    following.save()
    _record(following, "added", by)
    return following


def _still_there(shop: Shop, customer_id: int | None) -> int | None:
    """A customer as of now: whom they became when they were merged, nobody when they were removed for good."""
    if customer_id is None:
        return None
    found = leads_to(shop, customer_id) or customer_id
    return found if Customer.objects.of(shop).filter(pk=found).exists() else None


_RULE = ("repeat", "repeat_every", "repeat_until", "repeat_count", "repeat_from")


def _later_ones(task: Task) -> Any:
    rows = Task.objects.of(task.shop_id).open().filter(series_id=task.series_id, series_id__isnull=False)
    return rows.filter(occurs_on__gt=task.occurs_on)


def _told(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in TOLD}


def _saved(task: Task, before: Mapping[str, Any], by: Actor) -> Task:
    """Save what differs and tell it."""
    if changes := _counted(task, before):
        task.save(update_fields=_EDITED)
        _record(task, "changed", by, fields=changes)
    return task


def _counted(task: Task, before: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, as a new version of the task, which is not saved; a reminder that moved comes again."""
    after = _told(task)
    changes = {name: [_plain(before[name]), _plain(after[name])] for name in TOLD if before[name] != after[name]}
    if changes:
        if {"starts_at", "due_on", "remind_before", "assignee_id"} & changes.keys():
            task.reminded_at = task.mailed_at = None
        task.version += 1
        task.updated_at = now()
    return changes


_EDITED = (
    *TOLD, "late_at", "remind_at", "reminded_at", "mailed_at", "following", "repeat_from", "occurs_on", "series_id",
    "version", "updated_at",
)  # fmt: skip


_GIVEN = (
    "assignee", "due_on", "starts_at", "late_at", "remind_at", "reminded_at", "mailed_at", "following", "version",
    "updated_at",
)  # fmt: skip
"""What changes when somebody else gets a task."""


def _save(task: Task, *columns: str) -> None:
    task.version += 1
    task.updated_at = now()
    task.save(update_fields=[*columns, "version", "updated_at"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _record(task: Task, what: str, by: Actor, **data: Any) -> None:
    about, told = ("task", task.pk), _news(task, **data)
    record(task.shop_id, f"task.{what}", about=about, customer_id=task.customer_id, by=by, data=told)


def _news(task: Task, **data: Any) -> dict[str, Any]:
    return {"title": task.title, "due_on": task.due_on.isoformat(), **data}
