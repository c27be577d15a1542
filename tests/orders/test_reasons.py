"""Stored figures are checked, and explained by the orders that add up to them."""

import pytest

from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.orders import stats
from regulars.orders.models import Order, PaymentKind
from regulars.orders.operations import (
    record_refund,
)
from regulars.orders.why import EXPLAINED, explain
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, payment, sold

pytestmark = pytest.mark.django_db


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
