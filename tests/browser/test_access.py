"""Everybody can use every page: axe finds no fault in light and dark, and phones need not scroll sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, USUAL
from tests.browser.every_page import IN_A_SHOP, NOT_PAGES, OF_A_PERSON, OUTSIDE, furnished_shop, names_of
from tests.browser.scene import dialog, lively_shop, panel, rows
from tests.browser.visiting import Traffic, Watch, colour_faults, darken, scrolls_sideways, sign_in, violations
from tests.house.routes import routes_in_a_shop

SIDES = {
    **{name: ("owner", f"/s/{{slug}}/{path}") for name, path in IN_A_SHOP.items()},
    **{name: ("owner", path) for name, path in OF_A_PERSON.items()},
    **{name: ("nobody", path) for name, path in OUTSIDE.items()},
}


class Gallery:
    """One browser for the owner and one for nobody, kept for all pages so that styles are fetched once."""

    def __init__(self, browser: Browser, server: LiveServer, lan: Staff, words: dict[str, Any]) -> None:
        self.words, self.watch = words, Watch()
        self.contexts = {who: browser.new_context(base_url=server.url, **USUAL) for who in ("owner", "nobody")}
        for context in self.contexts.values():
            self.watch.over(context)
        sign_in(self.contexts["owner"], lan.user, server.url)
        self.pages = {who: context.new_page() for who, context in self.contexts.items()}
        self.traffic = {who: Traffic(page) for who, page in self.pages.items()}

    def show(self, name: str) -> tuple[Page, Response]:
        """The page of this name in a wide, light window."""
        self.watch.faults.clear()
        who, path = SIDES[name]
        page = self.pages[who]
        page.set_viewport_size(USUAL["viewport"])
        page.emulate_media(color_scheme="light")
        self.traffic[who].begins_anew()
        answer = page.goto(path.format(**self.words))
        assert answer is not None
        self.traffic[who].has_come()
        return page, answer

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


@pytest.fixture(scope="module")
def gallery(database: None, browser: Browser, server: LiveServer) -> Iterator[Gallery]:
    opened = Gallery(browser, server, *furnished_shop())
    yield opened
    opened.close()


class TestEveryPage:
    def test_is_looked_at_here(self):
        missing = {route.name for route in routes_in_a_shop()} - names_of(IN_A_SHOP) - NOT_PAGES

        assert missing == set()

    @pytest.mark.parametrize("name", SIDES)
    def test_can_be_used_by_everybody(self, gallery, name):
        page, answer = gallery.show(name)
        assert answer.status < 500
        [title] = page.get_by_role("heading", level=1).all_inner_texts()
        assert title.strip(), "the page has no name"
        assert not page.title().startswith("·"), "the tab has no name"

        assert violations(page) == []
        darken(page)
        assert colour_faults(page) == []

        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert not scrolls_sideways(page), f"at {width} px"
        assert gallery.watch.faults == []


class TestWhatOpens:
    @pytest.fixture(scope="class")
    def lan(self, database: None) -> Staff:
        return lively_shop(12)

    def check(self, page: Page) -> None:
        assert violations(page) == []
        darken(page)
        assert colour_faults(page) == []

    def test_the_filter_drawer_and_its_value(self, visit, lan):
        page = visit(lan, "customers/")
        page.get_by_role("link", name="Add filter").click()
        expect(panel(page)).to_be_visible()
        self.check(page)

        page.emulate_media(color_scheme="light")
        panel(page).get_by_role("link", name="Country").first.click()
        expect(panel(page).locator(".ts-control")).to_be_visible()
        self.check(page)

    def test_the_bar_and_the_dialog_of_a_selection(self, visit, lan):
        page = visit(lan, "customers/")
        page.get_by_role("checkbox", name="Select this page").check()
        self.check(page)

        page.emulate_media(color_scheme="light")
        page.get_by_role("form", name="Selected customers").get_by_role("button", name="Tags").click()
        expect(dialog(page).locator(".ts-control").first).to_be_visible()
        self.check(page)

    def test_menus_and_found_things(self, visit, lan):
        page = visit(lan, "customers/")
        page.get_by_role("button", name="You: Lan Phạm").click()
        self.check(page)
        page.keyboard.press("Escape")

        page.emulate_media(color_scheme="light")
        page.get_by_role("combobox", name="Search everything").fill("dao")
        expect(page.get_by_role("option").first).to_be_visible()
        self.check(page)

    def test_the_navigation_of_a_phone(self, visit, lan):
        page = visit(lan, "customers/", **PHONE)
        page.get_by_role("link", name="Menu").click()
        expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Orders")).to_be_in_viewport()
        self.check(page)


class TestAPhone:
    @pytest.fixture(scope="class")
    def lan(self, database: None) -> Staff:
        return lively_shop(12)

    def test_finds_its_way_by_the_drawer(self, visit, lan):
        page = visit(lan, "customers/", **PHONE)
        orders = page.get_by_role("navigation", name="Main").get_by_role("link", name="Orders")
        expect(orders).not_to_be_in_viewport()

        page.get_by_role("link", name="Menu").click()
        orders.click()

        expect(page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
        expect(orders).not_to_be_in_viewport()

    def test_reads_rows_as_cards(self, visit, lan):
        page = visit(lan, "customers/?search=dao", **PHONE)
        card = rows(page).first

        expect(card.get_by_role("link", name="Nguyễn Thị Đào")).to_be_in_viewport()
        assert card.bounding_box()["width"] <= 390
        assert not scrolls_sideways(page)

    def test_closes_the_drawer_by_a_touch_beside_it(self, visit, lan):
        page = visit(lan, "customers/", **PHONE)
        page.get_by_role("link", name="Menu").click()
        expect(page.locator("#nav")).to_be_in_viewport()

        page.touchscreen.tap(380, 500)

        expect(page.locator("#nav")).not_to_be_in_viewport()
