"""Debts on pages: the lists, the customer's tab, the dialogs, and figures that are the same everywhere [T31, T113]."""

import csv
import io
import random
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from regulars.customers.bulk import create_many
from regulars.customers.checks import all_checks
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer, Source
from regulars.customers.profile import read_profile
from regulars.kit import money
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.ageing import owed_to
from regulars.orders.models import Order
from regulars.orders.operations import cancel_order, record_order, record_orders, write_off
from regulars.orders.why import explain
from regulars.shops.models import Shop, Staff
from regulars.shops.operations import create_api_key
from regulars.transfer.exports import Asked, export_to
from tests.factories import SYSTEM, create_customer, create_staff
from tests.house.asking import signed_in
from tests.orders.trade import BY, fresh, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def mai() -> Staff:
    return create_staff(role="manager")


@pytest.fixture
def browser(mai) -> Client:
    return signed_in(mai)


def owing(shop: Shop, name: str, total: int = 1000, paid: int = 0, **facts) -> tuple[Customer, Order]:
    ann = create_customer(shop, name=name)
    made = record_order(shop, order(total=total, paid=paid, customer_id=ann.pk, **facts), by=BY)
    return fresh(ann), Order.objects.of(shop).get(pk=made.order_id)


def url(staff: Staff, path: str) -> str:
    return f"/s/{staff.shop.slug}/{path}"


def exported(folder: Path, shop: Shop, kind: str, where: str, *fields: str) -> list[list[str]]:
    """The rows of a file, without its header."""
    path = folder / "out.csv"
    export_to(path, shop, Asked(kind=kind, where=where, fields=fields), by=SYSTEM)
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1:]


class TestTheDebtsPage:
    def test_lists_customers_by_debt_and_orders_by_due_date(self, browser, mai):
        owing(mai.shop, "Little", 10, number="POS-1")
        owing(mai.shop, "Much", 1000, paid=1, number="POS-2")
        owing(mai.shop, "Nothing", 5, paid=5, number="POS-3")

        people = browser.get(url(mai, "debts/")).content.decode()
        orders = browser.get(url(mai, "debts/orders/")).content.decode()

        assert people.index(">Much<") < people.index(">Little<") and ">Nothing<" not in people
        assert "POS-1" in orders and "POS-2" in orders and "POS-3" not in orders
        assert "1,009" in people and "1,009" in orders

    @pytest.mark.parametrize("sort", ["debt", "-overdue", "oldest_due", "-latest", "name"])
    def test_sorts_customers(self, browser, mai, sort):
        owing(mai.shop, "Ann")

        assert ">Ann<" in browser.get(url(mai, f"debts/?sort={sort}")).content.decode()

    @pytest.mark.parametrize("sort", ["-owed", "due_on", "-days_late", "placed_at"])
    def test_sorts_orders(self, browser, mai, sort):
        owing(mai.shop, "Ann", number="#7")

        assert "#7" in browser.get(url(mai, f"debts/orders/?sort={sort}")).content.decode()

    def test_shows_agents_only_what_their_own_customers_owe(self, mai):
        owing(mai.shop, "Somebody's", 777, number="#777")
        agent = create_staff(mai.shop, role="agent", only_own=True)

        for path in ("debts/", "debts/orders/"):
            page = signed_in(agent).get(url(mai, path)).content.decode()
            assert "777" not in page and "Somebody" not in page

    def test_asks_as_often_for_many_as_for_few(self, browser, mai, django_assert_max_num_queries):
        for n in range(12):
            owing(mai.shop, f"Ann {n}")

        for path in ("debts/", "debts/orders/"):
            with django_assert_max_num_queries(40):
                browser.get(url(mai, path))


class TestTheDialogs:
    def test_write_off_and_take_back(self, browser, mai):
        ann, sale = owing(mai.shop, "Ann")

        browser.post(url(mai, f"orders/{sale.pk}/write-off/"), {"amount": "400", "reason": "a friend"})
        assert fresh(ann).debt == 600

        browser.post(url(mai, f"orders/{sale.pk}/write-off/back/"), {"amount": "100", "reason": "paid"})
        assert fresh(ann).debt == 700

    @pytest.mark.parametrize(
        "given", [{"amount": "1001", "reason": "x"}, {"amount": "1", "reason": ""}, {"amount": ""}]
    )
    def test_refuse_what_cannot_be_written_off(self, browser, mai, given):
        ann, sale = owing(mai.shop, "Ann")

        answer = browser.post(url(mai, f"orders/{sale.pk}/write-off/"), given)

        assert answer.status_code == 422 and fresh(ann).debt == 1000

    def test_set_and_clear_the_due_date(self, browser, mai):
        _ann, sale = owing(mai.shop, "Ann")
        address = url(mai, f"orders/{sale.pk}/due/")

        browser.post(address, {"due_on": "2026-12-24"})
        sale.refresh_from_db()
        assert str(sale.due_on) == "2026-12-24"

        assert browser.post(address, {"due_on": "1999-01-01"}).status_code == 422
        browser.post(address, {"due_on": ""})
        sale.refresh_from_db()
        assert sale.due_on is None

    def test_a_credit_limit_warns_on_the_customer_and_on_the_order(self, browser, mai):
        ann, sale = owing(mai.shop, "Ann")

        browser.post(url(mai, f"customers/{ann.pk}/credit-limit/"), {"credit_limit": "500"})

        for path in (f"customers/{ann.pk}/", f"orders/{sale.pk}/"):
            assert "more than the credit limit" in browser.get(url(mai, path)).content.decode()
        browser.post(url(mai, f"customers/{ann.pk}/credit-limit/"), {"credit_limit": ""})
        assert fresh(ann).credit_limit is None

    def test_agents_neither_write_off_nor_set_limits(self, mai):
        ann, sale = owing(mai.shop, "Ann")
        agent = signed_in(create_staff(mai.shop, role="agent"))

        assert agent.post(url(mai, f"orders/{sale.pk}/write-off/"), {"amount": "1", "reason": "x"}).status_code == 403
        assert agent.post(url(mai, f"customers/{ann.pk}/credit-limit/"), {"credit_limit": "1"}).status_code == 403


class TestThePageOfAnOrder:
    DUE, GIVE_UP, OWE_AGAIN, PAY, TAKE_BACK = "due/", "write-off/", "write-off/back/", "payment/", "return/"

    def offered(self, staff: Staff, sale: Order) -> set[str]:
        """What the page of an order leads to."""
        address = url(staff, f"orders/{sale.pk}/")
        page = signed_in(staff).get(address).content.decode()
        deeds = (self.DUE, self.GIVE_UP, self.OWE_AGAIN, self.PAY, self.TAKE_BACK, "refund/")
        return {one for one in deeds if f'href="{address}{one}"' in page}

    def test_offers_a_day_and_a_write_off_while_something_is_owed(self, mai):
        _ann, sale = owing(mai.shop, "Ann")
        assert {self.DUE, self.GIVE_UP} < self.offered(mai, sale)

        write_off(sale, Decimal(1000), reason="a friend", by=BY)

        assert self.offered(mai, sale) >= {self.OWE_AGAIN, self.PAY}
        assert not self.offered(mai, sale) & {self.DUE, self.GIVE_UP}

    def test_offers_agents_no_write_off(self, mai):
        _ann, sale = owing(mai.shop, "Ann")
        agent = create_staff(mai.shop, role="agent")

        assert self.DUE in self.offered(agent, sale) and self.GIVE_UP not in self.offered(agent, sale)

    def test_offers_only_the_refund_of_what_was_paid_once_it_is_cancelled(self, browser, mai):
        _ann, paid = owing(mai.shop, "Ann", 1000, paid=300, number="#1")
        _bob, unpaid = owing(mai.shop, "Bob", 1000, number="#2")
        for sale in (paid, unpaid):
            cancel_order(sale, by=BY)

        assert self.offered(mai, paid) == {"refund/"} and self.offered(mai, unpaid) == set()
        page = browser.get(url(mai, f"orders/{paid.pk}/")).content.decode()
        assert "₫300 was paid and is not back yet" in page


class TestTheTabOfDebts:
    def test_shows_each_order_what_was_paid_and_a_total_that_is_the_figure(self, browser, mai):
        ann, sale = owing(mai.shop, "Ann", 1000, paid=300, number="#12")
        write_off(sale, Decimal(100), reason="a friend", by=BY)

        page = browser.get(url(mai, f"customers/{ann.pk}/?tab=debts")).content.decode()

        assert "#12" in page and "written off" in page
        assert "Together ₫600, equal to the debt" in page

    def test_shows_a_credit_beside_it(self, browser, mai):
        ann, _sale = owing(mai.shop, "Ann", 100, paid=130)

        page = browser.get(url(mai, f"customers/{ann.pk}/?tab=debts")).content.decode()

        assert "Paid too much" in page and "₫30" in page


class TestDeletingADebtor:
    def told(self, browser, mai, customer):
        """What is asked before they are deleted."""
        page = browser.get(url(mai, f"customers/{customer.pk}/")).content.decode()
        return unescape("".join(re.findall(r'data-confirm="(Delete [^"]*)"', page)))

    def test_warns_that_the_debt_stays(self, browser, mai):
        ann, _sale = owing(mai.shop, "Ann")

        told = self.told(browser, mai, ann)

        assert told.startswith("Delete Ann?\nThis customer owes ₫1,000. Deleting changes nothing of it")

    def test_warns_of_a_credit_and_of_both(self, browser, mai):
        ann, _sale = owing(mai.shop, "Ann", 100, paid=130)
        assert "This customer paid ₫30 too much, which is not paid back." in self.told(browser, mai, ann)

        record_order(mai.shop, order("A-2", total=1000, customer_id=ann.pk), by=BY)

        told = self.told(browser, mai, ann)
        assert "owes ₫1,000. This customer paid ₫30 too much" in told

    def test_asks_nothing_of_others(self, browser, mai):
        assert self.told(browser, mai, create_customer(mai.shop, name="Bob")) == ""


class TestTheFiguresPage:
    def test_goes_red_and_green_again(self, browser, mai):
        ann, _sale = owing(mai.shop, "Ann")
        Customer.objects.filter(pk=ann.pk).update(debt=7)

        browser.post(url(mai, "settings/figures/check"))
        run_waiting_jobs()
        red = browser.get(url(mai, "settings/figures/")).content.decode()
        browser.post(url(mai, "settings/figures/check"), {"do": "repair"})
        run_waiting_jobs()
        green = browser.get(url(mai, "settings/figures/")).content.decode()

        assert "1 differ" in red and f"Customer #{ann.pk}" in red and "Repair" in red
        assert "differ</" not in green and green.count("All equal") == len(all_checks())
        assert fresh(ann).debt == 1000

    def test_days_to_pay_are_a_setting(self, browser, mai):
        form = {"name": "Shop", "country": "VN", "timezone": "Asia/Ho_Chi_Minh", "language": "en",
                "order_counter": "placed", "leap_birthdays": "28 feb"}  # fmt: skip

        assert browser.post(url(mai, "settings/"), {**form, "payment_days": "366"}).status_code == 422
        browser.post(url(mai, "settings/"), {**form, "payment_days": "14"})

        assert Shop.objects.get(pk=mai.shop_id).payment_days == 14


FIGURES = ("orders", "total_spent", "average_order", "debt", "refunded", "gross_spent", "spent_3m")
COLUMNS = {"orders": "orders_count"}


class TestAFigureIsTheSameEverywhere:
    def test_for_a_thousand_customers(self, mai, tmp_path):
        """T31: list, profile, file and API say the same, byte by byte."""
        draw = random.Random(31)
        drafts = [read_profile({"name": f"Ann {n}"}, country="VN") for n in range(1000)]
        facts = []
        for pk in create_many(mai.shop, drafts, by=SYSTEM, source=Source.MANUAL):
            for _n in range(draw.randrange(4)):
                total = draw.randrange(1, 900)
                facts.append(order(total=total, paid=draw.randrange(total + 20), customer_id=pk))
        record_orders(mai.shop, facts, by=BY)
        ctx = context_for(mai.shop)
        rows = {row["id"]: row for row in customer_fields.fetch(Customer.objects.of(mai.shop), FIGURES, ctx, ["id"])}
        listed = {pk: [customer_fields[name].plain(row, ctx) for name in FIGURES] for pk, row in rows.items()}

        files = {row[0]: row[1:] for row in exported(tmp_path, mai.shop, "customers", "", "name", *FIGURES)}
        by_api = api_figures(mai.shop)

        assert len(listed) == 1000
        for ann in Customer.objects.of(mai.shop).select_related("shop"):
            profile = [_plain(ann, name) for name in FIGURES]
            assert profile == listed[ann.pk] == files[ann.name] == by_api[ann.name]

    def test_sums_of_customers_debts_are_the_total_and_the_files(self, mai, tmp_path):
        """T113."""
        for n in range(20):
            owing(mai.shop, f"Ann {n}", 100 + n, paid=n)

        in_files = sum(Decimal(row[0]) for row in exported(tmp_path, mai.shop, "customers", "debt > 0", "debt"))
        of_orders = sum(Decimal(row[0]) for row in exported(tmp_path, mai.shop, "orders", "owed > 0", "owed"))

        assert owed_to(mai.shop).total == in_files == of_orders == 2000


def _plain(ann: Customer, name: str) -> str:
    """A figure as the profile explains it."""
    total = explain(ann, COLUMNS.get(name, name)).total
    if total is None:
        return ""
    return str(total) if name == "orders" else money.plain(total, ann.shop.currency)


def api_figures(shop: Shop) -> dict[str, list[str]]:
    """What the API says of everybody, by name."""
    _key, secret = create_api_key(shop, "Till", ["customers.read", "orders.read"], by=SYSTEM)
    client, found, cursor = Client(), {}, ""
    while cursor is not None:
        asked = {"limit": 100, "fields": ",".join(("name", *FIGURES))} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/customers", asked, headers={"Authorization": f"Bearer {secret}"}).json()
        for row in answer["customers"]:
            found[row["name"]] = ["" if row[name] is None else str(row[name]) for name in FIGURES]
        cursor = answer["next"]
    return found
