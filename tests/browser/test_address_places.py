"""An address whose places are completed: by keyboard, by pointer, on a phone; what no list knows is kept as written."""

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Address
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import customer, dialog, lively_shop
from tests.browser.visiting import scrolls_sideways, violations


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop(5)


def form_of(visit: Visit, staff: Staff, name: str, country: str, **options: object) -> Page:
    page = visit(staff, f"customers/{customer(staff, name).pk}/?tab=addresses", **options)
    page.get_by_role("link", name="Add address").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the inputs are drawn anew
        dialog(page).get_by_label("Country").select_option(country)
    return page


class TestAnAddress:
    def test_its_ward_is_chosen_by_keyboard_and_brings_the_province(self, visit, lan):
        page = form_of(visit, lan, "Lê Hoàng Anh", "VN")
        dialog(page).get_by_label("Street and number").fill("9 Lê Lợi")

        ward = dialog(page).get_by_role("combobox", name="Ward or commune")
        ward.press_sequentially("ben tha")
        expect(dialog(page).get_by_role("option", name="Phường Bến Thành")).to_have_attribute("aria-selected", "true")
        assert violations(page) == []
        ward.press("Enter")

        expect(ward).to_have_value("Phường Bến Thành")
        expect(dialog(page).get_by_role("combobox", name="Province or city")).to_have_value("Thành phố Hồ Chí Minh")
        expect(dialog(page).locator("#place-options")).to_be_hidden()
        dialog(page).get_by_role("button", name="Save address").click()
        expect(page.locator("#customer-tab")).to_contain_text("Phường Bến Thành")
        kept = Address.objects.of(lan.shop).get(line1="9 Lê Lợi")
        assert (kept.ward, kept.region) == ("Phường Bến Thành", "Thành phố Hồ Chí Minh")

    def test_what_is_not_known_is_doubted_and_kept(self, visit, lan):
        page = form_of(visit, lan, "Budi Santoso", "ID")
        province = dialog(page).get_by_role("combobox", name="Province")
        province.press_sequentially("bal")
        dialog(page).get_by_role("option", name="Bali").click()
        expect(province).to_have_value("Bali")
        city = dialog(page).get_by_role("combobox", name="Kota or kabupaten")
        city.press_sequentially("Kota Entah")
        city.press("Tab")

        expect(dialog(page).locator("#place-notes")).to_contain_text("We do not know “Kota Entah” in Bali")
        dialog(page).get_by_role("button", name="Save address").click()
        expect(page.locator("#customer-tab")).to_contain_text("Kota Entah, Bali")

    def test_an_old_one_says_what_it_is_today(self, visit, lan):
        page = form_of(visit, lan, "Trần Văn Minh", "VN", **PHONE)
        dialog(page).get_by_role("combobox", name="Province or city").fill("TP.HCM")
        dialog(page).get_by_role("combobox", name="District, before July 2025").fill("Quận 1")
        ward = dialog(page).get_by_role("combobox", name="Ward or commune")
        ward.press_sequentially("Bến Nghé")
        ward.press("Tab")

        expect(dialog(page).locator("#place-notes")).to_contain_text("Today: Phường Sài Gòn, Thành phố Hồ Chí Minh")
        assert not scrolls_sideways(page)
        assert violations(page) == []
        dialog(page).get_by_role("button", name="Save address").click()
        expect(page.locator("#customer-tab")).to_contain_text("Bến Nghé, Quận 1")
        expect(page.locator("#customer-tab")).to_contain_text("Today: Phường Sài Gòn")
        assert not scrolls_sideways(page)
