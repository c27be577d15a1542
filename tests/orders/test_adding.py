"""New orders, added to figures: it must be what all orders say, whatever was there before."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.orders import adding, stats
from regulars.orders.facts import LineFacts
from regulars.orders.models import FulfilmentState, Line, Order
from regulars.orders.operations import cancel_order, delete_order, record_order, record_orders
from regulars.shops.operations import change_shop
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, fresh, later, order, payment, sold


class TestAddedFigures:
    def test_are_of_every_column_that_figures_have(self):
        assert adding.COLUMNS.keys() == set(stats.FIGURES)


@pytest.mark.django_db
class TestOrdersOfSomebodyKnown:
    def test_count_without_a_look_at_what_was_ordered_before(self):
        ann = create_customer()
        sold(ann, 100)
        report = order(total=50, payments=[payment(50)], customer_id=ann.pk)

        with CaptureQueriesContext(connection) as asked:
            record_order(ann.shop, report, by=BY)

        assert not [one for one in asked if "CROSS JOIN LATERAL" in one["sql"] and "who.id" in one["sql"]]
        assert (fresh(ann).total_spent, fresh(ann).orders_placed) == (150, 2)
        assert stats.check(ann.shop) == []

    def test_of_one_report_each_count_once_beside_a_change(self):
        """Who has a changed order among the reports is looked at anew."""
        ann = create_customer()
        record_order(ann.shop, order("a", total=100, payments=[payment(40)], customer_id=ann.pk), by=BY)

        record_orders(
            ann.shop,
            [order("a", total=90, customer_id=ann.pk), order("b", total=7, payments=[payment(7)], customer_id=ann.pk)],
            by=BY,
        )

        assert (fresh(ann).total_spent, fresh(ann).orders_placed) == (47, 2)
        assert stats.check(ann.shop) == []

    def test_tell_by_which_channel_somebody_came_though_that_order_was_cancelled(self):
        ann = create_customer()
        first = record_order(ann.shop, order(channel="till", placed_at=later(-9), customer_id=ann.pk), by=BY)
        cancel_order(Order.objects.get(pk=first.order_id), by=BY)

        record_order(ann.shop, order(channel="website", customer_id=ann.pk), by=BY)

        channels = fresh(ann).channel_first.key, fresh(ann).channel_last.key
        assert channels == ("till", "website")


REPORTS = st.fixed_dictionaries(
    {
        "buyer": st.integers(0, 2),
        "minutes": st.sampled_from([-500_000, -200_000, -5, 0, 0, 5]),
        "total": st.sampled_from([0, 70]),
        "paid": st.sampled_from([0, 70]),
        "channel": st.sampled_from(["website", "till"]),
        "fulfilment": st.sampled_from(list(FulfilmentState)),
        "is": st.sampled_from(["", "", "cancelled", "test", "draft", "discounted", "by line"]),
        "then": st.sampled_from(["", "", "", "cancelled", "deleted"]),
    }
)


THEN = {"cancelled": cancel_order, "deleted": delete_order}


class TestHowEverOrdersCome(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(REPORTS, min_size=1, max_size=6), min_size=1, max_size=4), st.sampled_from(stats.COUNTERS))
    def test_figures_are_what_all_orders_say(self, batches, counter):
        shop = change_shop(create_shop(), by=BY, order_counter=counter)
        people = [create_customer(shop) for _ in range(3)]
        for batch in batches:
            outcomes = record_orders(shop, [_report(one, people) for one in batch], by=BY)
            for one, outcome in zip(batch, outcomes, strict=True):
                if one["then"] != one["is"] and (do := THEN.get(one["then"])):
                    do(Order.objects.get(pk=outcome.order_id), by=BY)

            assert stats.differences(shop, [one.pk for one in people]) == []


def _report(one, people):
    at, kind = later(one["minutes"]), one["is"]
    return order(
        channel=one["channel"], placed_at=at, total=one["total"], customer_id=people[one["buyer"]].pk,
        payments=[payment(one["paid"], at=at)] if one["paid"] else [],
        fulfilment_state=one["fulfilment"], cancelled_at=at if kind == "cancelled" else None,
        is_test=kind == "test", is_confirmed=kind != "draft", discount=Decimal(5 if kind == "discounted" else 0),
        lines=[LineFacts(title="Tea", unit_price=Decimal(70), discount=Decimal(3 if kind == "by line" else 0))],
    )  # fmt: skip


@pytest.mark.django_db
class TestManyNewOrders:
    def test_belong_to_people_products_and_channels_that_are_there(self):
        shop = create_shop()
        ann = create_customer(shop)
        lines = [LineFacts(title="Tea", sku="T-1", unit_price=Decimal(5))]

        record_orders(shop, [order(lines=lines, payments=[payment(5)], customer_id=ann.pk) for _ in range(30)], by=BY)

        with connection.cursor() as cursor:
            cursor.execute("SHOW session_replication_role")
            assert cursor.fetchone() == ("origin",)
        assert Line.objects.filter(order__customer=ann, product__sku="T-1").count() == 30
        assert fresh(ann).total_spent == 150

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("count", [1, 30])
    def test_of_somebody_who_is_not_there_are_refused(self, count):
        shop, stranger = create_shop(), create_customer(create_shop())

        with pytest.raises(IntegrityError):
            record_orders(shop, [order(customer_id=stranger.pk) for _ in range(count)], by=BY)

        assert not Order.objects.exists()
