"""The background work of tasks: reminders, new clocks, deleted tasks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from regulars.kit.jobs import every, job, later
from regulars.kit.mails import mail_goes_out
from regulars.shops.models import Shop, Staff
from regulars.shops.operations.notifications import notify
from regulars.shops.permissions import Permission
from regulars.tasks.giving import reckon_tasks_of
from regulars.tasks.models import Task
from regulars.tasks.telling import REMINDER, send_reminder, wants_mail

KEPT_DELETED = timedelta(days=30)
AT_ONCE = 2000
"""Reminders a minute; whoever is left is the first of the next."""


@every("* * * * *", queue="tasks")
def remind() -> None:
    """Remind of all tasks of all shops whose reminder has come, each in a transaction of its own."""
    due = Task.objects.existing().open().filter(remind_at__lte=now(), reminded_at__isnull=True)
    for shop_id, pk in due.order_by("remind_at", "pk").values_list("shop_id", "pk")[:AT_ONCE]:
        remind_of(shop_id, pk)


@transaction.atomic
def remind_of(shop_id: int, task_id: int) -> bool:
    """Tell the assignee in the app, and by mail; whether it had not been told before.

    Both are written together with the mark that it was done: whenever a worker dies, it was told whole or not at all.
    """
    rows = Task.objects.of(shop_id).open().filter(pk=task_id, remind_at__lte=now(), reminded_at__isnull=True)
    task = rows.select_related("assignee__user").select_for_update(of=["self"], skip_locked=True, no_key=True).first()
    if task is None:
        return False
    Task.objects.of(shop_id).filter(pk=task_id).update(reminded_at=now())
    if not task.assignee.may(Permission.TASKS):
        return False
    key = f"task:{task.pk}:{task.remind_at:%Y%m%d%H%M}"
    said = notify(task.assignee, REMINDER, data={"task": task.pk}, url=f"tasks/{task.pk}/", key=key)
    if said and mail_goes_out() and wants_mail(task.assignee):
        later(mail_reminder, shop_id=shop_id, task_id=task_id)
    return said is not None


@job(queue="tasks", retry=5)
def mail_reminder(shop_id: int, task_id: int) -> None:
    """Send one reminder, at most once: it is marked before it is sent, and unmarked when the mail server refuses.

    A worker that dies between the two has sent it or not; nobody knows, so it is not sent again: it is in the app.
    """
    task = Task.objects.of(shop_id).existing().open().filter(pk=task_id).for_list().select_related("shop").first()
    marked = Task.objects.of(shop_id).filter(pk=task_id, mailed_at__isnull=True)
    if task is None or not marked.update(mailed_at=now()):
        return
    try:
        send_reminder(task)
    except OSError:  # smtplib's and the network's faults
        Task.objects.of(shop_id).filter(pk=task_id).update(mailed_at=None)
        raise


@job(queue="tasks")
def reckon_shop(shop_id: int) -> None:
    """Reckon all open tasks of a shop anew, by the clocks of their assignees."""
    for staff in Staff.objects.of(shop_id).select_related("user", "shop"):
        reckon_tasks_of(staff)


@every("41 3 * * *", queue="tasks")
def purge_deleted() -> None:
    """Remove for good what was deleted a month ago."""
    limit: datetime = now() - KEPT_DELETED
    for shop in Shop.objects.all():
        Task.objects.of(shop).filter(deleted_at__lte=limit).delete()
