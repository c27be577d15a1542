"""What the timeline of a customer tells of tasks. Titles are for those who use tasks."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.timeline import Names, Part, describes, link, text
from regulars.events.models import Event
from regulars.kit.dates import show_day
from regulars.shops.permissions import Permission

_SENTENCES: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "task.added": (lambda: _("Task added: {task}"), lambda: _("Task added")),
    "task.changed": (lambda: _("Task changed: {task}"), lambda: _("Task changed")),
    "task.done": (lambda: _("Task done: {task}"), lambda: _("Task done")),
    "task.cancelled": (lambda: _("Task cancelled: {task}"), lambda: _("Task cancelled")),
    "task.reopened": (lambda: _("Task opened again: {task}"), lambda: _("Task opened again")),
    "task.deleted": (lambda: _("Task deleted: {task}"), lambda: _("Task deleted")),
    "task.restored": (lambda: _("Task brought back: {task}"), lambda: _("Task brought back")),
}


@describes(*_SENTENCES)
def _task(event: Event, names: Names) -> list[Part]:
    named, plain = _SENTENCES[event.kind]
    title = event.data.get("title", "")
    if not title or not names.staff.may(Permission.TASKS):
        return [text(plain())]
    before, _mark, after = named().partition("{task}")
    return [text(before), link(title, "task", event.about_id), text(after + _moved(event))]


def _moved(event: Event) -> str:
    """To which day it was moved."""
    was_now = event.data.get("fields", {}).get("due_on")
    if not was_now or event.kind != "task.changed":
        return ""
    day = show_day(date.fromisoformat(was_now[1]), get_language() or "en")
    return " · " + _("moved to {day}").format(day=day)
