"""Settings: the shop, its words, its people."""

import re

import pytest
from playwright.sync_api import expect

from regulars.customers.models import Status, Tag
from regulars.shops.models import Shop, Staff
from tests.browser.scene import CAST, colleague_of, dialog, fill, open_shop, toast


@pytest.fixture
def lan(database: None) -> Staff:
    staff = open_shop()
    fill(staff.shop, CAST)
    return staff


class TestTheShop:
    def test_is_renamed_everywhere_at_once(self, visit, lan):
        page = visit(lan, "settings/")

        page.get_by_role("main").get_by_label("Name").fill("Hoa Sen Trắng")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("button", name="Hoa Sen Trắng")).to_be_visible()
        assert Shop.objects.get(pk=lan.shop_id).name == "Hoa Sen Trắng"


class TestStatuses:
    def test_are_added_and_offered_at_once(self, visit, lan):
        page = visit(lan, "settings/statuses/")
        page.get_by_role("main").get_by_label("Name").fill("Hẹn gặp lại")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("main").get_by_role("list").last).to_contain_text("Hẹn gặp lại")

        page.goto(f"/s/{lan.shop.slug}/customers/new/")

        expect(page.get_by_role("combobox", name="Status").locator("option", has_text="Hẹn gặp lại")).to_have_count(1)

    def test_are_renamed_in_a_dialog(self, visit, lan):
        page = visit(lan, "settings/statuses/")
        status = Status.objects.of(lan.shop).first()
        page.get_by_role("link", name=f"Change {status.name}").click()
        dialog(page).get_by_label("Name").fill("Đang chờ")
        dialog(page).get_by_role("button", name="Save").click()

        expect(page.locator("#label-list")).to_contain_text("Đang chờ")

    def test_keep_the_order_one_gives_them(self, visit, lan):
        page = visit(lan, "settings/statuses/")
        before = page.locator("#label-list .strong").all_inner_texts()

        with page.expect_response(re.compile("/order")):
            page.get_by_role("button", name=f"Move {before[1]} up").click()

        expect(page.locator("#label-list .strong").first).to_have_text(before[1])


class TestTags:
    def test_are_removed_after_saying_who_loses_them(self, visit, lan):
        page = visit(lan, "settings/tags/")

        page.get_by_role("button", name="Remove VIP").click()
        question = page.get_by_role("dialog", name="Remove “VIP”?")
        expect(question).to_contain_text("2 customers")
        question.get_by_role("button", name="Remove").click()

        expect(toast(page)).to_contain_text("VIP")
        assert not Tag.objects.of(lan.shop).filter(name="VIP").exists()

    def test_lead_to_their_customers(self, visit, lan):
        page = visit(lan, "settings/tags/")

        page.locator("#label-list li", has_text="Silk").get_by_role("link", name=re.compile("1")).click()

        expect(page.locator("[data-list] .person-name")).to_have_text(["Nguyễn Thị Đào"])


class TestStaff:
    def test_lose_access_at_once(self, visit, lan):
        quan = colleague_of(lan)
        theirs = visit(quan, "customers/")
        page = visit(lan, "settings/staff/")
        page.get_by_role("link", name="Change Quân Đỗ").click()
        dialog(page).get_by_role("button", name="Take access away").click()
        expect(toast(page)).to_contain_text("Quân Đỗ")

        answer = theirs.goto(f"/s/{lan.shop.slug}/customers/")

        assert answer.status == 404

    def test_without_the_right_see_no_settings(self, visit, lan):
        viewer = colleague_of(lan, "Vy Hồ", role="viewer")
        page = visit(viewer, "customers/")

        expect(page.get_by_role("link", name="Settings")).to_have_count(0)
        expect(page.get_by_role("link", name="Add customer")).to_have_count(0)
        assert page.goto(f"/s/{lan.shop.slug}/settings/").status == 403
