"""Whole ways of files that shops really have: from the upload to a mended file, and back again."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Customer
from regulars.customers.operations import update_customer
from regulars.shops.models import Staff
from tests.browser.scene import CAST, alive, customer, dialog, fill, open_shop
from tests.browser.test_files import downloaded, export_now, figure, import_now, upload
from tests.browser.visiting import violations
from tests.factories import SYSTEM
from tests.transfer.intake.test_encodings import cp1258

VIETNAMESE = """Họ tên;Email;Email;Email;Ngày sinh
Nguyễn Thị Đào;dao@example.com;dao@work.example;;03/04/1990
Trần Văn Hùng;hung@example.com;;hung@old.example;05/06/1988
Hồ Xuân Hương;huong@example.com;;;07/08/1985
"""


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


def upload_bytes(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()


def becomes(page: Page, column: str):
    return page.get_by_role("combobox", name=f"What “{column}” becomes")


def changed(page: Page):
    """Not the figure of the unchanged ones."""
    return page.locator(".figure").filter(has_text=re.compile("Changed")).locator(".figure-value")


class TestAFileOfWindows:
    """T57, T58: Windows-1258, semicolons, three columns of one name, and days that could be two."""

    def test_is_read_asked_about_and_imported(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload_bytes(page, "khách.csv", cp1258(VIETNAMESE))
        expect(page.get_by_text("Windows-1258").first).to_be_attached()
        expect(becomes(page, "Email")).to_have_value("email")
        expect(becomes(page, "Email (2)")).to_have_value("")
        expect(becomes(page, "Email (3)")).to_have_value("")
        expect(page.get_by_text("03/04/1990").first).to_be_visible()
        assert violations(page) == []

        page.get_by_role("combobox", name="Dates are written").select_option("mdy")
        expect(page.locator("#first-rows")).to_contain_text("Mar 4, 1990")
        page.get_by_role("combobox", name="Dates are written").select_option("dmy")
        expect(page.locator("#first-rows")).to_contain_text("Apr 3, 1990")
        page.get_by_role("button", name="Check what would happen").click()
        expect(figure(page, "New")).to_have_text("3")
        import_now(page)

        expect(figure(page, "New")).to_have_text("3")
        dao = customer(lan, "Nguyễn Thị Đào")
        assert (dao.email, dao.birth_md) == ("dao@example.com", 403)

    def test_lets_the_second_address_be_the_one(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload_bytes(page, "khách.csv", cp1258(VIETNAMESE))
        becomes(page, "Email").select_option("")
        becomes(page, "Email (2)").select_option("email")
        page.get_by_role("combobox", name="Dates are written").select_option("dmy")
        page.get_by_role("button", name="Check what would happen").click()
        expect(figure(page, "New")).to_have_text("3")
        import_now(page)

        expect(figure(page, "New")).to_have_text("3")
        assert customer(lan, "Nguyễn Thị Đào").email == "dao@work.example"


class TestRejectedRows:
    """T66: downloaded, mended and brought in again."""

    def test_come_in_once_they_are_mended(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload(page, "people.csv", "Name,Email,City\nAnn,ann@example.com,Huế\n,,Vinh\n")
        page.get_by_role("button", name="Check what would happen").click()
        expect(figure(page, "Rejected")).to_have_text("1")
        import_now(page)
        expect(page.get_by_text("Some rows could not be taken")).to_be_visible()
        rejected = downloaded(page, "Download rejected rows")
        assert rejected.splitlines()[0].startswith("Name,Email,City,")

        page.get_by_role("link", name="Import another file").click()
        upload(page, "mended.csv", rejected.replace(",,Vinh", "Bình,binh@example.com,Vinh"))
        page.get_by_role("button", name="Check what would happen").click()
        expect(figure(page, "New")).to_have_text("1")
        import_now(page)

        expect(figure(page, "New")).to_have_text("1")
        assert alive(lan) == 2
        assert customer(lan, "Bình").city == "Vinh"


class TestUndo:
    """T70: later edits stay, and are listed with both values."""

    def test_lists_what_somebody_changed_since(self, visit, lan):
        fill(lan.shop, [{"name": "Ann", "email": "ann@example.com"}, {"name": "Bo", "email": "bo@example.com"}])
        page = visit(lan, "files/import/customers/")
        upload(page, "people.csv", "Name,Email\nAnn File,ann@example.com\nBo File,bo@example.com\nCy,cy@example.com\n")
        page.get_by_role("button", name="Check what would happen").click()
        expect(changed(page)).to_have_text("2")
        import_now(page)
        expect(changed(page)).to_have_text("2")
        update_customer(customer(lan, "Ann File"), {"name": "Ann Later"}, by=SYSTEM)

        page.get_by_role("button", name="Undo this import").click()
        stays = page.get_by_role("region", name="What somebody changed since, and what stays")
        expect(stays).to_contain_text("Ann Later")
        page.get_by_role("button", name="Undo it").click()

        expect(page.get_by_text("This import was undone")).to_be_visible()
        expect(stays).to_contain_text("Ann Later")
        expect(stays).to_contain_text("Ann File")
        assert violations(page) == []
        names = set(Customer.objects.of(lan.shop).alive().values_list("name", flat=True))
        assert names == {"Ann Later", "Bo"}


class TestAnExport:
    """T76, T77, T80: chosen fields, progress, download, log."""

    def test_of_chosen_fields_is_watched_fetched_and_written_down(self, visit, lan):
        fill(lan.shop, CAST)
        page = visit(lan, "customers/")
        page.get_by_role("link", name="Export", exact=True).click()
        expect(dialog(page)).to_contain_text(f"Export {len(CAST)} customers")
        dialog(page).get_by_role("radio", name="Chosen fields, in this order").check()
        assert violations(page) == []
        export_now(page)

        lines = downloaded(page, "Download").strip().splitlines()

        assert len(lines) == len(CAST) + 1
        page.goto(f"/s/{lan.shop.slug}/files/exports/")
        entry = page.locator("[data-list] tbody tr").first
        expect(entry.locator("[data-label=Rows]")).to_have_text(str(len(CAST)))
        expect(entry.locator("[data-label=Downloads]")).to_have_text("1")
        expect(entry).to_contain_text(re.compile("Lan Phạm"))
        assert violations(page) == []
