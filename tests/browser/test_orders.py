"""The list of orders, and one order with all that belongs to it."""

import re
from decimal import Decimal

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from regulars.orders.facts import OrderFacts
from regulars.orders.operations import record_order
from regulars.shops.models import Staff
from tests.browser.scene import list_search, lively_shop, names, open_shop, rows
from tests.factories import SYSTEM, create_staff


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop()


class TestTheListOfOrders:
    def test_finds_by_number_and_by_customer(self, visit, lan):
        page = visit(lan, "orders/")
        expect(rows(page)).to_have_count(7)

        list_search(page).fill("#1003")
        expect(rows(page)).to_have_count(1)
        assert names(page) == ["#1003"]

        list_search(page).fill("minh")
        expect(page.locator("[data-list] .person-name")).to_have_text(["#1007"])

    def test_filters_and_sorts_like_any_list(self, visit, lan):
        page = visit(lan, "orders/?where=total%20%3C%20400000")
        expect(page.locator("[data-list] .person-name")).to_have_text(["#1007"])

        page.locator("#list-bar").get_by_role("link", name="Clear all").click()
        expect(rows(page)).to_have_count(7)
        total = page.get_by_role("columnheader", name="Total")
        total.get_by_role("link").click()

        expect(total).to_have_attribute("aria-sort", "descending")
        assert names(page)[-1] == "#1007"


class TestAnOrder:
    def test_shows_lines_sums_payments_and_the_customer(self, visit, lan):
        page = visit(lan, "orders/")
        page.get_by_role("link", name="#1007", exact=True).click()

        expect(page.get_by_role("heading", name="#1007")).to_be_visible()
        expect(page.get_by_role("region", name="Lines")).to_contain_text("Silk scarf")
        expect(page.locator(".sums")).to_contain_text("300,000")
        expect(page.locator(".sums")).to_contain_text("200,000")
        expect(page.get_by_role("region", name="Transactions")).to_contain_text("MM0007")
        expect(page.get_by_text("12 Hàng Bông")).to_be_visible()

        page.get_by_role("link", name="Trần Văn Minh").click()

        expect(page.get_by_role("heading", name="Trần Văn Minh")).to_be_visible()

    def test_in_another_currency_tells_the_amount_and_the_rate_of_that_day(self, visit, lan):
        elsewhere = open_shop().shop
        facts = OrderFacts(
            channel="website", external_id="ro-1", number="#RO1", placed_at=now(), currency="RON", rate=Decimal(5700),
            total=Decimal("434.50"),
        )  # fmt: skip
        record_order(elsewhere, facts, by=SYSTEM)

        page = visit(create_staff(elsewhere), "orders/")
        page.get_by_role("link", name="#RO1", exact=True).click()

        expect(page.locator(".sums-note")).to_have_text(re.compile(r"434\.50 at the rate 5,700 of that day"))
        expect(page.locator(".sums")).to_contain_text("2,476,650")

    def test_leads_back_to_the_orders(self, visit, lan):
        page = visit(lan, "orders/")
        page.get_by_role("link", name="#1001", exact=True).click()

        page.get_by_role("main").get_by_role("link", name="Orders").first.click()

        expect(page).to_have_url(re.compile("/orders/"))
        expect(rows(page)).to_have_count(7)
