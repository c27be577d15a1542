"""What somebody asks for in a dialog: points to give or to take, from when on, until when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from regulars.kit.dates import read_day
from regulars.kit.errors import BadValue
from regulars.kit.numbers import read_count
from regulars.loyalty.errors import BadPoints
from regulars.loyalty.reading import check_days, check_points

GIVE, TAKE = "give", "take"
INPUTS = ("way", "points", "counts_on", "expires_on", "note")
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """points: less than 0 takes. counts_on: None is today."""

    points: int
    counts_on: date | None
    expires_on: date | None


def given_in(sent: QueryDict, today: date) -> dict[str, str]:
    """What stands in the inputs of a dialog: what was sent, or what they begin with."""
    begin = {"way": GIVE, "points": "", "counts_on": today.isoformat(), "expires_on": "", "note": ""}
    return {name: sent.get(name, begin[name]).strip() for name in INPUTS}


def read_wish(given: Given, *, today: date, locale: str) -> Wish:
    """Raises BadPoints, or BadValue, for the input that makes no sense. What is taken has no end, whatever stands
    in the input that only giving shows.
    """
    sign = -1 if given["way"] == TAKE else 1
    counts_on = _day(given, "counts_on")
    expires_on = _day(given, "expires_on") if sign > 0 else None
    wish = Wish(sign * _points(given["points"], locale), counts_on, expires_on)
    check_days(check_points(wish.points), counts_on, expires_on, today=today)
    return wish


def sent_wish(given: Given, wish: Wish) -> dict[str, Any]:
    """As parameters of the action for many customers."""
    days = {name: day.isoformat() if (day := getattr(wish, name)) else "" for name in ("counts_on", "expires_on")}
    return {"points": wish.points, "note": given["note"], **days}


def _points(text: str, locale: str) -> int:
    if not text:
        raise BadPoints(_("Say how many points."), field="points")
    try:
        points = read_count(text, locale)
    except BadValue as refusal:
        raise refusal.for_field("points") from None
    if points < 0:
        raise BadPoints(_("Write a number above 0, and choose whether they are given or taken."), field="points")
    return points


def _day(given: Given, name: str) -> date | None:
    try:
        return read_day(given[name], "ymd") if given[name] else None
    except BadValue as refusal:
        raise refusal.for_field(name) from None
