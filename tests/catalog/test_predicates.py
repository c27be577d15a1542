"""Asking what customers viewed and did, in SQL and for one row."""

import pytest

from regulars.catalog.models import Product
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import compile_where, parse
from regulars.kit.query.evaluate import matches
from tests.catalog import shopping
from tests.catalog.shopping import NOW, report, seen
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db

TEA = {"sku": "T-1", "name": "Green tea", "category": "Drinks"}
CUP = {"sku": "C-1", "name": "Cup", "category": "Kitchen"}


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setattr("regulars.catalog.activity_stats.now", lambda: NOW)
    shop = create_shop()
    for name in ("Ann", "Bob", "Cleo"):
        create_customer(shop, name=name, external_id=name, channel="website")

    def did(name, type="visit", **raw):
        return seen(type, customer={"external_id": name, "channel": "website"}, **raw)

    report(
        shop,
        did("Ann", "product_viewed", product=TEA, days=1),
        did("Ann", "product_viewed", product=CUP, days=50),
        did("Ann", "cart_added", product=TEA, days=1),
        did("Bob", "product_viewed", product=CUP, days=2),
        did("Bob", "product_viewed", product=CUP, days=3),
        did("Bob", "collection_viewed", collection="Summer", days=2),
        did("Bob", "checkout_started", days=2),
        seen("product_viewed", visitor="v", product=TEA),
    )
    Product.objects.of(shop).filter(sku="T-1").update(tags=["Organic"])
    return shop


def answer(shop, text):
    """Names of the customers, by SQL, after making sure that one by one it is the same."""
    ctx, tree = context_for(shop, now=NOW), parse(text)
    by_sql = set(
        Customer.objects.of(shop).filter(compile_where(tree, customer_fields, ctx)).values_list("name", flat=True)
    )
    by_row = {row["name"] for row in Customer.objects.of(shop).values() if matches(tree, row, customer_fields, ctx)}
    assert by_row == by_sql
    return "".join(sorted(name[0] for name in by_sql))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("products_viewed MATCHES ()", "AB"),
        ("products_viewed NOT MATCHES ()", "C"),
        ("products_viewed MATCHES (sku = 'T-1')", "A"),
        ("products_viewed MATCHES (name CONTAINS 'tea', date >= -7d)", "A"),
        ("products_viewed MATCHES (category = 'kitchen', date >= -7d)", "B"),
        ("products_viewed MATCHES (sku = 'C-1', count >= 2)", "B"),
        ("products_viewed MATCHES (sku = 'C-1', date >= -7d, count = 0)", "AC"),
        ("products_viewed MATCHES (tag CONTAINS 'organic')", "A"),
        ("products_viewed MATCHES (tag NOT CONTAINS 'organic', count = 2)", "B"),
        ("products_viewed MATCHES (tag IS NULL)", "AB"),
        ("storefront.product_viewed MATCHES (date >= -7d)", "AB"),
        ("collections_viewed MATCHES (name = 'Summer')", "B"),
        ("site_visits MATCHES (count >= 2)", "AB"),
        ("site_visits MATCHES (date >= -7d, count >= 2)", "B"),
        ("in_app MATCHES (type = cart_added)", "A"),
        ("in_app MATCHES (type = cart_added, sku = 'C-1')", ""),
        ("in_app MATCHES (type = checkout_started, date >= -7d)", "B"),
        ("in_app NOT MATCHES (type IN (cart_added, checkout_started))", "C"),
        ("visits = 2", "AB"),
        ("visits_30d = 2", "B"),
        ("access_frequency >= 1", "AB"),
        ("last_access_date = -1d", "A"),
        ("last_access IS NULL", "C"),
        ("interaction = high", ""),
        ("interaction IN (medium, high)", "AB"),
        ("interaction = none", "C"),
    ],
)
def test_asking(shop, text, names):
    assert answer(shop, text) == names


def test_looks_only_at_the_customers_that_matter(shop):
    ann, bob = (Customer.objects.of(shop).get(name=name) for name in ("Ann", "Bob"))
    ctx = context_for(shop, now=NOW)
    only = type(ctx)(**{**vars(ctx), "only": [bob.pk]})

    found = Customer.objects.of(shop).filter(compile_where(parse("products_viewed MATCHES ()"), customer_fields, only))

    assert list(found) == [bob]
    assert ann not in found


def test_another_shops_views_are_nobodys_here(shop):
    other = create_shop("Other")
    create_customer(other, name="Dan")

    assert answer(other, "products_viewed MATCHES ()") == ""
    assert shopping.figures(Customer.objects.of(other).get()) == (0, 0, 0)
