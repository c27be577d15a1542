"""Why a customer does or does not answer to a question."""

import pytest

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import parse
from regulars.kit.query.conditions import All, Any_, Condition, Happened, Not
from regulars.kit.query.evaluate import explain, fetch_for, matches
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


def explained(text, customer):
    tree, ctx = parse(text), context_for(customer.shop)
    row = fetch_for(tree, Customer.objects.of(customer.shop).filter(pk=customer.pk), customer_fields, ctx).get()
    found = explain(tree, row, customer_fields, ctx)

    assert found.node == tree
    assert found.holds == matches(tree, row, customer_fields, ctx)
    return found


def test_every_part_has_its_own_answer_also_where_the_first_decided(shop):
    found = explained("name = 'nobody' AND (city = 'Hue' OR orders = 0)", create_customer(shop, name="Ann"))

    assert [type(part.node) for part in found.parts] == [Condition, Any_]
    assert [part.holds for part in found.parts] == [False, True]
    assert [part.holds for part in found.parts[1].parts] == [False, True]


def test_a_condition_tells_the_value_and_none_for_what_is_not_known(shop):
    found = explained("name = 'ann' AND last_order_date < -90d", create_customer(shop, name="Ann"))

    assert [part.value for part in found.parts] == ["Ann", None]


def test_an_event_tells_its_figures(shop):
    found = explained("NOT orders_placed MATCHES (date >= -90d)", create_customer(shop))

    assert isinstance(found.node, Not)
    assert found.holds
    assert isinstance(found.parts[0].node, Happened)
    assert found.parts[0].value["count"] == 0


def test_everyone_is_explained_without_parts(shop):
    found = explained("", create_customer(shop))

    assert (found.node, found.holds, found.parts) == (All(), True, ())
