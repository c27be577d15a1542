"""Two customers become one by mouse, and two again."""

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from tests.browser.scene import customer, lively_shop


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop(12)


class TestMerging:
    def test_by_mouse_and_back_from_the_timeline(self, visit, lan):
        first, second = customer(lan, "Guest 05"), customer(lan, "Guest 06")
        page = visit(lan, "customers/?search=Guest")
        for one in (first, second):
            page.locator(
                f'tr[data-key="{one.pk}"] input[type=checkbox], input[name=ids][value="{one.pk}"]'
            ).first.check()
        page.locator("#selection").get_by_role("button", name="Merge").click()

        expect(page.get_by_role("heading", name="Merge customers")).to_be_visible()
        page.locator(f'input[name=field-email][value="{second.pk}"]').check()
        page.get_by_role("button", name="Merge 2 customers").click()

        expect(page.get_by_text("they are one customer now")).to_be_visible()
        expect(page.locator("#customer-facts")).to_contain_text("guest06@example.com")
        page.goto(page.url.replace(f"/{first.pk}/", f"/{second.pk}/"))
        assert f"/customers/{first.pk}/" in page.url

        page.get_by_role("link", name="Undo the merge").click()
        page.get_by_role("button", name="Undo the merge").click()
        expect(page.get_by_text("customers of their own again").first).to_be_visible()
        assert Customer.objects.of(lan.shop).alive().filter(pk__in=[first.pk, second.pk]).count() == 2

    def test_with_somebody_searched_on_a_phone(self, visit, lan):
        first, second = customer(lan, "Guest 01"), customer(lan, "Guest 02")
        page = visit(lan, f"customers/{first.pk}/merge/")
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_label("Name, e-mail, phone or order number").fill("Guest 02")
        page.locator("#merge-found a").first.click()

        expect(page.get_by_role("heading", name="Merge customers")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Merge 2 customers").click()
        expect(page.get_by_text("they are one customer now")).to_be_visible()

        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("customers of their own again").first).to_be_visible()
        assert Customer.objects.of(lan.shop).get(pk=second.pk).merged_into_id is None
