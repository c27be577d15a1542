"""Tasks that come again."""

from datetime import date, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.merging import merge
from regulars.tasks.due import Due, today_of
from regulars.tasks.models import Repeat, State, Task
from regulars.tasks.operations import cancel_task, change_task, complete_task, delete_task, move_task, reopen_task
from regulars.tasks.repeating import Rule, days_from, parts_of
from tests.factories import actor, create_customer, create_staff
from tests.tasks.working import create_task, facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


@pytest.fixture
def today(linh):
    return today_of(linh)


class TestDoingATaskThatRepeats:
    def test_makes_the_next_one(self, linh, today):
        task = create_task(linh, day=today, hour="09:00", minutes=45, rule=Rule("weekly", every=2), remind_before=30)

        following = complete_task(task, by=actor(linh))

        assert (following.due_on, following.title, following.minutes) == (today + timedelta(days=14), "Call Ann", 45)
        assert (following.series_id, following.state, following.remind_before) == (task.pk, State.OPEN, 30)

    def test_passes_over_days_that_are_over(self, linh, today):
        task = create_task(linh, day=today - timedelta(days=10), rule=Rule("daily"))

        assert complete_task(task, by=actor(linh)).due_on == today

    def test_ends_on_the_last_day(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("daily", until=today))

        assert complete_task(task, by=actor(linh)) is None

    def test_ends_after_so_many_times(self, linh, today):
        task, done = create_task(linh, day=today, rule=Rule("weekly", count=3)), 1
        while (task := complete_task(task, by=actor(linh))) is not None:
            done += 1

        assert done == 3

    def test_twice_makes_one(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("daily"))
        complete_task(task, by=actor(linh))
        complete_task(task, by=actor(linh))

        assert Task.objects.of(linh.shop).existing().open().count() == 1

    def test_and_opening_it_again_takes_the_next_one_back(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("daily"))
        complete_task(task, by=actor(linh))
        reopen_task(task, by=actor(linh))

        assert list(Task.objects.of(linh.shop).existing().open()) == [task]
        assert complete_task(task, by=actor(linh)).due_on == today + timedelta(days=1)

    def test_cancelling_skips_one_and_deleting_ends_the_row(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("daily"))
        following = cancel_task(task, by=actor(linh))
        delete_task(following, by=actor(linh))

        assert not Task.objects.of(linh.shop).existing().open().exists()


class TestChangingATaskThatRepeats:
    def test_alone_leaves_those_that_follow(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("weekly"))
        other = facts(linh, "Visit Ann", today + timedelta(days=1), "10:00", rule=Rule("weekly"))
        changed = change_task(task, other, version=1, only_this=True, by=actor(linh))

        following = complete_task(changed, by=actor(linh))

        assert (following.title, following.is_all_day) == ("Call Ann", True)
        assert following.due_on == today + timedelta(days=7)

    def test_and_those_that_follow_makes_them_alike(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("weekly"))
        other = facts(linh, "Visit Ann", today + timedelta(days=1), rule=Rule("weekly"))
        changed = change_task(task, other, version=1, by=actor(linh))

        following = complete_task(changed, by=actor(linh))

        assert (following.title, following.due_on) == ("Visit Ann", today + timedelta(days=8))

    def test_by_dragging_is_about_this_one(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("weekly"))
        moved = move_task(task, Due(today + timedelta(days=2), time(9), 30), by=actor(linh))

        assert complete_task(moved, by=actor(linh)).due_on == today + timedelta(days=7)

    def test_to_never_ends_it(self, linh, today):
        task = create_task(linh, day=today, rule=Rule("weekly"))
        changed = change_task(task, facts(linh, day=today), version=1, only_this=True, by=actor(linh))

        assert complete_task(changed, by=actor(linh)) is None


class TestTheDaysOfARule:
    @pytest.mark.parametrize(("first", "rule", "expected"), [
        (date(2026, 1, 31), Rule("monthly"), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        (date(2026, 1, 30), Rule("monthly"), [date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 30)]),
        (date(2028, 2, 29), Rule("yearly"), [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)]),
        (date(2026, 3, 2), Rule("weekly", every=2), [date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 30)]),
    ])  # fmt: skip
    def test_that_a_month_has_not_are_its_last(self, linh, first, rule, expected):
        task = create_task(linh, day=first, rule=rule)

        days = days_from(task, first)

        assert [next(days) for _ in expected] == expected

    @given(
        first=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
        repeat=st.sampled_from([value for value in Repeat.values if value]),
        every=st.integers(1, 5), count=st.none() | st.integers(1, 20), later=st.integers(0, 6),
    )  # fmt: skip
    def test_are_those_of_the_standard(self, first, repeat, every, count, later):
        """What calendars of other makers count from the rule we hand out, from any of its days on."""
        task = Task(repeat=repeat, repeat_every=every, repeat_from=first, repeat_count=count, occurs_on=first)
        ours = [day for day, _n in zip(days_from(task, first), range(later + 5), strict=False)][later:]
        if not ours:
            return
        task.occurs_on = ours[0]
        parts = parts_of(task)
        text = ";".join(f"{name}={_written(value)}" for name, value in parts.items())

        theirs = rrulestr(text, dtstart=_midnight(ours[0]))

        assert [found.date() for found, _n in zip(theirs, range(len(ours)), strict=False)] == ours


def _written(value):
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _midnight(day):
    from datetime import datetime

    return datetime(day.year, day.month, day.day)


def test_what_follows_is_about_whom_the_customer_became():
    linh = create_staff()
    ann, bea = (create_customer(linh.shop, name=name) for name in ("Ann", "Bea"))
    task = create_task(linh, "Ask", rule=Rule("weekly"), customer=bea)
    change_task(task, facts(linh, "Rest", rule=Rule("weekly")), version=1, only_this=True, by=actor(linh))
    merge(linh.shop, ann, [bea], by=actor(linh))

    following = complete_task(task, by=actor(linh))

    assert (following.title, following.customer_id) == ("Ask", ann.pk)
