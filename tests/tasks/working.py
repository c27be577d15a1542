"""Tasks for tests: each test states only what it depends on."""

from datetime import date, time
from typing import Any

from regulars.shops.models import Staff
from regulars.tasks.due import Due
from regulars.tasks.models import Task
from regulars.tasks.operations import Facts, add_task
from tests.factories import actor

MONDAY = date(2026, 3, 2)


def facts(staff: Staff, title: str = "Call Ann", day: date = MONDAY, hour: str = "", **more: Any) -> Facts:
    """What a form says: for this member of staff, on a Monday, all day long, unless said otherwise."""
    minutes = more.pop("minutes", None)
    more.setdefault("assignee", staff)
    return Facts(title, Due(day, time.fromisoformat(hour) if hour else None, minutes), **more)


def create_task(staff: Staff, title: str = "Call Ann", day: date = MONDAY, hour: str = "", **more: Any) -> Task:
    """A task of this member of staff, added by them."""
    return add_task(staff.shop, facts(staff, title, day, hour, **more), by=actor(staff))
