"""Money and goods recorded by hand, and orders that are given to whom they belong."""

import pytest
from playwright.sync_api import expect

from regulars.orders.models import Order
from regulars.orders.operations import record_order
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE
from tests.browser.scene import customer, dialog, field, lively_shop, rows, toast
from tests.browser.visiting import scrolls_sideways, violations
from tests.factories import SYSTEM
from tests.orders.trade import order


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop(3)


def page_of(lan, number):
    return f"orders/{Order.objects.of(lan.shop).get(number=number).pk}/"


class TestAnOrder:
    def test_takes_a_part_payment_a_refund_and_a_return(self, visit, lan):
        page = visit(lan, page_of(lan, "#1007"))
        page.get_by_role("link", name="Payment", exact=True).click()
        expect(field(dialog(page), "Amount")).to_have_value("₫200,000")
        assert violations(page) == []

        field(dialog(page), "Amount").fill("80.000")
        field(dialog(page), "Reference").fill("CASH-1")
        dialog(page).get_by_role("button", name="Record payment").click()

        expect(page.locator(".sums .is-owed")).to_contain_text("120,000")
        expect(page.get_by_role("region", name="Transactions")).to_contain_text("CASH-1")

        page.get_by_role("link", name="Refund", exact=True).click()
        field(dialog(page), "Amount").fill("999999")
        dialog(page).get_by_role("button", name="Record refund").click()
        expect(dialog(page).locator(".field-error")).to_contain_text("can be paid back, not 999999")
        field(dialog(page), "Amount").fill("30000")
        dialog(page).get_by_role("button", name="Record refund").click()
        expect(page.locator(".sums")).to_contain_text("-₫30,000")

        page.get_by_role("link", name="Return", exact=True).click()
        dialog(page).get_by_role("spinbutton", name="Silk scarf").fill("1")
        dialog(page).get_by_label("Reason").select_option("Something wrong with the product")
        dialog(page).get_by_role("button", name="Record return").click()

        expect(page.get_by_role("region", name="Returns")).to_contain_text("1 × Silk scarf")
        expect(page.locator(".sums")).to_contain_text("Credited for returns")
        assert customer(lan, "Trần Văn Minh").debt == 0

    def test_is_cancelled_and_taken_up_again_by_undo(self, visit, lan):
        page = visit(lan, page_of(lan, "#1001"))
        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Cancel the order").click()
        expect(page.get_by_text("Cancelled on")).to_be_visible()

        toast(page).get_by_role("button", name="Undo").click()

        expect(page.get_by_text("Cancelled on")).to_have_count(0)

    def test_and_its_dialogs_fit_a_phone(self, visit, lan):
        page = visit(lan, page_of(lan, "#1002"), **PHONE)
        assert not scrolls_sideways(page)

        page.get_by_role("link", name="Return", exact=True).click()
        expect(dialog(page)).to_be_visible()

        assert not scrolls_sideways(page)
        assert violations(page) == []


class TestTransactions:
    def test_lead_from_the_list_to_the_story_and_the_order(self, visit, lan):
        page = visit(lan, "transactions/?search=MM0003")
        expect(rows(page)).to_have_count(1)
        assert violations(page) == []

        rows(page).get_by_role("link", name="MM0003").click()
        expect(page.get_by_role("list", name="How it went")).to_contain_text("Captured")
        assert violations(page) == []
        page.get_by_role("link", name="#1003").click()

        expect(page.get_by_role("heading", name="#1003")).to_be_visible()

    def test_fit_a_phone(self, visit, lan):
        page = visit(lan, "transactions/", **PHONE)

        expect(rows(page).first).to_be_visible()
        assert not scrolls_sideways(page)


class TestRelatedOrders:
    def test_are_attached_together_and_brought_back(self, visit, lan):
        anh = customer(lan, "Lê Hoàng Anh")
        guest = customer(lan, "Guest 01")
        for name in ("g1", "g2"):
            facts = order(name, number=f"#{name}", total=50_000, paid=50_000, email=anh.email, customer_id=guest.pk)
            record_order(lan.shop, facts, by=SYSTEM)
        page = visit(lan, f"customers/{anh.pk}/?tab=related")
        region = page.get_by_role("region", name="Related orders")
        expect(region).to_contain_text("Guest 01")
        assert violations(page) == []

        for name in ("g1", "g2"):
            page.get_by_role("checkbox", name=f"Choose #{name}").check()
        page.get_by_role("button", name="Attach the chosen orders").click()
        expect(toast(page)).to_contain_text("2 orders attached")
        assert customer(lan, "Lê Hoàng Anh").total_spent == 100_000

        toast(page).get_by_role("button", name="Undo").click()
        expect(region).to_contain_text("#g1")
        assert customer(lan, "Guest 01").total_spent == 100_000
        assert customer(lan, "Lê Hoàng Anh").total_spent == 0
