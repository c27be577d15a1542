"""The layers of this floor: tasks of one's own, of colleagues, follow-ups, and birthdays."""

from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.customers.models import Customer
from regulars.kit.periods import Days, LeapDay, month_day_spans
from regulars.shops.permissions import Permission
from regulars.tasks.due import USUAL_MINUTES
from regulars.tasks.layers import Asked, Entry, Found, layer
from regulars.tasks.models import Kind, State, Task
from regulars.tasks.repeating import days_from

TASKS = (Permission.TASKS,)


@layer("mine", gettext_lazy("My tasks"), colour="indigo", needs=TASKS)
def my_tasks(asked: Asked) -> Found:
    return _tasks(asked, ~Q(kind=Kind.FOLLOW_UP), Q(assignee_id=asked.staff.pk))


@layer("team", gettext_lazy("Tasks of colleagues"), colour="grey", needs=TASKS, is_on=False)
def tasks_of_colleagues(asked: Asked) -> Found:
    return _tasks(asked, ~Q(kind=Kind.FOLLOW_UP), ~Q(assignee_id=asked.staff.pk))


@layer("follow_ups", gettext_lazy("Follow-ups"), colour="teal", needs=TASKS)
def follow_ups(asked: Asked) -> Found:
    """Everybody's, as far as this person may see them."""
    return _tasks(asked, Q(kind=Kind.FOLLOW_UP))


@layer("birthdays", gettext_lazy("Birthdays"), colour="pink", needs=(Permission.SEE_CUSTOMERS,), is_on=False)
def birthdays(asked: Asked) -> Found:
    """One by one while there are few; of many, how many on each day."""
    leap = cast(LeapDay, asked.shop.leap_birthdays)
    born = Q()
    for low, high in month_day_spans(Days(asked.first, asked.after), leap):
        born |= Q(birth_md__gte=low, birth_md__lte=high)
    people = Customer.objects.of(asked.shop).alive().visible_to(asked.staff).filter(born) if born else None
    if people is None:
        return Found()
    counts = dict(people.order_by().values_list("birth_md").annotate(n=Count("pk")))
    kept_on = _kept_on(asked, leap)
    if sum(counts.values()) > asked.most:
        return Found([_many(day, counts, keys) for day, keys in kept_on.items() if not keys.isdisjoint(counts)])
    days = {key: day for day, keys in kept_on.items() for key in keys}
    rows = people.order_by("birth_md", "pk").values_list("pk", "name", "birth_md")
    return Found([_birthday(pk, name, days[key]) for pk, name, key in rows if key in days])


def _kept_on(asked: Asked, leap: LeapDay) -> dict[date, set[int]]:
    """Each of the days with the birthdays (month * 100 + day) that are kept on it."""
    days = (asked.first + timedelta(days=n) for n in range((asked.after - asked.first).days))
    found: dict[date, set[int]] = {}
    for day in days:
        spans = month_day_spans(Days(day, day + timedelta(days=1)), leap)
        found[day] = {key for low, high in spans for key in (low, high)}
    return found


def _birthday(pk: int, name: str, day: date) -> Entry:
    title = _("Birthday: {name}").format(name=name or f"#{pk}")
    return Entry(f"birthday-{pk}-{day.year}", title, day=day, url=f"customers/{pk}/", customer_id=pk)


def _many(day: date, counts: dict[int, int], keys: set[int]) -> Entry:
    count = sum(counts.get(key, 0) for key in keys)
    title = ngettext("{n} birthday", "{n} birthdays", count).format(n=count)
    url = f"customers/?where=birthday = {day.isoformat()}".replace(" ", "%20")
    return Entry(f"birthdays-{day.isoformat()}", title, day=day, url=url)


def _tasks(asked: Asked, *which: Q) -> Found:
    """Tasks of the days, and the days to come of those that repeat; a cancelled one is nowhere."""
    begin, end = asked.instants
    at_the_time = Q(is_all_day=True, due_on__gte=asked.first, due_on__lt=asked.after) | Q(
        is_all_day=False, starts_at__gte=begin, starts_at__lt=end
    )
    coming_again = Q(state=State.OPEN, due_on__lt=asked.after) & ~Q(repeat="")
    rows = Task.objects.of(asked.shop).existing().visible_to(asked.staff).filter(at_the_time | coming_again, *which)
    rows = rows.exclude(state=State.CANCELLED).for_list().order_by("starts_at", "pk")
    tasks: list[Any] = list(rows[: asked.most + 1])
    left = rows.count() - asked.most if len(tasks) > asked.most else 0
    entries = [entry for task in tasks[: asked.most] for entry in _entries(task, asked)]
    return Found(entries[: asked.most], left + max(0, len(entries) - asked.most))


def _entries(task: Task, asked: Asked) -> list[Entry]:
    """The task itself where it lies within the days, and the days of its rule after it."""
    begin, end = asked.instants
    is_within = asked.first <= task.due_on < asked.after if task.is_all_day else begin <= task.starts_at < end
    found = [entry_of(task)] if is_within else []
    if not (task.repeat and task.is_open and task.occurs_on):
        return found
    for day in days_from(task, max(asked.first, task.occurs_on + timedelta(days=1))):
        if day >= asked.after:
            break
        found.append(_to_come(task, day))
    return found


def entry_of(task: Task) -> Entry:
    """A task as it stands on the calendar."""
    facts: dict[str, Any] = {"url": f"tasks/{task.pk}/", "task": task, "customer_id": task.customer_id}
    if task.is_all_day:
        return Entry(f"task-{task.pk}", task.title, day=task.due_on, **facts)
    ends = task.starts_at + timedelta(minutes=task.minutes or USUAL_MINUTES)
    return Entry(f"task-{task.pk}", task.title, starts_at=task.starts_at, ends_at=ends, **facts)


def _to_come(task: Task, day: date) -> Entry:
    """A day of the rule that has no task of its own yet."""
    title = task.following.get("title", task.title)
    facts: dict[str, Any] = {"url": f"tasks/{task.pk}/", "task": task, "is_to_come": True}
    return Entry(f"task-{task.pk}-{day.isoformat()}", title, day=day, **facts)
