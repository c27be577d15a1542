"""The duplicates queue by mouse and by keyboard, on a phone, and a household on the customer's page."""

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.likeness import start_finding
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE
from tests.browser.scene import fill, open_shop, toast
from tests.browser.visiting import scrolls_sideways, violations

MOTHER = {"name": "Trần Thị Hoa", "phone": "0912 345 678"}
DAUGHTER = {"name": "Lê Minh Anh", "phone": "0912 345 678"}
TWICE = [{"name": "Juan Dela Cruz", "phone": "0987 654 321"}, {"name": "Cruz Juan Dela", "phone": "0987 654 321"}]
SLIP = [{"name": name, "city": "Huế", "address1": "1 Lê Lợi"} for name in ("Nguyễn Hương", "Nguyễn Hươgn")]


@pytest.fixture
def lan(database: None) -> Staff:
    staff = open_shop()
    fill(staff.shop, [MOTHER, DAUGHTER, *TWICE, *SLIP])
    start_finding(staff.shop, at_once=True)
    return staff


def pairs(page: Page):
    return page.locator("[data-pair]")


def decided(staff: Staff) -> list[int]:
    rows = PossibleDuplicate.objects.of(staff.shop).order_by("-score")
    return list(rows.values_list("decision", flat=True))


class TestTheQueue:
    def test_by_mouse_not_the_same_person_and_undo(self, visit, lan):
        page = visit(lan, "customers/duplicates/")
        expect(pairs(page)).to_have_count(3)

        pairs(page).first.get_by_role("button", name="Not the same person").click()
        expect(pairs(page)).to_have_count(2)
        expect(page.get_by_text("2 pairs to look at")).to_be_visible()

        toast(page).filter(has_text="remembered").get_by_role("button", name="Undo").click()
        expect(pairs(page)).to_have_count(3)

    def test_by_keyboard(self, visit, lan):
        page = visit(lan, "customers/duplicates/")

        page.keyboard.press("j")
        page.keyboard.press("n")
        expect(pairs(page)).to_have_count(2)
        expect(pairs(page).first).to_be_focused()

        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("h")
        expect(pairs(page)).to_have_count(1)

        assert decided(lan) == [Decision.DIFFERENT, Decision.OPEN, Decision.HOUSEHOLD]
        assert Customer.objects.of(lan.shop).exclude(household=None).count() == 2

    def test_on_a_phone_and_for_everybody(self, visit, lan):
        page = visit(lan, "customers/duplicates/", **PHONE)

        assert not scrolls_sideways(page)
        assert violations(page) == []
        pairs(page).first.get_by_role("button", name="Not the same person").click()
        expect(pairs(page)).to_have_count(2)


class TestAHousehold:
    def test_from_the_queue_to_the_customers_page_and_out_again(self, visit, lan):
        page = visit(lan, "customers/duplicates/?reason=phone")
        mother = pairs(page).filter(has_text="Trần Thị Hoa")
        mother.get_by_role("button", name="Link as household").click()
        expect(pairs(page)).to_have_count(1)

        hoa = Customer.objects.of(lan.shop).get(name="Trần Thị Hoa")
        page.goto(page.url.split("customers/")[0] + f"customers/{hoa.pk}/")
        home = page.get_by_role("region", name="Household")
        expect(home.get_by_role("link", name="Lê Minh Anh")).to_be_visible()
        assert violations(page) == []

        home.get_by_role("button", name="Take Lê Minh Anh out of the household").click()
        expect(home.get_by_text("Nobody yet.")).to_be_visible()
