"""Lines repeat whose their order is, since when, and whether it counts."""

import pytest

from regulars.orders.facts import LineFacts
from regulars.orders.models import Line, Order
from regulars.orders.moving import detach_orders, reassign_orders
from regulars.orders.operations import (
    cancel_order,
    delete_order,
    record_order,
    record_orders,
    restore_order,
    uncancel_order,
)
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, later, order

pytestmark = pytest.mark.django_db

TEA = LineFacts(title="Tea", quantity=2, sku="T-1")


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop)


def said(shop):
    """What the lines say of their orders, which must be what the orders say."""
    lines = [(line.customer_id, line.placed_at, line.is_counted) for line in Line.objects.of(shop).order_by("id")]
    rows = Line.objects.of(shop).select_related("order").order_by("id")
    assert lines == [(line.order.customer_id, line.order.placed_at, line.order.is_placed) for line in rows]
    return lines


def recorded(shop, ann, **facts):
    record_order(shop, order("a", lines=[TEA], customer_id=ann.pk, **facts), by=BY)
    return Order.objects.of(shop).get(external_id="a")


def test_of_a_new_order(shop, ann):
    recorded(shop, ann)

    assert said(shop) == [(ann.pk, DAY, True)]


def test_a_test_order_does_not_count(shop, ann):
    recorded(shop, ann, is_test=True)

    assert said(shop) == [(ann.pk, DAY, False)]


def test_cancelled_here_and_taken_back(shop, ann):
    paper = recorded(shop, ann)

    cancel_order(paper, by=BY)
    assert said(shop) == [(ann.pk, DAY, False)]
    uncancel_order(paper, by=BY)
    assert said(shop) == [(ann.pk, DAY, True)]


def test_deleted_and_brought_back(shop, ann):
    paper = recorded(shop, ann)

    delete_order(paper, by=BY)
    assert said(shop) == [(ann.pk, DAY, False)]
    restore_order(paper, by=BY)
    assert said(shop) == [(ann.pk, DAY, True)]


def test_reported_again_with_the_same_lines(shop, ann):
    recorded(shop, ann, source_updated_at=DAY)

    again = order("a", lines=[TEA], placed_at=later(5), cancelled_at=later(9), source_updated_at=later(9))
    record_order(shop, again, by=BY)

    assert said(shop) == [(ann.pk, later(5), False)]


def test_given_to_somebody_else_and_to_nobody(shop, ann):
    paper, ben = recorded(shop, ann), create_customer(shop)

    reassign_orders([paper], ben, by=BY)
    assert said(shop) == [(ben.pk, DAY, True)]
    detach_orders(ben, [paper], by=BY)
    assert said(shop) == [(None, DAY, True)]


def test_the_buyer_is_known_later(shop, ann):
    record_order(shop, order("a", lines=[TEA], source_updated_at=DAY), by=BY)
    assert said(shop) == [(None, DAY, True)]

    record_orders(shop, [order("a", lines=[TEA], customer_id=ann.pk, source_updated_at=later(1))], by=BY)

    assert said(shop) == [(ann.pk, DAY, True)]
