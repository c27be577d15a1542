"""Files in and out: from the upload to the rejected rows, from the button to the log."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from tests.browser.scene import CAST, alive, colleague_of, customer, dialog, fill, open_shop
from tests.browser.visiting import work

FILE = """Name,Email,Phone,City
Hồ Xuân Hương,huong@example.com,0901 234 567,Hà Nội
Đoàn Thị Điểm,diem@example.com,0902 234 567,Hưng Yên
,,,Nowhere
"=HYPERLINK(""x"")",formula@example.com,,Huế
,,,Nobody
"""


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


def upload(page: Page, name: str, text: str, kind: str = "customers") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8")}
    )
    expect(page.locator("[data-drop-name]")).to_contain_text(name)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()


def figure(page: Page, label: str):
    return page.locator(".figure").filter(has_text=label).locator(".figure-value")


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes().decode("utf-8-sig")


def import_now(page: Page) -> None:
    """Begin, see the progress, and let the worker do its work."""
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Importing")).to_be_visible()
    work()


def export_now(page: Page) -> None:
    """Ask for the file and wait until it is there."""
    dialog(page).get_by_role("button", name="Export", exact=True).click()
    expect(page.locator("#export-state")).to_be_visible()
    work()
    expect(page.get_by_text("Your file is ready")).to_be_visible()


class TestAnImport:
    def test_goes_from_the_file_to_the_report_with_its_rejected_rows(self, visit, lan):
        page = visit(lan, "customers/")
        page.get_by_role("link", name="Import a file").click()
        upload(page, "people.csv", FILE)
        email = page.get_by_role("combobox", name="What “Email” becomes")
        expect(email).to_have_value("email")
        page.get_by_role("button", name="Check what would happen").click()

        expect(figure(page, "New")).to_have_text("3")
        expect(figure(page, "Rejected")).to_have_text("2")
        assert alive(lan) == 0
        import_now(page)

        expect(page.get_by_text("Some rows could not be taken")).to_be_visible()
        expect(figure(page, "New")).to_have_text("3")
        expect(page.get_by_role("region", name="Rejected rows").locator("tbody tr")).to_have_count(2)
        rejected = downloaded(page, "Download rejected rows")
        assert "Nowhere" in rejected
        assert "Nobody" in rejected
        assert "huong@example.com" not in rejected
        assert customer(lan, "Hồ Xuân Hương").phone == "+84901234567"

    def test_of_the_same_file_again_would_change_nothing(self, visit, lan):
        fill(lan.shop, CAST)
        page = visit(lan, "files/import/customers/")
        upload(page, "again.csv", "Name,Email\nNguyễn Thị Đào,dao@example.com\n")

        page.get_by_role("button", name="Check what would happen").click()

        expect(figure(page, "Unchanged")).to_have_text("1")
        expect(page.get_by_text("Importing it would change nothing")).to_be_visible()

    def test_takes_a_column_for_what_the_person_says(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload(page, "odd.csv", "Wer,Rufname\nHà Giang,hagiang@example.com\n")
        page.get_by_role("combobox", name="What “Wer” becomes").select_option(label="Full name")
        page.get_by_role("combobox", name="What “Rufname” becomes").select_option(label="E-mail")
        page.get_by_role("button", name="Check what would happen").click()
        import_now(page)

        expect(page.get_by_text("All rows are in.")).to_be_visible()
        assert customer(lan, "Hà Giang").email == "hagiang@example.com"

    def test_refuses_a_file_it_cannot_read_and_says_why(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        page.locator("input[type=file]").set_input_files(
            {"name": "picture.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n\x00\x00\x00"}
        )

        page.get_by_role("button", name="Upload and look at it").click()

        expect(page.get_by_role("alert")).to_contain_text("This file was not taken")

    def test_takes_the_template_as_it_is(self, visit, lan):
        page = visit(lan, "files/import/customers/")

        template = downloaded(page, "Download the template")
        upload(page, "template.csv", template)
        page.get_by_role("button", name="Check what would happen").click()

        expect(figure(page, "Rejected")).to_have_text("0")
        expect(figure(page, "New")).to_have_text("1")

    def test_of_orders_brings_their_customers_along(self, visit, lan):
        page = visit(lan, "files/import/orders/")
        upload(page, "orders.csv", "Order,Date,Email,Name,Total\nA1,2026-03-01,linh@example.com,Linh,250000\n")
        page.get_by_role("button", name="Check what would happen").click()
        import_now(page)

        page.get_by_role("link", name="Show orders").click()
        expect(page.locator("[data-list] tbody tr[data-key]")).to_have_count(1)
        assert Customer.objects.of(lan.shop).get(email="linh@example.com").orders_recorded == 1


class TestAnExport:
    def test_writes_those_who_match_and_is_written_down(self, visit, lan):
        fill(lan.shop, [*CAST, {"name": "=1+1", "email": "formula@example.com", "tags": "VIP"}])
        page = visit(lan, "customers/?where=tags%20CONTAINS%20VIP")
        page.get_by_role("link", name="Export", exact=True).click()
        expect(dialog(page)).to_contain_text("Export 3 customers")
        dialog(page).get_by_role("radio", name=re.compile("Everything that can be imported again")).check()
        export_now(page)

        text = downloaded(page, "Download")

        lines = text.strip().splitlines()
        assert len(lines) == 4
        assert "Nguyễn Thị Đào" in text
        assert "Budi" not in text
        assert not re.search(r'(^|,)"?=1\+1', text, re.MULTILINE)
        page.goto(f"/s/{lan.shop.slug}/files/exports/")
        entry = page.locator("[data-list] tbody tr").first
        expect(entry).to_contain_text("Lan Phạm")
        expect(entry).to_contain_text("VIP")
        expect(entry.locator("[data-label=Rows]")).to_have_text("3")
        expect(entry.locator("[data-label=Downloads]")).to_have_text("1")

    def test_of_a_period_with_kept_fields_is_a_workbook(self, visit, lan):
        fill(lan.shop, CAST)
        page = visit(lan, "customers/")
        page.get_by_role("link", name="Export", exact=True).click()
        dialog(page).get_by_label("From", exact=True).fill("2001-01-01")
        dialog(page).get_by_label("Until", exact=True).fill("2001-12-31")
        expect(dialog(page)).to_contain_text("In this period: 0 customers.")
        dialog(page).get_by_label("Until", exact=True).fill("")
        expect(dialog(page)).to_contain_text(f"In this period: {len(CAST)} customers.")
        dialog(page).get_by_role("radio", name="Chosen fields, in this order").check()
        dialog(page).get_by_label("Keep these fields as").fill("Letters")
        dialog(page).get_by_role("button", name="Keep", exact=True).click()
        expect(dialog(page).get_by_role("radio", name=re.compile("Letters"))).to_be_checked()
        dialog(page).get_by_role("radio", name=re.compile("Excel")).check()
        export_now(page)

        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download").click()

        assert waiting.value.suggested_filename.endswith(".xlsx")
        assert Path(waiting.value.path()).read_bytes().startswith(b"PK")

    def test_belongs_to_the_one_who_made_it(self, visit, lan):
        fill(lan.shop, CAST)
        page = visit(lan, "customers/")
        page.get_by_role("link", name="Export", exact=True).click()
        export_now(page)
        link = page.get_by_role("link", name="Download").get_attribute("href")

        other = visit(colleague_of(lan))
        answer = other.request.get(link)

        assert answer.status in (403, 404)

    def test_follows_what_one_searched_meanwhile(self, visit, lan):
        fill(lan.shop, CAST)
        page = visit(lan, "customers/")
        page.get_by_role("searchbox", name="Search this list").fill("dao")
        expect(page.locator("[data-list] tbody tr[data-key]")).to_have_count(1)

        page.get_by_role("link", name="Export", exact=True).click()

        expect(dialog(page)).to_contain_text("Export 1 customer")
