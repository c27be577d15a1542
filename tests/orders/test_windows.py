"""Spending of the last three months, which days go out of."""

from datetime import UTC, datetime

import pytest

from regulars.orders import stats, windows
from regulars.orders.jobs import move_windows
from tests.factories import create_customer
from tests.orders.trade import fresh, sold

pytestmark = pytest.mark.django_db


class TestTheLastThreeMonths:
    def test_begin_with_the_same_day_three_months_ago_in_the_shops_time(self, monkeypatch):
        ann = create_customer()  # Asia/Ho_Chi_Minh, seven hours ahead
        today(monkeypatch, datetime(2026, 5, 30, 20, 0, tzinfo=UTC))  # 31 May there, so from 28 February on
        sold(ann, 1, placed_at=datetime(2026, 2, 27, 16, 59, tzinfo=UTC))
        sold(ann, 20, placed_at=datetime(2026, 2, 27, 17, 0, tzinfo=UTC))
        sold(ann, 300, placed_at=datetime(2026, 5, 30, tzinfo=UTC))

        assert fresh(ann).spent_3m == 320

    def test_lose_orders_at_the_shops_midnight(self, monkeypatch):
        ann = create_customer()
        today(monkeypatch, datetime(2026, 5, 10, 12, tzinfo=UTC))
        sold(ann, 100, placed_at=datetime(2026, 2, 10, 12, tzinfo=UTC))
        sold(ann, 200, placed_at=datetime(2026, 5, 1, tzinfo=UTC))
        assert windows.expire_windows(ann.shop) == 0
        assert fresh(ann).spent_3m == 300

        today(monkeypatch, datetime(2026, 5, 10, 17, 0, tzinfo=UTC))
        move_windows()
        assert windows.expire_windows(ann.shop) == 0

        assert fresh(ann).spent_3m == 200
        assert stats.check(ann.shop) == []

    def test_hand_orders_on_to_the_three_months_before_and_these_to_none(self, monkeypatch):
        ann = create_customer()
        today(monkeypatch, datetime(2026, 5, 10, 12, tzinfo=UTC))
        sold(ann, 1, placed_at=datetime(2025, 11, 9, 16, 59, tzinfo=UTC))
        sold(ann, 20, placed_at=datetime(2025, 11, 10, 12, tzinfo=UTC))
        sold(ann, 300, placed_at=datetime(2026, 2, 10, 12, tzinfo=UTC))
        windows.expire_windows(ann.shop)
        assert (fresh(ann).spent_before_3m, fresh(ann).spent_3m) == (20, 300)

        today(monkeypatch, datetime(2026, 5, 10, 17, 0, tzinfo=UTC))
        move_windows()

        assert (fresh(ann).spent_before_3m, fresh(ann).spent_3m) == (300, 0)
        assert stats.check(ann.shop) == []

    def test_follow_a_shop_that_moves_to_another_time_zone(self, monkeypatch):
        ann = create_customer()
        today(monkeypatch, datetime(2026, 5, 10, 12, tzinfo=UTC))
        sold(ann, 20, placed_at=datetime(2025, 11, 10, 0, tzinfo=UTC))
        windows.expire_windows(ann.shop)
        assert fresh(ann).spent_before_3m == 20

        ann.shop.timezone = "America/New_York"
        ann.shop.save(update_fields=["timezone"])
        windows.expire_windows(ann.shop)

        assert fresh(ann).spent_before_3m == 0
        assert stats.check(ann.shop) == []


def today(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(stats, "now", lambda: moment)
    monkeypatch.setattr("regulars.orders.why.now", lambda: moment)
