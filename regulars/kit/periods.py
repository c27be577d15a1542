"""Spans of days in a shop's calendar, the words for them, and birthdays.

A span is half-open, [first, after): the last day is whole, and neighbours neither touch nor miss.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.kit.dates import (
    DayOrder,
    day_of,
    day_start,
    read_day,
    read_moment,
    show_ago,
    show_day,
    show_moment,
    zone,
)
from regulars.kit.errors import BadValue

__all__ = [
    "Birthday",
    "DateValue",
    "DayOrder",
    "Days",
    "add_months",
    "day_of",
    "day_start",
    "last_key",
    "month_day_spans",
    "months_before",
    "read_birthday",
    "read_date_value",
    "read_day",
    "read_moment",
    "same_base",
    "show_ago",
    "show_day",
    "show_moment",
    "zone",
]

Unit = Literal["d", "w", "m", "y"]
LeapDay = Literal["28 feb", "1 mar"]


class Days(NamedTuple):
    """Days from the first on, up to but without `after`."""

    first: date
    after: date

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    def instants(self, tz: str) -> tuple[datetime, datetime]:
        """The same span as instants in UTC, half-open too."""
        return day_start(self.first, tz), day_start(self.after, tz)


def add_months(day: date, months: int) -> date:
    """The same day some months later (earlier if negative); 31 May − 3 months is the last of February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        raise BadValue(_("That is too far away for a date."), value=day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of its month where that day is missing."""
    return add_months(day, -months)


# --- dates in conditions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DateValue:
    """A date of a condition, kept as it was meant: "-90d" stays relative until it is asked for.

    `str()` is its canonical text, which reads as the same value again.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def is_relative(self) -> bool:
        """Whether it means other days tomorrow."""
        return not self.text[0].isdigit() or self.text.endswith("_ago")

    @property
    def base(self) -> str:
        """What it is counted in: "" for what is absolute, else days, months, or the span that is named."""
        if not self.is_relative:
            return ""
        if found := _RELATIVE.fullmatch(self.text):
            return _BASES[found[3]]
        if found := _AGO.fullmatch(self.text):
            return _BASES[found[2][0]]
        return self.text.partition("_")[2] or "day"

    @property
    def is_moment(self) -> bool:
        return "T" in self.text

    def days(self, today: date) -> Days:
        """The days it means, seen from a day in the shop's calendar. Raises BadValue when out of range."""
        try:
            return _days(self.text, today)
        except OverflowError:
            raise BadValue(_("“{value}” is too far away for a date."), value=self.text)

    def instants(self, today: date, tz: str) -> tuple[datetime, datetime]:
        """The span in UTC, half-open: of its days, or of the one second of a moment."""
        if self.is_moment:
            start = read_moment(self.text, tz)
            return start, start + timedelta(seconds=1)
        return self.days(today).instants(tz)


def same_base(first: DateValue, second: DateValue) -> bool:
    """Whether two dates are counted alike, so that which one comes first is the same on every day."""
    bases = {first.base, second.base}
    return len(bases) == 1 or (bases == {"day", "months"} and "today" in (first.text, second.text))


def read_date_value(text: str) -> DateValue:
    """A date as conditions write it: 2026-01-31, 2026-01-31T10:30:00 (shop time), -90d, -4w, -3m, -10y, +30d,
    today, last_month, 12_months_ago … (see `NAMED_DAYS`). Raises BadValue, naming what it could not read.
    """
    plain = text.strip()
    if found := _RELATIVE.fullmatch(plain.lower()):
        return DateValue(f"{found[1]}{int(found[2])}{found[3]}")
    if found := _AGO.fullmatch(plain.lower()):
        return DateValue(f"{int(found[1])}_{found[2].rstrip('s')}s_ago")
    if plain.lower() in NAMED_DAYS:
        return DateValue(plain.lower())
    if _ISO_DAY.fullmatch(plain):
        return DateValue(read_day(plain, "ymd").isoformat())
    if _ISO_MOMENT.fullmatch(plain):
        read_moment(plain, "UTC")
        return DateValue(plain.replace(" ", "T"))
    raise BadValue(_("“{value}” is not a date. Write 2026-01-31, -90d, or a word like last_month."), value=text)


def _days(text: str, today: date) -> Days:
    if text in NAMED_DAYS:
        return NAMED_DAYS[text](today)
    if found := _RELATIVE.fullmatch(text):
        count = int(found[2]) * (-1 if found[1] == "-" else 1)
        return _one(_moved(today, count, found[3]))
    if found := _AGO.fullmatch(text):
        return _one(_moved(today, -int(found[1]), found[2][0]))
    return _one(date.fromisoformat(text[:10]))


def _moved(day: date, count: int, unit: str) -> date:
    if unit in "my":
        return add_months(day, count * (12 if unit == "y" else 1))
    return day + timedelta(days=count * (7 if unit == "w" else 1))


def _one(day: date) -> Days:
    return Days(day, day + timedelta(days=1))


def _week(today: date, step: int) -> Days:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
    return Days(monday, monday + timedelta(weeks=1))


def _months(today: date, size: int, step: int) -> Days:
    """The block of so many months (1, 3 or 12) that today lies in, moved by so many blocks."""
    first_month = (today.month - 1) // size * size + 1
    first = add_months(today.replace(month=first_month, day=1), size * step)
    return Days(first, add_months(first, size))


def _blocks(step: int) -> dict[str, Callable[[date], Days]]:
    prefix = {-1: "last", 0: "this", 1: "next"}[step]
    return {
        f"{prefix}_week": lambda today: _week(today, step),
        f"{prefix}_month": lambda today: _months(today, 1, step),
        f"{prefix}_quarter": lambda today: _months(today, 3, step),
        f"{prefix}_year": lambda today: _months(today, 12, step),
    }


NAMED_DAYS: dict[str, Callable[[date], Days]] = {
    "today": _one,
    "yesterday": lambda today: _one(today - timedelta(days=1)),
    "tomorrow": lambda today: _one(today + timedelta(days=1)),
    **_blocks(-1),
    **_blocks(0),
    **_blocks(1),
}
"""Words for days: today, yesterday, tomorrow, and last_, this_, next_ week, month, quarter, year.
Weeks begin on Monday. Besides them "7_days_ago", "12_months_ago" and any such count can be read."""

_RELATIVE = re.compile(r"([+-])(\d{1,5})([dwmy])")
_AGO = re.compile(r"(\d{1,5})_(days?|weeks?|months?|years?)_ago")
_BASES = {"d": "day", "w": "day", "m": "months", "y": "months"}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")


# --- birthdays ----------------------------------------------------------------------------------------------


class Birthday(NamedTuple):
    """A birthday, its year only if known. 29 February is one in every year."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        """ISO 8601, "1991-05-15", or "--05-15" without the year; `read_birthday` reads both."""
        year = "-" if self.year is None else f"{self.year:04d}"
        return f"{year}-{self.month:02d}-{self.day:02d}"

    @property
    def key(self) -> int:
        """Month and day as one number, 515 for 15 May: what `month_day_spans` speaks of."""
        return self.month * 100 + self.day

    def on(self, year: int, leap_day: LeapDay = "28 feb") -> date:
        """The day it is kept in a year."""
        if self.key == 229 and not isleap(year):
            return date(year, 2, 28) if leap_day == "28 feb" else date(year, 3, 1)
        return date(year, self.month, self.day)

    def next_on(self, today: date, leap_day: LeapDay = "28 feb") -> date:
        """The next day it is kept, today included."""
        this_year = self.on(today.year, leap_day)
        return this_year if this_year >= today else self.on(today.year + 1, leap_day)

    def is_in(self, days: Days, leap_day: LeapDay = "28 feb") -> bool:
        """Whether it is kept within some days, across new year too."""
        return self.next_on(days.first, leap_day) < days.after


def read_birthday(text: str, order: DayOrder = "dmy", *, today: date | None = None) -> Birthday:
    """A birthday: 1991-05-15, 15/05/1991 and whatever `read_day` reads; without a year --05-15, 15/05, 15.5.

    today: given, a birthday after it is refused. Raises BadValue.
    """
    plain = text.strip().lstrip("'")
    if found := _ISO_YEARLESS.fullmatch(plain):
        return _checked(None, int(found[1]), int(found[2]), text)
    if found := _YEARLESS.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if order == "dmy" else (second, first)
        return _checked(None, month, day, text)
    born = read_day(plain, order)
    if born.year < 1850 or (today and born > today):
        raise BadValue(_("“{value}” cannot be a birthday."), value=text)
    return Birthday(born.year, born.month, born.day)


def month_day_spans(days: Days, leap_day: LeapDay = "28 feb") -> list[tuple[int, int]]:
    """The `Birthday.key`s kept within some days, as inclusive spans: two across new year, none if empty."""
    if days.after <= days.first:
        return []
    last = min(days.last, days.first + timedelta(days=365))
    low, high = _first_key(days.first, leap_day), last_key(last, leap_day)
    if (last - days.first).days >= 365 or (last.year > days.first.year and high >= low):
        return [(101, 1231)]
    return [(low, high)] if last.year == days.first.year else [(low, 1231), (101, high)]


def _first_key(day: date, leap_day: LeapDay) -> int:
    key = day.month * 100 + day.day
    return 229 if key == 301 and leap_day == "1 mar" and not isleap(day.year) else key


def last_key(day: date, leap_day: LeapDay) -> int:
    """The greatest `Birthday.key` that is kept in the year of a day by that day."""
    key = day.month * 100 + day.day
    return 229 if key == 228 and leap_day == "28 feb" and not isleap(day.year) else key


def _checked(year: int | None, month: int, day: int, text: str) -> Birthday:
    try:
        date(2000 if year is None else year, month, day)
    except ValueError:
        raise BadValue(_("“{value}” is not a day of the year."), value=text)
    return Birthday(year, month, day)


_ISO_YEARLESS = re.compile(r"--(\d{2})-?(\d{2})")
_YEARLESS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\.?")
