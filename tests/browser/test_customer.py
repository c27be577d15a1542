"""One customer: adding with a warning of duplicates, editing, two at once, the page with all its tabs."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import colleague_of, customer, dialog, field, lively_shop, pick, toast


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop()


def page_of(visit: Visit, staff: Staff, name: str, query: str = "") -> Page:
    return visit(staff, f"customers/{customer(staff, name).pk}/{query}")


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=re.compile(f"^{name}")).click()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


class TestAdding:
    def test_keeps_all_that_was_typed(self, visit, lan):
        page = visit(lan, "customers/new/")
        field(page, "Name").fill("Phan Thị Ánh")
        field(page, "Phone").fill("0903 111 222")
        field(page, "E-mail").fill("anh.phan@example.com")
        page.get_by_label("Day of birth").fill("3")
        page.get_by_label("Month of birth").select_option(index=2)
        page.get_by_label("Gender").select_option(label="Female")
        pick(page.locator(".profile-form"), "Tags", "VIP")
        page.get_by_label(re.compile("^Note")).fill("Met at the market.")
        page.get_by_role("button", name="Add customer").click()

        expect(page.get_by_role("heading", name="Phan Thị Ánh")).to_be_visible()
        made = customer(lan, "Phan Thị Ánh")
        assert (made.phone, made.email, made.get_gender_display()) == ("+84903111222", "anh.phan@example.com", "Female")
        expect(page.get_by_role("main")).to_contain_text("Met at the market.")

    def test_warns_of_somebody_alike_while_one_types(self, visit, lan):
        page = visit(lan, "customers/new/")

        field(page, "Phone").press_sequentially("+84 912345678")

        warning = page.locator("#similar")
        expect(warning).to_contain_text("Somebody like this is here already")
        expect(warning.get_by_role("link", name="Nguyễn Thị Đào")).to_be_visible()

    def test_says_what_is_wrong_beside_the_field_and_loses_nothing(self, visit, lan):
        page = visit(lan, "customers/new/")
        field(page, "Name").fill("Phan Bội")
        page.get_by_label("Day of birth").fill("31")
        page.get_by_label("Month of birth").select_option(index=2)
        page.get_by_role("button", name="Add customer").click()

        expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
        expect(field(page, "Name")).to_have_value("Phan Bội")
        assert not Customer.objects.of(lan.shop).filter(name="Phan Bội").exists()

    def test_lets_a_phone_stand_that_is_none_after_asking(self, visit, lan):
        page = visit(lan, "customers/new/")
        field(page, "Name").fill("Masked Person")
        field(page, "Phone").fill("09******78")
        page.get_by_role("button", name="Add customer").click()
        expect(page.locator(".field-warning")).to_be_visible()

        page.get_by_role("button", name="Save as it is").click()

        expect(page.get_by_role("heading", name="Masked Person")).to_be_visible()
        assert customer(lan, "Masked Person").phone is None


class TestEditing:
    def test_stands_in_the_timeline_with_old_and_new(self, visit, lan):
        page = page_of(visit, lan, "Guest 10")
        page.get_by_role("link", name="Edit").first.click()
        field(page, "Company").fill("Tơ Tằm")
        page.get_by_role("button", name="Save", exact=True).click()

        expect(page.get_by_role("heading", name="Guest 10")).to_be_visible()
        tab(page, "Timeline")
        expect(page.get_by_role("list", name="Timeline")).to_contain_text("Tơ Tằm")

    def test_asks_before_unsaved_work_is_left(self, visit, lan):
        page = visit(lan, f"customers/{customer(lan, 'Guest 11').pk}/edit/")
        field(page, "Company").press_sequentially("T")

        with page.expect_event("dialog") as question:
            page.close(run_before_unload=True)

        assert question.value.type == "beforeunload"
        question.value.dismiss()
        expect(field(page, "Company")).to_have_value("T")

    def test_by_two_at_once_asks_the_second_whose_word_counts(self, visit, lan):
        where = f"customers/{customer(lan, 'Guest 12').pk}/edit/"
        first, second = visit(lan, where), visit(colleague_of(lan), where)
        field(first, "Company").fill("First & Co")
        field(second, "Company").fill("Second & Co")
        field(second, "Tax code").fill("0100109106")
        first.get_by_role("button", name="Save", exact=True).click()
        expect(first.get_by_role("heading", name="Guest 12")).to_be_visible()

        second.get_by_role("button", name="Save", exact=True).click()

        expect(second.get_by_role("heading", name="Somebody else changed this customer")).to_be_visible()
        expect(second.get_by_role("main")).to_contain_text("Saved by Lan Phạm")
        assert customer(lan, "Guest 12").company == "First & Co"
        second.get_by_role("radio", name=re.compile("Saved by")).check()
        second.get_by_role("button", name="Save my choice").click()
        expect(second.get_by_role("heading", name="Guest 12")).to_be_visible()
        saved = customer(lan, "Guest 12")
        assert (saved.company, saved.tax_code) == ("First & Co", "0100109106")


class TestThePage:
    def test_shows_each_tab_at_its_own_address(self, visit, lan):
        page = page_of(visit, lan, "Nguyễn Thị Đào")
        shown = {
            "Orders": "#1001",
            "Transactions": "MM0001",
            "Notes": "Prefers to be called in the evening.",
            "Addresses": "12 Hàng Bông",
            "Account": "Marketing consent",
            "Timeline": "Order",
        }

        for name, words in shown.items():
            tab(page, name)
            expect(page.locator("#customer-tab")).to_contain_text(words)

        tab(page, "Orders")
        expect(page.locator("#customer-tab")).to_contain_text("#1001")
        page.reload()
        expect(page.locator("#customer-tab")).to_contain_text("#1001")

    def test_explains_a_figure_by_rows_that_add_up_to_it(self, visit, lan):
        page = page_of(visit, lan, "Nguyễn Thị Đào")
        figure = page.locator(".figure").filter(has_text="Total spent")
        expect(figure).to_contain_text("3,000,000")

        figure.click()

        shown = dialog(page)
        expect(shown.locator("tbody tr")).to_have_count(6)
        amounts = [number(text) for text in shown.locator("tbody td.num").all_inner_texts()]
        assert sum(amounts) == number(shown.locator(".why-total").inner_text()) == 3_000_000

    def test_keeps_a_note_at_hand_on_every_tab(self, visit, lan):
        page = page_of(visit, lan, "Guest 13")
        page.get_by_label("New note").fill("Likes jasmine.\nNo sugar.")
        page.get_by_role("button", name="Add note").click()

        tab(page, "Notes")
        expect(page.locator("#customer-tab")).to_contain_text("Likes jasmine.")
        expect(page.get_by_label("New note")).to_have_value("")

    def test_gives_a_status_and_a_responsible_person_in_place(self, visit, lan):
        page = page_of(visit, lan, "Guest 14")

        with page.expect_response(re.compile("/status/")):
            page.get_by_role("combobox", name="Status").select_option(index=2)
        with page.expect_response(re.compile("/staff/")):
            pick(page.locator(".who"), "Responsible staff", "Lan Phạm")

        saved = customer(lan, "Guest 14")
        assert saved.status_id
        assert saved.staff_id == lan.pk

    def test_tags_in_place(self, visit, lan):
        page = page_of(visit, lan, "Guest 16")

        with page.expect_response(re.compile("/tags/")):
            pick(page.locator(".who"), "Tags", "VIP")

        page.reload()
        expect(page.locator(".who .ts-control .item")).to_contain_text("VIP")

    def test_takes_another_address(self, visit, lan):
        page = page_of(visit, lan, "Guest 17", "?tab=addresses")
        page.get_by_role("link", name="Add address").click()
        dialog(page).locator("[name=address1]").fill("5 Lê Lợi")
        dialog(page).get_by_label("Recipient").fill("Cô Tư")
        dialog(page).get_by_role("button", name="Save address").click()

        expect(dialog(page)).to_be_hidden()
        expect(page.locator("#customer-tab")).to_contain_text("5 Lê Lợi")
        expect(page.locator("#customer-tab")).to_contain_text("Cô Tư")

    def test_records_consent_with_its_source(self, visit, lan):
        page = page_of(visit, lan, "Guest 18", "?tab=account")
        page.get_by_role("link", name="Record a change").click()
        dialog(page).get_by_label("Channel").select_option(label="SMS")
        dialog(page).get_by_label("Where they said it").fill("On the phone")
        dialog(page).get_by_role("button", name="Record").click()

        expect(dialog(page)).to_be_hidden()
        expect(page.locator("#customer-tab")).to_contain_text("On the phone")

    def test_leads_to_the_next_in_the_list_one_came_from(self, visit, lan):
        page = visit(lan, "customers/?where=tags%20CONTAINS%20Newsletter&sort=name")
        page.get_by_role("link", name="Guest 05", exact=True).click()

        page.get_by_role("link", name="Next customer").click()
        expect(page.get_by_role("heading", name="Guest 10")).to_be_visible()
        page.get_by_role("link", name="Previous customer").click()
        expect(page.get_by_role("heading", name="Guest 05")).to_be_visible()
        page.get_by_role("navigation", name="The list you came from").get_by_role("link", name="Customers").click()

        expect(page).to_have_url(re.compile("where=tags"))

    def test_deletes_into_the_bin_and_restores(self, visit, lan):
        page = page_of(visit, lan, "Guest 19")
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(toast(page)).to_be_visible()
        assert customer(lan, "Guest 19").deleted_at

        page.goto(f"/s/{lan.shop.slug}/customers/{customer(lan, 'Guest 19').pk}/")
        expect(page.get_by_role("main")).to_contain_text("This customer is in the bin")
        page.get_by_role("button", name="Restore").click()

        expect(page.get_by_role("main")).not_to_contain_text("This customer is in the bin")
        assert customer(lan, "Guest 19").deleted_at is None


class TestTabs:
    def test_show_the_open_one_in_a_row_that_is_too_long(self, visit, lan):
        page = visit(lan, f"customers/{customer(lan, 'Nguyễn Thị Đào').pk}/?tab=notes", **PHONE)
        parts = page.get_by_role("navigation", name="Parts of this page")
        assert parts.locator(".tabs").evaluate("row => row.scrollWidth > row.clientWidth")

        expect(parts.get_by_role("link", name="Notes")).to_be_in_viewport(ratio=1)

    def test_are_all_in_one_menu(self, visit, lan):
        page = visit(lan, f"customers/{customer(lan, 'Nguyễn Thị Đào').pk}/", **PHONE)
        page.get_by_role("button", name="All parts").click()
        page.get_by_role("menuitem", name="Account").click()

        expect(page.get_by_role("heading", name="Marketing consent")).to_be_visible()
        expect(page).to_have_url(re.compile("tab=account"))
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
