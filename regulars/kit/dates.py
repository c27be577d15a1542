"""Days and instants as files and people write them, and as pages show them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta
from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue
from regulars.kit.numbers import locale_of, plain_digits
from regulars.kit.text import fold

DayOrder = Literal["dmy", "mdy", "ymd"]


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a name such as "Asia/Manila". Raises BadValue for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise BadValue(_("“{value}” is not a time zone."), value=name)


def day_start(day: date, tz: str) -> datetime:
    """The instant, in UTC, at which a day begins in a zone; where clocks skip midnight, the moment after."""
    return datetime.combine(day, time(), zone(tz)).astimezone(UTC)


def day_of(instant: datetime, tz: str) -> date:
    """The calendar day of an instant in a zone."""
    return instant.astimezone(zone(tz)).date()


def read_day(text: str, order: DayOrder = "dmy") -> date:
    """A day: 2026-01-31, 31/01/2026, 31.1.26, 20260131, "31 January 2026", "Jan 31, 2026".

    order: how bare numbers are meant when the year is not first; a number that does not fit is
    refused, never swapped. Years of two digits are 1970 to 2069. A time after the day is ignored.
    Month names: English, Indonesian, Filipino, Romanian. Raises BadValue.
    """
    parts = _day_parts(plain_digits(text[:60]).strip().lstrip("'"), order)
    try:
        if parts is None:
            raise ValueError
        return date(*parts)
    except ValueError:
        raise BadValue(_("“{value}” is not a date."), value=text)


def read_moment(text: str, tz: str, order: DayOrder = "dmy") -> datetime:
    """An instant in UTC: ISO 8601, "2024-05-01 10:00:00 +0800", "01/05/2024 3:30 PM", epoch seconds or ms.

    Without an offset it is local time in the zone; a day alone is its beginning. Raises BadValue.
    """
    if _USUAL_MOMENT.fullmatch(text) and (usual := _usual(text, tz)):
        return usual
    return _read_moment(text, tz, order)


def _usual(text: str, tz: str) -> datetime | None:
    try:
        local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=zone(tz))).astimezone(UTC)
    except (ValueError, OverflowError):  # 2024-02-30; others may make sense of +05:75
        return None


def _read_moment(text: str, tz: str, order: DayOrder) -> datetime:
    """Any spelling, the long way."""
    plain = plain_digits(text[:60]).strip().lstrip("'")
    if re.fullmatch(r"\d{10}|\d{13}", plain):
        return _from_epoch(int(plain))
    found = _MOMENT.fullmatch(plain)
    try:
        if found is None:
            return day_start(read_day(text, order), tz)
        local = datetime.combine(read_day(found["day"], order), _time(found))
        return local.replace(tzinfo=_offset(found["offset"], tz)).astimezone(UTC)
    except (ValueError, OverflowError, BadValue):
        raise BadValue(_("“{value}” is not a date and time."), value=text)


@lru_cache(maxsize=32_768)
def show_day(day: date, locale: str = "en") -> str:
    """A day for people: "May 15, 2026" (en), "15 thg 5, 2026" (vi)."""
    return format_date(day, "medium", locale=locale_of(locale))


def show_moment(instant: datetime, tz: str, locale: str = "en") -> str:
    """Day and time of an instant in a zone: "May 15, 2026, 10:30 PM"."""
    local = instant.astimezone(zone(tz))
    pattern = _day_and_time(locale)
    return pattern.format(_shown_time(local.hour, local.minute, locale), show_day(local.date(), locale))


def show_time(instant: datetime, tz: str, locale: str = "en") -> str:
    """The time of an instant in a zone, to the second: "2:03:05 PM"."""
    return format_time(instant, "medium", tzinfo=zone(tz), locale=locale_of(locale))


def show_ago(instant: datetime, now: datetime, locale: str = "en") -> str:
    """How long ago an instant was, in its largest whole unit: "3 days ago"; under a minute "just now"."""
    seconds = int((now - instant).total_seconds())
    if abs(seconds) < 60:
        return str(_("just now"))
    size = next(size for size in _UNITS if abs(seconds) >= size)
    return _shown_ago(abs(seconds) // size * (1 if seconds > 0 else -1), size, locale)


# --- how it is done ---------------------------------------------------------------------------------------

# Seconds of a unit, largest first; a month counts 30 days, as Babel does.
_UNITS: dict[int, Literal["year", "month", "day", "hour", "minute"]] = {
    31_536_000: "year",
    2_592_000: "month",
    86_400: "day",
    3600: "hour",
    60: "minute",
}
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ]?)(\d{1,2})\2(\d{1,2})(?:[T ,].*)?")
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ ./-]+([^\W\d_]+\.?)[ ,./-]+(\d{4})(?:[T ,].*)?")
_NAMED_DAY = re.compile(r"([^\W\d_]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:[T ,].*)?")
_USUAL_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
"""What programs write: 5 µs become 1. A test proves that both ways agree."""

_MOMENT = re.compile(
    r"(?P<day>[^T:]*?\d)(?:T|,?\s+|\s+at\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?:\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?|\(?UTC[+-]\d{1,2}(?::?\d{2})?\)?))?"
)


def _day_parts(text: str, order: DayOrder) -> tuple[int, int, int] | None:
    """The numbers of year, month and day, not yet checked."""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _NUMBERS.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if order == "mdy" else (first, second)
        return _full_year(found[4]), month, day
    if found := _DAY_NAMED.fullmatch(text):
        return int(found[3]), _months().get(fold(found[2]).rstrip("."), 0), int(found[1])
    if found := _NAMED_DAY.fullmatch(text):
        return int(found[3]), _months().get(fold(found[1]), 0), int(found[2])
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


@cache
def _months() -> dict[str, int]:
    """Folded month names, whole and short, of the languages that shops write in."""
    named: dict[str, int] = {"sept": 9, "agu": 8, "agt": 8}
    for language in ("ro", "fil", "id", "en"):
        for width in ("wide", "abbreviated"):
            names = locale_of(language).months["format"][width]
            named |= {fold(name).rstrip("."): number for number, name in names.items()}
    return named


def _time(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    if half := (found["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError("No such hour on a clock of twelve.")
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((found["part"] or "0")[:6].ljust(6, "0"))
    return time(hour, int(found["minute"]), int(found["second"] or 0), micro)


def _offset(text: str | None, tz: str) -> tzinfo:
    """What a written offset stands for: the shop's zone when there is none."""
    if not text:
        return zone(tz)
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?", text)
    if found is None:
        return UTC
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-distance if found[1] == "-" else distance)


def _from_epoch(number: int) -> datetime:
    seconds = number / 1000 if number >= 10**12 else number
    return datetime.fromtimestamp(seconds, UTC)


@cache
def _day_and_time(locale: str) -> str:
    return str(locale_of(locale).datetime_formats["medium"]).replace("'", "")


@cache
def _shown_time(hour: int, minute: int, locale: str) -> str:
    return format_time(time(hour, minute), "short", locale=locale_of(locale))


@lru_cache(maxsize=8192)
def _shown_ago(count: int, size: int, locale: str) -> str:
    distance = timedelta(seconds=-count * size)
    unit = _UNITS[size]
    return format_timedelta(distance, granularity=unit, threshold=10**9, add_direction=True, locale=locale_of(locale))
