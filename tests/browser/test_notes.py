"""The team about a customer: a note with a mention, a file and a pin, a logged call, referrals; on a phone too."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Customer, Note
from regulars.customers.operations import set_referrer
from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import colleague_of, customer, dialog, lively_shop, toast
from tests.browser.visiting import scrolls_sideways, violations
from tests.factories import SYSTEM


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop(5)


def page_of(visit: Visit, staff: Staff, name: str, query: str = "", **options: object) -> Page:
    return visit(staff, f"customers/{customer(staff, name).pk}/{query}", **options)


class TestMentioningAColleague:
    def test_by_keyboard_rings_their_bell(self, visit, lan):
        quan = colleague_of(lan, "Quân Đỗ")
        page = page_of(visit, lan, "Lê Hoàng Anh")

        box = page.get_by_role("textbox", name="New note")
        box.focus()
        page.keyboard.type("Ask @qu")
        expect(page.get_by_role("option", name="Quân Đỗ")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(box).to_have_value("Ask @Quân Đỗ ")
        page.keyboard.type("about silk")
        page.get_by_role("button", name="Add note").click()
        expect(page.locator("#customer-notes .mention")).to_have_text("@Quân Đỗ")
        expect(box).to_have_value("")

        theirs = visit(quan, "customers/")
        bell = theirs.get_by_role("button", name="Notifications: 1 unread")
        bell.focus()
        theirs.keyboard.press("Enter")
        told = theirs.get_by_role("link", name="Lan Phạm mentioned you in a note about Lê Hoàng Anh")
        expect(told).to_be_visible()
        assert violations(theirs) == []
        told.focus()
        theirs.keyboard.press("Enter")
        expect(theirs.locator("article.note:target")).to_contain_text("about silk")
        expect(theirs.get_by_role("button", name="Notifications", exact=True)).to_be_visible()

    def test_escape_leaves_the_list_and_the_text(self, visit, lan):
        colleague_of(lan, "Thu Hà")
        page = page_of(visit, lan, "Budi Santoso")

        box = page.get_by_role("textbox", name="New note")
        box.press_sequentially("@th")
        expect(page.get_by_role("option", name="Thu Hà")).to_be_visible()
        box.press("Escape")

        expect(page.get_by_role("option", name="Thu Hà")).to_be_hidden()
        expect(box).to_have_value("@th")


class TestANote:
    def test_carries_a_file_is_pinned_and_put_back(self, visit, lan):
        page = page_of(visit, lan, "Andrei Țurcanu")
        page.get_by_role("textbox", name="New note").fill("Measures")
        page.get_by_label(re.compile("^Attach files")).set_input_files(
            {"name": "măsuri.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
        )
        page.get_by_role("button", name="Add note").click()

        link = page.get_by_role("link", name="măsuri.html")
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "măsuri.html"

        page.locator("#customer-notes").get_by_role("button", name="Keep at hand").click()
        expect(page.get_by_role("button", name="Keep at hand")).to_have_attribute("aria-pressed", "true")

        page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=re.compile("^Notes")).click()
        card = page.locator("#customer-tab article.note", has_text="Measures")
        card.get_by_role("button", name="Delete").click()
        expect(card).to_have_count(0)
        toast(page).get_by_role("button", name="Undo").click()
        expect(page.locator("#customer-tab article.note", has_text="Measures")).to_be_visible()
        expect(page.get_by_role("link", name="măsuri.html")).to_be_visible()

    def test_two_who_edit_it_at_once_lose_nothing(self, visit, lan):
        note = Note.objects.create(shop=lan.shop, customer=customer(lan, "Trần Văn Minh"), text="tea", author=lan)
        page = page_of(visit, lan, "Trần Văn Minh", "?tab=notes")
        page.locator("#customer-tab").get_by_role("link", name="Edit").click()
        expect(dialog(page).get_by_role("textbox", name="Note")).to_have_value("tea")
        Note.objects.filter(pk=note.pk).update(text="green tea")

        dialog(page).get_by_role("textbox", name="Note").fill("coffee")
        dialog(page).get_by_role("button", name="Save").click()

        expect(dialog(page)).to_contain_text("Two of you wrote at once")
        expect(dialog(page)).to_contain_text("green tea")
        expect(dialog(page).get_by_role("textbox", name="Note")).to_have_value("coffee")
        dialog(page).get_by_role("textbox", name="Note").fill("green tea, coffee")
        dialog(page).get_by_role("button", name="Save").click()
        expect(page.locator("#customer-tab .note-text")).to_have_text("green tea, coffee")


class TestGettingInTouch:
    def test_a_click_leaves_a_line(self, visit, lan):
        page = page_of(visit, lan, "Nguyễn Thị Đào")
        page.evaluate("document.addEventListener('click', (e) => e.target.closest('a.contact') && e.preventDefault())")

        page.locator(".who").get_by_role("link", name=re.compile("^Phone")).click()

        expect(page.get_by_role("list", name="Timeline")).to_contain_text("Contacted: Phone")

    def test_a_call_is_logged_with_what_came_of_it(self, visit, lan):
        page = page_of(visit, lan, "Nguyễn Thị Đào")
        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Log a call").click()
        dialog(page).get_by_label("What came of it").select_option(label="To call back")
        dialog(page).get_by_role("textbox", name=re.compile("^Note")).fill("After lunch")
        dialog(page).get_by_role("button", name="Save").click()

        expect(page.get_by_role("list", name="Timeline")).to_contain_text("Contacted: Phone · To call back")
        expect(page.locator("#customer-notes")).to_contain_text("After lunch")


class TestReferrals:
    def test_a_code_is_given_and_who_was_sent_is_listed(self, visit, lan):
        dao = customer(lan, "Nguyễn Thị Đào")
        set_referrer(customer(lan, "Budi Santoso"), f"#{dao.pk}", by=SYSTEM)
        page = page_of(visit, lan, "Nguyễn Thị Đào", "?tab=referred")

        expect(page.locator("#customer-tab").get_by_role("link", name="Budi Santoso")).to_be_visible()
        page.get_by_role("button", name="Give a code").click()
        expect(page.get_by_role("button", name="Copy the code")).to_be_visible()
        assert Customer.objects.get(pk=dao.pk).referral_code

    def test_the_form_finds_who_sent_them(self, visit, lan):
        page = page_of(visit, lan, "Guest 01", "edit/")

        page.get_by_label(re.compile("^Sent by")).press_sequentially("Lê Hoà")

        expect(page.locator("#referrers option")).to_have_text(re.compile("Lê Hoàng Anh"))


class TestOnAPhone:
    @pytest.mark.parametrize("tab", ["notes", "referred"])
    def test_all_of_it_fits_and_can_be_used(self, visit, lan, tab):
        page = page_of(visit, lan, "Nguyễn Thị Đào", f"?tab={tab}", **PHONE)

        assert not scrolls_sideways(page)
        assert violations(page) == []
        page.get_by_role("button", name=re.compile("^Notifications")).click()
        expect(page.get_by_role("link", name="All notifications")).to_be_visible()
        page.get_by_role("link", name="All notifications").click()
        expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
        assert not scrolls_sideways(page)
        assert violations(page) == []
