"""How dates of conditions are said: "90 days ago", "this month", "31 Jan 2026"."""

import re
from datetime import date

from django.utils.translation import gettext_lazy, ngettext

from regulars.kit.dates import show_day
from regulars.kit.periods import DateValue

NAMED = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "tomorrow": gettext_lazy("tomorrow"),
    "this_week": gettext_lazy("this week"),
    "last_week": gettext_lazy("last week"),
    "next_week": gettext_lazy("next week"),
    "this_month": gettext_lazy("this month"),
    "last_month": gettext_lazy("last month"),
    "next_month": gettext_lazy("next month"),
    "this_quarter": gettext_lazy("this quarter"),
    "last_quarter": gettext_lazy("last quarter"),
    "this_year": gettext_lazy("this year"),
    "last_year": gettext_lazy("last year"),
}
"""Named spans a chooser offers, in order, with their wording."""

_OFFSET = re.compile(r"([+-])(\d+)([dwmy])")
_AGO = re.compile(r"(\d+)_(day|week|month|year)s?_ago")
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def date_words(value: DateValue, locale: str) -> str:
    """A date value as people say it."""
    text = str(value)
    if text in NAMED:
        return str(NAMED[text])
    if found := _OFFSET.fullmatch(text):
        return _shifted(int(found[2]), _UNITS[found[3]], ahead=found[1] == "+")
    if found := _AGO.fullmatch(text):
        return _shifted(int(found[1]), found[2], ahead=False)
    if value.is_moment:
        return text.replace("T", " ")
    return text if value.is_relative else show_day(date.fromisoformat(text), locale)


def last_words(text: str) -> str | None:
    """What is not before that day: "in the last 90 days" for -90d. None for what is no time before today."""
    n, unit = _back(text)
    match unit:
        case "day":
            words = ngettext("in the last {n} day", "in the last {n} days", n)
        case "week":
            words = ngettext("in the last {n} week", "in the last {n} weeks", n)
        case "month":
            words = ngettext("in the last {n} month", "in the last {n} months", n)
        case "year":
            words = ngettext("in the last {n} year", "in the last {n} years", n)
        case _:
            return None
    return words.format(n=n)


def longer_ago_words(text: str) -> str | None:
    """What is before that day: "more than 90 days ago" for -90d. None for what is no time before today."""
    n, unit = _back(text)
    match unit:
        case "day":
            words = ngettext("more than {n} day ago", "more than {n} days ago", n)
        case "week":
            words = ngettext("more than {n} week ago", "more than {n} weeks ago", n)
        case "month":
            words = ngettext("more than {n} month ago", "more than {n} months ago", n)
        case "year":
            words = ngettext("more than {n} year ago", "more than {n} years ago", n)
        case _:
            return None
    return words.format(n=n)


def _back(text: str) -> tuple[int, str]:
    """How many of which unit before today: (90, "day") for -90d; no unit for anything else."""
    if (found := _OFFSET.fullmatch(text)) and found[1] == "-":
        return int(found[2]), _UNITS[found[3]]
    if found := _AGO.fullmatch(text):
        return int(found[1]), found[2]
    return 0, ""


def _shifted(n: int, unit: str, *, ahead: bool) -> str:
    match unit, ahead:
        case "day", False:
            text = ngettext("{n} day ago", "{n} days ago", n)
        case "week", False:
            text = ngettext("{n} week ago", "{n} weeks ago", n)
        case "month", False:
            text = ngettext("{n} month ago", "{n} months ago", n)
        case "year", False:
            text = ngettext("{n} year ago", "{n} years ago", n)
        case "day", True:
            text = ngettext("in {n} day", "in {n} days", n)
        case "week", True:
            text = ngettext("in {n} week", "in {n} weeks", n)
        case "month", True:
            text = ngettext("in {n} month", "in {n} months", n)
        case _:
            text = ngettext("in {n} year", "in {n} years", n)
    return text.format(n=n)
