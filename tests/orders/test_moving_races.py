"""Attaching orders while somebody merges: one after the other, whichever comes first."""

from contextlib import suppress

import pytest

from regulars.customers.errors import InTheBin
from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.orders import stats
from regulars.orders.models import Order
from regulars.orders.operations import attach_orders, record_order
from tests.factories import create_customer, create_shop
from tests.meeting import at_once
from tests.orders.trade import BY, fresh, order, payment

pytestmark = pytest.mark.django_db(transaction=True)


class TestAttachingWhileMerging:
    def test_loses_no_order_and_counts_each_once(self):
        for turn in range(20):
            shop = create_shop()
            ann, bob = create_customer(shop, name="Ann"), create_customer(shop, name="Bob")
            record_order(shop, order("a", total=100, payments=[payment(100, f"p{turn}")]), by=BY)
            guest = Order.objects.of(shop).get()

            def attach(bob: Customer = bob, guest: Order = guest) -> None:
                with suppress(InTheBin):  # the merge came first; the order stays nobody's
                    attach_orders(bob, [guest], by=BY)

            at_once(attach, lambda shop=shop, ann=ann, bob=bob: merge(shop, ann, [bob], by=BY))

            guest.refresh_from_db()
            assert guest.customer_id in (None, ann.pk)
            assert fresh(ann).total_spent == (100 if guest.customer_id else 0)
            assert stats.check(shop) == []
