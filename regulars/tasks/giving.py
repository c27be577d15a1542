"""Tasks of somebody who leaves, and of people whose clocks changed."""

from django.db import transaction
from django.utils.translation import ngettext

from regulars.events.record import Actor
from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations.leaving import on_leaving
from regulars.tasks.due import reckon, zone_of
from regulars.tasks.models import State, Task, TaskQuerySet
from regulars.tasks.operations import assign_tasks

_INSTANTS = ("due_on", "starts_at", "late_at", "remind_at")


def open_count(staff: Staff) -> int:
    """How many tasks somebody has still to do."""
    return int(Task.objects.of(staff.shop_id).open().filter(assignee_id=staff.pk).count())


@transaction.atomic
def reassign_tasks(shop: Shop, from_staff: Staff, to_staff: Staff, *, by: Actor) -> int:
    """Give all open tasks of one member of staff to another; how many.

    Also those that would follow a task which somebody else does this once, and deleted ones, which may be brought back.
    """
    to_staff = Staff.objects.of(shop).select_related("user", "shop").get(pk=to_staff.pk)
    theirs = Task.objects.of(shop).open().filter(assignee_id=from_staff.pk).order_by("pk")
    tasks = list(theirs.select_for_update(no_key=True))  # nobody closes or removes one meanwhile
    assign_tasks(tasks, to_staff, by=by)
    later = list(
        Task.objects.of(shop)
        .filter(state=State.OPEN, following__assignee_id=from_staff.pk)
        .order_by("pk").select_for_update(no_key=True)
    )  # fmt: skip
    for task in later:
        task.following = task.following | {"assignee_id": to_staff.pk}
    Task.objects.bulk_update(later, ("following",), batch_size=500)
    deleted = Task.objects.of(shop).filter(state=State.OPEN, deleted_at__isnull=False, assignee_id=from_staff.pk)
    _reckon(deleted, to_staff)
    return len(tasks)


@on_leaving("tasks", count=open_count, words=lambda n: ngettext("{n} open task", "{n} open tasks", n))
def _hand_over(leaver: Staff, successor: Staff, *, by: Actor) -> int:
    return reassign_tasks(leaver.shop, leaver, successor, by=by)


def clocks_of_person_changed(person: User) -> None:
    """Reckon the open tasks of somebody anew, whose time zone became another, in all shops they work in."""
    for staff in Staff.objects.filter(user=person).select_related("user", "shop"):
        reckon_tasks_of(staff)


@transaction.atomic
def reckon_tasks_of(staff: Staff) -> None:
    """Set what follows from the time zone of the assignee on all their open tasks."""
    _reckon(Task.objects.of(staff.shop_id).open().filter(assignee_id=staff.pk), staff)


def _reckon(rows: TaskQuerySet, staff: Staff) -> None:
    """Make tasks this person's, by their clocks."""
    tasks = list(rows.select_for_update(no_key=True, of=["self"]))
    for task in tasks:
        task.assignee = staff
        reckon(task, zone_of(staff))
    Task.objects.bulk_update(tasks, ("assignee", *_INSTANTS), batch_size=500)
