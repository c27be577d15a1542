"""Acting on many: ticking, "all that match", tags with Undo, deleting and restoring."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Customer, Tag
from regulars.shops.models import Staff
from tests.browser.conftest import Visit
from tests.browser.scene import EVERYBODY, alive, dialog, lively_shop, pick, row, rows, toast


@pytest.fixture
def lan(database: None) -> Staff:
    return lively_shop()


@pytest.fixture
def customers(visit: Visit, lan: Staff) -> Page:
    return visit(lan, "customers/?sort=name&size=25")


def bar(page: Page):
    return page.get_by_role("form", name="Selected customers")


def tick(page: Page, name: str, **click) -> None:
    page.get_by_role("checkbox", name=f"Select {name}").click(**click)


def tagged(staff: Staff, name: str) -> set[str]:
    tag = Tag.objects.of(staff.shop).get(name=name)
    return set(Customer.objects.of(staff.shop).filter(tag_ids__contains=[tag.pk]).values_list("name", flat=True))


class TestTicking:
    def test_counts_in_a_bar_that_goes_away_again(self, customers):
        tick(customers, "Budi Santoso")
        expect(bar(customers)).to_contain_text("1 selected")

        customers.get_by_role("button", name="Select nothing").click()

        expect(bar(customers)).to_be_hidden()

    def test_takes_a_range_with_shift(self, customers):
        tick(customers, "Guest 03")
        tick(customers, "Guest 07", modifiers=["Shift"])

        expect(bar(customers)).to_contain_text("5 selected")

    def test_takes_the_page_by_its_heading(self, customers):
        customers.get_by_role("checkbox", name="Select this page").check()

        expect(bar(customers)).to_contain_text("25 selected")

    def test_does_not_open_the_row(self, customers):
        tick(customers, "Guest 03")

        expect(customers).to_have_url(re.compile("customers/\\?sort=name"))


class TestAllThatMatch:
    """T83: what is told is what is done."""

    def test_is_told_exactly_without_the_two_that_were_unticked(self, customers, lan):
        customers.get_by_role("checkbox", name="Select this page").check()
        bar(customers).get_by_role("button", name="Select all that match").click()
        expect(bar(customers)).to_contain_text(f"All {EVERYBODY} selected")

        tick(customers, "Guest 01")
        tick(customers, "Guest 02")
        expect(bar(customers)).to_contain_text(f"{EVERYBODY - 2} selected")
        bar(customers).get_by_role("button", name="Tags").click()
        expect(dialog(customers)).to_contain_text(f"{EVERYBODY - 2} customers")
        pick(dialog(customers), "Add", "VIP")
        dialog(customers).get_by_role("button", name=f"Apply to {EVERYBODY - 2} customers").click()

        expect(toast(customers)).to_contain_text("changed")
        assert len(tagged(lan, "VIP")) == EVERYBODY - 2
        assert not tagged(lan, "VIP") & {"Guest 01", "Guest 02"}

    def test_means_the_filter_and_the_search(self, visit, lan):
        page = visit(lan, "customers/?where=tags%20CONTAINS%20Newsletter&size=25")

        page.get_by_role("checkbox", name="Select this page").check()
        bar(page).get_by_role("button", name="Tags").click()

        expect(dialog(page)).to_contain_text("11 customers")


class TestTagging:
    def test_many_adds_and_removes_and_can_be_undone(self, customers, lan):
        tick(customers, "Budi Santoso")
        tick(customers, "Nguyễn Thị Đào") if row(customers, "Nguyễn Thị Đào").count() else tick(customers, "Guest 05")
        bar(customers).get_by_role("button", name="Tags").click()
        pick(dialog(customers), "Add", "Silk")
        pick(dialog(customers), "Remove", "Newsletter")
        dialog(customers).get_by_role("button", name="Apply to 2 customers").click()

        expect(toast(customers)).to_contain_text("Tags of 2 customers changed.")
        expect(row(customers, "Budi Santoso")).to_contain_text("Silk")
        assert "Guest 05" not in tagged(lan, "Newsletter")
        expect(customers).to_have_url(re.compile("sort=name&size=25"))

        toast(customers).get_by_role("button", name="Undo").click()

        expect(toast(customers)).to_contain_text("Undone.")
        expect(row(customers, "Budi Santoso")).not_to_contain_text("Silk")
        assert "Guest 05" in tagged(lan, "Newsletter")

    def test_makes_a_new_tag_of_what_is_typed(self, customers, lan):
        tick(customers, "Guest 01")
        customers.keyboard.press("t")
        field = dialog(customers).locator(".ts-wrapper input").and_(dialog(customers).get_by_label("Add"))
        field.fill("Đặc biệt")
        field.press("Enter")
        dialog(customers).get_by_role("button", name="Apply to 1 customer").click()

        expect(row(customers, "Guest 01")).to_contain_text("Đặc biệt")
        assert tagged(lan, "Đặc biệt") == {"Guest 01"}


class TestDeleting:
    def test_names_the_count_and_the_consequence_and_fills_the_bin(self, customers, lan):
        tick(customers, "Guest 01")
        tick(customers, "Guest 03", modifiers=["Shift"])
        bar(customers).get_by_role("button", name="Delete").click()
        expect(dialog(customers)).to_contain_text("These 3 customers move to the bin for 30 days")

        dialog(customers).get_by_role("button", name="Delete 3 customers").click()

        expect(toast(customers)).to_contain_text("3 customers moved to the bin.")
        expect(row(customers, "Guest 02")).to_have_count(0)
        assert alive(lan) == EVERYBODY - 3

    def test_can_be_taken_back_one_by_one_from_the_bin(self, customers, lan):
        tick(customers, "Guest 01")
        tick(customers, "Guest 02")
        bar(customers).get_by_role("button", name="Delete").click()
        dialog(customers).get_by_role("button", name="Delete 2 customers").click()
        expect(toast(customers)).to_be_visible()

        customers.goto(f"/s/{lan.shop.slug}/customers/bin/")
        expect(rows(customers)).to_have_count(2)
        customers.get_by_role("button", name="Actions for Guest 01").click()
        customers.get_by_role("menuitem", name="Restore").click()

        expect(toast(customers)).to_be_visible()
        assert alive(lan) == EVERYBODY - 1

    def test_asks_again_before_somebody_is_removed_for_good(self, customers, lan):
        tick(customers, "Guest 01")
        bar(customers).get_by_role("button", name="Delete").click()
        dialog(customers).get_by_role("button", name="Delete 1 customer").click()
        expect(toast(customers)).to_be_visible()
        customers.goto(f"/s/{lan.shop.slug}/customers/bin/")

        customers.get_by_role("button", name="Actions for Guest 01").click()
        customers.get_by_role("menuitem", name="Remove for good").click()
        question = customers.get_by_role("dialog", name="Remove Guest 01 for good?")
        expect(question).to_contain_text("This cannot be taken back.")
        question.get_by_role("link", name="Cancel").click()
        assert Customer.objects.of(lan.shop).count() == EVERYBODY

        customers.get_by_role("button", name="Actions for Guest 01").click()
        customers.get_by_role("menuitem", name="Remove for good").click()
        question.get_by_role("button", name="Remove for good").click()

        expect(toast(customers)).to_be_visible()
        assert Customer.objects.of(lan.shop).count() == EVERYBODY - 1


class TestTheRowsMenu:
    def test_acts_on_one_customer(self, customers, lan):
        customers.get_by_role("button", name="Actions for Guest 04").click()
        customers.get_by_role("menuitem", name="Delete").click()
        expect(dialog(customers)).to_contain_text("1 customer")

        dialog(customers).get_by_role("button", name="Delete 1 customer").click()

        expect(row(customers, "Guest 04")).to_have_count(0)
        assert alive(lan) == EVERYBODY - 1
