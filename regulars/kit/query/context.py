"""What a question is asked in: whose rows, whose money, whose days, who asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from regulars.kit.dates import day_of
from regulars.kit.periods import LeapDay


def _everything(permission: str) -> bool:
    return True


@dataclass(frozen=True)
class Context:
    """Facts that fields need to read values, find options and show results.

    now: an aware instant; days and months are those of `tz` (a zone name).
    leap_day: when birthdays of 29 February are kept in other years.
    me: what the word `me` stands for (a staff id).
    until: when a past day is asked for, the instant from which on nothing has happened yet (`past`).
    only: ids of the rows that matter; events of other rows are not looked at then.
    may: whether the asker holds a permission; a field whose permission is missing does not exist for them.
    """

    shop_id: int
    currency: str
    tz: str
    now: datetime
    locale: str = "en"
    leap_day: LeapDay = "28 feb"
    me: int | None = None
    until: datetime | None = None
    only: Sequence[int] | None = None
    may: Callable[[str], bool] = _everything
    cache: dict[Any, Any] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return day_of(self.now, self.tz)

    def once(self, key: Any, find: Callable[[], Any]) -> Any:
        """A look-up made at most once for this question."""
        if key not in self.cache:
            self.cache[key] = find()
        return self.cache[key]
