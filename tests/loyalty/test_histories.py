"""Whatever happens to points, in whatever order: the figures are the sums of the ledgers, and what is left adds up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.customers.actions import run_action, undo_run
from regulars.customers.merging import merge, unmerge
from regulars.customers.models import Customer
from regulars.customers.selection import Selection
from regulars.kit.errors import DomainError
from regulars.loyalty import days, entries
from regulars.loyalty.figures import differences
from regulars.loyalty.lots import left_of
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import Opening, adjust_points, state_openings
from tests.factories import SYSTEM, actor, create_customer, create_staff

POINTS = st.integers(1, 60)
START = datetime(2026, 3, 1, 3, tzinfo=UTC)


class History:
    """Does things to the points of three people, and keeps its own books."""

    def __init__(self) -> None:
        self.linh = create_staff(name="Linh")
        self.shop = self.linh.shop
        self.people = [create_customer(self.shop, name=name) for name in ("Ann", "Bob", "Cy")]
        self.moment, self.runs, self.merges = START, [], []

    @property
    def today(self):
        return entries.today_of(self.shop)

    def somebody(self, draw: Callable) -> Customer:
        return draw(st.sampled_from(self.people))

    def give(self, draw: Callable) -> None:
        first = self.today + timedelta(days=draw(st.integers(-3, 3)))
        last = max(first, self.today) + timedelta(days=draw(st.integers(1, 4))) if draw(st.booleans()) else None
        self.adjust(draw, draw(POINTS), counts_on=first, expires_on=last)

    def take(self, draw: Callable) -> None:
        self.adjust(draw, -draw(POINTS), may_overdraw=draw(st.integers(0, 5)) == 0)

    def adjust(self, draw: Callable, points: int, **more) -> None:
        try:
            adjust_points(self.somebody(draw), points, note="Why", by=SYSTEM, **more)
        except DomainError:  # not enough, or merged into somebody
            return

    def state(self, draw: Callable) -> None:
        origin, points = draw(st.sampled_from(["", "Smile"])), draw(st.integers(0, 60))
        opening = Opening(self.somebody(draw).pk, points, origin)
        (first,) = state_openings(self.shop, [opening], by=SYSTEM)
        (again,) = state_openings(self.shop, [opening], by=SYSTEM)
        assert again.delta == 0
        assert (first.refusal is None) == (again.refusal is None)

    def act(self, draw: Callable) -> None:
        selection = Selection.of_ids(self.shop, [one.pk for one in self.people])
        first = self.today + timedelta(days=draw(st.integers(0, 2)))
        points = draw(POINTS)
        params = {"points": -points} if draw(st.booleans()) else {"points": points, "counts_on": first.isoformat()}
        self.runs.append(run_action(selection, "points", {"note": "Gift", **params}, staff=self.linh))

    def undo(self, draw: Callable) -> None:
        if self.runs:
            run = self.runs.pop(draw(st.integers(0, len(self.runs) - 1)))
            undo_run(run, staff=self.linh, by=actor(self.linh))

    def sleep(self, draw: Callable) -> None:
        self.moment += timedelta(days=draw(st.integers(1, 3)))

    def wake(self, draw: Callable) -> None:
        days.begin_day(self.shop)
        assert days.begin_day(self.shop) == (0, 0)

    def join(self, draw: Callable) -> None:
        alive = list(Customer.objects.of(self.shop).alive().order_by("pk"))
        if len(alive) > 1:
            survivor, other = draw(st.permutations(alive))[:2]
            self.merges.append(merge(self.shop, survivor, [other], by=SYSTEM))

    def part(self, draw: Callable) -> None:
        if self.merges:
            unmerge(self.merges.pop(), by=SYSTEM)

    def is_true(self) -> None:
        """Figures are what the ledgers say, and the ledgers are in order."""
        ids = [one.pk for one in self.people]
        assert differences(self.shop, ids) == []
        for row in Customer.objects.of(self.shop).filter(pk__in=ids):
            ledger = list(PointsEntry.objects.of(self.shop).filter(customer=row))
            assert row.points == sum(one.points for one in ledger if not one.is_pending)
            assert row.points_pending >= 0
            assert sum(one.points for one in left_of(ledger)) == max(0, row.points)


STEPS = [
    History.give, History.give, History.take, History.take, History.state, History.act, History.undo, History.sleep,
    History.wake, History.join, History.part,
]  # fmt: skip


class TestAnyHistoryOfPoints(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_adds_up(self, data):
        history = History()
        with patch.object(entries, "now", lambda: history.moment), patch.object(days, "now", lambda: history.moment):
            for step in data.draw(st.lists(st.sampled_from(STEPS), max_size=20)):
                getattr(history, step.__name__)(data.draw)
                history.is_true()
