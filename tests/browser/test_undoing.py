"""An import of orders taken back by mouse: what goes, what stays and why, before and after."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, expect

from regulars.orders.by_hand import Money, take_payment
from regulars.orders.models import Order
from regulars.shops.models import Staff
from tests.browser.scene import alive, open_shop
from tests.browser.test_files import import_now, upload
from tests.browser.visiting import scrolls_sideways, violations, work
from tests.factories import SYSTEM

PHONE = {"viewport": {"width": 390, "height": 844}}
FILE = "\n".join((
    "Order number,Date,Total,E-mail,Name,Product,SKU",
    "1001,2026-03-01,500000,ann@example.com,Ann,Mug,M1",
    "1002,2026-03-02,300000,bo@example.com,Bo,Cup,C1",
    "1003,2026-03-02,200000,bo@example.com,Bo,Cup,C1",
))  # fmt: skip


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


def cells(place: Locator, text: str) -> Locator:
    """The cells of the row with this text."""
    return place.get_by_role("row").filter(has_text=text).locator("td")


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_orders_are_taken_back_but_for_the_one_that_was_paid_since(visit, lan, screen):
    page = visit(lan, "files/import/orders/", **screen)
    upload(page, "orders.csv", FILE)
    page.get_by_role("button", name="Check what would happen").click()
    import_now(page)
    paid = Order.objects.of(lan.shop).select_related("shop").get(number="1001")
    take_payment(paid, Money(key="k", amount=Decimal(1000)), by=SYSTEM)

    page.get_by_role("button", name="Undo this import").click()
    stays = page.get_by_role("region", name="What stays, and why")
    expect(cells(stays, "1001")).to_have_text(["Order", "1001", "a payment came since"])
    would = page.get_by_role("region", name="What would go back")
    expect(cells(would, "Orders")).to_have_text(["Orders", "2", "0", "1"])
    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert (Order.objects.of(lan.shop).count(), alive(lan)) == (3, 2)

    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("This import was undone")).to_be_visible()
    work()
    expect(stays.get_by_role("link", name="1001")).to_be_visible()
    assert violations(page) == []
    assert [order.number for order in Order.objects.of(lan.shop)] == ["1001"]
    assert alive(lan) == 1
    stays.get_by_role("link", name="1001").click()
    expect(page.get_by_role("heading", name="1001")).to_be_visible()
