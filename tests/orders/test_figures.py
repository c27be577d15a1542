"""What orders make of customers: spending, counters, first and last, debt, baskets."""

from decimal import Decimal

import pytest

from regulars.customers.fields import where_q
from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders import stats, windows
from regulars.orders.errors import OwesLess
from regulars.orders.facts import LineFacts
from regulars.orders.models import FigureWindow, FinancialState, FulfilmentState, Order
from regulars.orders.operations import (
    cancel_order,
    delete_order,
    record_orders,
    record_payment,
    record_refund,
    record_return,
    write_off,
)
from regulars.orders.why import explain
from regulars.shops.operations import change_shop
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, goods_back, kinds_of, later, order, payment, sold

pytestmark = pytest.mark.django_db


class TestSpending:
    def test_is_what_was_paid_minus_what_was_paid_back(self):
        """T21."""
        ann = create_customer()
        sold(ann, 1000, external_id="a")

        record_refund(ann.shop, payment(400, order_external_id="a"), by=BY)

        ann = fresh(ann)
        assert (ann.total_spent, ann.refunded, ann.gross_spent, ann.orders_count) == (600, 400, 1000, 1)

    @pytest.mark.parametrize(("counter", "orders"), [("placed", 1), ("paid", 0)])
    def test_paid_back_in_full_is_zero_and_counts_as_the_shop_counts(self, counter, orders):
        """T21: an order that was paid back still counts unless the shop counts paid ones."""
        ann = create_customer()
        change_shop(ann.shop, by=BY, order_counter=counter)
        ann = fresh(ann)
        sold(ann, 1000, external_id="a")

        record_refund(ann.shop, payment(1000, order_external_id="a"), by=BY)

        ann = fresh(ann)
        assert (ann.total_spent, ann.orders_count) == (0, orders)
        assert Order.objects.of(ann.shop).get().financial_state == FinancialState.REFUNDED

    def test_leaves_out_cancelled_test_and_deleted_orders(self):
        ann = create_customer()
        sold(ann, 100, placed_at=DAY)
        sold(ann, 200, placed_at=later(1), cancelled_at=later(2))
        sold(ann, 300, placed_at=later(2), is_test=True)
        delete_order(sold(ann, 400, placed_at=later(3)), by=BY)

        ann = fresh(ann)

        assert (ann.total_spent, ann.orders_recorded, ann.orders_placed, ann.orders_cancelled) == (100, 2, 1, 1)
        assert (ann.average_order, ann.debt, ann.last_order_at) == (100, 0, DAY)
        assert "order.placed" in kinds_of(ann) and kinds_of(ann).count("order.placed") == 3

    def test_average_of_no_orders_is_unknown_and_never_compared(self):
        """T27."""
        ann = create_customer()
        cancelled = sold(ann, 100)

        cancel_order(cancelled, by=BY)

        assert fresh(ann).average_order is None
        assert explain(fresh(ann), "average_order").total is None
        people = Customer.objects.of(ann.shop)
        assert not people.filter(where_q(ann.shop, "average_order >= 0")).exists()
        assert people.filter(where_q(ann.shop, "average_order IS NULL")).exists()

    def test_average_is_rounded_half_up(self):
        ann = create_customer()
        for total in (10, 10, 11, 11):
            sold(ann, total)

        assert fresh(ann).average_order == 11


class TestCounters:
    @pytest.mark.parametrize(
        ("facts", "counted"),
        [
            ({"paid": 0}, {"recorded", "placed"}),
            ({"paid": 400}, {"recorded", "placed"}),
            ({}, {"recorded", "placed", "paid"}),
            ({"total": 0, "paid": None}, {"recorded", "placed", "paid"}),
            ({"fulfilment_state": FulfilmentState.PARTLY_FULFILLED}, {"recorded", "placed", "paid"}),
            ({"fulfilment_state": FulfilmentState.FULFILLED}, {"recorded", "placed", "paid", "fulfilled"}),
            (
                {"fulfilment_state": FulfilmentState.DELIVERED},
                {"recorded", "placed", "paid", "fulfilled", "delivered"},
            ),
            ({"fulfilment_state": FulfilmentState.RETURNED}, {"recorded", "placed", "paid"}),
            ({"cancelled_at": DAY, "fulfilment_state": FulfilmentState.DELIVERED}, {"recorded"}),
            ({"is_test": True}, set()),
        ],
    )
    def test_count_by_what_happened(self, facts, counted):
        ann = create_customer()

        sold(ann, **facts)

        ann = fresh(ann)
        assert {name for name in stats.COUNTERS if getattr(ann, f"orders_{name}")} == counted

    def test_everything_sent_back_is_no_longer_delivered(self):
        ann = create_customer()
        lines = [LineFacts(title="Shirt", quantity=2)]
        sold(ann, external_id="a", lines=lines, fulfilment_state=FulfilmentState.DELIVERED)

        record_return(ann.shop, goods_back(order_external_id="a", quantity=1), by=BY)
        assert (fresh(ann).orders_delivered, fresh(ann).orders_returned) == (1, 1)
        record_return(ann.shop, goods_back(order_external_id="a", quantity=1), by=BY)

        assert (fresh(ann).orders_delivered, fresh(ann).orders_returned) == (0, 1)

    def test_follow_the_setting_of_the_shop(self):
        ann = create_customer()
        sold(ann, 1000)
        sold(ann, 1000, paid=0)
        assert (fresh(ann).orders_count, fresh(ann).average_order) == (2, 500)

        change_shop(ann.shop, by=BY, order_counter="paid")
        run_waiting_jobs()

        assert (fresh(ann).orders_count, fresh(ann).average_order) == (1, 1000)


class TestTheFirstAndLastOrder:
    def test_are_by_time_of_placing_and_then_by_number_of_arrival(self):
        ann = create_customer()
        last = [sold(ann, placed_at=at, number=number, channel=channel) for at, number, channel in (
            (later(5), "#3", "website"), (later(1), "#1", "shopee"), (later(9), "#9", "zalo"), (later(9), "#8", "zalo"),
        )][-1]  # fmt: skip

        ann = fresh(ann)

        assert (ann.first_order_at, ann.last_order_at) == (later(1), later(9))
        assert (ann.last_order_id, ann.last_order_number) == (last.pk, "#8")
        assert (ann.channel_first.key, ann.channel_last.key) == ("shopee", "zalo")


class TestDebt:
    def test_is_all_of_an_order_of_which_nothing_was_received(self):
        ann = create_customer()

        sold(ann, 1000, paid=0, external_id="a", channel="counter")

        assert fresh(ann).debt == 1000
        record_payment(ann.shop, payment(400, channel="counter", order_external_id="a"), by=BY)
        assert fresh(ann).debt == 600

    def test_is_never_negative_and_paying_too_much_is_a_credit(self):
        ann = create_customer()
        sold(ann, 500, paid=0, placed_at=later(1))
        sold(ann, 1000, paid=0, external_id="a")

        record_payment(ann.shop, payment(1300, order_external_id="a"), by=BY)

        assert fresh(ann).debt == 500
        paid = Order.objects.of(ann.shop).get(external_id="a")
        assert (paid.owed, paid.overpaid) == (0, 300)

    def test_does_not_come_back_with_a_refund(self):
        ann = create_customer()
        sold(ann, 1000, external_id="a")

        record_refund(ann.shop, payment(1000, order_external_id="a"), by=BY)

        assert fresh(ann).debt == 0

    def test_is_less_what_was_credited_for_returned_goods(self):
        ann = create_customer()
        sold(ann, 1000, paid=300, external_id="a")

        record_return(ann.shop, goods_back(order_external_id="a", amount=700, credited=700, quantity=1), by=BY)

        ann = fresh(ann)
        assert (ann.debt, ann.orders_paid) == (0, 1)

    def test_is_not_made_by_drafts_or_cancelled_orders(self):
        ann = create_customer()

        sold(ann, 1000, paid=0, is_confirmed=False)
        sold(ann, 1000, paid=0, cancelled_at=DAY)

        assert fresh(ann).debt == 0

    def test_can_be_written_off_but_not_more_than_is_owed(self):
        ann = create_customer()
        open_order = sold(ann, 1000, paid=400)

        write_off(open_order, Decimal(500), reason="gone", by=BY)
        with pytest.raises(OwesLess):
            write_off(open_order, Decimal(101), reason="gone", by=BY)
        with pytest.raises(BadValue):
            write_off(open_order, Decimal(0), reason="gone", by=BY)

        ann = fresh(ann)
        assert (ann.debt, ann.total_spent, ann.orders_paid) == (100, 400, 0)


class TestBaskets:
    def test_end_where_a_third_of_the_shops_customers_do(self):
        shop = create_shop()
        for total in (100, 200, 300, 400, 500, 600):
            sold(create_customer(shop, name=f"Spends {total}"), total)

        assert windows.basket_limits(shop) == (200, 400)

    def test_are_kept_with_the_windows_and_refreshed_after_a_big_load(self, monkeypatch):
        monkeypatch.setattr("regulars.orders.recording.BIG_LOAD", 2)
        ann = create_customer()
        windows.expire_windows(ann.shop)
        run_waiting_jobs()

        record_orders(ann.shop, [order(total=900, paid=900, customer_id=ann.pk) for _ in range(2)], by=BY)
        run_waiting_jobs()

        window = FigureWindow.objects.of(ann.shop).get()
        assert (window.basket_low, window.basket_high) == (900, 900)


def test_a_batch_brings_many_customers_up_to_date():
    shop = create_shop()
    people = [create_customer(shop, name=f"P{n}") for n in range(5)]

    record_orders(shop, [order(total=100 + n, paid=100 + n, customer_id=people[n % 5].pk) for n in range(20)], by=BY)

    assert stats.check(shop) == []
    assert [fresh(one).orders_placed for one in people] == [4] * 5
