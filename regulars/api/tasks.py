"""Tasks: lists, one of them, adding, changing and finishing."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest, actor_of
from regulars.api.lists import answer, check_names, page_by_number
from regulars.api.parts import person
from regulars.api.problems import NotThere
from regulars.api.schemas import Id
from regulars.api.schemas_sent import PRIORITIES, Finished, TaskPage, TasksAsked, TaskSent, TaskTold
from regulars.customers.leading import leads_to
from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.shops.models import ApiKey, Staff
from regulars.shops.permissions import Scope
from regulars.tasks.due import Due, due_of, zone_of
from regulars.tasks.models import Priority, Task
from regulars.tasks.operations import Facts, add_task, change_task, complete_task
from regulars.tasks.repeating import rule_of
from regulars.transfer.outgoing.reads import note_read

router = Router(tags=["Tasks"], auth=Bearer(Scope.TASKS))


def tasks_of(key: ApiKey) -> QuerySet:
    """Tasks of the key's shop, with all that is told of them."""
    rows: QuerySet = Task.objects.of(key.shop_id).existing().for_list().select_related("shop", "assignee__shop")
    return rows


@router.get("/tasks", response=TaskPage, summary="List tasks")
def tasks(request: KeyRequest, asked: Query[TasksAsked]) -> HttpResponse:
    """Tasks in the order in which they were added."""
    check_names(request, TasksAsked)
    key = request.auth
    rows = _narrowed(Task.objects.of(key.shop_id).existing(), key, asked)
    page = page_by_number("tasks", key, rows, limit=asked.limit, cursor=asked.cursor)
    found = tasks_of(key).in_bulk(page.ids)
    note_read(key, "tasks", len(found))
    return answer({
        "tasks": [told(found[pk]) for pk in page.ids if pk in found],
        "next": page.next or None,
    })  # fmt: skip


@router.get("/tasks/{id}", response=TaskTold, summary="One task")
def task(request: KeyRequest, id: Id) -> HttpResponse:
    """One task; those that were deleted do not exist."""
    found = task_called(request.auth, id)
    note_read(request.auth, "tasks", 1)
    return answer(told(found))


@router.post("/tasks", response={201: TaskTold}, summary="Add a task")
def new_task(request: KeyRequest, sent: TaskSent) -> HttpResponse:
    """Add a task for a member of staff, about a customer or not. It happens once; staff let tasks repeat."""
    key = request.auth
    if sent.assignee_id is None:
        raise BadValue(_("Say who does it."), field="assignee_id")
    if sent.due_on is None:
        raise BadValue(_("Say on which day it is due."), field="due_on")
    made = add_task(key.shop, _facts(key, sent.model_dump()), by=actor_of(key))
    return answer(told(task_called(key, made.pk)), status=201)


@router.patch("/tasks/{id}", response=TaskTold, summary="Change a task")
def edit_task(request: KeyRequest, id: Id, sent: TaskSent) -> HttpResponse:
    """Change what is named and leave the rest; of a task that repeats, those that follow change with it."""
    key = request.auth
    now = task_called(key, id)
    given = {**_as_sent(now), **sent.model_dump(include=sent.model_fields_set)}
    for name in ("assignee_id", "due_on"):
        if given[name] is None:
            raise BadValue(_("A task needs this."), field=name)
    facts = _facts(key, given, now)
    change_task(now, facts, version=sent.version or now.version, by=actor_of(key))
    return answer(told(task_called(key, id)))


@router.post("/tasks/{id}/finish", response=Finished, summary="Finish a task")
def finish_task(request: KeyRequest, id: Id) -> HttpResponse:
    """It is done; done again, nothing happens. Of a task that repeats the next one is answered, if one was made."""
    key = request.auth
    following = complete_task(task_called(key, id), by=actor_of(key))
    return answer({
        "task": told(task_called(key, id)),
        "next_task": told(task_called(key, following.pk)) if following else None,
    })  # fmt: skip


def task_called(key: ApiKey, pk: int) -> Task:
    """The shop's task of this number. Raises NotThere."""
    found: Task | None = tasks_of(key).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def told(task: Task) -> dict[str, Any]:
    """A task as `TaskTold`."""
    sent = _as_sent(task)
    hour = sent["hour"]
    columns = (
        "id", "state", "is_late", "starts_at", "repeat", "created_at", "updated_at", "closed_at", "version",
    )  # fmt: skip
    return {
        **{
            name: sent[name]
            for name in ("title", "kind", "priority", "note", "customer_id", "due_on", "minutes", "remind_before")
        },
        **{name: getattr(task, name) for name in columns},
        "assignee": person(task.assignee),
        "hour": hour.strftime("%H:%M") if hour else None,
    }


def _narrowed(rows: QuerySet, key: ApiKey, asked: TasksAsked) -> QuerySet:
    customer = leads_to(key.shop_id, asked.customer) or asked.customer if asked.customer else None
    wanted = {
        "state": asked.state, "customer_id": customer, "assignee_id": asked.assignee, "due_on__gte": asked.due_from,
        "due_on__lte": asked.due_to,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def _as_sent(task: Task) -> dict[str, Any]:
    """A task by the names of `TaskSent`."""
    due = due_of(task, zone_of(task.assignee))
    names = ("title", "kind", "note", "assignee_id", "customer_id", "remind_before")
    return {
        **{name: getattr(task, name) for name in names},
        "priority": Priority(task.priority).name.lower(), "due_on": due.day, "hour": due.hour, "minutes": due.minutes,
    }  # fmt: skip


def _facts(key: ApiKey, given: dict[str, Any], now: Task | None = None) -> Facts:
    """Raises BadValue for who does not work here, and for a customer nobody knows."""
    return Facts(
        title=given["title"], due=Due(given["due_on"], given["hour"], given["minutes"]),
        assignee=_assignee(key, given["assignee_id"], now), kind=given["kind"], priority=PRIORITIES[given["priority"]],
        note=given["note"], customer=_customer(key, given["customer_id"]), remind_before=given["remind_before"],
        rule=rule_of(now) if now else None,
    )  # fmt: skip


def _assignee(key: ApiKey, pk: int, now: Task | None) -> Staff:
    if now is not None and pk == now.assignee_id:
        return now.assignee
    found: Staff | None = Staff.objects.of(key.shop_id).active().select_related("user", "shop").filter(pk=pk).first()
    if found is None:
        raise BadValue(_("Nobody with the number {value} works here."), value=pk, field="assignee_id")
    return found


def _customer(key: ApiKey, pk: int | None) -> Customer | None:
    if pk is None:
        return None
    pk = leads_to(key.shop_id, pk) or pk
    found: Customer | None = Customer.objects.of(key.shop_id).filter(pk=pk).first()
    if found is None:
        raise BadValue(_("There is no customer {value}."), value=pk, field="customer_id")
    return found
