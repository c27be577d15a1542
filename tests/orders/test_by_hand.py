"""What staff record themselves: payments, refunds, returns."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, now

from regulars.customers.models import Customer
from regulars.customers.profile import read_profile
from regulars.events.models import Event
from regulars.kit.dates import zone
from regulars.kit.errors import BadValue
from regulars.orders import stats
from regulars.orders.by_hand import Goods, Money, give_refund, still_to_pay, take_payment, take_return, to_pay_back
from regulars.orders.errors import OrderCancelled, OrderDeleted, RefundsMore, ReturnsMore, ReturnsMoreItems
from regulars.orders.facts import LineFacts
from regulars.orders.models import FinancialState, Order, Payment, PaymentKind, Return, ReturnReason
from regulars.orders.operations import cancel_order, delete_order, record_order, record_payment
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, fresh, kinds_of, order, payment

pytestmark = pytest.mark.django_db

TEA = LineFacts(title="Tea", quantity=4, unit_price=Decimal(100))
MUG = LineFacts(title="Mug", quantity=1, unit_price=Decimal(700), discount=Decimal(100))


@pytest.fixture
def ann():
    return create_customer()


def sold(ann, name="a", total=1000, **facts):
    found = record_order(ann.shop, order(name, total=total, customer_id=ann.pk, **facts), by=BY)
    return Order.objects.of(ann.shop).select_related("shop", "channel").get(pk=found.order_id)


def money(amount, key="k1", **facts):
    return Money(key=key, amount=Decimal(amount), **facts)


def stored(ann, name="a"):
    return Order.objects.of(ann.shop).get(external_id=name)


class TestAPayment:
    def test_pays_a_part_then_all_then_more_which_is_a_credit(self, ann):
        """T111."""
        bought = sold(ann)
        assert fresh(ann).debt == 1000

        take_payment(bought, money(400, "1"), by=BY)
        assert (fresh(ann).debt, fresh(ann).total_spent) == (600, 400)

        take_payment(bought, money(900, "2"), by=BY)

        assert (fresh(ann).debt, fresh(ann).total_spent) == (0, 1300)
        assert (stored(ann).overpaid, stored(ann).financial_state) == (300, FinancialState.PAID)
        assert kinds_of(ann) == ["order.placed", "payment.captured", "payment.captured"]

    def test_comes_on_top_of_what_the_till_received(self, ann):
        bought = sold(ann, paid=400)

        take_payment(bought, money(250), by=BY)

        assert (fresh(ann).debt, fresh(ann).total_spent) == (350, 650)
        assert sum(Payment.objects.of(ann.shop).values_list("amount", flat=True)) == 650

    def test_counts_once_when_the_source_hears_of_it_later(self, ann):
        bought = sold(ann, paid=0)
        take_payment(bought, money(1000), by=BY)

        for _report in range(2):
            sold(ann, financial_state=FinancialState.PAID, source_updated_at=now())

        assert (fresh(ann).total_spent, fresh(ann).debt) == (1000, 0)

    def test_stays_when_the_source_goes_on_stating_less(self, ann):
        bought = sold(ann, paid=400, source_updated_at=now())
        take_payment(bought, money(100), by=BY)

        sold(ann, paid=400, note="Ring twice", source_updated_at=now())
        assert fresh(ann).total_spent == 500

        sold(ann, paid=700, source_updated_at=now())
        assert fresh(ann).total_spent == 700

    def test_sent_twice_counts_once(self, ann):
        bought = sold(ann)

        first = take_payment(bought, money(1000, "same"), by=BY)
        again = take_payment(bought, money(1000, "same"), by=BY)

        assert first == again
        assert fresh(ann).total_spent == 1000
        assert Event.objects.filter(shop_id=ann.shop_id, kind="payment.captured").count() == 1

    def test_of_a_form_of_another_order_is_refused(self, ann):
        take_payment(sold(ann, "a"), money(400), by=BY)
        take_return(sold(ann, "a"), Goods(key="k1", quantity=1, worth=Decimal(10)), by=BY)

        with pytest.raises(BadValue):
            take_payment(sold(ann, "b"), money(100), by=BY)
        with pytest.raises(BadValue):
            take_return(sold(ann, "b"), Goods(key="k1", quantity=1, worth=Decimal(10)), by=BY)

        assert (stored(ann, "a").captured, stored(ann, "b").captured, stored(ann, "b").returned) == (400, 0, 0)

    def test_is_of_the_orders_currency(self):
        """T28: 100.50 lei at 5,700 are 572,850 ₫."""
        ann = create_customer(create_shop(country="VN"))
        bought = sold(ann, total="200.50", currency="RON", rate=5700)

        paid = take_payment(bought, money("100.50"), by=BY)

        assert (paid.amount, paid.original, paid.currency) == (572_850, Decimal("100.50"), "RON")
        assert still_to_pay(stored(ann)) == Decimal("100.00")
        take_payment(bought, money(still_to_pay(stored(ann)), "rest"), by=BY)
        assert fresh(ann).debt == 0

    @pytest.mark.parametrize("amount", ["0", "-5", "0.4", "NaN"])
    def test_is_more_than_nothing(self, ann, amount):
        bought = sold(ann)

        with pytest.raises(BadValue):
            take_payment(bought, money(amount), by=BY)

        assert not Payment.objects.of(ann.shop).exists()

    def test_has_a_day_that_has_come(self, ann):
        bought = sold(ann)
        today = localdate(timezone=zone(ann.shop.timezone))

        with pytest.raises(BadValue):
            take_payment(bought, money(5, on=today + timedelta(days=1)), by=BY)

        with pytest.raises(BadValue):
            take_payment(bought, money(5, on=date(1, 1, 1)), by=BY)

        paid = take_payment(bought, money(5, on=today - timedelta(days=2)), by=BY)
        assert paid.at.astimezone(zone(ann.shop.timezone)).date() == today - timedelta(days=2)

    def test_of_a_deleted_order_is_refused(self, ann):
        bought = sold(ann)
        delete_order(bought, by=BY)

        with pytest.raises(OrderDeleted):
            take_payment(bought, money(5), by=BY)


class TestACancelledOrder:
    def test_takes_no_payment_and_no_return(self, ann):
        bought = sold(ann)
        cancel_order(bought, by=BY)

        with pytest.raises(OrderCancelled, match="Take it up again"):
            take_payment(bought, money(5), by=BY)
        with pytest.raises(OrderCancelled):
            take_return(bought, Goods(key="1", quantity=1, worth=Decimal(5)), by=BY)

        assert not Payment.objects.exists() and not Return.objects.exists()

    def test_pays_back_what_was_paid(self, ann):
        bought = sold(ann, payments=[payment(1000)])
        cancel_order(bought, by=BY)

        give_refund(bought, money(1000), by=BY)

        assert to_pay_back(stored(ann)) == 0

    def test_answers_a_form_again_that_was_sent_before(self, ann):
        bought = sold(ann)
        paid = take_payment(bought, money(5, "same"), by=BY)
        cancel_order(bought, by=BY)

        assert take_payment(bought, money(5, "same"), by=BY) == paid


class TestARefund:
    def test_takes_off_what_was_spent_and_leaves_the_order(self, ann):
        """T21."""
        bought = sold(ann, payments=[payment(1000)])

        give_refund(bought, money(400), by=BY)

        assert (fresh(ann).total_spent, fresh(ann).refunded, fresh(ann).orders_count) == (600, 400, 1)
        assert (fresh(ann).debt, to_pay_back(stored(ann))) == (0, Decimal(600))

        give_refund(bought, money(600, "rest"), by=BY)
        assert (fresh(ann).total_spent, fresh(ann).orders_placed, fresh(ann).orders_paid) == (0, 1, 0)

    def test_is_never_more_than_what_was_paid(self, ann):
        bought = sold(ann, payments=[payment(300)])

        with pytest.raises(RefundsMore):
            give_refund(bought, money(301), by=BY)

        assert fresh(ann).refunded == 0

    def test_gives_back_what_came_in_when_the_shop_counts_in_coarser_units(self):
        """33,333 ₫ are 1.33 $: all of it goes back, though 1.33 $ are 33,250 ₫; not 1.34 $."""
        ann = create_customer(create_shop(currency="USD"))
        bought = sold(ann, total=33_333, currency="VND", rate=Decimal("0.00004"))
        take_payment(bought, money(33_333), by=BY)

        with pytest.raises(RefundsMore):
            give_refund(stored(ann), money(33_400, "more"), by=BY)
        give_refund(stored(ann), money(33_333, "back"), by=BY)

        assert (fresh(ann).refunded, to_pay_back(stored(ann))) == (133, 0)

    def test_offers_no_more_than_it_takes_when_the_shop_counts_in_finer_units(self):
        """833,400 ₫ are 33.336 $: 33.34 $ would be 100 ₫ too much."""
        ann = create_customer(create_shop(currency="VND"))
        paid = payment(833_400, currency="VND")
        bought = sold(ann, total="33.34", currency="USD", rate=25_000, payments=[paid])

        with pytest.raises(RefundsMore, match=r"^33\.33 USD .* not 33\.34 USD"):
            give_refund(bought, money("33.34"), by=BY)
        give_refund(bought, money(to_pay_back(bought)), by=BY)

        assert fresh(ann).refunded == 833_250

    def test_of_a_cancelled_order_is_possible(self, ann):
        bought = sold(ann, payments=[payment(300)])
        cancel_order(bought, by=BY)

        back = give_refund(bought, money(300, method="cash", reference="R-9"), by=BY)

        assert (back.kind, back.method, back.reference) == (PaymentKind.REFUND, "cash", "R-9")
        assert (fresh(ann).refunded, stored(ann).refunded) == (0, 300)


class TestAReturn:
    def test_of_lines_is_worth_what_they_cost_and_lowers_the_debt(self, ann):
        bought = sold(ann, lines=[TEA, MUG])
        tea, mug = bought.lines.all()

        back = take_return(
            bought, Goods(key="k", quantities={tea.pk: 2, mug.pk: 1}, reason=ReturnReason.PRODUCT, note="broken"), by=BY
        )

        assert (back.quantity, back.amount, back.credited) == (3, 800, 800)
        assert back.note == "2 × Tea, 1 × Mug · broken"
        assert (fresh(ann).debt, fresh(ann).total_spent, fresh(ann).orders_returned) == (200, 0, 1)

    def test_of_a_paid_order_credits_nothing_unless_told_to(self, ann):
        bought = sold(ann, payments=[payment(1000)], lines=[TEA, MUG])
        tea = bought.lines.all()[0]

        back = take_return(bought, Goods(key="1", quantities={tea.pk: 1}), by=BY)
        assert (back.amount, back.credited, fresh(ann).total_spent, fresh(ann).debt) == (100, 0, 1000, 0)

        take_return(bought, Goods(key="2", quantities={tea.pk: 1}, credited=Decimal(100)), by=BY)
        assert stored(ann).overpaid == 100

    def test_twice_is_once(self, ann):
        bought = sold(ann, lines=[TEA])
        goods = Goods(key="k", quantity=1, worth=Decimal(10))

        assert take_return(bought, goods, by=BY) == take_return(bought, goods, by=BY)
        assert Return.objects.of(ann.shop).count() == 1

    def test_is_never_more_than_was_sold(self, ann):
        bought = sold(ann, lines=[TEA])
        tea = bought.lines.get()

        for goods, refusal in (
            (Goods(key="1", quantities={tea.pk: 5}), BadValue),
            (Goods(key="2", quantity=5), ReturnsMoreItems),
            (Goods(key="3", quantity=1, worth=Decimal(1001)), ReturnsMore),
            (Goods(key="4", quantity=1, worth=Decimal(10), credited=Decimal(11)), BadValue),
            (Goods(key="5"), BadValue),
        ):
            with pytest.raises(refusal):
                take_return(bought, goods, by=BY)

        assert not Return.objects.of(ann.shop).exists()

    def test_of_everything_is_worth_the_order_with_its_discount(self, ann):
        bought = sold(ann, total=320, discount=80, lines=[TEA])
        tea = bought.lines.get()

        first = take_return(bought, Goods(key="1", quantities={tea.pk: 3}), by=BY)
        rest = take_return(bought, Goods(key="2", quantities={tea.pk: 1}), by=BY)

        assert (first.amount, rest.amount, fresh(ann).debt) == (300, 20, 0)

    def test_of_everything_makes_the_order_returned(self, ann):
        bought = sold(ann, lines=[TEA])

        take_return(bought, Goods(key="k", quantities={bought.lines.get().pk: 4}), by=BY)

        assert (stored(ann).get_fulfilment_state_display(), fresh(ann).orders_fulfilled) == ("Returned", 0)


class TestAPaymentThatNamesNoOrder:
    def test_makes_a_customer_of_who_paid(self):
        """S3.1: a payment link is a sale, and who paid by it a customer."""
        shop = create_shop()
        dao = read_profile({"name": "Đào", "phone": "0912345678"}, country="VN", tz=shop.timezone)

        for _delivery in range(3):
            record_payment(shop, payment(500, "link-1", customer=dao, reference="PL-1"), by=BY)

        found = Customer.objects.of(shop).get()
        assert (found.name, found.total_spent, found.orders_placed) == ("Đào", 500, 1)
        assert stats.check(shop) == []
