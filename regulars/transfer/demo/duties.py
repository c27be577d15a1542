"""What the staff of a demo shop has to do: tasks of last week, of today and of the weeks to come.

Made by the operations that pages use, some of them done already.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import cycle
from typing import NamedTuple

from django.db import transaction

from regulars.customers.models import Customer
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting
from regulars.tasks.due import Due, today_of
from regulars.tasks.models import Kind, Priority, Task
from regulars.tasks.operations import Facts, add_task, complete_task
from regulars.tasks.repeating import Rule


class Duty(NamedTuple):
    """A task. away: days from today. hour: "" for all day. about: whether it is about a customer."""

    title: str
    kind: str
    away: int
    hour: str = ""
    minutes: int = 30
    about: bool = True
    priority: int = Priority.NORMAL
    remind: int | None = None
    rule: Rule | None = None
    is_done: bool = False


DUTIES = (
    Duty("Thank for the large order", Kind.CALL, -6, "10:00", is_done=True),
    Duty("Send the new colours of silk", Kind.FOLLOW_UP, -5, is_done=True),
    Duty("Ask how the gift was liked", Kind.FOLLOW_UP, -4, is_done=True),
    Duty("Count the shelf of scarves", Kind.TODO, -3, about=False, is_done=True),
    Duty("Ask about the unpaid order", Kind.CALL, -3, "15:00", priority=Priority.HIGH),
    Duty("Send the price list for resellers", Kind.FOLLOW_UP, -1),
    Duty("Confirm the address of the parcel", Kind.CALL, -1, "16:30"),
    Duty("Call about the returned blouse", Kind.CALL, 0, "09:30", priority=Priority.HIGH, remind=30),
    Duty("Say that the order is on its way", Kind.FOLLOW_UP, 0),
    Duty("Fitting in the shop", Kind.MEETING, 0, "14:00", 60, remind=60),
    Duty("Pack the samples", Kind.TODO, 0, about=False, priority=Priority.LOW),
    Duty("Plan the week", Kind.MEETING, 1, "08:30", 45, about=False, rule=Rule("weekly")),
    Duty("Show the autumn collection", Kind.MEETING, 2, "11:00", 90, remind=1440),
    Duty("Ask for a review", Kind.FOLLOW_UP, 3),
    Duty("Offer the set of three", Kind.CALL, 4, "10:30"),
    Duty("Remind of the second instalment", Kind.FOLLOW_UP, 5, priority=Priority.HIGH),
    Duty("Invite to the skincare evening", Kind.CALL, 9, "13:00"),
    Duty("Check who owes for more than a month", Kind.TODO, 12, about=False, rule=Rule("monthly"), remind=0),
    Duty("Birthday greeting for the regulars", Kind.TODO, 16, about=False),
    Duty("Renew the agreement", Kind.MEETING, 21, "15:00", 60),
)

TEAM = 3
"""So many of the staff have all of these, on days of their own."""


@transaction.atomic
def give_tasks(shop: Shop) -> None:
    """Give a shop without tasks these; a shop that has some keeps what it has."""
    team = Staff.objects.of(shop).active().select_related("user", "shop").order_by("pk")
    able = [member for member in team if member.may(Permission.TASKS)][:TEAM]
    if Task.objects.of(shop).exists() or not able:
        return
    for place, member in enumerate(able):
        people = _customers(member)
        for duty in DUTIES if place == 0 else DUTIES[place::2]:
            _give(member, duty, people)


def _give(member: Staff, duty: Duty, people: Iterator[Customer | None]) -> None:
    by, day = acting(member), _working_day(today_of(member), duty.away)
    due = Due(day, time.fromisoformat(duty.hour), duty.minutes) if duty.hour else Due(day)
    facts = Facts(
        duty.title, due, member, kind=duty.kind, priority=duty.priority, customer=next(people) if duty.about else None,
        remind_before=duty.remind, rule=duty.rule,
    )  # fmt: skip
    task = add_task(member.shop, facts, by=by)
    if duty.is_done:
        complete_task(task, by=by)


def _working_day(today: date, away: int) -> date:
    """No day to come is a Sunday."""
    day = today + timedelta(days=away)
    return day + timedelta(days=1) if away > 0 and day.weekday() == 6 else day


def _customers(member: Staff) -> Iterator[Customer | None]:
    """Those they are responsible for, who spent the most first; else anybody's."""
    everybody = Customer.objects.of(member.shop).alive().order_by("-total_spent", "pk")
    found = list(everybody.filter(staff_id=member.pk)[:20]) or list(everybody.visible_to(member)[:20])
    return cycle(found or [None])
