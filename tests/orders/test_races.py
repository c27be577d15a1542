"""Many writers at once: scripted so that they really meet, on real connections."""

import pytest

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.orders import stats
from regulars.orders.models import FinancialState, Order, Payment
from regulars.orders.operations import record_order, record_orders, record_payment, record_refund
from tests.factories import create_customer, create_shop
from tests.meeting import at_once
from tests.orders.trade import BY, fresh, order, payment

pytestmark = pytest.mark.django_db(transaction=True)


class TestTwoWriters:
    def test_paying_the_same_order_lose_nothing(self):
        ann = create_customer()
        record_order(ann.shop, order("a", total=1000, customer_id=ann.pk), by=BY)

        for turn in range(10):
            at_once(
                *(
                    lambda n=n, turn=turn: record_payment(
                        ann.shop, payment(10, f"p{turn}-{n}", order_external_id="a"), by=BY
                    )
                    for n in range(4)
                )
            )

        assert Order.objects.of(ann.shop).get().captured == 400
        assert (fresh(ann).total_spent, fresh(ann).debt) == (400, 600)

    def test_delivering_the_same_refund_count_it_once(self):
        ann = create_customer()
        record_order(ann.shop, order("a", total=1000, payments=[payment(1000)], customer_id=ann.pk), by=BY)

        at_once(*[lambda: record_refund(ann.shop, payment(300, "r", order_external_id="a"), by=BY)] * 6)

        assert (fresh(ann).total_spent, fresh(ann).refunded) == (700, 300)
        assert Event.objects.filter(shop_id=ann.shop_id, kind="payment.refunded").count() == 1

    def test_delivering_the_same_order_of_somebody_new_make_one_of_each(self):
        shop = create_shop()
        facts = order("a", total=500, phone="0912345678", email="", financial_state=FinancialState.PAID,
                      shipping_address={"recipient": "Dao"})  # fmt: skip

        at_once(*[lambda: record_order(shop, facts, by=BY)] * 8)

        assert (Order.objects.of(shop).count(), Customer.objects.of(shop).count()) == (1, 1)
        assert Event.objects.filter(shop_id=shop.pk, kind="order.placed").count() == 1
        assert Customer.objects.of(shop).get().total_spent == 500

    def test_bringing_a_payment_and_its_order_join_them(self):
        for turn in range(10):
            shop = create_shop()
            ann = create_customer(shop)
            at_once(
                lambda shop=shop, ann=ann: record_order(shop, order("a", total=9, customer_id=ann.pk), by=BY),
                lambda shop=shop: record_payment(shop, payment(9, "p", order_external_id="a"), by=BY),
            )
            assert not Payment.objects.of(shop).waiting().exists(), turn
            assert fresh(ann).total_spent == 9

    def test_with_overlapping_customers_in_other_orders_never_wait_in_a_circle(self):
        shop = create_shop()
        people = [create_customer(shop, name=f"P{n}") for n in range(20)]

        for turn in range(5):
            forth = [order(f"f{turn}-{n}", total=1, paid=1, customer_id=one.pk) for n, one in enumerate(people)]
            back = [order(f"b{turn}-{n}", total=1, paid=1, customer_id=one.pk) for n, one in enumerate(people[::-1])]
            at_once(
                lambda forth=forth: record_orders(shop, forth, by=BY),
                lambda back=back: record_orders(shop, back, by=BY),
                lambda: stats.refresh_stats(shop, [one.pk for one in people]),
            )

        assert {fresh(one).orders_placed for one in people} == {10}
        assert stats.check(shop) == []
