"""Points in a browser: given on a phone, given to a selection and taken back."""

import re

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from tests.browser.scene import dialog, lively_shop, open_shop, toast
from tests.factories import SYSTEM, create_customer
from tests.loyalty.giving import adjust

PHONE = {"width": 390, "height": 844}


def points(staff: Staff, name: str) -> int:
    return Customer.objects.of(staff.shop).get(name=name).points


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


class TestOnAPhone:
    def test_points_are_taken_and_the_line_says_what_will_be_left(self, visit, lan):
        dao = create_customer(lan.shop, name="Nguyễn Thị Đào")
        adjust(dao, 120, by=SYSTEM)
        page = visit(lan, f"customers/{dao.pk}/?tab=points", viewport=PHONE)

        page.locator(".tab-head").get_by_role("link", name="Adjust points").click()
        expect(dialog(page)).to_contain_text("Balance 120")
        dialog(page).get_by_text("Take", exact=True).click()
        expect(dialog(page).get_by_label("Can be used until")).to_be_hidden()
        dialog(page).get_by_label("Points", exact=True).fill("150")
        expect(dialog(page)).to_contain_text("30 too few")
        dialog(page).get_by_label("Points", exact=True).fill("50")
        expect(dialog(page)).to_contain_text("Balance 120 → 70")
        dialog(page).get_by_label("Reason").fill("Coffee mug")
        dialog(page).get_by_role("button", name="Confirm").click()

        expect(toast(page)).to_contain_text("50 points taken of Nguyễn Thị Đào.")
        expect(page.get_by_role("region", name="Points")).to_contain_text("Coffee mug")
        assert points(lan, "Nguyễn Thị Đào") == 70

    def test_the_balance_opens_what_adds_up_to_it(self, visit, lan):
        dao = create_customer(lan.shop, name="Nguyễn Thị Đào")
        adjust(dao, 120, note="Welcome", by=SYSTEM)
        page = visit(lan, f"customers/{dao.pk}/", viewport=PHONE)

        page.get_by_role("group", name="Figures").get_by_role("link", name=re.compile("^Points")).click()

        expect(dialog(page)).to_contain_text("Welcome")
        expect(dialog(page)).to_contain_text("Equal to the figure")


class TestForASelection:
    @pytest.fixture
    def lan(self, database: None) -> Staff:
        return lively_shop(12)

    @pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
    def test_points_are_given_and_taken_back(self, visit, lan, viewport):
        page = visit(lan, "customers/?sort=name&size=25&columns=points", viewport=viewport)
        for name in ("Budi Santoso", "Andrei Țurcanu"):
            page.get_by_role("checkbox", name=f"Select {name}").click()

        page.get_by_role("form", name="Selected customers").get_by_role("button", name="Points").click()
        dialog(page).get_by_label("Points", exact=True).fill("1,500")
        expect(dialog(page)).to_contain_text("1,500 points for each of 2 customers, 3,000 together.")
        dialog(page).get_by_label("Reason").fill("Tet gift")
        dialog(page).get_by_role("button", name="Apply to 2 customers").click()

        expect(toast(page)).to_contain_text("1,500 points given to 2 customers.")
        assert (points(lan, "Budi Santoso"), points(lan, "Andrei Țurcanu")) == (1500, 1500)

        toast(page).get_by_role("button", name="Undo").click()

        expect(toast(page)).to_contain_text("Undone.")
        assert points(lan, "Budi Santoso") == 0

    def test_who_has_too_few_is_left_out_and_named(self, visit, lan):
        adjust(Customer.objects.of(lan.shop).get(name="Budi Santoso"), 100, by=SYSTEM)
        page = visit(lan, "customers/?sort=name&size=25&columns=points")
        for name in ("Budi Santoso", "Andrei Țurcanu"):
            page.get_by_role("checkbox", name=f"Select {name}").click()

        page.get_by_role("form", name="Selected customers").get_by_role("button", name="Points").click()
        dialog(page).get_by_text("Take", exact=True).click()
        dialog(page).get_by_label("Points", exact=True).fill("60")
        expect(dialog(page)).to_contain_text("1 has too few and is left out.")
        dialog(page).get_by_label("Reason").fill("Paid at the fair")
        dialog(page).get_by_role("button", name="Apply to 2 customers").click()

        expect(toast(page)).to_contain_text("Too few points: Andrei Țurcanu.")
        assert points(lan, "Budi Santoso") == 40
