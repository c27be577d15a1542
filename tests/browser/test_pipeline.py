"""The pipeline by mouse, by keyboard, from a menu and on a phone; several people responsible for one customer."""

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Status
from regulars.customers.operations import set_status
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import colleague_of, customer, lively_shop, toast
from tests.browser.visiting import scrolls_sideways, violations
from tests.factories import SYSTEM


@pytest.fixture
def lan(database: None) -> Staff:
    return lively_shop(3)


def stage(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def card(page: Page, name: str):
    return page.locator(f'[data-card][data-name="{name}"]')


def put(staff: Staff, name: str, key: str) -> None:
    set_status(customer(staff, name), Status.objects.of(staff.shop).get(key=key), by=SYSTEM)


def status_of(staff: Staff, name: str) -> str:
    status = customer(staff, name).status
    return status.key if status else ""


class TestTheBoard:
    @pytest.fixture
    def board(self, visit: Visit, lan: Staff) -> Page:
        put(lan, "Budi Santoso", "contacted")
        return visit(lan, "customers/pipeline/")

    def test_moves_a_card_by_mouse_and_takes_it_back(self, board, lan):
        card(board, "Budi Santoso").drag_to(stage(board, "Potential").locator("[data-cards]"))

        expect(toast(board)).to_contain_text("Budi Santoso: Potential")
        expect(stage(board, "Potential").locator("[data-count]")).to_have_text("1")
        assert status_of(lan, "Budi Santoso") == "potential"

        toast(board).get_by_role("button", name="Undo").click()
        expect(stage(board, "Contacted").locator('[data-name="Budi Santoso"]')).to_be_visible()
        assert status_of(lan, "Budi Santoso") == "contacted"

    def test_moves_a_card_by_keyboard_and_says_so(self, board, lan):
        card(board, "Budi Santoso").get_by_role("link").focus()
        board.keyboard.press("Shift+ArrowRight")

        expect(board.locator("#announcer")).to_have_text("Budi Santoso is at “Not potential” now.")
        expect(card(board, "Budi Santoso").get_by_role("link")).to_be_focused()
        assert status_of(lan, "Budi Santoso") == "not_potential"

    def test_moves_a_card_from_its_menu(self, board, lan):
        card(board, "Budi Santoso").get_by_role("button", name="Move Budi Santoso to …").click()
        board.get_by_role("menuitem", name="Closed order").click()

        expect(stage(board, "Closed order").locator('[data-name="Budi Santoso"]')).to_be_visible()
        expect(toast(board)).to_be_visible()
        assert status_of(lan, "Budi Santoso") == "closed"

    def test_takes_a_card_back_that_somebody_else_has_moved(self, board, lan):
        put(lan, "Budi Santoso", "closing")

        card(board, "Budi Santoso").get_by_role("link").focus()
        board.keyboard.press("Shift+ArrowRight")

        expect(toast(board)).to_contain_text("Somebody else has moved Budi Santoso")
        expect(stage(board, "Contacted").locator('[data-name="Budi Santoso"]')).to_be_visible()
        assert status_of(lan, "Budi Santoso") == "closing"

    def test_has_no_fault_that_axe_finds(self, board):
        assert violations(board) == []


class TestAPhone:
    def test_shows_one_column_at_a_time_and_moves_from_the_menu(self, visit, lan):
        put(lan, "Budi Santoso", "unreachable")
        page = visit(lan, "customers/pipeline/", **PHONE)

        assert not scrolls_sideways(page)
        card(page, "Budi Santoso").get_by_role("button", name="Move Budi Santoso to …").click()
        page.get_by_role("menuitem", name="Contacted", exact=True).click()

        expect(toast(page)).to_contain_text("Budi Santoso: Contacted")
        assert violations(page) == []


class TestResponsibleStaff:
    def test_several_are_chosen_on_the_customer_s_page(self, visit, lan):
        quan = colleague_of(lan)
        budi = customer(lan, "Budi Santoso")
        page = visit(lan, f"customers/{budi.pk}/")

        for person in ("Quân Đỗ", "Lan Phạm"):
            before = page.locator("#pick-staff").element_handle()
            page.locator(".dial-staff .ts-control > input").click()
            page.locator(".dial-staff .ts-dropdown").get_by_role("option", name=person).click()
            page.wait_for_function("before => !before.isConnected", arg=before)  # the answer stands in its place
            page.locator(".dial-staff .ts-control .item", has_text=person).wait_for()

        budi.refresh_from_db()
        assert budi.responsible_ids == [quan.pk, lan.pk]
