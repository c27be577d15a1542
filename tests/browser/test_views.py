"""Saved views and groups by rule, as people work with them."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Group
from regulars.segments.models import GroupRule, SavedView
from regulars.segments.saved_views import Look, create_view
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE
from tests.browser.scene import CAST, colleague_of, customer, dialog, fill, lively_shop, names, open_shop, toast
from tests.browser.visiting import colour_faults, darken, scrolls_sideways, violations, work

BUYERS = Look(where="orders >= 1", sort="name")


@pytest.fixture
def lan(database: None) -> Staff:
    return lively_shop(8)


def tab(page: Page, name: str):
    return page.get_by_role("navigation", name="Views").get_by_role("link", name=name, exact=True)


def is_open(page: Page, name: str) -> None:
    expect(tab(page, name)).to_have_attribute("aria-current", "page")


class TestAView:
    def test_is_saved_from_the_list_and_opened_again(self, visit, lan):
        page = visit(lan, "customers/")
        page.get_by_role("link", name="5+ orders").click()
        page.get_by_role("link", name="Save view").click()
        dialog(page).get_by_label("Name").fill("Regulars")
        dialog(page).get_by_role("button", name="Save").click()

        is_open(page, "Regulars")
        expect(toast(page)).to_contain_text("is saved")
        tab(page, "All").click()
        is_open(page, "All")
        tab(page, "Regulars").click()
        is_open(page, "Regulars")
        expect(page.locator("#list-figures")).to_contain_text("1 of 13")
        assert names(page) == ["Nguyễn Thị Đào"]

    def test_keeps_a_change_only_when_told(self, visit, lan):
        create_view(lan, "customers", "Buyers", BUYERS)
        page = visit(lan, "customers/")
        tab(page, "Buyers").click()
        is_open(page, "Buyers")
        page.get_by_role("link", name="With debt").click()
        expect(page.get_by_role("button", name="Save changes")).to_be_visible()
        is_open(page, "Buyers")

        page.get_by_role("link", name="Reset").click()
        expect(page.get_by_role("button", name="Save changes")).to_have_count(0)
        page.get_by_role("link", name="With debt").click()
        page.get_by_role("button", name="Save changes").click()

        expect(toast(page)).to_contain_text("is saved")
        assert "debt" in SavedView.objects.get(owner=lan).where

    def test_of_a_name_that_is_taken_replaces_it_when_confirmed(self, visit, lan):
        create_view(lan, "customers", "Buyers", BUYERS)
        page = visit(lan, "customers/?where=debt > 0")
        page.get_by_role("link", name="Save view").click()
        dialog(page).get_by_label("Name").fill("Buyers")
        dialog(page).get_by_role("button", name="Save").click()
        dialog(page).get_by_role("button", name="Replace it").click()

        is_open(page, "Buyers")
        assert SavedView.objects.get(owner=lan).where == "debt > 0"

    def test_opens_the_list_when_it_is_the_default_one(self, visit, lan):
        create_view(lan, "customers", "Buyers", BUYERS, is_default=True)
        page = visit(lan, "customers/")

        is_open(page, "Buyers")
        tab(page, "All").click()
        is_open(page, "All")
        page.reload()
        is_open(page, "All")

    def test_is_arranged_renamed_and_removed_in_a_dialog(self, visit, lan):
        for name in ("First", "Second"):
            create_view(lan, "customers", name, BUYERS, is_pinned=name == "First")
        page = visit(lan, "customers/?view=all")
        page.get_by_role("button", name="More views").click()
        expect(page.get_by_role("menuitem", name="Second")).to_be_visible()
        page.get_by_role("menuitem", name="Arrange and change views").click()

        dialog(page).get_by_role("button", name="Move Second up").press("Enter")
        expect(dialog(page).locator("li .strong").first).to_have_text("Second")
        dialog(page).get_by_role("button", name="Remove First").click()
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(dialog(page).get_by_text("First")).to_have_count(0)
        dialog(page).get_by_role("link", name="Change Second").click()
        dialog(page).get_by_label("Name").fill("Renamed")
        dialog(page).get_by_role("button", name="Save").click()

        expect(page.get_by_role("link", name="Renamed", exact=True)).to_be_visible()
        assert list(SavedView.objects.filter(owner=lan).values_list("name", flat=True)) == ["Renamed"]

    def test_of_the_team_is_there_for_a_colleague(self, visit, lan):
        create_view(lan, "customers", "Ours", BUYERS, is_team=True)

        is_there = tab(visit(colleague_of(lan), "customers/"), "Ours")

        expect(is_there).to_be_visible()

    def test_works_without_scripts(self, visit, lan):
        page = visit(lan, "customers/?where=debt > 0", java_script_enabled=False)
        page.get_by_role("link", name="Save view").click()
        page.get_by_label("Name").fill("Owing")
        page.get_by_role("button", name="Save").click()

        is_open(page, "Owing")

    def test_fits_a_phone(self, visit, lan):
        for n in range(6):
            create_view(lan, "customers", f"A view with a long name {n}", BUYERS)
        page = visit(lan, "customers/?view=all&where=debt > 0", **PHONE)

        assert not scrolls_sideways(page)
        expect(page.get_by_role("link", name="Save view")).to_be_visible()
        assert violations(page) == []


class TestAGroupByRule:
    def test_takes_its_customers_after_it_said_whom(self, visit, lan):
        page = visit(lan, "groups/new?where=orders >= 5")
        expect(page.get_by_role("status").filter(has_text="Coming in")).to_contain_text("1 customer from Standard")
        page.get_by_label("Name").fill("Gold")
        page.get_by_role("button", name="Save").click()
        expect(toast(page)).to_contain_text("was added")
        work()
        page.reload()

        row = page.locator("#group-list li").filter(has_text="Gold")
        expect(row).to_contain_text("1 customer")
        row.get_by_role("link", name="1 customer").click()
        expect(page.locator("#list-figures")).to_contain_text("1 of 13")
        assert names(page) == ["Nguyễn Thị Đào"]

    def test_is_put_before_another_by_keyboard(self, visit, database):
        lan = open_shop()
        fill(lan.shop, CAST)
        page = visit(lan, "groups/")
        for name, least in (("Silver", 1), ("Gold", 5)):
            page.goto(f"/s/{lan.shop.slug}/groups/new?where=orders >= {least}")
            page.get_by_label("Name").fill(name)
            page.get_by_role("button", name="Save").click()
            expect(page.get_by_role("heading", name="Groups", exact=True)).to_be_visible()

        with page.expect_response(re.compile("/order")):
            page.get_by_role("button", name="Move Gold up").press("Enter")
        expect(page.locator("#group-list .strong").first).to_have_text("Gold")

        assert list(GroupRule.objects.of(lan.shop).values_list("group__name", flat=True)) == ["Gold", "Silver"]

    def test_is_removed_without_its_customers(self, visit, lan):
        page = visit(lan, "groups/new")
        page.get_by_label("Name").fill("Gold")
        page.get_by_role("button", name="Save").click()
        dao = customer(lan, "Nguyễn Thị Đào")
        page.goto(f"/s/{lan.shop.slug}/customers/{dao.pk}/")
        with page.expect_response(re.compile("/group/")):
            page.get_by_role("combobox", name="Group").select_option("Gold")

        page.goto(f"/s/{lan.shop.slug}/groups/")
        page.get_by_role("link", name="Remove Gold").click()
        expect(dialog(page)).to_contain_text("1 customer")
        dialog(page).get_by_role("button", name="Remove the group").click()

        expect(toast(page)).to_contain_text("was removed")
        assert customer(lan, "Nguyễn Thị Đào").group.key == "standard"
        assert not Group.objects.of(lan.shop).filter(name="Gold").exists()

    @pytest.mark.parametrize("path", ["groups/", "groups/new?where=orders >= 1", "customers/views/new?where=debt > 0"])
    def test_has_pages_everybody_can_read(self, visit, lan, path):
        page = visit(lan, path)

        assert violations(page) == []
        darken(page)
        assert colour_faults(page) == []
