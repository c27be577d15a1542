"""Who answers to a question, in plain Python over plain facts: written from what the documents promise, to hold the
SQL and the evaluator against.

Facts are dicts: what is not known is None (or no list entry). Instants are local times of the shop, without a zone.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from regulars.kit.query.conditions import All, Any_, Condition, Happened, Node, Not

Facts = Mapping[str, Any]
NEGATIVE = {"!=": "=", "NOT IN": "IN", "NOT CONTAINS": "CONTAINS", "IS NOT NULL": "IS NULL"}
DAY = timedelta(days=1)


class What(NamedTuple):
    """One thing that can be asked: how it is compared, and how it is found in the facts."""

    kind: str
    of: Callable[[Facts], Any]


class Event(NamedTuple):
    """Things that happen: all of a customer's, what each can be asked, and figures over some of them."""

    all: Callable[[Facts], list[Facts]]
    one: Mapping[str, What]
    totals: Mapping[str, Callable[[list[Facts]], Any]]


class World(NamedTuple):
    """What is known of rows, and the day it is."""

    fields: Mapping[str, What]
    events: Mapping[str, Event]
    today: date


def holds(node: Node, facts: Facts, world: World) -> bool:
    """Whether somebody answers to the question; NOT is everyone else."""
    if isinstance(node, Not):
        return not holds(node.part, facts, world)
    if isinstance(node, Happened):
        return _happened(node, facts, world)
    if isinstance(node, Condition):
        return _condition(node, world.fields[node.field], facts, world.today)
    answers = [holds(part, facts, world) for part in node.parts]
    if isinstance(node, All):
        return False not in answers
    assert isinstance(node, Any_)
    return True in answers


def _happened(event: Happened, facts: Facts, world: World) -> bool:
    known = world.events[event.predicate]
    single = [one for one in event.parameters if one.field in known.one]
    totals = [one for one in event.parameters if one.field in known.totals]
    found = [
        happening
        for happening in known.all(facts)
        if all(_condition(one, known.one[one.field], happening, world.today) for one in single)
    ]
    if not totals:
        return len(found) > 0
    sums = {one.field: What("number", lambda all_, name=one.field: known.totals[name](all_)) for one in totals}
    return all(_condition(one, sums[one.field], found, world.today) for one in totals)


def _condition(condition: Condition, what: What, facts: Facts, today: date) -> bool:
    op = str(condition.op)
    if op in NEGATIVE:
        return not _asked(what, NEGATIVE[op], condition, facts, today)
    return _asked(what, op, condition, facts, today)


def _asked(what: What, op: str, condition: Condition, facts: Facts, today: date) -> bool:
    value = what.of(facts)
    if op == "IS NULL":
        return value in (None, "", [], frozenset())
    if value is None or value == "":
        return False
    written = [literal.text for literal in condition.values]
    match what.kind:
        case "number":
            return _compared(op, Decimal(value), [Decimal(text) for text in written])
        case "moment":
            return _in_time(op, value, [span(text, today) for text in written])
        case "birthday":
            return _kept(value, span(written[0], today)[0], span(written[-1], today)[1])
        case "tags":
            return _tagged(op, {fold(tag) for tag in value}, {fold(text) for text in written})
        case "flag":
            return value == (written[0] == "true")
        case "choice":
            return value in written
        case "name":
            return any(_named(op, value, text) for text in written)
    return _spelt(op, value.lower(), [text.lower() for text in written])


def _compared(op: str, value: Decimal, written: list[Decimal]) -> bool:
    if op == "BETWEEN":
        return written[0] <= value <= written[1]
    first = written[0]
    return {"=": value == first, "<": value < first, "<=": value <= first, ">": value > first, ">=": value >= first}[op]


def _in_time(op: str, value: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    """Days are whole: after a day is from the next one on, BETWEEN includes both."""
    begin, end = spans[0]
    return {
        "=": begin <= value < end, "<": value < begin, "<=": value < end, ">": value >= end, ">=": value >= begin,
        "BETWEEN": begin <= value < spans[-1][1],
    }[op]  # fmt: skip


def _kept(birthday: tuple[int, int], begin: datetime, end: datetime) -> bool:
    """Whether a day of the year is kept within some days; 29 February on the 28th of other years."""
    first, after = begin.date(), (end - timedelta(seconds=1)).date() + DAY
    day, last = first, min(after, first + 400 * DAY)
    while day < last:
        tomorrow = day + DAY
        leap_here = (day.month, day.day) == (2, 28) and (tomorrow.month, tomorrow.day) == (3, 1)
        if birthday == (day.month, day.day) or (leap_here and birthday == (2, 29)):
            return True
        day = tomorrow
    return False


def _tagged(op: str, has: set[str], wanted: set[str]) -> bool:
    return wanted <= has if op in ("CONTAINS", "CONTAINS ALL") else bool(wanted & has)


def _spelt(op: str, value: str, written: list[str]) -> bool:
    match op:
        case "CONTAINS":
            return written[0] in value
        case "STARTS WITH":
            return value.startswith(written[0])
    return value in written


def _named(op: str, value: str, written: str) -> bool:
    """Names are compared by their letters and digits; marks alone as they are written."""
    if not any(letter.isalnum() for letter in written):
        return _spelt(op, value.lower(), [written.lower()])
    return _spelt(op, _letters(value), [_letters(written)])


def _letters(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text).replace("'", "")))


def fold(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).strip()


# --- dates ----------------------------------------------------------------------------------------------------


def span(text: str, today: date) -> tuple[datetime, datetime]:
    """What a written date means: from its first instant up to the first one after it."""
    if "T" in text:
        instant = datetime.fromisoformat(text)
        return instant, instant + timedelta(seconds=1)
    first, after = _days(text, today)
    return datetime.combine(first, time()), datetime.combine(after, time())


def _days(text: str, today: date) -> tuple[date, date]:
    monday, month, year = today - today.weekday() * DAY, today.replace(day=1), today.replace(month=1, day=1)
    named = {
        "today": (today, today + DAY), "yesterday": (today - DAY, today), "tomorrow": (today + DAY, today + 2 * DAY),
        "this_week": (monday, monday + 7 * DAY), "last_week": (monday - 7 * DAY, monday),
        "this_month": (month, _moved(month, 1)), "last_month": (_moved(month, -1), month),
        "this_year": (year, _moved(year, 12)), "last_year": (_moved(year, -12), year),
    }  # fmt: skip
    if text in named:
        return named[text]
    if found := re.fullmatch(r"([+-])(\d+)([dwmy])", text) or re.fullmatch(r"()(\d+)_(\w)\w*_ago", text):
        sign, count, unit = found.groups()
        count = int(count) if sign == "+" else -int(count)
        day = (
            today + count * {"d": 1, "w": 7}[unit] * DAY
            if unit in "dw"
            else _moved(today, count * {"m": 1, "y": 12}[unit])
        )
        return day, day + DAY
    day = date.fromisoformat(text)
    return day, day + DAY


def _moved(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)
