"""What a source reports of an order, and what the shop knows afterwards."""

from decimal import Decimal

import pytest

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.orders.facts import LineFacts
from regulars.orders.models import FinancialState, FulfilmentState, Line, Order, Payment, PaymentKind, PaymentState
from regulars.orders.operations import (
    record_order,
    record_orders,
    record_payment,
    record_refund,
    record_return,
)
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, goods_back, kinds_of, later, order, payment

pytestmark = pytest.mark.django_db


class TestAnOrder:
    def test_is_kept_with_its_lines_and_payments(self):
        shop = create_shop()
        ann = create_customer(shop)
        lines = [LineFacts(title="Tea", quantity=2, unit_price=Decimal(40000), sku="T-1"),
                 LineFacts(title="Haircut", unit_price=Decimal(70000), service_on=DAY.date())]  # fmt: skip

        outcome = record_order(
            shop, order("a", number="#1001", total=150000, lines=lines, payments=[payment(150000)], customer_id=ann.pk),
            by=BY,
        )  # fmt: skip

        kept = Order.objects.of(shop).get(pk=outcome.order_id)
        assert (outcome.result, outcome.customer_id) == ("created", ann.pk)
        assert (kept.number, kept.total, kept.captured, kept.items_count) == ("#1001", 150000, 150000, 3)
        assert kept.financial_state == FinancialState.PAID
        rows = Line.objects.of(shop).values_list("title", "quantity", "total", "service_on", "product__sku")
        assert list(rows) == [("Tea", 2, 80000, None, "T-1"), ("Haircut", 1, 70000, DAY.date(), None)]
        assert kinds_of(ann) == ["order.placed", "payment.captured"]

    def test_reported_again_changes_nothing_and_is_no_news(self):
        shop = create_shop()
        ann = create_customer(shop)
        facts = order(
            total=150000, lines=[LineFacts(title="Tea", unit_price=Decimal(150000))], customer_id=ann.pk,
            payments=[payment(150000)], shipping_address={"city": "Huế"}, source_updated_at=DAY,
        )  # fmt: skip
        record_order(shop, facts, by=BY)
        before = (Event.objects.count(), list(Line.objects.values_list("pk")), fresh(ann).total_spent)

        again = record_orders(shop, [facts, facts, facts], by=BY)

        assert {one.result for one in again} == {"unchanged"}
        assert (Event.objects.count(), list(Line.objects.values_list("pk")), fresh(ann).total_spent) == before

    def test_an_older_report_changes_nothing(self):
        shop = create_shop()
        record_order(shop, order("a", total=200000, note="new", source_updated_at=later(5)), by=BY)

        old = record_order(shop, order("a", total=100000, note="old", source_updated_at=later(1)), by=BY)

        assert old.result == "unchanged"
        assert Order.objects.of(shop).values_list("total", "note").get() == (200000, "new")

    def test_a_newer_report_replaces_lines_and_tells_what_changed(self):
        shop = create_shop()
        ann = create_customer(shop)
        tea, cup = LineFacts(title="Tea"), LineFacts(title="Cup")
        record_order(shop, order("a", total=100, lines=[tea], customer_id=ann.pk, source_updated_at=later(1)), by=BY)

        new = record_order(
            shop, order("a", total=300, lines=[tea, cup], customer_id=ann.pk, source_updated_at=later(2)), by=BY
        )

        assert new.result == "changed"
        assert list(Line.objects.of(shop).values_list("title", flat=True)) == ["Tea", "Cup"]
        told = Event.objects.get(kind="order.changed")
        assert told.customer_id == ann.pk and told.data["changes"]["total"] == ["100", "300"]

    def test_a_report_without_a_time_takes_nothing_away(self):
        shop = create_shop()
        lines = [LineFacts(title="Tea")]
        record_order(shop, order("a", number="#7", total=100, note="gift", lines=lines, cancelled_at=DAY), by=BY)

        record_order(shop, order("a", total=100, fulfilment_state=FulfilmentState.DELIVERED), by=BY)

        kept = Order.objects.of(shop).get()
        assert (kept.number, kept.note, kept.cancelled_at, kept.items_count) == ("#7", "gift", DAY, 1)
        assert kept.fulfilment_state == FulfilmentState.DELIVERED and kept.lines.count() == 1

    def test_without_a_time_only_fills_gaps_once_a_timed_report_was_seen(self):
        shop = create_shop()
        record_order(shop, order("a", total=100, number="#7", source_updated_at=DAY), by=BY)

        record_order(shop, order("a", total=999, number="#8", note="from the file"), by=BY)

        assert Order.objects.of(shop).values_list("total", "number", "note").get() == (100, "#7", "from the file")

    def test_of_somebody_unknown_makes_a_customer_who_is_then_known(self):
        shop = create_shop()
        place = {"recipient": "Nguyễn Thị Đào", "address1": "12 Lê Lợi", "city": "Huế", "address_country": "VN"}

        one, two = record_orders(
            shop,
            [order(email="Dao@Example.com", phone="0912 345 678", shipping_address=place, total=10),
             order(email="dao@example.com", total=20)],
            by=BY,
        )  # fmt: skip

        dao = Customer.objects.of(shop).get()
        assert one.customer_id == two.customer_id == dao.pk
        assert (dao.name, dao.email, dao.phone, dao.source) == (
            "Nguyễn Thị Đào", "dao@example.com", "+84912345678", "order",
        )  # fmt: skip
        assert dao.orders_placed == 2 and dao.addresses.count() == 1

    def test_of_nobody_in_particular_has_no_customer(self):
        shop = create_shop()

        assert record_order(shop, order(total=10), by=BY).customer_id is None

        assert not Customer.objects.of(shop).exists()

    def test_of_another_channel_may_have_the_same_id(self):
        shop = create_shop()

        record_orders(shop, [order("1", channel="shopee"), order("1", channel="lazada")], by=BY)

        assert Order.objects.of(shop).count() == 2

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"placed_at": None}, "placed_at"),
            ({"placed_at": DAY.replace(tzinfo=None)}, "placed_at"),
            ({"external_id": " "}, "external_id"),
            ({"currency": "USD"}, "rate"),
            ({"currency": "Dollars", "rate": 1}, "currency"),
            ({"paid": -1}, "paid"),
            ({"payments": [payment(-5)]}, "amount"),
            ({"payments": [payment(5, currency="EUR")]}, "currency"),
        ],
    )
    def test_that_cannot_be_one_is_refused_by_field_and_nothing_is_written(self, facts, field):
        shop = create_shop()

        with pytest.raises(BadValue) as refusal:
            record_orders(shop, [order("good"), order(**{"external_id": "bad", **facts})], by=BY)

        assert refusal.value.field == field
        assert not Order.objects.of(shop).exists()


class TestWhatTheSourceSaysWasPaid:
    def test_is_a_payment_when_it_lists_no_transactions(self):
        shop = create_shop()
        ann = create_customer(shop)

        record_order(shop, order("a", total=500, financial_state=FinancialState.PAID, customer_id=ann.pk), by=BY)

        stated = Payment.objects.of(shop).get()
        assert (stated.external_id, stated.amount, stated.is_stated) == ("a:paid", 500, True)
        assert fresh(ann).total_spent == 500
        assert kinds_of(ann) == ["order.placed", "payment.captured"]

    def test_shrinks_when_the_transactions_come_in_and_is_told_once(self):
        shop = create_shop()
        ann = create_customer(shop)
        record_order(shop, order("a", total=500, financial_state=FinancialState.PAID, customer_id=ann.pk), by=BY)

        record_payment(shop, payment(300, "p1", order_external_id="a"), by=BY)

        assert list(Payment.objects.of(shop).order_by("amount").values_list("external_id", "amount")) == [
            ("a:paid", 200), ("p1", 300),
        ]  # fmt: skip
        record_payment(shop, payment(200, "p2", order_external_id="a"), by=BY)
        assert set(Payment.objects.of(shop).values_list("external_id", flat=True)) == {"p1", "p2"}
        assert fresh(ann).total_spent == 500
        assert kinds_of(ann).count("payment.captured") == 1

    def test_refunded_means_all_that_was_paid(self):
        shop = create_shop()
        ann = create_customer(shop)

        record_order(shop, order(total=500, financial_state=FinancialState.REFUNDED, customer_id=ann.pk), by=BY)

        ann = fresh(ann)
        assert (ann.gross_spent, ann.refunded, ann.total_spent) == (500, 500, 0)

    @pytest.mark.parametrize(
        ("state", "shown"),
        [(None, FinancialState.PENDING), *((s, s) for s in (FinancialState.VOIDED, FinancialState.AUTHORISED,
         FinancialState.PARTLY_REFUNDED, FinancialState.PARTLY_PAID))],
    )  # fmt: skip
    def test_is_shown_as_it_says(self, state, shown):
        shop = create_shop()

        record_order(shop, order(total=500, financial_state=state), by=BY)

        assert Order.objects.of(shop).get().financial_state == shown

    def test_follows_the_transactions_when_they_are_listed(self):
        shop = create_shop()
        facts = order(total=500, financial_state=FinancialState.PAID, payments=[payment(200)])

        record_order(shop, facts, by=BY)

        kept = Order.objects.of(shop).get()
        assert (kept.captured, kept.financial_state) == (200, FinancialState.PARTLY_PAID)


class TestAPayment:
    def test_before_its_order_waits_and_counts_when_it_comes(self):
        shop = create_shop()
        record_payment(shop, payment(300, "p1", order_external_id="a"), by=BY)
        record_refund(shop, payment(100, "r1", order_external_id="a"), by=BY)
        record_return(shop, goods_back("b1", order_external_id="a", amount=100, quantity=1), by=BY)
        ann = create_customer(shop)
        assert Payment.objects.of(shop).waiting().count() == 2

        record_order(shop, order("a", total=300, customer_id=ann.pk), by=BY)

        ann = fresh(ann)
        assert (ann.gross_spent, ann.refunded, ann.total_spent, ann.orders_returned) == (300, 100, 200, 1)
        assert Payment.objects.of(shop).waiting().count() == 0
        assert sorted(kinds_of(ann)) == ["order.placed", "payment.captured", "payment.refunded", "return.recorded"]

    def test_reported_three_times_counts_once(self):
        shop = create_shop()
        ann = create_customer(shop)
        record_order(shop, order("a", total=300, payments=[payment(300)], customer_id=ann.pk), by=BY)

        for _delivery in range(3):
            record_refund(shop, payment(100, "r1", order_external_id="a"), by=BY)

        assert fresh(ann).total_spent == 200
        assert kinds_of(ann).count("payment.refunded") == 1

    def test_that_succeeded_never_fails_afterwards(self):
        shop = create_shop()
        ann = create_customer(shop)
        record_order(shop, order("a", total=300, customer_id=ann.pk), by=BY)
        tries = [PaymentState.FAILED, PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.PENDING]

        for state in tries:
            record_payment(shop, payment(300, "p", state=state, order_external_id="a"), by=BY)

        assert fresh(ann).total_spent == 300
        assert kinds_of(ann) == ["order.placed", "payment.failed", "payment.captured"]

    def test_that_names_no_order_is_a_sale_of_its_own(self):
        shop = create_shop()
        ann = create_customer(shop)
        link = payment(900, "ch_1", reference="INV-9", customer_id=ann.pk)

        record_payment(shop, payment(900, "ch_1", state=PaymentState.FAILED, customer_id=ann.pk), by=BY)
        assert not Order.objects.of(shop).exists()
        for _delivery in range(2):
            record_payment(shop, link, by=BY)
        record_refund(shop, payment(200, "re_1", order_external_id="payment:ch_1"), by=BY)

        sale = Order.objects.of(shop).get()
        assert (sale.external_id, sale.number, sale.total, sale.captured) == ("payment:ch_1", "INV-9", 900, 900)
        assert (fresh(ann).total_spent, fresh(ann).orders_placed) == (700, 1)

    def test_authorised_or_voided_is_shown_but_not_spent(self):
        shop = create_shop()
        record_order(shop, order("a", total=300), by=BY)

        record_payment(shop, payment(300, kind=PaymentKind.AUTHORISATION, order_external_id="a"), by=BY)
        assert Order.objects.of(shop).get().financial_state == FinancialState.AUTHORISED
        record_payment(shop, payment(300, kind=PaymentKind.VOID, order_external_id="a"), by=BY)

        kept = Order.objects.of(shop).get()
        assert (kept.financial_state, kept.captured) == (FinancialState.VOIDED, 0)

    def test_of_another_order_moves_nothing_of_the_first(self):
        shop = create_shop()
        record_order(
            shop, order("A", total=50, payments=[payment(50, external_id="p", state=PaymentState.PENDING)]), by=BY
        )

        record_order(shop, order("B", total=50, payments=[payment(50, external_id="p")]), by=BY)

        [kept] = Payment.objects.of(shop)
        assert (kept.order.external_id, kept.state) == ("A", PaymentState.PENDING)
        assert Order.objects.of(shop).get(external_id="B").captured == 0


class TestCurrencies:
    @pytest.mark.parametrize(
        ("country", "total", "minor"),
        [("VN", "150000", 150000), ("JP", "1500", 1500), ("KW", "1.234", 1234), ("ID", "3000000", 300000000)],
    )
    def test_minor_units_are_those_of_the_currency(self, country, total, minor):
        shop = create_shop(country=country)

        record_order(shop, order(total=total, payments=[payment(total)]), by=BY)

        assert Order.objects.of(shop).values_list("total", "captured", "total_original").get() == (minor,) * 3

    def test_an_order_in_another_one_is_converted_at_its_rate(self):
        shop = create_shop()
        instalments = [payment("3.33"), payment("3.33"), payment("3.34")]

        record_order(shop, order(total="10.00", currency="USD", rate="25123.45", payments=instalments), by=BY)

        kept = Order.objects.of(shop).get()
        assert (kept.total, kept.total_original, kept.currency) == (251235, 1000, "USD")
        assert (kept.captured, kept.financial_state) == (kept.total, FinancialState.PAID)

    def test_a_refund_without_a_currency_is_in_that_of_its_order(self):
        shop = create_shop()
        facts = order("a", total="10.00", currency="USD", rate=25000, payments=[payment("10.00", currency="USD")])
        record_refund(shop, payment("4.00", "r", order_external_id="a"), by=BY)

        record_order(shop, facts, by=BY)

        refund = Payment.objects.of(shop).get(external_id="r")
        assert (refund.amount, refund.currency) == (100000, "USD")
        assert Order.objects.of(shop).get().refunded == 100000
