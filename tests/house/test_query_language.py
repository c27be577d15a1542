"""The language as it is promised: every example of its page, and what merchants write elsewhere, works or is refused.

Blocks marked `query` hold one question a line (a line that begins with a blank goes on); blocks marked `refused` hold a
question and, after an arrow, the answer to it.
"""

import re
from itertools import chain
from pathlib import Path

import pytest

from regulars.catalog.models import Product
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, compile_where, parse, sentence, write
from regulars.segments.operations import create_segment
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "query-language.md").read_text("utf-8")
SAMPLES = (ROOT / "tests" / "samples" / "segments" / "shopify_segment_queries.txt").read_text("utf-8").splitlines()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


GOOD = [question for block in blocks("query") for question in re.split(r"\n(?! )", block.strip())]
REFUSED = [
    tuple(part.strip() for part in pair.split("\n→"))
    for pair in chain(*(re.split(r"\n\n", block.strip()) for block in blocks("refused")))
]
TABLE = re.findall(r"^\| `(\w+\(.*?\) = \w+)`.*? \| `(.*?)` \|$", PAGE, re.MULTILINE)
IN_CELLS = [
    example
    for row in re.findall(r"^\| (`.*?) \| are (?:not )?found", PAGE, re.MULTILINE)
    for example in re.findall(r"`(.*?)`", row)
]

FROM_SHOPIFY = [
    *(line for line in SAMPLES if line and not line.startswith("#")),
    "last_order_date IS NULL",
    "customer_cities CONTAINS 'US-NY-NewYorkCity'",
    "customer_regions NOT CONTAINS 'US-NY'",
    "customer_email_domain = 'gmail.com'",
    "customer_language != 'en'",
    "customer_account_status = 'DECLINED'",
    "sms_subscription_status = 'REDACTED'",
    "abandoned_checkout_date > -7d",
    "companies IS NOT NULL",
    "created_by_app_id = 580111",
    "predicted_spend_tier = 'HIGH'",
    "product_subscription_status = 'SUBSCRIBED'",
    "rfm_group = 'CHAMPIONS'",
    "customer.points_balance > 10",
    "metafields.facts.birth_date = today",
    "anniversary(date: 'metafields.facts.birth_date') BETWEEN today AND +30d",
    "anniversary MATCHES (date BETWEEN today AND +30d, attribute = 'metafields.facts.birth_date')",
    "customer_within_distance(coordinates: (40.7, -74.0), distance_mi: 6.2) = true",
    "customer_within_distance MATCHES (coordinates = '40.7,-74.0', distance_km = 25)",
    "orders_placed(date: > -30d, amount: >= 10, sum_amount: > 100, count: >= 2) = true",
    "orders_placed(financial_status: 'paid', app_id: 580111, location_id: 1) = true",
    "products_purchased(id: (1,2)) = false",
    "products_purchased(tag: 'sale', date: > 30_days_ago, quantity: > 1) = true",
    "products_purchased NOT MATCHES (category = 'Shoes', sum_quantity > 2, count > 1)",
    *(f"shopify_email.{what}(activity_id: 135195754518, count: > 1) = true" for what in (
        "bounced", "clicked", "delivered", "marked_as_spam", "opened", "unsubscribed",
    )),
    "shopify_email.opened MATCHES ()",
    "storefront.product_viewed(id: 1, date: > -7d) = true",
    "storefront.collection_viewed MATCHES (date > -7d, count >= 2)",
    "store_credit_accounts(balance: > 0) = true",
    "store_credit_accounts MATCHES (balance > 0, currency = 'USD', next_expiry_date < +30d)",
    "last_order_date < -3m AND NOT orders_placed MATCHES (date > -30d)",
    "customer_added_date BETWEEN 2023-01-01T00:00:00 AND 12_months_ago",
]  # fmt: skip


@pytest.fixture
def shop():
    shop = create_shop("Here")
    for tag in ("VIP", "wholesale", "blocked", "gold", "task1", "level:3"):
        create_customer(shop, name=tag, tags=tag)
    for number in ("1", "2"):
        Product.objects.create(shop=shop, channel="website", external_id=number, name=number, tags=["sale"])
    create_segment(shop, name="Wholesalers", where="orders > 5", by=SYSTEM)
    return shop


def asked(shop, text):
    """The question in SQL, in words and canonical; raises BadCondition."""
    ctx = context_for(shop, staff=create_staff(shop, role="owner"))
    tree = customer_fields.check(parse(text), ctx)
    Customer.objects.of(shop).filter(compile_where(tree, customer_fields, ctx)).count()
    assert sentence(tree, customer_fields, ctx)
    canonical = write(customer_fields.canonical(tree, ctx))
    assert write(customer_fields.canonical(parse(canonical), ctx)) == canonical
    return tree


def test_the_page_has_examples_of_everything():
    assert len(GOOD) > 25
    assert len(REFUSED) > 7
    assert len(TABLE) > 4
    assert len(IN_CELLS) > 6


@pytest.mark.parametrize("question", [*GOOD, *IN_CELLS])
def test_an_example_of_the_page_is_understood(shop, question):
    asked(shop, question)


@pytest.mark.parametrize(("question", "answer"), REFUSED)
def test_a_mistake_is_answered_as_the_page_says(shop, question, answer):
    with pytest.raises(BadCondition) as caught:
        asked(shop, question)

    assert str(caught.value) == answer


@pytest.mark.parametrize(("older", "newer"), TABLE)
def test_the_older_form_is_written_anew(older, newer):
    assert write(parse(older)) == newer


def test_and_binds_before_or():
    """T41: the text, the tree and the sentence group alike."""
    loose, strict = GOOD[GOOD.index("orders = 0 OR orders >= 5 AND total_spent > 1000") :][:2]
    shop = create_shop("There")
    said = sentence(parse(loose), customer_fields, context_for(shop))

    assert parse(loose) == parse(strict)
    assert said.endswith(")")
    assert said.count("(") == 1
    assert said.index(" or ") < said.index("(") < said.index(" and ")


@pytest.mark.parametrize("value", ["O'Brien", "'; DROP TABLE customers_customer; --", "%", "_", "\\", '"', "🧧\n"])
def test_a_value_is_nothing_but_a_value(shop, value):
    """T47: whatever is typed stands for itself, in SQL too."""
    someone = create_customer(shop, name="x", company=value)
    tree = parse(
        write(parse("company = 'x'")).replace("'x'", "'" + value.replace("\\", "\\\\").replace("'", "''") + "'")
    )
    rows = Customer.objects.of(shop).filter(compile_where(tree, customer_fields, context_for(shop)))

    assert tree.values[0].text == value
    assert set(rows.values_list("pk", flat=True)) <= {someone.pk}


def test_fifty_levels_are_answered(shop):
    """T53: also in SQL and in words."""
    opened = "".join(f"orders = {n} {'OR' if n % 2 else 'AND'} (" for n in range(49))

    asked(shop, opened + "city = 'Huế'" + ")" * 49)
    asked(shop, "NOT (orders = 1 AND " * 24 + "city = 'Huế'" + ")" * 24)


@pytest.mark.parametrize("question", FROM_SHOPIFY)
def test_what_merchants_write_elsewhere_is_understood_or_refused_by_name(shop, question):
    try:
        asked(shop, question)
    except BadCondition as fault:
        place, word = fault.details["place"], fault.details["word"]
        assert word
        assert place is not None
        assert question[place.column - 1 :].startswith(word) or word in question
        assert place.length > 0
