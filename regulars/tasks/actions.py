"""A task for each of many customers, by one run that can be undone."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.actions import Params, action
from regulars.customers.bulk.undoing import Outcome, Undoing, undoes
from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.events.record import Actor, Happening, record_many
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.tasks.due import Due, reminder, set_due, zone_of
from regulars.tasks.models import Kind, Priority, State, Task
from regulars.tasks.operations import TITLE_LENGTH

RESPONSIBLE = "responsible"
"""In place of an assignee: each customer's own responsible member of staff; of customers without one, who does it."""


def _read(shop: Shop, params: Mapping[str, Any]) -> Params:
    """`title`, `day` (ISO), `hour` (ISO or ""), `kind`, `priority`, `remind_before`, `assignee`: an id, or RESPONSIBLE.

    otherwise: the id of who gets those of customers without anybody responsible.
    """
    title = one_line(str(params.get("title") or ""))[:TITLE_LENGTH]
    if not title:
        raise BadValue(_("Say what is to be done."), field="title")
    try:
        day = date.fromisoformat(str(params.get("day") or ""))
        hour = time.fromisoformat(str(params["hour"])).isoformat() if params.get("hour") else ""
    except ValueError:
        raise BadValue(_("Choose a day."), value=params.get("day"), field="day") from None
    known = {one.pk for one in Staff.objects.of(shop).active() if one.may(Permission.TASKS)}
    assignee, otherwise = params.get("assignee"), params.get("otherwise")
    if (assignee != RESPONSIBLE and assignee not in known) or otherwise not in known:
        raise BadValue(_("Choose who does it."), field="assignee")
    kind, priority = params.get("kind") or Kind.TODO, params.get("priority", Priority.NORMAL)
    if kind not in Kind.values or priority not in Priority.values:
        raise BadValue(_("“{value}” is no kind of task."), value=f"{kind} {priority}", field="kind")
    return {
        "title": title, "day": day.isoformat(), "hour": hour, "kind": str(kind), "assignee": assignee,
        "otherwise": otherwise, "remind_before": reminder(params.get("remind_before")), "priority": priority,
    }  # fmt: skip


@action(
    "task",
    gettext_lazy("Add a task"),
    needs=Permission.TASKS,
    read=_read,
    title=lambda shop, params: _("Add the task “{title}”").format(title=params["title"]),
)
@transaction.atomic
def add_tasks(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    """Give each customer the task; how many."""
    team = {one.pk: one for one in Staff.objects.of(shop).active().select_related("user", "shop")}
    responsible = dict(Customer.objects.of(shop).alive().filter(pk__in=ids).values_list("pk", "staff_id"))
    tasks = [_task(shop, pk, _assignee(params, team, staff_id), params, by) for pk, staff_id in responsible.items()]
    Task.objects.bulk_create(tasks, batch_size=1000)
    record_many(shop.pk, (_told(task) for task in tasks), by=by, batch_id=batch_id)
    return len(tasks)


def _assignee(params: Params, team: Mapping[int, Staff], responsible: int | None) -> Staff:
    wanted = responsible if params["assignee"] == RESPONSIBLE else params["assignee"]
    found = team.get(wanted or 0)
    return found if found is not None and found.may(Permission.TASKS) else team[params["otherwise"]]


def _task(shop: Shop, customer_id: int, assignee: Staff, params: Params, by: Actor) -> Task:
    hour = time.fromisoformat(params["hour"]) if params["hour"] else None
    task = Task(
        shop=shop, customer_id=customer_id, assignee=assignee, title=params["title"], kind=params["kind"],
        priority=params["priority"], remind_before=params["remind_before"],
        created_by_id=by.id if by.kind == "staff" else None,
    )  # fmt: skip
    set_due(task, Due(date.fromisoformat(params["day"]), hour), zone_of(assignee))
    return task


def _told(task: Task) -> Happening:
    data = {"title": task.title, "due_on": task.due_on.isoformat()}
    return Happening("task.added", "task", task.pk, task.customer_id, data)


@undoes("task.added")
def take_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """Delete what nobody touched since: not done, not changed, not deleted."""
    people = {event.about_id: event.customer_id or 0 for event in events}
    left = Task.objects.of(undoing.shop).filter(pk__in=people, version=1, state=State.OPEN, deleted_at__isnull=True)
    tasks = list(left.select_for_update(no_key=True))
    Task.objects.of(undoing.shop).filter(pk__in=[task.pk for task in tasks]).update(deleted_at=now(), version=2)
    deleted = (Happening("task.deleted", "task", task.pk, task.customer_id, {"title": task.title}) for task in tasks)
    record_many(undoing.shop.pk, deleted, by=undoing.by, batch_id=undoing.undo_id)
    restored = {task.customer_id or 0 for task in tasks}
    outcome.restored |= restored
    outcome.conflicts |= set(people.values()) - restored
