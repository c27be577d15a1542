"""The figures of a customer: what counts, in what shop, from when on, and why."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from regulars.customers.fields import where_q
from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders import stats, windows
from regulars.orders.errors import AlreadyCancelled, NotCancelled, OwesLess
from regulars.orders.facts import LineFacts
from regulars.orders.jobs import move_windows
from regulars.orders.models import FigureWindow, FinancialState, FulfilmentState, Order, PaymentKind
from regulars.orders.operations import (
    cancel_order,
    delete_order,
    reassign_orders,
    record_order,
    record_orders,
    record_payment,
    record_refund,
    record_return,
    restore_order,
    uncancel_order,
    write_off,
)
from regulars.orders.why import EXPLAINED, explain
from regulars.shops.operations import change_shop
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, goods_back, kinds_of, later, order, payment, state_of

pytestmark = pytest.mark.django_db


def sold(customer: Customer, total: int = 1000, **facts) -> Order:
    """An order of the customer, paid unless said otherwise."""
    paid = facts.pop("paid", total)
    outcome = record_order(customer.shop, order(total=total, paid=paid, customer_id=customer.pk, **facts), by=BY)
    return Order.objects.of(customer.shop_id).get(pk=outcome.order_id)


class TestSpending:
    def test_is_what_was_paid_minus_what_was_paid_back(self):
        ann = create_customer()
        sold(ann, 1000, external_id="a")

        record_refund(ann.shop, payment(400, order_external_id="a"), by=BY)

        ann = fresh(ann)
        assert (ann.total_spent, ann.refunded, ann.gross_spent, ann.orders_count) == (600, 400, 1000, 1)

    @pytest.mark.parametrize(("counter", "orders"), [("placed", 1), ("paid", 0)])
    def test_paid_back_in_full_is_zero_and_counts_as_the_shop_counts(self, counter, orders):
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


def today(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(stats, "now", lambda: moment)
    monkeypatch.setattr("regulars.orders.why.now", lambda: moment)


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


class TestTheCheck:
    def test_names_what_differs_and_the_reconciliation_repairs_only_that(self):
        shop = create_shop()
        ann, bob = create_customer(shop), create_customer(shop, name="Bob")
        for person in (ann, bob):
            sold(person, 1000)
        Customer.objects.of(shop).filter(pk=ann.pk).update(total_spent=7, orders_paid=9)

        assert stats.check(shop) == [
            f"customer {ann.pk}: orders_paid is 9, its orders say 1",
            f"customer {ann.pk}: total_spent is 7, its orders say 1000",
        ]
        assert stats.refresh_all(shop) == (1, 0)
        assert stats.check(shop) == []

    def test_does_not_mind_a_channel_that_only_the_profile_knows(self):
        ann = create_customer(source_channel="zalo")

        assert stats.check(ann.shop) == [] and stats.refresh_all(ann.shop) == (0, 0)


class TestTheReason:
    def test_adds_up_to_every_figure(self):
        ann = create_customer()
        sold(ann, 1000, external_id="a")
        sold(ann, 555, paid=100)
        sold(ann, 70, cancelled_at=DAY)
        record_refund(ann.shop, payment(33, order_external_id="a", kind=PaymentKind.REFUND), by=BY)

        for figure in EXPLAINED:
            assert explain(fresh(ann), figure).total == getattr(fresh(ann), figure), figure
        assert [(part.label, part.amount) for part in explain(fresh(ann), "debt").parts] == [
            (Order.objects.of(ann.shop).get(total=555).number, 455)
        ]

    def test_of_something_else_is_refused(self):
        with pytest.raises(BadValue):
            explain(create_customer(), "name")


def test_a_batch_brings_many_customers_up_to_date():
    shop = create_shop()
    people = [create_customer(shop, name=f"P{n}") for n in range(5)]

    record_orders(shop, [order(total=100 + n, paid=100 + n, customer_id=people[n % 5].pk) for n in range(20)], by=BY)

    assert stats.check(shop) == []
    assert [fresh(one).orders_placed for one in people] == [4] * 5
