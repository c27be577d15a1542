"""Segments: from a template, by a filter, alive, by hand, and at the end of their life."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from regulars.orders.facts import OrderFacts
from regulars.orders.operations import record_order
from regulars.segments.models import Segment
from regulars.segments.operations import change_segment, create_segment
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE
from tests.browser.scene import customer, dialog, field, lively_shop, names, open_shop, pick, row, toast
from tests.browser.visiting import work
from tests.factories import SYSTEM, actor


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop(12)


def made(staff: Staff, name: str, where: str = "orders >= 1", **facts) -> Segment:
    """A segment with its members found."""
    segment = create_segment(staff.shop, name=name, where=where, staff=staff, by=actor(staff), **facts)
    work()
    return segment


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def buy(staff: Staff, name: str, number: str) -> None:
    """The customer places an order of 900,000 ₫."""
    facts = OrderFacts(
        channel="website", external_id=number, number=f"#{number}", placed_at=timezone.now(),
        currency=staff.shop.currency, total=Decimal(900_000), customer_id=customer(staff, name).pk,
    )  # fmt: skip
    record_order(staff.shop, facts, by=SYSTEM)
    work()


class TestTheFirstSegment:
    def test_comes_from_a_template_and_finds_its_members_while_one_looks(self, visit, database):
        lan = lively_shop(5)
        page = visit(lan, "segments/")
        page.get_by_role("link", name="All templates").click()
        page.get_by_role("link", name=re.compile("^With debt")).click()

        page.get_by_role("button", name="Create the segment").click()

        expect(heading(page)).to_have_text("With debt")
        expect(page.get_by_role("status").filter(has_text="Finding the members")).to_be_visible()
        work()
        expect(page.get_by_role("link", name="Trần Văn Minh", exact=True)).to_be_visible()
        assert names(page) == ["Trần Văn Minh"]

    def test_page_without_customers_teaches(self, visit, database):
        page = visit(open_shop(), "segments/")

        expect(page.get_by_role("heading", name="Ask once, and always have the answer")).to_be_visible()


class TestASegment:
    def test_is_made_from_a_filter_with_name_colour_and_folder(self, visit, lan):
        page = visit(lan, "segments/new/?where=tags CONTAINS VIP")
        field(page, "Name").fill("Silk people")
        page.get_by_role("combobox", name="Folder").fill("Spring")
        page.get_by_role("radio", name="Pink").check(force=True)

        page.get_by_role("button", name="Create the segment").click()
        expect(heading(page)).to_have_text("Silk people")
        work()

        segment = Segment.objects.of(lan.shop).get(name="Silk people")
        assert (segment.folder, segment.colour, segment.size) == ("Spring", "pink", 2)

    def test_gains_a_customer_by_an_order_and_says_since_when_and_why(self, visit, lan):
        segment = made(lan, "Spenders", "total_spent >= 0 AND orders_placed MATCHES (date >= -1d, amount >= 800000)")
        page = visit(lan, f"segments/{segment.pk}/")
        expect(page.get_by_role("heading", name="Nobody is in it now")).to_be_visible()

        buy(lan, "Budi Santoso", "2001")
        page.reload()

        assert names(page) == ["Budi Santoso"]
        page.get_by_role("link", name="Joined and left").click()
        expect(page.get_by_role("row", name=re.compile("Budi Santoso Joined"))).to_be_visible()
        page.get_by_role("link", name="Why").click()
        expect(dialog(page)).to_contain_text("Budi Santoso is in Spenders")
        expect(dialog(page)).to_contain_text("How many orders: 1")

    def test_says_why_somebody_is_not_in_it_and_takes_them_in_by_hand(self, visit, lan):
        segment = made(lan, "Regulars", "orders >= 5 AND tags CONTAINS VIP")
        minh = customer(lan, "Trần Văn Minh")
        page = visit(lan, f"segments/{segment.pk}/why/{minh.pk}/")
        expect(page.locator(".reason").filter(has_text="Orders: at least 5").last).to_contain_text("has: 1")
        expect(page.locator(".reason.holds").filter(has_text="Tags: VIP").last).to_be_visible()

        page.get_by_role("button", name="Put in by hand").click()

        expect(toast(page)).to_contain_text("is in “Regulars” by hand")
        page.goto(f"/s/{lan.shop.slug}/segments/{segment.pk}/by-hand/")
        expect(page.get_by_role("row", name=re.compile("Trần Văn Minh In Lan Phạm"))).to_be_visible()
        page.get_by_role("button", name="Let conditions decide").click()
        expect(toast(page)).to_contain_text("decide about Trần Văn Minh again")

    def test_takes_in_who_is_searched_for(self, visit, lan):
        segment = made(lan, "Chosen", "orders >= 50")
        page = visit(lan, f"segments/{segment.pk}/by-hand/")

        pick(page.locator(".decide"), "Customer", "Andrei")
        page.get_by_role("button", name="Put in").click()

        expect(page.get_by_role("row", name=re.compile("Andrei Țurcanu In"))).to_be_visible()

    def test_becomes_static_and_stays_as_it_is(self, visit, lan):
        segment = made(lan, "Snapshot", "orders >= 6")
        page = visit(lan, f"segments/{segment.pk}/")
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Make it static").click()
        expect(dialog(page)).to_contain_text("stay in it, whatever happens to them")

        dialog(page).get_by_role("button", name="Make it static").click()

        expect(toast(page)).to_contain_text("It stays as it is now.")
        assert names(page) == ["Nguyễn Thị Đào"]

    def test_that_somebody_else_changed_is_not_put_back_unasked(self, visit, lan):
        segment = made(lan, "First name", "orders >= 1")
        page = visit(lan, f"segments/{segment.pk}/edit/")
        change_segment(segment, name="Second name", by=actor(lan))
        field(page, "Description").fill("Mine.")

        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("alert")).to_contain_text("Somebody changed this segment")
        assert Segment.objects.get(pk=segment.pk).name == "Second name"
        page.get_by_role("button", name="Save").click()
        expect(heading(page)).to_have_text("First name")

    def test_is_not_deleted_while_another_asks_for_it(self, visit, lan):
        segment = made(lan, "Asked for", "orders >= 2")
        made(lan, "Asking", "NOT segment = 'asked_for'")
        page = visit(lan, "segments/?search=asked for")
        page.get_by_role("button", name="Actions for Asked for").click()
        page.get_by_role("menuitem", name="Delete").click()

        expect(dialog(page)).to_contain_text("It is in use and cannot be deleted")
        expect(dialog(page).get_by_role("link", name="Asking")).to_be_visible()
        expect(dialog(page).get_by_role("button", name="Delete the segment")).to_have_count(0)
        assert Segment.objects.of(lan.shop).filter(pk=segment.pk).exists()

    def test_is_found_from_anywhere(self, visit, lan):
        made(lan, "Lotus lovers")
        page = visit(lan, "customers/")
        page.keyboard.press("Control+k")

        page.get_by_role("combobox", name="Search everything").fill("lotus")

        expect(page.get_by_role("option", name=re.compile("Lotus lovers"))).to_be_visible()


class TestASelection:
    def test_is_saved_as_a_static_segment(self, visit, lan):
        page = visit(lan, "customers/?sort=name")
        for name in ("Budi Santoso", "Andrei Țurcanu"):
            page.get_by_role("checkbox", name=f"Select {name}").click()
        page.get_by_role("button", name="Save as segment").click()
        field(dialog(page), "Name").fill("Two abroad")

        dialog(page).get_by_role("button", name="Save 2 customers").click()

        expect(heading(page)).to_have_text("Two abroad")
        assert sorted(names(page)) == ["Andrei Țurcanu", "Budi Santoso"]

    def test_is_put_into_a_segment_with_undo(self, visit, database):
        lan = lively_shop()  # of few segments, one is chosen in the browser's own way
        made(lan, "Abroad", kind="static", where="orders >= 50")
        page = visit(lan, "customers/?sort=name")
        page.get_by_role("checkbox", name="Select Budi Santoso").click()
        page.get_by_role("form", name="Selected customers").get_by_role("button", name="Segment", exact=True).click()
        dialog(page).get_by_label("Segment", exact=True).select_option(label="Abroad")
        dialog(page).get_by_role("button", name="Apply to 1 customer").click()
        expect(toast(page)).to_contain_text("1 customer decided by hand")
        assert Segment.objects.of(lan.shop).get(name="Abroad").size == 1

        toast(page).get_by_role("button", name="Undo").click()

        expect(toast(page).filter(has_not_text="decided")).to_be_visible()
        assert Segment.objects.of(lan.shop).get(name="Abroad").size == 0


class TestTheMembers:
    def test_are_filtered_and_lead_back(self, visit, lan):
        segment = made(lan, "Buyers", "orders >= 1 AND NOT name CONTAINS 'budi'")
        page = visit(lan, f"segments/{segment.pk}/")
        expect(row(page, "Nguyễn Thị Đào")).to_be_visible()

        page.get_by_role("link", name="5+ orders").click()
        expect(row(page, "Trần Văn Minh")).to_have_count(0)
        row(page, "Nguyễn Thị Đào").get_by_role("link", name="Nguyễn Thị Đào").click()

        expect(heading(page)).to_have_text("Nguyễn Thị Đào")
        page.get_by_role("link", name=re.compile("^Segments")).last.click()
        expect(page.get_by_role("link", name="Buyers", exact=True)).to_be_visible()


class TestOnAPhone:
    def test_everything_fits(self, visit, lan):
        segment = made(lan, "Small screen")
        page = visit(lan, "segments/", **PHONE)

        for path in ("", "new/?template=best", f"{segment.pk}/", f"{segment.pk}/moves/", f"{segment.pk}/size/"):
            page.goto(f"/s/{lan.shop.slug}/segments/{path}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
