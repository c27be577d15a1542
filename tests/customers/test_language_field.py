"""The language as a field: every way to write one, and never a word that means nobody."""

import pytest

from regulars.customers.fields import context_for, customer_fields, where_q
from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, parse, sentence, write
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop(language="en")
    for name, language in (("E", "en"), ("V", "vi"), ("C", "ceb"), ("N", "")):
        create_customer(shop, name=name, language=language)
    return shop


def found(shop, text):
    return "".join(sorted(Customer.objects.of(shop).filter(where_q(shop, text)).values_list("name", flat=True)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("language = 'en'", "E"), ("language = 'en-US'", "E"), ("customer_language = 'EN_ph'", "E"),
        ("language = 'English'", "E"), ("language = 'Tiếng Việt'", "V"), ("language != 'en-US'", "CNV"),
        ("language IN ('en-US', 'vi-VN')", "EV"), ("language STARTS WITH 'en'", "E"), ("language CONTAINS 'vi'", "V"),
        ("language = 'ceb'", "C"), ("language IS NULL", "N"),
    ],
)  # fmt: skip
def test_is_understood_as_people_and_browsers_write_it(shop, text, names):
    assert found(shop, text) == names


def test_is_kept_by_its_code_and_said_by_its_name(shop):
    ctx = context_for(shop)

    assert write(customer_fields.canonical(parse("language = 'en-US'"), ctx)) == "language = 'en'"
    assert sentence(parse("language = 'en-US'"), customer_fields, ctx) == "Language is English"


@pytest.mark.parametrize(("typed", "near"), [("englsh", "en"), ("xx", ""), ("vietnamees", "vi")])
def test_that_does_not_exist_is_refused_with_the_nearest(shop, typed, near):
    with pytest.raises(BadCondition, match="there is no language") as caught:
        found(shop, f"language = '{typed}'")

    assert caught.value.details["suggestion"] == near


@pytest.mark.parametrize(
    ("alias", "own"),
    [
        ("type = with_account", "account_type = 'with_account'"),
        ("has_account = true", "account_type = 'with_account'"),
        ("has_account = false", "account_type = 'without_account'"),
        ("whatsapp_subscription_status = 'SUBSCRIBED'", "consent_whatsapp = 'subscribed'"),
        ("returns > 1", "orders_returned > 1"),
        ("companies = 123", "company = 123"),
    ],
)
def test_other_names_mean_the_same(shop, alias, own):
    assert write(customer_fields.canonical(parse(alias), context_for(shop))) == own
    assert found(shop, alias) == found(shop, own)


def test_visits_of_a_week_are_told_elsewhere(shop):
    with pytest.raises(BadCondition, match="site_visits MATCHES"):
        found(shop, "visits_7d > 1")
