"""Without JavaScript everything is links and forms; and no name, however odd, breaks a page."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.profile import read_profile
from regulars.shops.models import Staff
from tests.browser.conftest import Visit
from tests.browser.scene import EVERYBODY, alive, customer, fill, lively_shop, names, open_shop, rows

NAUGHTY = json.loads((Path(__file__).parents[1] / "samples" / "strings" / "blns.json").read_text())
WORST = [
    "undefined", "Infinity", "0x0", '"', "''''\"", "﷽", "🏳0🌈️", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "👩🏽",
    "<script>alert(123)</script>", '"><script>alert(123)</script>', "';alert(123);t='",
    "</textarea><script>alert(123)</script>",
    '" autofocus onkeyup="javascript:alert(123)', "<IMG SRC=# onmouseover=\"alert('xxs')\">", "1;DROP TABLE users",
    '{{ "".__class__.__mro__[2].__subclasses__()[40]("/etc/passwd").read() }}', "i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "test\u2060test\u202b",
]  # fmt: skip


class TestWithoutJavaScript:
    @pytest.fixture(scope="class")
    def lan(self, database: None) -> Staff:
        return lively_shop()

    def open(self, visit: Visit, staff: Staff, path: str) -> Page:
        return visit(staff, path, java_script_enabled=False)

    def test_the_list_searches_by_its_form(self, visit, lan):
        page = self.open(visit, lan, "customers/")
        page.get_by_role("searchbox", name="Search this list").fill("dao")
        page.get_by_role("searchbox", name="Search this list").press("Enter")

        assert names(page) == ["Nguyễn Thị Đào"]

    def test_the_list_filters_sorts_and_turns_pages_by_links(self, visit, lan):
        page = self.open(visit, lan, "customers/?size=25")
        page.get_by_role("columnheader", name="Customer").get_by_role("link").click()
        page.get_by_role("link", name="Next page").click()
        expect(rows(page)).to_have_count(25)
        page.get_by_role("link", name="5+ orders").click()
        assert names(page) == ["Nguyễn Thị Đào"]

        page.get_by_role("link", name="5+ orders").first.click()

        expect(rows(page)).to_have_count(25)

    def test_a_filter_is_added_on_pages_of_its_own(self, visit, lan):
        page = self.open(visit, lan, "customers/")
        page.get_by_role("link", name="Add filter").click()
        page.get_by_role("link", name=re.compile("^Total spent")).click()
        page.get_by_label("Condition").select_option(label="is at least")
        page.get_by_role("textbox", name=re.compile("^Value")).fill("1000000")
        page.get_by_role("button", name="Apply").click()

        assert names(page) == ["Nguyễn Thị Đào"]

    def test_columns_are_chosen(self, visit, lan):
        page = self.open(visit, lan, "customers/")
        page.get_by_role("link", name="Columns").click()
        page.get_by_role("checkbox", name="Gender").check()
        page.get_by_role("button", name="Show these columns").click()

        expect(page.get_by_role("columnheader", name="Gender")).to_be_visible()

    def test_a_customer_is_added_and_edited(self, visit, lan):
        page = self.open(visit, lan, "customers/new/")
        page.get_by_role("textbox", name="Name", exact=True).fill("Không Script")
        page.get_by_role("button", name="Add customer").click()
        expect(page.get_by_role("heading", name="Không Script")).to_be_visible()

        page.get_by_role("link", name="Edit").first.click()
        page.locator("[name=company]").fill("Giấy & Bút")
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page.get_by_role("heading", name="Không Script")).to_be_visible()
        assert customer(lan, "Không Script").company == "Giấy & Bút"

    def test_the_page_of_a_customer_works_by_links_and_forms(self, visit, lan):
        page = self.open(visit, lan, f"customers/{customer(lan, 'Guest 20').pk}/")
        page.get_by_role("textbox", name="New note").fill("Written by a form.")
        page.get_by_role("button", name="Add note").click()
        page.get_by_role("link", name=re.compile("^Notes")).click()

        expect(page.locator("#customer-tab")).to_contain_text("Written by a form.")

    def test_the_navigation_of_a_phone_opens(self, visit, lan):
        page = visit(
            lan, "customers/", java_script_enabled=False, viewport={"width": 390, "height": 844}, is_mobile=True
        )
        page.get_by_role("link", name="Menu").click()

        expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Orders")).to_be_in_viewport()

    def test_all_customers_are_still_there(self, lan):
        assert alive(lan) >= EVERYBODY


class TestOddNames:
    @pytest.fixture(scope="class")
    def lan(self, database: None) -> Staff:
        staff = open_shop()
        fill(staff.shop, [{"name": name, "tags": name, "note": name, "company": name} for name in WORST])
        return staff

    def test_come_from_the_collection_of_naughty_strings(self):
        assert len(WORST) == 20
        assert len(set(WORST) & set(NAUGHTY)) > 12

    def test_stand_in_the_list_as_they_are_written(self, visit, lan):
        page = visit(lan, "customers/?size=100")
        asked = []
        page.on("dialog", lambda box: (asked.append(box.message), box.dismiss()))

        shown = set(page.locator("[data-list] .person-name").evaluate_all("all => all.map(one => one.textContent)"))

        assert shown == {read_profile({"name": name}, country="VN").columns["name"] for name in WORST}
        assert asked == []

    @pytest.mark.parametrize("name", WORST, ids=range(len(WORST)))
    def test_stand_on_their_own_page_and_can_be_searched(self, visit, lan, name):
        stored = read_profile({"name": name}, country="VN").columns["name"]
        page = visit(lan, f"customers/{customer(lan, stored).pk}/")
        asked = []
        page.on("dialog", lambda box: (asked.append(box.message), box.dismiss()))

        assert page.get_by_role("heading", level=1).text_content() == stored
        expect(page.locator(".who .ts-control .item").first).to_be_visible()
        page.get_by_role("combobox", name="Search everything").fill(stored)
        expect(page.locator("#search-results")).to_be_visible()

        assert asked == []
