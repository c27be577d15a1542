"""Everything by hand on the keys: the list, the search for everything, menus."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.shops.models import Staff
from tests.browser.conftest import Visit
from tests.browser.scene import customer, dialog, list_search, lively_shop


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop()


@pytest.fixture
def customers(visit: Visit, lan: Staff) -> Page:
    return visit(lan, "customers/?sort=name")


class TestTheListByKeys:
    def test_slash_goes_to_the_search_of_the_list(self, customers):
        customers.keyboard.press("/")

        expect(list_search(customers)).to_be_focused()

    def test_j_and_k_move_and_enter_opens(self, customers):
        for key in "jjjk":
            customers.keyboard.press(key)
        expect(customers.locator("tr.is-here")).to_contain_text("Budi Santoso")

        customers.keyboard.press("Enter")

        expect(customers.get_by_role("heading", name="Budi Santoso")).to_be_visible()

    def test_x_ticks(self, customers):
        customers.keyboard.press("j")
        customers.keyboard.press("x")
        customers.keyboard.press("j")
        customers.keyboard.press("x")

        expect(customers.get_by_role("form", name="Selected customers")).to_contain_text("2 selected")

    def test_e_edits(self, customers, lan):
        customers.keyboard.press("j")
        customers.keyboard.press("e")

        expect(customers).to_have_url(re.compile(f"/customers/{customer(lan, 'Andrei Țurcanu').pk}/edit/"))

    def test_t_tags_the_row_one_is_at(self, customers):
        customers.keyboard.press("j")
        customers.keyboard.press("t")

        expect(dialog(customers)).to_contain_text("Tags · 1 customer")
        customers.keyboard.press("Escape")
        expect(dialog(customers)).to_be_hidden()

    def test_letters_in_a_field_are_text(self, customers):
        list_search(customers).press_sequentially("jx")

        expect(customers.locator("tr.is-here")).to_have_count(0)
        expect(list_search(customers)).to_have_value("jx")


class TestTheSearchForEverything:
    def test_opens_by_ctrl_k_and_goes_on_by_arrows_and_enter(self, customers):
        customers.keyboard.press("Control+k")
        everything = customers.get_by_role("combobox", name="Search everything")
        expect(everything).to_be_focused()
        everything.press_sequentially("guest 1")
        hits = customers.get_by_role("option")
        expect(hits.first).to_have_attribute("aria-selected", "true")
        second = hits.nth(1).locator(".search-text > span").first.inner_text()

        customers.keyboard.press("ArrowDown")
        expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
        customers.keyboard.press("Enter")

        expect(customers.get_by_role("heading", name=second, exact=True)).to_be_visible()

    @pytest.mark.parametrize(("typed", "why"), [("0912345678", "Phone"), ("#1003", "Order"), ("dao", "name")])
    def test_says_why_somebody_was_found(self, customers, typed, why):
        customers.keyboard.press("Control+k")
        customers.keyboard.type(typed)

        hit = customers.get_by_role("option", name=re.compile("Nguyễn Thị Đào")).first
        expect(hit).to_be_visible()
        expect(hit).to_contain_text(re.compile(why, re.IGNORECASE))

    def test_closes_by_escape(self, customers):
        customers.keyboard.press("Control+k")
        customers.keyboard.type("guest")
        expect(customers.get_by_role("listbox", name="Found")).to_be_visible()

        customers.keyboard.press("Escape")

        expect(customers.get_by_role("listbox", name="Found")).to_be_hidden()

    def test_finds_pages_and_actions(self, customers):
        customers.keyboard.press("Control+k")
        customers.keyboard.type("import")

        expect(
            customers.get_by_role("option", name=re.compile("Import customers", re.IGNORECASE)).first
        ).to_be_visible()


class TestMenus:
    def test_open_move_and_close_by_keys(self, customers):
        button = customers.get_by_role("button", name="Actions for Budi Santoso")
        button.focus()
        customers.keyboard.press("Enter")
        expect(customers.get_by_role("menuitem", name="Open")).to_be_focused()

        customers.keyboard.press("ArrowDown")
        expect(customers.get_by_role("menuitem", name="Edit")).to_be_focused()
        customers.keyboard.press("End")
        expect(customers.get_by_role("menuitem", name="Delete")).to_be_focused()
        customers.keyboard.press("Escape")

        expect(customers.get_by_role("menu", name="Customer")).to_be_hidden()

    def test_the_first_tab_skips_to_the_content(self, customers):
        customers.keyboard.press("Tab")

        expect(customers.get_by_role("link", name="Skip to the content")).to_be_focused()
