"""One click on a task: done, open again, cancelled, deleted, brought back; each can be taken back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.tasks.operations import cancel_task, complete_task, delete_task, reopen_task, restore_task
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import toast
from regulars.web.tasks.rows import Reader, day_words
from regulars.web.tasks.subject import acted, task_of

View = Callable[..., HttpResponse]


def refusals_told(view: View) -> View:
    """A refusal of the domain becomes a sentence in the corner."""

    @wraps(view)
    def inner(request: StaffRequest, **rest: Any) -> HttpResponse:
        try:
            return view(request, **rest)
        except DomainError as refusal:
            toast(request, str(refusal), kind="problem")
            return acted(request)

    return inner


@require_POST
@staff_may(Permission.TASKS)
@refusals_told
def done(request: StaffRequest, pk: int) -> HttpResponse:
    """Check it off."""
    task = task_of(request, pk)
    following = complete_task(task, by=request.actor)
    words = _("Done: {title}").format(title=task.title)
    if following:
        words += " " + _("Next: {day}.").format(day=day_words(following.due_on, Reader.of(request.staff)))
    toast(request, words, undo_url=_url(request, pk, "reopen"))
    return acted(request)


@require_POST
@staff_may(Permission.TASKS)
@refusals_told
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """It is to be done after all."""
    reopen_task(task_of(request, pk), by=request.actor)
    toast(request, _("The task is open again."))
    return acted(request)


@require_POST
@staff_may(Permission.TASKS)
@refusals_told
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """It need not be done."""
    task = task_of(request, pk)
    cancel_task(task, by=request.actor)
    toast(request, _("Cancelled: {title}").format(title=task.title), undo_url=_url(request, pk, "reopen"))
    return acted(request)


@require_POST
@staff_may(Permission.TASKS)
@refusals_told
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it away."""
    task = task_of(request, pk)
    delete_task(task, by=request.actor)
    toast(request, _("Deleted: {title}").format(title=task.title), undo_url=_url(request, pk, "restore"))
    return acted(request)


@require_POST
@staff_may(Permission.TASKS)
@refusals_told
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    restore_task(task_of(request, pk, deleted=True), by=request.actor)
    toast(request, _("The task is back."))
    return acted(request)


def _url(request: StaffRequest, pk: int, what: str) -> str:
    return f"/s/{request.shop.slug}/tasks/{pk}/{what}"
