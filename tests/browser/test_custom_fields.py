"""A field of the shop's own, from its definition to a segment, in one visit; and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import CustomField
from regulars.customers.operations import add_field, update_customer
from regulars.segments.models import Segment
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import customer, lively_shop, toast
from tests.browser.visiting import scrolls_sideways, violations
from tests.factories import SYSTEM


@pytest.fixture
def lan(database: None) -> Staff:
    return lively_shop(3)


def go(page: Page, path: str) -> None:
    base = page.url.split("/s/")[0] + "/s/" + page.url.split("/s/")[1].split("/")[0]
    page.goto(f"{base}/{path}")


class TestFromDefinitionToSegment:
    def test_one_declaration_is_everywhere(self, visit: Visit, lan: Staff) -> None:
        page = visit(lan, "settings/fields/")
        page.get_by_label("Name").fill("Shoe size")
        page.get_by_label("Kind").select_option("number")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("shoe_size")).to_be_visible()
        assert violations(page) == []

        budi = customer(lan, "Budi Santoso")
        go(page, f"customers/{budi.pk}/edit/")
        page.get_by_label("Shoe size").fill("big")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("is not a number")).to_be_visible()
        page.get_by_label("Shoe size").fill("42.5")
        assert violations(page) == []
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#customer-facts")).to_contain_text("42.5")

        go(page, "customers/?where=shoe_size+%3E+42&columns=shoe_size&sort=-shoe_size")
        expect(page.get_by_text("Shoe size: more than 42")).to_be_visible()
        expect(page.get_by_role("link", name="Budi Santoso").first).to_be_visible()
        expect(page.locator("#rows, tbody").first).to_contain_text("42.5")

        go(page, "segments/new/?where=shoe_size+%3E+42")
        page.get_by_label("Name", exact=True).fill("Big feet")
        page.get_by_role("button", name="Create the segment").click()
        page.wait_for_url("**/segments/*/**")
        assert Segment.objects.of(lan.shop).get(name="Big feet").where == "shoe_size > 42"

        go(page, "settings/fields/")
        expect(page.get_by_text("Used by the segment “Big feet”")).to_be_visible()

    def test_is_removed_and_taken_back(self, visit: Visit, lan: Staff) -> None:
        field = add_field(lan.shop, "Coffee", "choice", options=["Black", "With milk"], by=SYSTEM)
        update_customer(customer(lan, "Budi Santoso"), {"custom.coffee": "Black"}, by=SYSTEM)
        page = visit(lan, "settings/fields/")
        page.get_by_role("button", name="Remove Coffee").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        toast(page).get_by_role("button", name="Undo").click()
        expect(page.locator("#field-list")).to_contain_text("Coffee")
        assert CustomField.objects.of(lan.shop).in_use().get() == field


def test_a_phone_shows_all_of_it(visit: Visit, lan: Staff) -> None:
    add_field(lan.shop, "Coffee", "choice", options=["Black", "With milk"], by=SYSTEM)
    add_field(lan.shop, "Next appointment", "date", by=SYSTEM)
    page = visit(lan, "settings/fields/", **PHONE)
    assert not scrolls_sideways(page)
    assert violations(page) == []
    go(page, f"customers/{customer(lan, 'Budi Santoso').pk}/edit/")
    page.get_by_label("Coffee").select_option("With milk")
    page.get_by_label("Next appointment").fill("2026-12-24")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#customer-facts")).to_contain_text("With milk")
