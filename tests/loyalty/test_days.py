"""What a new day does to points, by the shop's calendar (Asia/Ho_Chi_Minh, seven hours ahead)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from regulars.customers.actions import undo_run
from regulars.customers.operations import delete_customer
from regulars.events.models import Event
from regulars.loyalty.days import begin_day
from regulars.loyalty.jobs import begin_days
from regulars.loyalty.lots import Expiring, expiring
from regulars.loyalty.models import PointsEntry, Reason
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.loyalty.giving import adjust, ask, at, figures, ledger

pytestmark = pytest.mark.django_db

MARCH_1 = date(2026, 3, 1)
NIGHT = datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC)  # a second before midnight in the shop
MIDNIGHT = NIGHT + timedelta(seconds=1)


@pytest.fixture
def ann(monkeypatch):
    at(monkeypatch, NIGHT)
    return create_customer()


class TestPendingPoints:
    def test_count_from_the_shops_midnight_on(self, ann, monkeypatch):
        entry = adjust(ann, 120, counts_on=date(2026, 3, 2))
        begin_days()
        assert figures(ann) == (0, 0, 120)

        at(monkeypatch, MIDNIGHT)
        begin_days()

        entry.refresh_from_db()
        assert (entry.counted_at, entry.balance_after, figures(ann)) == (MIDNIGHT, 120, (120, 120, 0))

    def test_count_once_and_are_told_once(self, ann, monkeypatch):
        entry = adjust(ann, 120, counts_on=date(2026, 3, 2))
        at(monkeypatch, MIDNIGHT)

        assert [begin_day(ann.shop) for _time in range(2)] == [(1, 0), (0, 0)]

        event = Event.objects.get(kind="points.counted")
        assert (event.customer_id, event.data) == (ann.pk, {"entry": entry.pk, "points": 120, "balance": 120})

    def test_count_one_after_the_other(self, ann, monkeypatch):
        for points in (100, 20):
            adjust(ann, points, counts_on=date(2026, 3, 2))
        at(monkeypatch, MIDNIGHT)

        begin_day(ann.shop)

        balances = PointsEntry.objects.of(ann.shop).order_by("pk").values_list("balance_after", flat=True)
        assert list(balances) == [100, 120]

    def test_count_for_somebody_in_the_bin_too(self, ann, monkeypatch):
        adjust(ann, 120, counts_on=date(2026, 3, 2))
        delete_customer(ann, by=SYSTEM)
        at(monkeypatch, MIDNIGHT)

        assert begin_day(ann.shop) == (1, 0)

    def test_that_were_taken_back_count_as_nothing_and_are_not_told(self, monkeypatch):
        at(monkeypatch, NIGHT)
        linh = create_staff()
        ann = create_customer(linh.shop)
        run = ask(linh, [ann], points=120, counts_on="2026-03-02")
        undo_run(run, staff=linh, by=actor(linh))
        at(monkeypatch, MIDNIGHT)

        begin_day(ann.shop)

        assert (ledger(ann), figures(ann)) == ([120, -120], (0, 0, 0))
        assert not Event.objects.filter(kind="points.counted").exists()

    def test_can_be_taken_back_from_somebody_who_owes_points(self, monkeypatch):
        at(monkeypatch, NIGHT)
        linh = create_staff()
        ann = create_customer(linh.shop)
        adjust(ann, -50, may_overdraw=True)
        undo_run(ask(linh, [ann], points=120, counts_on="2026-03-02"), staff=linh, by=actor(linh))
        at(monkeypatch, MIDNIGHT)

        begin_day(ann.shop)

        assert figures(ann) == (-50, 0, 0)


class TestPointsThatExpire:
    def test_can_be_used_on_their_last_day_and_not_after(self, ann, monkeypatch):
        adjust(ann, 100, counts_on=date(2026, 2, 1), expires_on=MARCH_1)
        assert begin_day(ann.shop) == (0, 0)

        at(monkeypatch, MIDNIGHT)
        assert begin_day(ann.shop) == (0, 1)

        entry = PointsEntry.objects.of(ann.shop).get(reason=Reason.EXPIRED)
        assert (entry.points, entry.balance_after, entry.key) == (-100, 0, f"expired:{entry.lot_id}")
        assert figures(ann) == (0, 100, 0)

    def test_expire_once(self, ann, monkeypatch):
        adjust(ann, 100, expires_on=date(2026, 3, 2))
        at(monkeypatch, MIDNIGHT + timedelta(days=1))

        assert [begin_day(ann.shop) for _time in range(3)] == [(0, 1), (0, 0), (0, 0)]

    def test_expire_as_far_as_they_were_not_used(self, ann, monkeypatch):
        adjust(ann, 100)
        adjust(ann, 50, expires_on=date(2026, 3, 2))
        adjust(ann, -30)
        at(monkeypatch, MIDNIGHT + timedelta(days=1))

        begin_day(ann.shop)

        assert (ledger(ann), figures(ann)[0]) == ([100, 50, -30, -20], 100)

    def test_that_were_used_leave_no_entry(self, ann, monkeypatch):
        adjust(ann, 50, expires_on=date(2026, 3, 2))
        adjust(ann, -50)
        adjust(ann, 70)
        at(monkeypatch, MIDNIGHT + timedelta(days=1))

        assert begin_day(ann.shop) == (0, 0)
        assert figures(ann)[0] == 70

    def test_count_and_expire_in_one_night_when_nobody_was_awake(self, ann, monkeypatch):
        adjust(ann, 50, counts_on=date(2026, 3, 3), expires_on=date(2026, 3, 4))
        at(monkeypatch, MIDNIGHT + timedelta(days=9))

        assert begin_day(ann.shop) == (1, 1)
        assert figures(ann) == (0, 50, 0)

    def test_that_are_given_back_late_expire_again(self, monkeypatch):
        at(monkeypatch, NIGHT)
        linh = create_staff()
        ann = create_customer(linh.shop)
        adjust(ann, 50, expires_on=date(2026, 3, 2))
        run = ask(linh, [ann], points=-30)
        at(monkeypatch, MIDNIGHT + timedelta(days=1))
        begin_day(ann.shop)

        undo_run(run, staff=linh, by=actor(linh))
        assert figures(ann)[0] == 30
        begin_day(ann.shop)

        assert (ledger(ann), figures(ann)[0]) == ([50, -30, -20, 30, -30], 0)

    def test_expire_in_their_own_shop_alone(self, ann, monkeypatch):
        there = create_customer(create_shop("There"))
        adjust(ann, 50, expires_on=date(2026, 3, 2))
        adjust(there, 50, expires_on=date(2026, 3, 2))
        at(monkeypatch, MIDNIGHT + timedelta(days=1))

        begin_day(ann.shop)

        assert (figures(ann)[0], figures(there)[0]) == (0, 50)


class TestWhatExpiresWhen:
    def test_is_told_by_day_without_what_never_does(self, ann):
        adjust(ann, 100)
        adjust(ann, 40, expires_on=date(2026, 4, 1))
        adjust(ann, 10, expires_on=date(2026, 3, 20))
        adjust(ann, 5, expires_on=date(2026, 4, 1))
        adjust(ann, 70, counts_on=date(2026, 3, 5), expires_on=date(2026, 4, 1))  # pending
        adjust(ann, -12)

        assert expiring(ann) == [Expiring(date(2026, 4, 1), 43)]

    def test_is_not_told_of_what_is_over(self, ann, monkeypatch):
        adjust(ann, 40, expires_on=date(2026, 3, 2))
        at(monkeypatch, MIDNIGHT + timedelta(days=1))

        assert expiring(ann) == []
