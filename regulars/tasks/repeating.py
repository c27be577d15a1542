"""Tasks that come again: the rule, its days, and the task that follows a done one.

Days are those of RFC 5545, so that calendars of other makers count alike. A month without the day has it on its last
one (the 31st is the 30th of June), a year without 29 February on the 28th.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from regulars.kit.errors import BadValue
from regulars.tasks.models import Repeat, Task

MOST_TIMES = 500
MOST_EVERY = 99
_FREQUENCIES = {Repeat.DAILY: DAILY, Repeat.WEEKLY: WEEKLY, Repeat.MONTHLY: MONTHLY, Repeat.YEARLY: YEARLY}


@dataclass(frozen=True, slots=True)
class Rule:
    """Every so many days, weeks, months or years, until a day (counted) or so many times in all, or for ever."""

    repeat: str
    every: int = 1
    until: date | None = None
    count: int | None = None

    def checked(self, first: date) -> "Rule":
        """Itself. Raises BadValue (field "repeat", "repeat_every", "repeat_until" or "repeat_count")."""
        if self.repeat not in _FREQUENCIES:
            raise BadValue(_("Choose how often it repeats."), value=self.repeat, field="repeat")
        if not 1 <= self.every <= MOST_EVERY:
            words = _("A number from 1 to {most} is needed.")
            raise BadValue(words, value=self.every, field="repeat_every", most=MOST_EVERY)
        if self.count is not None and not 1 <= self.count <= MOST_TIMES:
            words = _("A number from 1 to {most} is needed.")
            raise BadValue(words, value=self.count, field="repeat_count", most=MOST_TIMES)
        if self.until is not None and self.until < first:
            raise BadValue(_("It ends before it begins."), value=self.until, field="repeat_until")
        return self


def rule_of(task: Task) -> Rule | None:
    """The rule of a task; None when it does not come again."""
    if not task.repeat:
        return None
    return Rule(task.repeat, task.repeat_every, task.repeat_until, task.repeat_count)


def days_from(task: Task, first: date) -> Iterator[date]:
    """The days of a repeating task's rule, from `first` on, whether they were moved or not."""
    begin = datetime.combine(first, time())
    return (found.date() for found in _rule(task).xafter(begin, inc=True))


def next_day(task: Task, today: date) -> date | None:
    """The day after this one's by the rule, passing over days that are over already; None when it has ended."""
    if not task.repeat or task.occurs_on is None:
        return None
    return next(days_from(task, max(task.occurs_on + timedelta(days=1), today)), None)


def parts_of(task: Task) -> dict[str, Any]:
    """The rule from this occurrence on, as the parts of an RRULE of RFC 5545."""
    assert task.repeat_from is not None and task.occurs_on is not None
    parts: dict[str, Any] = {"FREQ": task.repeat.upper(), "INTERVAL": task.repeat_every}
    parts |= {name.upper(): value for name, value in _last_days(task.repeat, task.repeat_from).items()}
    if task.repeat_count is not None:
        parts["COUNT"] = max(1, len(list(islice(days_from(task, task.occurs_on), MOST_TIMES))))
    elif task.repeat_until is not None:
        parts["UNTIL"] = task.repeat_until
    return parts


def words_of(rule: Rule) -> str:
    """The rule as people say it: "Every 2 weeks"."""
    match rule.repeat:
        case Repeat.DAILY:
            text = npgettext("rhythm of a task", "Every day", "Every {n} days", rule.every)
        case Repeat.WEEKLY:
            text = npgettext("rhythm of a task", "Every week", "Every {n} weeks", rule.every)
        case Repeat.MONTHLY:
            text = npgettext("rhythm of a task", "Every month", "Every {n} months", rule.every)
        case _:
            text = npgettext("rhythm of a task", "Every year", "Every {n} years", rule.every)
    return text.format(n=rule.every)


def _rule(task: Task) -> rrule:
    assert task.repeat_from is not None
    until = datetime.combine(task.repeat_until, time.max) if task.repeat_until else None
    first = datetime.combine(task.repeat_from, time())
    return rrule(
        _FREQUENCIES[Repeat(task.repeat)], interval=task.repeat_every, dtstart=first, until=until,
        count=task.repeat_count, **_last_days(task.repeat, task.repeat_from),
    )  # fmt: skip


def _last_days(repeat: str, first: date) -> dict[str, Any]:
    """For days that not every month has: the last of the month's days up to it."""
    if first.day <= 28 or repeat not in (Repeat.MONTHLY, Repeat.YEARLY):
        return {}
    parts: dict[str, Any] = {"bymonthday": list(range(28, first.day + 1)), "bysetpos": -1}
    return parts | ({"bymonth": first.month} if repeat == Repeat.YEARLY else {})
