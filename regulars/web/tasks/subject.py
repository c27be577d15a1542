"""Which task an address means, who may do tasks, and how an action answers."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse

from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.tasks.models import Task, TaskQuerySet
from regulars.web.access import StaffRequest
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.pages import asked_for_part, nothing, redirect, tell
from regulars.web.places import back_to

_OWN_PAGE = re.compile(r"/tasks/(new|[0-9]+)/$")

NEWS = ("close-dialog", "tasks-changed", "customer-changed")
"""What pages hear after an action: lists, calendars and the customer's tab fetch themselves anew."""


def tasks_of(request: StaffRequest) -> TaskQuerySet:
    """The shop's tasks that this person may see, with all that a line shows."""
    found: TaskQuerySet = Task.objects.of(request.shop).existing().visible_to(request.staff).for_list()
    return found


def task_of(request: StaffRequest, pk: int, *, deleted: bool = False) -> Task:
    """The task of that number; 404 for one this person may not see. deleted: one that was deleted will do too."""
    rows = Task.objects.of(request.shop).visible_to(request.staff).for_list() if deleted else tasks_of(request)
    task: Task | None = rows.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if task is None:
        raise Http404
    task.shop = task.assignee.shop = request.shop
    return task


def team_of(shop: Shop, *, but: Iterable[int] = ()) -> list[Staff]:
    """Who may be given tasks, by name."""
    people = Staff.objects.of(shop).active().select_related("user", "shop").exclude(pk__in=list(but))
    able = (one for one in people if one.may(Permission.TASKS))
    return sorted(able, key=lambda one: (str(one.user).casefold(), one.pk))


def acted(request: StaffRequest) -> HttpResponse:
    """The answer to an action: for htmx the news of it, for everybody else the page they were on.

    On a task's own page there is nothing left to do: it leads back as well.
    """
    if not asked_for_part(request) or _OWN_PAGE.search(urlsplit(request.headers.get("HX-Current-URL", "")).path):
        return redirect(request, back_to(request, "tasks/"))
    for news in NEWS:
        tell(request, news)
    return nothing(request)
