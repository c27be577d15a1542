"""A workbook on its way in, by mouse, by keyboard and on a phone: first rows, saved mapping, differences, undo."""

from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from regulars.shops.models import Staff
from regulars.transfer.models import ImportTemplate
from regulars.web.files import upload as uploading
from tests.browser.scene import alive, fill, open_shop
from tests.browser.test_files import figure, import_now, upload
from tests.browser.visiting import scrolls_sideways, violations

BOOK = Path(__file__).parents[1] / "samples" / "xlsx" / "shops" / "bagisto_customers.xlsx"
PHONE = {"viewport": {"width": 390, "height": 844}}
ODD = "Who,Reach,Born\nHà Giang,hagiang@example.com,03/04/1990\n"


@pytest.fixture
def lan(database: None) -> Staff:
    return open_shop()


def upload_book(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(str(BOOK))
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()


def first_rows(page: Page):
    return page.get_by_role("region", name="The first rows as they will be read")


class TestAWorkbook:
    @pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
    def test_is_looked_at_tried_and_imported(self, visit, lan, screen):
        page = visit(lan, "files/import/customers/", **screen)
        upload_book(page)
        expect(page.get_by_text("sheet “")).to_be_visible()
        expect(first_rows(page).locator("tbody tr")).to_have_count(3)
        assert violations(page) == []
        assert not scrolls_sideways(page)

        page.get_by_role("button", name="Check what would happen").click()
        expect(figure(page, "New")).to_have_text("3")
        expect(page.get_by_text("3 new.")).to_be_visible()
        assert violations(page) == []
        assert not scrolls_sideways(page)
        assert alive(lan) == 0
        import_now(page)

        expect(figure(page, "New")).to_have_text("3")
        assert alive(lan) == 3


class TestTheUpload:
    def test_says_what_it_is_doing(self, visit, lan, monkeypatch):
        opened, stage = Event(), uploading.stage
        monkeypatch.setattr(uploading, "stage", lambda *args, **more: opened.wait(20) and stage(*args, **more))
        page = visit(lan, "files/import/customers/")
        page.locator("input[type=file]").set_input_files(str(BOOK))
        page.get_by_role("button", name="Upload and look at it").click()

        expect(page.locator("[data-upload-state]")).to_contain_text("Reading the file. A large workbook takes up to")
        expect(page.get_by_role("button", name="Upload and look at it")).to_be_disabled()
        assert violations(page) == []
        opened.set()
        expect(page.get_by_role("heading", name="What the columns hold")).to_be_visible()

    def test_says_in_the_form_why_a_file_is_not_taken(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        page.locator("input[type=file]").set_input_files(
            {"name": "old.xls", "mimeType": "application/vnd.ms-excel", "buffer": b"\xd0\xcf\x11\xe0" + bytes(600)}
        )
        page.get_by_role("button", name="Upload and look at it").click()

        expect(page.get_by_text("This file was not taken")).to_be_visible()
        expect(page.get_by_role("button", name="Upload and look at it")).to_be_enabled()


class TestTheColumns:
    def test_show_at_once_how_another_choice_reads(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload(page, "odd.csv", ODD)

        page.get_by_role("combobox", name="What “Who” becomes").focus()
        page.keyboard.type("Full name")
        page.keyboard.press("Tab")
        expect(first_rows(page)).to_contain_text("Hà Giang")
        page.get_by_role("combobox", name="What “Born” becomes").select_option(label="Birthday")

        expect(first_rows(page)).to_contain_text("Apr 3, 1990")
        page.get_by_role("combobox", name="Dates are written").select_option("mdy")
        expect(first_rows(page)).to_contain_text("Mar 4, 1990")

    def test_are_saved_and_followed(self, visit, lan):
        page = visit(lan, "files/import/customers/")
        upload(page, "odd.csv", ODD)
        page.get_by_role("combobox", name="What “Who” becomes").select_option(label="Full name")
        page.get_by_label("Name", exact=True).fill("Odd ones")
        page.get_by_role("button", name="Save this mapping").click()
        expect(page.get_by_text("Taken as in the saved mapping “Odd ones”")).to_be_visible()
        assert ImportTemplate.objects.of(lan.shop).get().name == "Odd ones"

        page.goto(f"/s/{lan.shop.slug}/files/import/customers/")
        upload(page, "again.csv", ODD)
        expect(page.get_by_role("combobox", name="What “Who” becomes")).to_have_value("name")
        page.get_by_role("button", name="Don’t use it").click()

        expect(page.get_by_text("Taken as in the saved mapping")).to_have_count(0)


class TestTheDifferences:
    def test_stand_field_by_field(self, visit, lan):
        fill(lan.shop, [{"name": "Ann Old", "email": "ann@example.com"}])
        page = visit(lan, "files/import/customers/")
        upload(page, "people.csv", "Name,Email,Phone\nAnn New,ann@example.com,0912 345 678\nBob,bob@example.com,\n,,\n")
        page.get_by_role("button", name="Check what would happen").click()

        row = page.locator(".tried tbody tr").first
        expect(row.locator("del").first).to_have_text("Ann Old")
        expect(row.locator("ins").first).to_have_text("Ann New")
        page.get_by_role("link", name="New 1").click()

        expect(page.locator(".tried tbody tr")).to_contain_text("Bob · bob@example.com")
