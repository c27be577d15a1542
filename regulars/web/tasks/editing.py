"""Adding and changing a task: a dialog, or a page of its own; and the line that adds one at once."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.models import Customer
from regulars.kit.dates import read_day
from regulars.kit.errors import BadValue, DomainError
from regulars.shops.permissions import Permission
from regulars.tasks.due import Due, today_of
from regulars.tasks.errors import TaskChanged
from regulars.tasks.models import Kind, Task
from regulars.tasks.operations import Facts, add_task, change_task
from regulars.tasks.repeating import rule_of, words_of
from regulars.tasks.telling import note_address
from regulars.web.access import StaffRequest, staff_may
from regulars.web.numbers import whole_number
from regulars.web.pages import asked_for_part, nothing, page, tell, toast
from regulars.web.places import back_to
from regulars.web.tasks.forms import TaskForm, initial_of
from regulars.web.tasks.rows import Reader, row
from regulars.web.tasks.subject import acted, task_of, team_of


@staff_may(Permission.TASKS)
def new(request: StaffRequest) -> HttpResponse:
    """A new task; `customer`, `day` and `hour` may stand in the address."""
    if request.method != "POST":
        given = {
            name: value for name in ("customer", "day", "hour", "kind", "title") if (value := request.GET.get(name))
        }
        start = {"day": today_of(request.staff), "assignee": request.staff.pk, "repeat_every": 1, "minutes": 30}
        return _page(request, _form(request, initial=start | given))
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            task = add_task(request.shop, form.facts(), by=request.actor)
            return _saved(request, task, _("Task added."))
        except BadValue as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        except DomainError as fault:
            form.add_error(None, str(fault))
    return _page(request, form, status=422)


@require_POST
@staff_may(Permission.TASKS)
def quick(request: StaffRequest) -> HttpResponse:
    """One line: `title`, `kind`, `day`; it is one's own, all day long."""
    given = request.POST
    kind = given.get("kind") if given.get("kind") in Kind.values else Kind.TODO
    customers = Customer.objects.of(request.shop).alive().visible_to(request.staff)
    chosen = whole_number(given.get("customer", ""))
    try:
        day = read_day(given["day"]) if given.get("day") else today_of(request.staff)
        customer = customers.filter(pk=chosen).first() if chosen else None
        facts = Facts(given.get("title", ""), Due(day), request.staff, kind=kind or "", customer=customer)
        task = add_task(request.shop, facts, by=request.actor)
    except DomainError as fault:
        toast(request, str(fault), kind="problem")
        return nothing(request) if asked_for_part(request) else acted(request)
    tell(request, "task-added")
    return _saved(request, task, _("Task added."))


@staff_may(Permission.TASKS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A task, and what a form makes of it; an old form is shown again, with what is stored now beside it."""
    task = task_of(request, pk)
    if request.method != "POST":
        return _page(request, _form(request, initial=initial_of(task), task=task), task)
    form, version = _form(request, request.POST, task=task), whole_number(request.POST.get("version", "")) or 0
    if form.is_valid():
        try:
            only_this = request.POST.get("which") == "this"
            change_task(task, form.facts(), version=version, only_this=only_this, by=request.actor)
            return _saved(request, task, _("Task saved."))
        except TaskChanged as fault:
            form.add_error(None, str(fault))
            return _page(request, form, task_of(request, pk), status=409, is_old=True)
        except BadValue as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        except DomainError as fault:
            form.add_error(None, str(fault))
    return _page(request, form, task, status=422)


def _form(request: StaffRequest, *args: Any, task: Task | None = None, **kwargs: Any) -> TaskForm:
    people = team_of(request.shop)
    if task is not None and task.assignee_id not in {one.pk for one in people}:
        people.append(task.assignee)
    customers = Customer.objects.of(request.shop).alive().visible_to(request.staff)
    return TaskForm(*args, people=people, customers=customers, **kwargs)


def _page(
    request: StaffRequest, form: TaskForm, task: Task | None = None, *, status: int = 200, is_old: bool = False
) -> HttpResponse:
    reader, rule = Reader.of(request.staff), rule_of(task) if task else None
    chosen = whole_number(str(form["customer"].value() or ""))
    found = form.customers.filter(pk=chosen).first() if chosen else None
    person = (found.pk, found.name or found.company or f"#{found.pk}") if found else None
    context = {
        "form": form,
        "task": task,
        "row": row(task, reader, dict([person]) if person else {}) if task else None,
        "customer": person,
        "repeats": words_of(rule) if rule else "",
        "home": f"{reader.home}tasks/",
        "back": back_to(request, "tasks/"),
        "version": task.version if task else 0,
        "is_old": is_old,
        "tz": reader.tz,
    }
    return page(request, "tasks/form.html", context, status=status)


def _saved(request: StaffRequest, task: Task, words: str) -> HttpResponse:
    if task.remind_before is not None:
        note_address(request.staff, request.build_absolute_uri("/").rstrip("/"))
    toast(request, words)
    return acted(request)
