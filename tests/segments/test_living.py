"""Membership follows every change of a customer, through the worker."""

import pytest

from regulars.events.models import Event
from regulars.orders.models import Order
from regulars.orders.operations import cancel_order, record_order
from regulars.segments.models import SegmentSize
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders import trade
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


def told(made, kind):
    return Event.objects.filter(shop_id=made.shop_id, about="segment", about_id=made.pk, kind=kind).count()


class TestLiving:
    def test_the_first_answer_is_found_in_the_background_and_tells_of_nobody(self, shop):
        create_customer(shop, name="Ann", tags="VIP")
        create_customer(shop, name="Bo")

        vip = segment(shop, "tags CONTAINS 'vip'", "Best")

        assert names_in(vip) == ["Ann"]
        assert vip.key == "best"
        assert vip.size == 1
        assert vip.evaluated_at is not None
        assert told(vip, "segment.entered") == 0

    def test_an_order_brings_its_buyer_in_and_its_cancelling_out(self, shop):
        ann = create_customer(shop, name="Ann")
        buyers = segment(shop, "orders >= 1", "Buyers")

        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)

        assert names_in(buyers) == ["Ann"]
        assert fresh(buyers).size == 1
        assert told(buyers, "segment.entered") == 1

        cancel_order(Order.objects.of(shop).get(), by=SYSTEM)

        assert names_in(buyers) == []
        assert fresh(buyers).size == 0
        assert told(buyers, "segment.left") == 1
        day = SegmentSize.objects.of(shop).get(segment=buyers)
        assert (day.size, day.entered, day.left) == (0, 1, 1)
