"""Debts in a browser: a part payment, a write-off, the warning beyond a credit limit, a phone."""

from decimal import Decimal

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.orders.facts import OrderFacts
from regulars.orders.operations import record_order
from regulars.shops.models import Staff
from tests.browser.scene import open_shop
from tests.factories import SYSTEM, create_customer


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


def debtor(staff: Staff, number: str) -> Customer:
    """Somebody who owes 1,000,000."""
    dao = create_customer(staff.shop, name="Nguyễn Thị Đào")
    facts = OrderFacts(
        channel="pos", external_id=number, number=number, placed_at=now(), currency="VND", total=Decimal(1_000_000),
        customer_id=dao.pk,
    )  # fmt: skip
    record_order(staff.shop, facts, by=SYSTEM)
    return dao


class TestADebt:
    def test_is_partly_paid_and_the_rest_written_off(self, visit, lan):
        dao = debtor(lan, "POS-1")
        page = visit(lan, "debts/")
        page.get_by_role("link", name="Nguyễn Thị Đào").click()
        debts = page.get_by_role("region", name="Debts")
        expect(debts).to_contain_text("1,000,000")

        debts.get_by_role("button", name="Actions for POS-1").click()
        page.get_by_role("menuitem", name="Record a payment").click()
        page.get_by_label("Amount").fill("400000")
        page.get_by_role("button", name="Record payment").click()
        expect(page.get_by_text("recorded as paid")).to_be_visible()
        page.goto(f"/s/{lan.shop.slug}/customers/{dao.pk}/?tab=debts")
        expect(debts).to_contain_text("600,000")

        debts.get_by_role("button", name="Actions for POS-1").click()
        page.get_by_role("menuitem", name="Write off", exact=True).click()
        page.get_by_label("Reason").fill("A friend of the house")
        page.get_by_role("dialog").get_by_role("button", name="Write off").click()
        expect(page.get_by_text("Nothing is owed.")).to_be_visible()

    def test_beyond_the_credit_limit_is_said(self, visit, lan):
        dao = debtor(lan, "POS-2")
        page = visit(lan, f"customers/{dao.pk}/?tab=debts")

        page.get_by_role("link", name="Set limit").click()
        page.get_by_label("May owe up to").fill("500000")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_text("more than the credit limit of ₫500,000")).to_be_visible()

    def test_fits_a_phone(self, visit, lan):
        debtor(lan, "POS-3")

        for path in ("debts/", "debts/orders/"):
            page = visit(lan, path, viewport={"width": 390, "height": 844})
            expect(page.get_by_text("Owed in all")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
