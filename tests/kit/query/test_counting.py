"""Counts that answer in a given time."""

import pytest
from django.db import connection
from django.db.models import FloatField, Func, Value

from regulars.customers.models import Customer
from regulars.kit.query import counting
from regulars.kit.query.counting import Counted, count_in_time, in_time
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


class Sleep(Func):
    """Sleeps a while for every row."""

    template = "(SELECT count(pg_sleep(%(expressions)s)))"
    output_field = FloatField()


def slow(rows, seconds):
    """The same rows, each of which takes so long to look at."""
    return rows.alias(slept=Sleep(Value(seconds))).filter(slept__gt=0)


@pytest.fixture
def rows():
    shop = create_shop("Here")
    for name in ("Ann", "Bob", "Eve"):
        create_customer(shop, name=name)
    return Customer.objects.of(shop)


def test_a_quick_count_is_exact(rows):
    assert count_in_time(rows, 3) == Counted(3)


def test_a_count_that_takes_too_long_says_so(rows):
    assert count_in_time(slow(rows, 2), 0.1) == Counted(None, False)


def test_what_is_more_than_the_cap_says_at_least_that(rows, monkeypatch):
    monkeypatch.setattr(counting, "count_up_to", lambda rows: counting.CAP + 1)

    assert count_in_time(slow(rows, 2), 0.1) == Counted(counting.CAP, False)


def test_the_limit_ends_with_the_question(rows):
    in_time(0.2, lambda: None, None)
    count_in_time(slow(rows, 2), 0.1)

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_other_faults_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        in_time(1, lambda: 1 / 0, None)
