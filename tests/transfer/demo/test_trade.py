"""The demo's visits and orders: they add up, and the figures stored beside them agree."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection, models

from regulars.catalog import activity_stats
from regulars.catalog.models import Activity
from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.orders import stats, sums
from regulars.orders.models import FinancialState, Order, Return
from regulars.transfer.demo import browsing, habits
from tests.transfer.demo.loading import load, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(kept):
    return load()


class TestItsVisits:
    def test_make_the_figures_that_are_stored(self, shop):
        assert activity_stats.check(shop) == []
        assert 300 < Customer.objects.of(shop).filter(visits__gt=0).count() < 500

    def test_are_of_the_last_ninety_days_and_of_products_that_are_sold(self, shop):
        end = dt.datetime(2026, 2, 28, 17, tzinfo=dt.UTC)
        found = Activity.objects.of(shop)

        assert end - dt.timedelta(days=90) <= min(at for (at,) in rows(shop, Activity, "at"))
        assert max(at for (at,) in rows(shop, Activity, "at")) < end
        assert set(found.values_list("kind", flat=True)) >= {1, 2, 3, 4, 5}
        assert not found.filter(kind=Activity.Kind.PRODUCT_VIEWED, product=None).exists()
        assert not found.filter(customer=None).exists()
        assert not found.filter(at__lt=models.F("customer__created_at")).exists()

    def test_are_two_or_three_activities_a_customer_in_a_large_shop(self, monkeypatch):
        monkeypatch.setattr(browsing, "MANY", 1)

        shop = load("large", 1000, 0)

        assert 1500 < Activity.objects.of(shop).count() < 3000


class TestItsOrders:
    def test_make_the_figures_that_are_stored(self, shop):
        assert stats.check(shop) == []

    def test_carry_the_sums_of_their_payments_and_returns(self, shop):
        every = [pk for (pk,) in rows(shop, Order, "pk")]

        assert sums.refresh_sums(shop, every) == []

    def test_add_up(self, shop):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM orders_order o, LATERAL (SELECT sum(total) AS total, sum(quantity) AS items"
                " FROM orders_line l WHERE l.shop_id = o.shop_id AND l.order_id = o.id) l WHERE o.shop_id = %s"
                " AND (o.subtotal <> l.total OR o.items_count <> l.items"
                " OR o.total <> o.subtotal - o.discount + o.shipping + o.tax"
                " OR round(o.total_original / CASE WHEN o.currency = 'VND' THEN 1 ELSE 100.0 END * o.rate) <> o.total)",
                [shop.pk],
            )
            assert cursor.fetchone()[0] == 0

    def test_know_every_end_an_order_can_have(self):
        shop = load("large", 1500, 8000)

        assert {state for (state,) in rows(shop, Order, "financial_state")} >= {
            FinancialState.PENDING, FinancialState.PARTLY_PAID, FinancialState.PAID, FinancialState.PARTLY_REFUNDED,
            FinancialState.REFUNDED, FinancialState.VOIDED,
        }  # fmt: skip
        cancelled = Order.objects.of(shop).exclude(cancelled_at=None).count()
        assert 0.05 < cancelled / 8000 < 0.07
        assert Order.objects.of(shop).filter(is_test=True).exists()
        assert Customer.objects.of(shop).filter(debt__gt=0).exists()
        assert Return.objects.filter(shop_id=shop.pk, credited__gt=0).exists()

    def test_are_all_told_on_the_timelines(self, shop):
        told = Counter(kind for (kind,) in rows(shop, Event, "kind"))

        assert told["customer.created"] == 600
        assert told["order.placed"] == 2000
        assert told["order.cancelled"] == Order.objects.of(shop).exclude(cancelled_at=None).count()
        assert told["return.recorded"] == len(rows(shop, Return, "pk"))


class TestHabits:
    @pytest.mark.parametrize(("customers", "orders"), [(1, 0), (1, 5), (10, 3), (5000, 30_000)])
    def test_share_out_exactly_the_orders_there_are(self, customers, orders):
        counts = habits.order_counts(customers, orders, chance())

        assert (len(counts), sum(counts)) == (customers, orders)

    def test_leave_a_third_without_orders_and_the_best_with_half_a_per_cent(self):
        counts = habits.order_counts(5000, 30_000, chance())

        assert counts.count(0) == 1750
        assert 100 <= max(counts) <= 150

    def test_make_the_eleventh_of_november_the_busiest_day(self):
        first = dt.date(2024, 1, 1)
        weights = habits.day_weights(first)
        busiest = max(range(366), key=weights.__getitem__)

        assert first + dt.timedelta(days=busiest) == dt.date(2024, 11, 11)


def chance() -> Any:
    return random.Random("habits")
