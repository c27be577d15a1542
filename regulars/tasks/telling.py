"""Reminders: what the bell and the mail say."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit.dates import show_day, show_moment
from regulars.shops.models import Shop, Staff
from regulars.shops.operations.notifications import finder, wording
from regulars.tasks.due import zone_of
from regulars.tasks.models import Habit, Task

REMINDER = "task.reminder"


@wording(REMINDER, icon="calendar-event")
def _reminder(data: Mapping[str, Any]) -> str:
    return _("Due soon: {task}").format(task=data.get("task", ""))


@finder("task")
def titles(staff: Staff, ids: set[int]) -> dict[int, str]:
    """The titles of those tasks that this person may see."""
    found = Task.objects.of(staff.shop_id).existing().visible_to(staff).filter(pk__in=ids)
    return dict(found.values_list("pk", "title"))


def wants_mail(staff: Staff) -> bool:
    """Whether somebody wants reminders by mail too."""
    known = Habit.objects.of(staff.shop_id).filter(staff_id=staff.pk).values_list("wants_mail", flat=True).first()
    return True if known is None else bool(known)


def set_habit(staff: Staff, *, wants_mail: bool) -> None:
    """Have somebody reminded by mail too, or in the app only."""
    Habit.objects.update_or_create(shop_id=staff.shop_id, staff_id=staff.pk, defaults={"wants_mail": wants_mail})


def note_address(staff: Staff, address: str) -> None:
    """Remember by which address somebody comes in ("https://crm.example"), for the links in mails."""
    habit, is_new = Habit.objects.get_or_create(
        shop_id=staff.shop_id, staff_id=staff.pk, defaults={"address": address[:200]}
    )
    if not is_new and habit.address != address[:200]:
        Habit.objects.of(staff.shop_id).filter(pk=habit.pk).update(address=address[:200])


def send_reminder(task: Task) -> None:
    """Send the assignee a mail, in their language. Raises OSError."""
    shop, assignee = task.shop, task.assignee
    assignee.shop = shop
    with translation.override(assignee.user.language or shop.language):
        subject = _("Due {when}: {title}").format(when=when_words(task, zone_of(assignee)), title=task.title)
        lines = [task.title, when_words(task, zone_of(assignee))]
        if name := _customer_of(task):
            lines.append(_("Customer: {name}").format(name=name))
        if address := _address(shop, assignee):
            lines += ["", f"{address}/s/{shop.slug}/tasks/{task.pk}/"]
        lines += ["", _("You get this mail because you asked {shop} for a reminder. You can turn these mails off "
                        "under Tasks, Reminders and feeds.").format(shop=shop.name)]  # fmt: skip
    send_mail(subject, "\n".join(lines), None, [assignee.user.email])


def when_words(task: Task, tz: str) -> str:
    """When it is due, in words of the active language: "May 15, 2026" or "May 15, 2026, 3:00 PM"."""
    locale = translation.get_language() or "en"
    return show_day(task.due_on, locale) if task.is_all_day else show_moment(task.starts_at, tz, locale)


def _customer_of(task: Task) -> str:
    """The customer's name, if the assignee may see them."""
    if task.customer_id is None:
        return ""
    seen = Customer.objects.of(task.shop_id).alive().visible_to(task.assignee).filter(pk=task.customer_id)
    return seen.values_list("name", flat=True).first() or ""


def _address(shop: Shop, staff: Staff) -> str:
    """By which address the person comes in, or the others do."""
    known = Habit.objects.of(shop).exclude(address="")
    own = known.filter(staff_id=staff.pk).values_list("address", flat=True).first()
    return own or known.order_by("-id").values_list("address", flat=True).first() or ""
