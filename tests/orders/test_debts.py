"""What is owed, since when, by whom; what is given up of it and what was paid too much [T111, T113, T114]."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from regulars.customers.fields import context_for, where_q
from regulars.customers.models import Customer
from regulars.customers.operations import anonymise, delete_customer, set_credit_limit
from regulars.kit.errors import BadValue
from regulars.kit.query import compile_where, parse
from regulars.orders import ageing, stats
from regulars.orders.ageing import owed_to
from regulars.orders.debt_fields import AGE_WORDS
from regulars.orders.debts import DebtAge, age_of, days_late, due_day
from regulars.orders.errors import OwesLess, WrittenOffLess
from regulars.orders.fields import order_fields
from regulars.orders.models import Order, WriteOff
from regulars.orders.operations import (
    record_order,
    record_payment,
    set_due_date,
    take_back_write_off,
    write_off,
)
from regulars.shops.models import Shop
from regulars.shops.operations import change_shop
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, fresh, kinds_of, order, payment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""21 November, one o'clock in the morning, in the shop (Asia/Ho_Chi_Minh)."""
TODAY = date(2026, 11, 21)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(ageing, "now", lambda: NOW)


def owing(customer: Customer, total: int = 1000, paid: int = 0, **facts) -> Order:
    """An order of the customer of which nothing was received, unless said otherwise."""
    outcome = record_order(customer.shop, order(total=total, paid=paid, customer_id=customer.pk, **facts), by=BY)
    return again(Order(shop=customer.shop, pk=outcome.order_id))


def again(known: Order) -> Order:
    """The order as stored now."""
    return Order.objects.of(known.shop_id).select_related("shop").get(pk=known.pk)


def names_where(shop: Shop, text: str, now: datetime | None = None) -> set[str]:
    """Who answers to a question about customers."""
    return set(Customer.objects.of(shop).alive().filter(where_q(shop, text, now)).values_list("name", flat=True))


def numbers_where(shop: Shop, text: str, now: datetime) -> set[str]:
    """Numbers of the orders that answer to a question."""
    question = compile_where(parse(text), order_fields, context_for(shop, now=now))
    return set(Order.objects.of(shop).filter(question).values_list("number", flat=True))


class TestAPosOrderOfWhichNothingWasReceived:
    def test_is_a_debt_until_it_is_paid_and_what_is_paid_too_much_a_credit(self):
        """T111."""
        ann = create_customer()
        sale = owing(ann, 1000, external_id="pos")
        assert fresh(ann).debt == 1000

        record_payment(ann.shop, payment(400, order_external_id="pos"), by=BY)
        assert (again(sale).owed, fresh(ann).debt) == (600, 600)

        record_payment(ann.shop, payment(700, order_external_id="pos"), by=BY)
        assert (again(sale).owed, again(sale).overpaid, fresh(ann).debt) == (0, 100, 0)
        assert names_where(ann.shop, "credit = 100") == {ann.name}
        assert names_where(ann.shop, "debt > 0 OR overdue > 0") == set()


class TestTheDueDate:
    def test_is_the_shops_usual_days_after_the_order_in_the_shops_calendar(self):
        ann = create_customer()
        change_shop(ann.shop, by=BY, payment_days=14)
        late_evening = owing(ann, placed_at=datetime(2026, 11, 1, 20, 0, tzinfo=UTC))  # the 2nd there

        assert due_day(late_evening, fresh(ann).shop) == date(2026, 11, 16)

    def test_can_be_set_for_one_order_and_left_to_the_shop_again(self):
        ann = create_customer()
        sale = owing(ann)

        sale = set_due_date(sale, date(2026, 12, 24), by=BY)
        assert due_day(sale, ann.shop) == date(2026, 12, 24)

        sale = set_due_date(sale, None, by=BY)
        assert due_day(sale, ann.shop) == date(2026, 11, 1)
        assert kinds_of(ann).count("order.changed") == 2

    @pytest.mark.parametrize("day", [date(2026, 10, 31), date(2040, 1, 1)])
    def test_is_not_before_the_order_nor_years_away(self, day):
        sale = owing(create_customer())

        with pytest.raises(BadValue):
            set_due_date(sale, day, by=BY)

        assert again(sale).due_on is None

    def test_of_a_report_is_kept_and_one_that_does_not_know_it_leaves_it(self):
        ann = create_customer()
        day = date(2026, 12, 1)

        owing(ann, external_id="a", due_on=day)
        sale = owing(ann, external_id="a", note="called")

        assert (sale.due_on, sale.note) == (day, "called")


class TestTheAgeOfADebt:
    LATE = {0: DebtAge.NOT_DUE, 1: DebtAge.DAYS_30, 30: DebtAge.DAYS_30, 31: DebtAge.DAYS_60, 60: DebtAge.DAYS_60,
            61: DebtAge.DAYS_90, 90: DebtAge.DAYS_90, 91: DebtAge.OLDER, 4000: DebtAge.OLDER}  # fmt: skip

    @pytest.mark.parametrize(("late", "age"), LATE.items())
    def test_is_by_days_late(self, late, age):
        assert age_of(late) == age

    def test_is_the_same_in_python_and_in_sql(self, today):
        ann = create_customer()
        for late in (-5, *self.LATE):
            placed = NOW - timedelta(days=4200)
            owing(ann, 100 + late, number=f"late {late}", placed_at=placed, due_on=TODAY - timedelta(days=late))
        owing(ann, 50, paid=50, number="paid", placed_at=NOW - timedelta(days=200))

        for sale in Order.objects.of(ann.shop):
            late = days_late(sale, ann.shop, TODAY) if sale.owed else 0
            word = AGE_WORDS[age_of(late)]
            asked = f"number = '{sale.number}' AND days_late = {late} AND owed = {sale.owed}"
            asked += f" AND due_on = '{due_day(sale, ann.shop)}'"
            asked += f" AND debt_age = '{word}'" if sale.owed else " AND debt_age IS NULL"
            assert numbers_where(ann.shop, asked, NOW) == {sale.number}, asked


class TestWhatAShopIsOwed:
    def test_is_the_same_by_age_by_customer_and_by_order(self, today):
        """T113: by age, by customer and by order it is the same sum."""
        shop = create_shop()
        for n in range(5):
            ann = create_customer(shop, name=f"Ann {n}")
            for late in (0, 10, 45, 75, 200)[n:]:
                owing(ann, 100 + n, paid=n, placed_at=NOW - timedelta(days=300), due_on=TODAY - timedelta(days=late))
        record_order(shop, order(total=70), by=BY)  # of nobody
        gone = create_customer(shop, name="Gone")
        owing(gone, 30)
        delete_customer(gone, by=BY)

        owed = owed_to(shop)

        of_customers = sum(Customer.objects.of(shop).alive().values_list("debt", flat=True))
        of_orders = sum(one.owed for one in Order.objects.of(shop))
        assert (owed.customers, owed.former, owed.nobody) == (of_customers, 30, 70) == (1500, 30, 70)
        assert owed.total == of_orders == sum(one.owed for one in owed.ages) == 1600
        assert [(one.age, one.orders) for one in owed.ages] == [
            (DebtAge.NOT_DUE, 1), (DebtAge.DAYS_30, 4), (DebtAge.DAYS_60, 3), (DebtAge.DAYS_90, 4), (DebtAge.OLDER, 5)
        ]  # fmt: skip

    def test_knows_no_other_shop(self):
        owing(create_customer(create_shop()))

        assert owed_to(create_shop()).total == 0


class TestACustomerWhoLeavesADebt:
    @pytest.mark.parametrize("leave", [delete_customer, anonymise])
    def test_keeps_it_on_a_line_without_a_name_and_the_total_stays(self, leave):
        """T114."""
        ann = create_customer(name="Ann")
        owing(ann, 1000, paid=400)
        before = owed_to(ann.shop)

        leave(ann, by=BY)

        after = owed_to(ann.shop)
        assert (before.customers, before.former) == (600, 0)
        assert (after.customers, after.former, after.total) == (0, 600, before.total)
        assert stats.check(ann.shop) == []

    def test_can_still_be_paid_and_given_up(self):
        ann = create_customer(name="Ann")
        sale = owing(ann, 1000, external_id="a")
        anonymise(ann, by=BY)

        record_payment(ann.shop, payment(400, order_external_id="a"), by=BY)
        write_off(sale, Decimal(600), reason="gone", by=BY)

        assert owed_to(ann.shop).total == fresh(ann).debt == 0


class TestWritingOff:
    def test_lowers_the_debt_and_keeps_why_and_by_whom(self):
        ann = create_customer()
        sale = write_off(owing(ann, 1000, paid=400), Decimal(500), reason="a friend", by=BY)

        kept = WriteOff.objects.of(ann.shop).get()
        assert (kept.order_id, kept.amount, kept.reason) == (sale.pk, 500, "a friend")
        assert (sale.written_off, sale.owed, fresh(ann).debt, fresh(ann).total_spent) == (500, 100, 100, 400)

    def test_is_taken_back_by_a_row_below_zero(self):
        ann = create_customer()
        sale = write_off(owing(ann, 1000), Decimal(500), reason="a friend", by=BY)

        sale = take_back_write_off(sale, Decimal(200), reason="paid after all", by=BY)

        assert list(WriteOff.objects.of(ann.shop).order_by("pk").values_list("amount", flat=True)) == [500, -200]
        assert (sale.written_off, fresh(ann).debt) == (300, 700)
        assert kinds_of(ann)[-2:] == ["order.written_off", "order.write_off_taken_back"]
        with pytest.raises(WrittenOffLess):
            take_back_write_off(sale, Decimal(301), reason="more", by=BY)

    @pytest.mark.parametrize(("amount", "reason"), [(0, "a friend"), (-1, "a friend"), (1, "  ")])
    def test_needs_an_amount_and_a_reason(self, amount, reason):
        ann = create_customer()
        sale = owing(ann)

        with pytest.raises(BadValue):
            write_off(sale, Decimal(amount), reason=reason, by=BY)

        assert fresh(ann).debt == 1000 and not WriteOff.objects.of(ann.shop).exists()


@pytest.mark.django_db(transaction=True)
class TestTwoWhoWriteOffAtOnce:
    def test_never_give_up_more_than_is_owed(self):
        ann = create_customer()
        sale = owing(ann, 1000)
        refused: list[str] = []

        def give_up() -> None:
            try:
                write_off(sale, Decimal(600), reason="at once", by=BY)
            except OwesLess as refusal:
                refused.append(str(refusal))
            finally:
                connection.close()

        both = [threading.Thread(target=give_up) for _one in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()

        assert len(refused) == 1
        assert (again(sale).written_off, fresh(ann).debt) == (600, 400)


class TestTheCreditLimit:
    def test_is_found_when_more_is_owed(self):
        shop = create_shop()
        over, within, free = (create_customer(shop, name=name) for name in ("Over", "Within", "Free"))
        for customer in (over, within, free):
            owing(customer, 1000)

        set_credit_limit(over, Decimal(999), by=BY)
        set_credit_limit(within, Decimal(1000), by=BY)

        assert names_where(shop, "over_credit_limit = true") == {"Over"}
        assert names_where(shop, "credit_limit IS NULL") == {"Free"}

    @pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1E+30"])
    def test_is_an_amount_that_is_not_below_zero(self, amount):
        ann = create_customer()

        with pytest.raises(BadValue):
            set_credit_limit(ann, Decimal(amount), by=BY)

        assert fresh(ann).credit_limit is None


class TestOverdue:
    def test_is_what_of_the_debt_should_have_been_paid(self):
        ann = create_customer(name="Ann")
        bob = create_customer(ann.shop, name="Bob")
        owing(ann, 300, due_on=TODAY - timedelta(days=1))
        owing(ann, 200, due_on=TODAY)
        owing(bob, 500, due_on=TODAY + timedelta(days=9))

        assert names_where(ann.shop, "overdue = 300", NOW) == {"Ann"}
        assert names_where(ann.shop, "overdue = 0", NOW) == {"Bob"}
