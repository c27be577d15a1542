"""Asking what customers ordered, bought, paid and sent back, in SQL and for one row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.catalog.models import Product
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, compile_where, parse, sentence, write
from regulars.kit.query.evaluate import explain, fetch_for, matches
from regulars.orders.facts import LineFacts
from regulars.orders.models import FulfilmentState, Order, PaymentState, ReturnReason
from regulars.orders.operations import cancel_order, record_orders, record_payment, record_refund, record_return
from regulars.shops.permissions import Scope, scopes_may
from tests.examples import examples
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, goods_back, order, payment

pytestmark = pytest.mark.django_db

NOW = DAY + timedelta(days=20)


@pytest.fixture
def shop():
    """Ann ordered twice: tea long ago for much, a cup lately for little. Bob did both in one order, Cu got his
    cancelled, Di only looks.
    """
    shop = create_shop()
    people = {name: create_customer(shop, name=name) for name in ("Ann", "Bob", "Cu", "Di")}
    tea = Product.objects.create(shop=shop, name="Tea", sku="T", category="Drinks", tags=["Organic"], external_id="777")
    Product.objects.create(shop=shop, name="Cup", sku="C", category="Kitchen")

    def sold(name, total, days, *skus, **facts):
        lines = tuple(LineFacts(title=sku, sku=sku, quantity=2) for sku in skus)
        return order(
            total=total, paid=total, customer_id=people[name].pk, placed_at=NOW - timedelta(days=days), lines=lines,
            **facts,
        )  # fmt: skip

    outcomes = record_orders(
        shop,
        [
            sold("Ann", 900, 100, "T", "T", channel="counter", location="Huế", payment_method="cash"),
            sold("Ann", 50, 5, "C", external_id="cup", fulfilment_state=FulfilmentState.DELIVERED),
            sold("Bob", 900, 5, "T", "C", external_id="both", payment_method="card"),
            sold("Cu", 900, 5, "T", external_id="cancelled"),
        ],
        by=BY,
    )
    cancel_order(Order.objects.of(shop).get(pk=outcomes[3].order_id), by=BY)
    record_refund(shop, payment(100, order_external_id="both", at=NOW, method="card"), by=BY)
    record_payment(shop, payment(7, order_external_id="cup", at=NOW, state=PaymentState.FAILED, method="qr"), by=BY)
    back = goods_back(amount=40, quantity=1, reason=ReturnReason.PRODUCT, order_external_id="cup", at=NOW)
    record_return(shop, back, by=BY)
    shop.tea = tea
    return shop


def found(shop, text, **changes):
    """First letters of who answers, by SQL, after making sure that one by one it is the same, with and without the
    rows that matter named.
    """
    ctx, tree = replace(context_for(shop, now=NOW), **changes), parse(text)
    people = Customer.objects.of(shop)
    names = sorted(people.filter(compile_where(tree, customer_fields, ctx)).values_list("name", flat=True))
    rows = fetch_for(tree, people, customer_fields, ctx)
    by_row = {row["id"] for row in rows if matches(tree, row, customer_fields, ctx)}
    assert sorted(people.filter(pk__in=by_row).values_list("name", flat=True)) == names
    few = replace(ctx, only=list(people.values_list("pk", flat=True)), cache={})
    assert sorted(people.filter(compile_where(tree, customer_fields, few)).values_list("name", flat=True)) == names
    canonical = customer_fields.canonical(tree, ctx)
    assert parse(write(canonical)) == canonical
    assert sentence(tree, customer_fields, ctx)
    return "".join(name[0] for name in names)


class TestOneEvent:
    """Conditions in one pair of parentheses hold for one event; in several, each for any."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("orders_placed MATCHES (date >= -30d, amount >= 500)", "B"),
            ("orders_placed MATCHES (date >= -30d) AND orders_placed MATCHES (amount >= 500)", "AB"),
            ("orders_placed NOT MATCHES (date >= -30d, amount >= 500)", "ACD"),
            ("NOT orders_placed MATCHES (date >= -30d) OR NOT orders_placed MATCHES (amount >= 500)", "CD"),
            ("products_purchased MATCHES (sku = 'T', date >= -30d)", "B"),
            ("products_purchased MATCHES (sku = 'T') AND products_purchased MATCHES (date >= -30d)", "AB"),
            ("orders_placed(date: >= -30d, amount: >= 500) = true", "B"),
            ("orders_placed(date: >= -30d, amount: >= 500) = false", "ACD"),
        ],
    )
    def test_answers_to_all_its_parameters(self, shop, text, names):
        assert found(shop, text) == names


class TestTotals:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("orders_placed MATCHES (count = 0)", "CD"),
            ("orders_placed MATCHES (count = 0, date >= -30d)", "CD"),
            ("orders_placed MATCHES (count = 0, date < -30d)", "BCD"),
            ("orders_placed MATCHES (count >= 2)", "A"),
            ("orders_placed NOT MATCHES (count >= 2)", "BCD"),
            ("orders_placed MATCHES (count < 2)", "BCD"),
            ("orders_placed MATCHES (count BETWEEN 0 AND 1)", "BCD"),
            ("orders_placed MATCHES (sum_amount > 900)", "A"),
            ("orders_placed MATCHES (sum_amount > 900, date >= -30d)", ""),
            ("orders_placed MATCHES (sum_amount < 100, date >= -30d)", "ACD"),
            ("products_purchased MATCHES (sku = 'T', sum_quantity >= 4)", "A"),
            ("products_purchased MATCHES (sku = 'T', count = 1)", "AB"),
            ("products_purchased MATCHES (sku = 'T', count >= 2)", ""),
        ],
    )
    def test_are_of_the_events_that_the_other_parameters_leave(self, shop, text, names):
        assert found(shop, text) == names


class TestParameters:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("orders_placed MATCHES (status = 'paid')", "A"),
            ("orders_placed MATCHES (status = 'partially_refunded')", "B"),
            ("orders_placed MATCHES (status = delivered)", "A"),
            ("orders_placed MATCHES (status IN ('paid', 'partly_refunded'))", "AB"),
            ("orders_placed MATCHES (status = shipped)", "A"),
            ("orders_placed MATCHES (status != paid)", "B"),
            ("orders_placed MATCHES (fulfillment_status = 'delivered', financial_status = 'paid')", "A"),
            ("orders_placed MATCHES (location = 'huế')", "A"),
            ("orders_placed MATCHES (location IS NULL)", "AB"),
            ("orders_placed MATCHES (payment_method = 'card')", "B"),
            ("orders_placed MATCHES (payment_method IS NULL)", "A"),
            ("orders_placed MATCHES (channel = counter)", "A"),
            ("products_purchased MATCHES (tag = 'organic')", "AB"),
            ("products_purchased MATCHES (tag != 'organic')", "AB"),
            ("products_purchased MATCHES (tag IS NULL)", "AB"),
            ("products_purchased MATCHES (category = 'kitchen')", "AB"),
            ("products_purchased MATCHES (id = 777)", "AB"),
            ("products_purchased MATCHES (id IN (777), date >= -30d)", "B"),
            ("products_purchased MATCHES (id IS NULL)", ""),
            ("products_purchased(id: (777), date: >= -30d) = true", "B"),
            ("payments_made MATCHES (amount >= 500)", "AB"),
            ("payments_made MATCHES (state = failed)", "A"),
            ("payments_made MATCHES (count = 2)", "A"),
            ("payments_made MATCHES (count = 1)", "B"),
            ("payments_made MATCHES (method = 'qr')", ""),
            ("payments_made MATCHES (method = 'qr', state IN (failed, pending))", "A"),
            ("refunds_received MATCHES (sum_amount = 100)", "B"),
            ("refunds_received NOT MATCHES ()", "ACD"),
            ("returns_made MATCHES (reason = product, amount < 50)", "A"),
            ("returns_made MATCHES (count = 0)", "BCD"),
        ],
    )
    def test_are_understood(self, shop, text, names):
        assert found(shop, text) == names

    def test_a_product_is_known_by_our_id_too(self, shop):
        assert found(shop, f"products_purchased MATCHES (id = {shop.tea.pk}, date < -30d)") == "A"

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("products_purchased MATCHES (id = 99999999)", "99999999"),
            ("products_purchased MATCHES (id = 99999999999999999999999)", "99999999999999999999999"),
            ("products_purchased MATCHES (tag = 'orgnic')", "orgnic"),
            ("orders_placed MATCHES (status = 'lost')", "lost"),
            ("orders_placed MATCHES (colour = 'red')", "colour"),
        ],
    )
    def test_that_cannot_be_understood_are_named(self, shop, text, word):
        with pytest.raises(BadCondition) as caught:
            customer_fields.check(parse(text), context_for(shop, now=NOW))

        assert caught.value.details["word"] == word
        assert caught.value.details["place"]

    def test_do_not_exist_for_who_may_not_see_orders(self, shop):
        ctx = replace(context_for(shop, now=NOW), may=lambda name: scopes_may([Scope.CUSTOMERS], name))

        assert not customer_fields.may_ask(parse("payments_made MATCHES ()"), ctx)
        assert "orders_placed" not in {one.name for one in customer_fields.predicates(ctx)}

    def test_of_another_shop_mean_nothing_here(self, shop):
        other = create_shop("Other")

        with pytest.raises(BadCondition):
            customer_fields.check(parse("products_purchased MATCHES (id = 777)"), context_for(other, now=NOW))


class TestWhy:
    def test_tells_the_figures_of_the_matching_events(self, shop):
        tree, ctx = parse("payments_made MATCHES (amount >= 10)"), context_for(shop, now=NOW)
        ann = Customer.objects.of(shop).filter(name="Ann")

        told = explain(tree, fetch_for(tree, ann, customer_fields, ctx)[0], customer_fields, ctx)

        assert (told.holds, told.value["count"], told.value["sum_amount"]) == (True, 2, 950)


PARAMETERS = st.lists(
    st.sampled_from(
        ["date >= -30d", "amount >= 500", "status = paid", "location IS NULL", "payment_method != 'card'",
         "count {} 1", "sum_amount {} 500", "channel = counter"]
    ),
    unique=True, max_size=3,
)  # fmt: skip
EVENTS = st.builds(
    lambda parameters, signs, word: "orders_placed {} ({})".format(
        word, ", ".join(one.format(sign) for one, sign in zip(parameters, signs, strict=False))
    ),
    PARAMETERS,
    st.lists(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), min_size=3, max_size=3),
    st.sampled_from(["MATCHES", "NOT MATCHES"]),
)
QUESTIONS = st.recursive(
    EVENTS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"NOT ({text})"),
        st.tuples(inner, st.sampled_from([" AND ", " OR "]), inner).map(lambda three: f"({''.join(three)})"),
    ),
    max_leaves=3,
)


class TestTheTwoEvaluators:
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=QUESTIONS)
    def test_agree_on_every_question_and_on_its_complement(self, shop, text):
        assert sorted(found(shop, text) + found(shop, f"NOT ({text})")) == list("ABCD")
