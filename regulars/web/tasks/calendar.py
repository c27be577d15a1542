"""The calendar: its page, what it shows of some days, and moving a task by dragging it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.dates import zone
from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.tasks.errors import TaskChanged
from regulars.tasks.layers import Asked, Entry, Found, entries_of, layers_for
from regulars.tasks.models import Kind, Priority, State, Task
from regulars.tasks.operations import move_task
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page
from regulars.web.tasks.forms import MoveForm
from regulars.web.tasks.rows import Reader, names_of
from regulars.web.tasks.subject import task_of

MOST = 300
"""Entries of one layer; birthdays and debts beyond it are counted by the day."""

LONGEST = timedelta(days=100)
LOCALES = {"vi", "id", "ro"}
"""Languages of ours that the calendar has words for; it speaks English otherwise."""


@staff_may(Permission.TASKS)
def calendar(request: StaffRequest) -> HttpResponse:
    """The page; `layers` in the address says which are on."""
    layers = layers_for(request.staff)
    asked = request.GET.getlist("layers")
    language = get_language() or "en"
    context = {
        "layers": [{"layer": one, "is_on": one.name in asked if asked else one.is_on} for one in layers],
        "home": f"/s/{request.shop.slug}/tasks/",
        "locale": language if language in LOCALES else "en",
        "tz": Reader.of(request.staff).tz,
    }
    return page(request, "tasks/calendar.html", context)


@staff_may(Permission.TASKS)
def entries(request: StaffRequest) -> HttpResponse:
    """What the layers hold from `start` up to but without `end`, at most 100 days: {"events": […], "note": "…"}."""
    try:
        first, after = (date.fromisoformat(request.GET.get(name, "")[:10]) for name in ("start", "end"))
    except ValueError:
        return JsonResponse(
            {"problem": _("“{value}” is not a date.").format(value=request.GET.get("start"))}, status=400
        )
    after = max(first, min(after, first + LONGEST))
    found = entries_of(Asked(request.staff, first, after, MOST), request.GET.getlist("layers"))
    colours = {one.name: one.colour for one in layers_for(request.staff)}
    reader = Reader.of(request.staff)
    names = names_of((one.customer_id for one in _tasks(found)), reader)
    events = [_event(entry, colours[name], reader, names) for name, one in found.items() for entry in one.entries]
    left = sum(one.left for one in found.values())
    note = _("{n} more are not shown.").format(n=show_number(left, reader.locale)) if left else ""
    return JsonResponse({"events": events, "note": note})


def _tasks(found: Mapping[str, Found]) -> list[Task]:
    return [entry.task for one in found.values() for entry in one.entries if entry.task]


def _event(entry: Entry, colour: str, reader: Reader, names: Mapping[int, str]) -> dict[str, Any]:
    """An entry as the calendar reads it: hours by the reader's own clocks, without an offset.

    names: of the customers whom the reader may see; a task that does not name its customer itself is shown with it.
    """
    task = entry.task
    classes = [f"entry is-{colour}"]
    if task is not None:
        classes += [name for name, holds in (
            ("is-done", task.state == State.DONE), ("is-late", task.is_late and not entry.is_to_come),
            ("is-high", task.priority == Priority.HIGH), ("is-to-come", entry.is_to_come),
        ) if holds]  # fmt: skip
    whom = names.get(task.customer_id or 0, "") if task else ""
    event: dict[str, Any] = {
        "id": entry.uid,
        "title": f"{entry.title} · {whom}" if whom and whom not in entry.title else entry.title,
        "url": reader.home + entry.url,
        "className": " ".join(classes),
        "editable": task is not None and task.is_open and not entry.is_to_come,
        "extendedProps": {
            "version": task.version if task else 0,
            "task": task.pk if task else 0,
            "kind": str(Kind(task.kind).label) if task else "",
        },
    }
    if entry.day is not None:
        return event | {"start": entry.day.isoformat(), "allDay": True}
    assert entry.starts_at is not None and entry.ends_at is not None
    here = zone(reader.tz)
    start, end = (moment.astimezone(here).strftime("%Y-%m-%dT%H:%M:%S") for moment in (entry.starts_at, entry.ends_at))
    return event | {"start": start, "end": end, "allDay": False}


@require_POST
@staff_may(Permission.TASKS)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Where a task was dragged to, by the clocks of who drags: {"version"}, or 409 or 422 with {"problem"}."""
    task, form = task_of(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"problem": " ".join(str(words) for one in form.errors.values() for words in one)}, status=422
        )
    try:
        moved = move_task(
            task, form.due(), tz=Reader.of(request.staff).tz, version=form.cleaned_data["version"], by=request.actor
        )
    except TaskChanged as fault:
        return JsonResponse({"problem": str(fault)}, status=409)
    except DomainError as fault:
        return JsonResponse({"problem": str(fault)}, status=422)
    return JsonResponse({"version": moved.version})
