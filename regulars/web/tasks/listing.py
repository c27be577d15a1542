"""The list of tasks: mine or the team's, by when they are due."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.models import Customer
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.tasks.due import days_by_zone
from regulars.tasks.models import Kind, Priority, State, TaskQuerySet
from regulars.web.access import StaffRequest, staff_may
from regulars.web.numbers import whole_number
from regulars.web.pages import page
from regulars.web.tasks.rows import Reader, rows
from regulars.web.tasks.subject import tasks_of, team_of

MOST = 100
"""Lines of one section; of the rest it is said how many there are."""

SECTIONS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("Next 7 days"),
    "later": gettext_lazy("Later"),
    "done": gettext_lazy("Done"),
}
VIEWS = ("mine", "team", "done")


class TaskList:
    """What the template asks of the list; each part is read when it is drawn, and only then."""

    def __init__(self, request: StaffRequest) -> None:
        self.request, self.shop, self.staff = request, request.shop, request.staff
        self.reader = Reader.of(request.staff)
        self.home = f"{self.reader.home}tasks/"
        given = request.GET
        self.view = given.get("view") if given.get("view") in VIEWS else "mine"
        self.kind = given.get("kind") if given.get("kind") in Kind.values else ""
        priority = given.get("priority", "")
        self.priority = priority if priority in {str(value) for value in Priority.values} else ""
        self.assignee = whole_number(given.get("assignee", "")) if self.view != "mine" else None
        self.customer_id = whole_number(given.get("customer", ""))

    def url(self, **changes: Any) -> str:
        """The list with other filters."""
        known = {
            "view": "" if self.view == "mine" else self.view, "kind": self.kind, "priority": self.priority,
            "assignee": self.assignee, "customer": self.customer_id,
        }  # fmt: skip
        asked = {name: value for name, value in {**known, **changes}.items() if value not in ("", None)}
        return self.home + (f"?{urlencode(asked)}" if asked else "")

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        words = {"mine": _("My tasks"), "team": _("Team"), "done": _("Done")}
        return [
            {
                "label": words[view],
                "url": self.url(view="" if view == "mine" else view, assignee=""),
                "current": view == self.view,
            }
            for view in VIEWS
        ]

    @cached_property
    def team(self) -> list[tuple[int, str]]:
        return [(one.pk, str(one.user)) for one in team_of(self.shop)]

    @cached_property
    def kinds(self) -> list[tuple[str, Any]]:
        return [("", _("Every kind")), *Kind.choices]

    @cached_property
    def priorities(self) -> list[tuple[Any, Any]]:
        return [("", _("Every priority")), *Priority.choices]

    @cached_property
    def customer(self) -> Customer | None:
        """The one whose tasks are shown alone."""
        people = Customer.objects.of(self.shop).alive().visible_to(self.staff)
        return people.filter(pk=self.customer_id).first() if self.customer_id else None

    @cached_property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.priority or self.assignee or self.customer_id)

    @cached_property
    def found(self) -> TaskQuerySet:
        """What the filters leave."""
        tasks = tasks_of(self.request)
        if self.view == "mine":
            tasks = tasks.filter(assignee_id=self.staff.pk)
        elif self.assignee:
            tasks = tasks.filter(assignee_id=self.assignee)
        wanted = {"kind": self.kind, "priority": self.priority, "customer_id": self.customer_id}
        return tasks.filter(**{name: value for name, value in wanted.items() if value not in ("", None)})

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """Sections with something in them."""
        names = ("done",) if self.view == "done" else ("overdue", "today", "week", "later")
        return [section for name in names if (section := self._section(name))["rows"]]

    def _section(self, name: str) -> dict[str, Any]:
        tasks = self._of(name)
        found = rows(tasks[: MOST + 1], self.reader)
        left = tasks.count() - MOST if len(found) > MOST else 0
        count = len(found) if not left else MOST + left
        return {
            "name": name,
            "label": SECTIONS[name],
            "count": show_number(count, self.reader.locale),
            "rows": found[:MOST],
            "left": show_number(left, self.reader.locale) if left else "",
        }

    def _of(self, name: str) -> QuerySet:
        if name == "done":
            return self.found.exclude(state=State.OPEN).order_by("-closed_at", "-pk")
        still = self.found.open()
        if name == "overdue":
            return still.overdue(self._now).order_by("late_at", "pk")
        return still.filter(self._days(name), late_at__gt=self._now).order_by(
            "due_on", "-is_all_day", "starts_at", "pk"
        )

    def _days(self, name: str) -> Q:
        """The days of a section, by the clocks of each assignee."""
        question = Q()
        for today, ids in self._clocks.items():
            last = today + timedelta(days=7)
            days = {"today": Q(due_on__lte=today), "week": Q(due_on__gt=today, due_on__lte=last)}
            question |= Q(assignee_id__in=ids) & days.get(name, Q(due_on__gt=last))
        return question

    @cached_property
    def _clocks(self) -> Any:
        if self.view == "mine":
            return {self.reader.today: [self.staff.pk]}
        return days_by_zone(self.shop)

    @cached_property
    def _now(self) -> Any:
        return now()


@staff_may(Permission.TASKS)
def tasks(request: StaffRequest) -> HttpResponse:
    """The page, or its list anew."""
    return page(request, "tasks/list.html", {"list": TaskList(request)})
