"""Conditions as people say them, by kind of field."""

import pytest

from regulars.customers.fields import context_for, customer_fields
from regulars.kit.query import parse, sentence
from regulars.kit.query.conditions import Op
from regulars.kit.query.sentences import operator_words
from regulars.segments.operations import create_segment
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop(language="en")
    create_customer(shop, name="Ann", tags="VIP, Regular")
    create_segment(shop, name="Big spenders", where="orders > 5", by=SYSTEM)
    return shop


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tags IS NULL", "Tags: none"),
        ("tags IS NOT NULL", "Tags: at least one"),
        ("tags CONTAINS 'VIP'", "Tags: VIP"),
        ("tags NOT IN ('VIP', 'Regular')", "Tags: none of VIP, Regular"),
        ("tags CONTAINS ALL ('VIP', 'Regular')", "Tags: all of VIP, Regular"),
        ("segment = 'Big spenders'", "Segment: Big spenders"),
        ("countries NOT CONTAINS 'VN'", "Countries: not Vietnam"),
        ("note IS NULL", "Notes: none"),
        ("note CONTAINS 'tea'", "Notes contains tea"),
        ("has_email = true", "Has an e-mail: yes"),
        ("has_email = false", "Has an e-mail: no"),
        ("account = 'ENABLED'", "Account is Registered or Verified"),
        ("account_type = with_account", "Kind of customer is With account"),
        ("consent_email != 'SUBSCRIBED'", "Marketing by e-mail is not Subscribed"),
        ("orders >= 5", "Orders: at least 5"),
        ("orders = 5", "Orders: 5"),
        ("orders BETWEEN 2 AND 5", "Orders: between 2 and 5"),
        ("orders IN (2, 5)", "Orders: any of 2, 5"),
        ("NOT orders > 5", "not (Orders: more than 5)"),
        ("total_spent < 3000000", "Total spent: less than ₫3,000,000"),
        ("gender IS NULL", "Gender is not known"),
        ("created_at >= -90d", "Added: in the last 90 days"),
        ("created_at < -1m", "Added: more than 1 month ago"),
        ("created_at <= -2w", "Added: 2 weeks ago or before"),
        ("created_at >= this_month", "Added: this month or after"),
        ("created_at BETWEEN 2026-01-01 AND 2026-01-31", "Added: between Jan 1, 2026 and Jan 31, 2026"),
    ],
)
def test_a_condition_is_said_as_its_kind_is(shop, text, said):
    assert sentence(parse(text), customer_fields, context_for(shop)) == said


def test_a_chooser_does_not_say_of_many_that_they_are_not_known():
    assert operator_words(customer_fields["tags"], Op.IS_NULL) == "there is none"
    assert operator_words(customer_fields["gender"], Op.IS_NULL) == "is not known"
