"""Spans that end before they begin: refused where they stand, unless another day makes them good."""

from datetime import UTC, datetime

import pytest

from regulars.kit.query import BadCondition, Context, FieldSet, parse
from regulars.kit.query.kinds import Count, Money
from regulars.kit.query.kinds_time import Anniversary, Day, Moment

FIELDS = FieldSet("thing")
FIELDS.add(Count("n", "N"), Money("paid", "Paid"), Moment("at", "At"), Day("due", "Due"), Anniversary("born", "Born"))


def check(text, now=datetime(2026, 3, 15, 12, tzinfo=UTC)):
    ctx = Context(shop_id=1, currency="VND", tz="UTC", now=now, locale="en")
    return FIELDS.check(parse(text), ctx)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("n BETWEEN 5 AND 1", "1 AND 5"),
        ("paid BETWEEN 0.5 AND 0.25", "0.25 AND 0.5"),
        ("at BETWEEN 2026-02-01 AND 2026-01-31", "2026-01-31 AND 2026-02-01"),
        ("at BETWEEN 2026-02-01T10:00 AND 2026-02-01T09:00", "2026-02-01T09:00 AND 2026-02-01T10:00"),
        ("at BETWEEN today AND -30d", "-30d AND today"),
        ("at BETWEEN today AND -3m", "-3m AND today"),
        ("at BETWEEN 7_days_ago AND -2w", "-2w AND 7_days_ago"),
        ("due BETWEEN -1m AND -1y", "-1y AND -1m"),
        ("due BETWEEN this_week AND last_week", "last_week AND this_week"),
        ("born BETWEEN +30d AND tomorrow", "tomorrow AND +30d"),
    ],
)
def test_one_that_is_never_good_is_refused_with_what_was_meant(text, instead):
    with pytest.raises(BadCondition) as caught:
        check(text)

    assert f"The first value is larger than the second; write BETWEEN {instead}." in str(caught.value)
    assert check(f"{text.split()[0]} BETWEEN {instead}")


@pytest.mark.parametrize(
    "text",
    [
        "n BETWEEN 5 AND 5",
        "at BETWEEN 2026-02-01 AND 2026-02-01",
        "at BETWEEN 2026-02-01T10:00 AND 2026-02-01",
        "at BETWEEN today AND 2026-01-01",
        "at BETWEEN -30d AND -1m",
        "at BETWEEN -1m AND -30d",
        "due BETWEEN this_month AND today",
        "born BETWEEN 2026-12-15 AND 2027-01-14",
    ],
)
def test_one_that_is_good_or_may_be_is_understood(text):
    assert check(text)


def test_both_ends_are_marked():
    with pytest.raises(BadCondition) as caught:
        check("n = 1 OR\n  at BETWEEN today AND -30d")

    place = caught.value.details["place"]
    assert (place.line, place.column, place.length) == (2, 14, len("today AND -30d"))
