"""Figures after what happens to an order: cancelled, moved, told in any order."""

from itertools import permutations

import pytest

from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.orders import stats
from regulars.orders.errors import AlreadyCancelled, NotCancelled
from regulars.orders.models import FinancialState, FulfilmentState, Order
from regulars.orders.operations import (
    cancel_order,
    delete_order,
    reassign_orders,
    record_order,
    record_payment,
    record_refund,
    record_return,
    restore_order,
    uncancel_order,
)
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, goods_back, kinds_of, later, order, payment, sold, state_of

pytestmark = pytest.mark.django_db


class TestCancelling:
    def test_takes_an_order_out_of_the_figures_and_back(self):
        ann = create_customer()
        bought = sold(ann, 1000)

        cancel_order(bought, by=BY)
        assert (fresh(ann).total_spent, fresh(ann).orders_cancelled, fresh(ann).last_order_id) == (0, 1, None)
        with pytest.raises(AlreadyCancelled):
            cancel_order(bought, by=BY)
        uncancel_order(bought, by=BY)
        with pytest.raises(NotCancelled):
            uncancel_order(bought, by=BY)

        assert fresh(ann).total_spent == 1000
        assert kinds_of(ann)[2:] == ["order.cancelled", "order.uncancelled"]

    def test_by_staff_is_not_undone_by_a_report_from_before(self):
        ann = create_customer()
        facts = order("a", total=10, customer_id=ann.pk, source_updated_at=DAY)
        record_order(ann.shop, facts, by=BY)
        cancel_order(Order.objects.of(ann.shop).get(), by=BY)

        record_order(ann.shop, facts, by=BY)

        assert fresh(ann).orders_placed == 0

    def test_deleting_is_final_for_sources_but_staff_may_restore(self):
        ann = create_customer()
        bought = sold(ann, 1000, external_id="a")

        delete_order(bought, by=BY)
        record_order(ann.shop, order("a", total=5, source_updated_at=later(99)), by=BY)
        assert fresh(ann).orders_recorded == 0
        restore_order(bought, by=BY)

        assert fresh(ann).orders_recorded == 1


class TestMovingAnOrder:
    def test_brings_both_customers_up_to_date_and_tells_both(self):
        ann = create_customer()
        bob = create_customer(ann.shop, name="Bob")
        bought = sold(ann, 1000)

        assert reassign_orders([bought], bob, by=BY) == 1
        assert reassign_orders([bought], bob, by=BY) == 0

        assert (fresh(ann).total_spent, fresh(bob).total_spent) == (0, 1000)
        assert (fresh(ann).first_order_at, fresh(bob).first_order_at) == (None, DAY)
        assert kinds_of(ann)[-1] == "order.moved" and kinds_of(bob) == ["order.moved"]

    def test_to_another_shop_is_refused(self):
        bought = sold(create_customer())

        with pytest.raises(BadValue):
            reassign_orders([bought], create_customer(), by=BY)


class TestArrivingInAnyOrder:
    def test_ends_the_same_for_all_permutations(self):
        """T24, T-CON-5: create, pay, refund, ship and return, in every order, the last one delivered twice."""
        seller = {"total": 1000, "email": "ann@example.com", "number": "#1"}
        events = [
            lambda shop: record_order(shop, order("a", source_updated_at=later(1), **seller), by=BY),
            lambda shop: record_order(
                shop, order("a", source_updated_at=later(2), fulfilment_state=FulfilmentState.FULFILLED,
                            financial_state=FinancialState.PAID, **seller), by=BY),
            lambda shop: record_payment(shop, payment(1000, "p", order_external_id="a"), by=BY),
            lambda shop: record_refund(shop, payment(400, "r", order_external_id="a"), by=BY),
            lambda shop: record_return(shop, goods_back("b", order_external_id="a", amount=400, quantity=1), by=BY),
        ]  # fmt: skip
        ends = []
        for turn in permutations(events):
            shop = create_shop()
            for happen in (*turn, turn[-1]):
                happen(shop)
            assert stats.check(shop) == []
            ends.append(state_of(shop))

        assert len(ends) == 120
        assert all(end == ends[0] for end in ends)
        assert ends[0]["customers"][0][5:8] == (600, 1000, 400)

    def test_a_deletion_wins_wherever_it_comes(self):
        facts = {"total": 1000, "email": "ann@example.com", "financial_state": FinancialState.PAID}
        events = [
            lambda shop: record_order(shop, order("a", source_updated_at=later(1), **facts), by=BY),
            lambda shop: record_order(shop, order("a", source_updated_at=later(2), note="x", **facts), by=BY),
            lambda shop: record_order(shop, order("a", source_updated_at=later(3), deleted=True), by=BY),
            lambda shop: record_refund(shop, payment(400, "r", order_external_id="a"), by=BY),
        ]
        for turn in permutations(events):
            shop = create_shop()
            for happen in turn:
                happen(shop)
            assert Order.objects.of(shop).exclude(deleted_at=None).count() == 1
            assert not Customer.objects.of(shop).exclude(orders_recorded=0, total_spent=0, refunded=0).exists()
