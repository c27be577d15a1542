"""What pages, the search box and the filters get of orders."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.fields import customer_fields, where_q
from regulars.customers.models import Customer
from regulars.customers.search import find
from regulars.kit.query import Context, compile_where, parse
from regulars.orders import lists
from regulars.orders.errors import NoSuchOrder
from regulars.orders.facts import LineFacts
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.orders.operations import record_order, record_orders, record_payment, record_return
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, goods_back, later, order, payment

pytestmark = pytest.mark.django_db


class TestSearching:
    @pytest.mark.parametrize("typed", ["#1001", "1001", "  #1001 ", "vn-77x", "VN-77X"])
    def test_finds_the_customer_by_order_number_and_payment_reference(self, typed):
        ann = create_customer()
        record_order(
            ann.shop,
            order(number="#1001", total=5, payments=[payment(5, reference="VN-77X")], customer_id=ann.pk),
            by=BY,
        )

        assert [hit.customer_id for hit in find(ann.shop, typed)] == [ann.pk]

    def test_finds_nobody_in_another_shop(self):
        ann = create_customer()
        record_order(ann.shop, order(number="#1001", customer_id=ann.pk), by=BY)

        assert find(create_shop(), "#1001") == []


class TestACustomersLists:
    def test_come_in_pages_that_neither_miss_nor_repeat(self):
        ann = create_customer()
        same_time = [order(total=1, paid=1, customer_id=ann.pk) for _ in range(7)]
        record_orders(ann.shop, same_time, by=BY)

        for pages in (lists.orders_of, lists.payments_of):
            seen, after = [], None
            while True:
                page = pages(ann, after=after, size=3)
                seen += [row.pk for row in page.rows]
                if page.next is None:
                    break
                after = page.next
            assert len(seen) == len(set(seen)) == 7
            assert seen == sorted(seen, reverse=True)

    def test_ask_as_often_for_many_as_for_few(self):
        ann = create_customer()
        counts = []
        for many in (2, 12):
            facts = [order(total=1, paid=1, customer_id=ann.pk, lines=[LineFacts(title="Tea")]) for _ in range(many)]
            record_orders(ann.shop, facts, by=BY)
            with CaptureQueriesContext(connection) as asked:
                for row in lists.orders_of(ann).rows:
                    _shown = row.channel.name, row.customer.name, len(row.lines.all())
            counts.append(len(asked))

        assert counts[0] == counts[1]

    def test_open_orders_add_up_to_the_debt(self):
        ann = create_customer()
        record_orders(
            ann.shop,
            [order(total=100, paid=40, customer_id=ann.pk), order(total=50, paid=50, customer_id=ann.pk),
             order(total=7, customer_id=ann.pk, placed_at=later(-9)), order(total=9, cancelled_at=DAY)],
            by=BY,
        )  # fmt: skip

        owing = lists.open_orders_of(ann)

        assert [one.owed for one in owing] == [7, 60]

    def test_returns_carry_their_order(self):
        ann = create_customer()
        record_order(ann.shop, order("a", number="#1", customer_id=ann.pk), by=BY)
        record_return(ann.shop, goods_back(order_external_id="a", amount=5, quantity=1), by=BY)

        assert [row.order.number for row in lists.returns_of(ann).rows] == ["#1"]

    def test_related_orders_share_an_address_but_belong_to_others(self):
        shop = create_shop()
        ann = create_customer(shop, name="Ann", email="ann@example.com", phone="0912345678")
        bob = create_customer(shop, name="Bob")
        record_orders(
            shop,
            [order("mine", email="ann@example.com", customer_id=ann.pk),
             order("his", phone="+84 912 345 678", customer_id=bob.pk),
             order("other", email="else@example.com", customer_id=bob.pk)],
            by=BY,
        )  # fmt: skip

        assert [one.external_id for one in lists.orders_related_to(ann)] == ["his"]
        assert not lists.orders_related_to(bob).exists()


class TestOneOrder:
    def test_is_whole_in_a_fixed_number_of_queries(self):
        ann = create_customer()
        lines = [LineFacts(title=f"Tea {n}", sku=f"T{n}") for n in range(5)]
        outcome = record_order(ann.shop, order("a", total=5, lines=lines, paid=5, customer_id=ann.pk), by=BY)
        record_payment(ann.shop, payment(2, order_external_id="a"), by=BY)

        with CaptureQueriesContext(connection) as asked:
            found = lists.order_detail(ann.shop, outcome.order_id)
            _shown = [line.product.name for line in found.lines.all()], found.payments.all(), found.returns.all()

        assert len(asked) == 5
        assert sorted(one.amount for one in found.payments.all()) == [2, 3]

    def test_of_another_shop_does_not_exist(self):
        outcome = record_order(create_shop(), order(), by=BY)

        with pytest.raises(NoSuchOrder):
            lists.order_detail(create_shop(), outcome.order_id)


class TestAsking:
    @pytest.mark.parametrize(
        "question",
        ["orders >= 1", "amount_spent = 500", "money_spent BETWEEN 500 AND 600", "aov > 499", "debt = 100",
         "refunded = 0", "orders_paid = 0", "last_order = '#7'", "first_channel = shopee", "gross_spent < 501",
         "last_order_date >= 2026-11-01", "spent_3m < 501"],
    )  # fmt: skip
    def test_customers_by_their_orders(self, question):
        ann = create_customer()
        create_customer(ann.shop, name="Bob")
        record_order(ann.shop, order(number="#7", total=600, paid=500, customer_id=ann.pk, channel="shopee"), by=BY)

        found = Customer.objects.of(ann.shop).filter(where_q(ann.shop, f"({question}) AND orders_recorded > 0"))

        assert list(found) == [ann]

    def test_orders_by_every_field_and_operator(self):
        shop = create_shop()
        record_order(shop, order(total=600, paid=500, number="#7", payment_method="momo"), by=BY)
        ctx = Context(shop.pk, shop.currency, shop.timezone, DAY)
        questions = [
            "total > 599", "financial_state = partly_paid", "channel = website", "payment_method = momo",
            "has_customer = false", "test = false", "cancelled = false", "number CONTAINS 7", "captured = 500",
            "placed_at = 2026-11-01",
        ]  # fmt: skip

        for question in questions:
            where = compile_where(parse(question), order_fields, ctx)
            assert Order.objects.of(shop).filter(where).count() == 1, question

    def test_every_figure_says_what_it_counts(self):
        money = [field for field in customer_fields if field.section == "trade" and field.numeric]

        assert len(money) >= 12
        assert [field.name for field in money if not field.help] == ["orders_cancelled"]
