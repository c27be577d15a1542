"""The way of a file from the upload to its rows, whatever it is."""

from pathlib import Path

import pytest

from regulars.customers.models import Customer
from regulars.transfer.commands import import_file
from regulars.transfer.errors import FileRefused, IsNoTable, IsOldSpreadsheet, NoRows, NotInEncoding
from regulars.transfer.files import private_path
from regulars.transfer.imports import configure, discard, stage
from regulars.transfer.options import Options
from regulars.transfer.previews import preview
from regulars.transfer.trials import dry_run
from tests.transfer.intake.books import texts, write_book

SAMPLES = Path(__file__).parents[2] / "samples"
pytestmark = pytest.mark.django_db


def staged(shop, data: bytes, name: str = "a.csv"):
    return stage(shop, "customers", [data], name)


def test_the_same_customers_from_csv_and_workbook_are_three(shop):
    first = import_file("customers", SAMPLES / "csv" / "shops" / "bagisto_customers.csv", shop)
    again = import_file("customers", SAMPLES / "xlsx" / "shops" / "bagisto_customers.xlsx", shop)

    assert (first["created"], again["created"], again["unchanged"]) == (3, 0, 3)


def test_a_workbook_shows_its_sheets_and_another_can_be_read(shop):
    run = staged(shop, (SAMPLES / "xlsx" / "calamine" / "hyperlinks.xlsx").read_bytes(), "a.xlsx")
    assert Options.of(run.options).sheets == (("Links", True), ("Sheet2", True))
    assert preview(run).columns[0].name == "calamine repo"

    with pytest.raises(NoRows):
        configure(run, sheet="Sheet2")


def test_line_breaks_of_a_workbook_arrive(shop, tmp_path):
    book = write_book(tmp_path / "a.xlsx", [texts("Name", "Note"), texts("Ann", "likes tea&#10;and cake")])

    import_file("customers", book, shop)

    assert Customer.objects.of(shop).get().notes.get().text == "likes tea\nand cake"


def test_leading_zeros_survive(shop, tmp_path):
    """T64: in a workbook."""
    book = write_book(
        tmp_path / "a.xlsx", [texts("Name", "Phone", "Postal code"), texts("Ann", "0917 123 4567", "010011")]
    )

    import_file("customers", book, shop)

    ann = Customer.objects.of(shop).get()
    assert (ann.phone_raw, ann.addresses.get().postal_code) == ("0917 123 4567", "010011")


def test_titles_above_the_names_are_passed_over(shop):
    run = staged(shop, b"Customer report,,\n2026,,\nName,Email,City\nAnn,ann@example.com,Cebu\n")

    assert [one.name for one in preview(run).columns] == ["Name", "Email", "City"]
    assert dry_run(run).created == 1


def test_a_file_without_names_can_be_told_so(shop):
    run = configure(staged(shop, b"Ann,ann@example.com\nBen,ben@example.com\n"), header_row=0)
    run = configure(run, mapping=("name", "email"))

    assert [one.name for one in preview(run).columns] == ["Column 1", "Column 2"]
    assert dry_run(run).created == 2


def test_another_encoding_can_be_chosen(shop):
    """T57: the preview lets people say otherwise."""
    data = "Name\nIonuţ Şerban\n".encode("cp1250")
    run = configure(staged(shop, data), encoding="cp1252")
    assert preview(run).rows[0].cells == ["Ionuþ ªerban"]

    run = configure(run, encoding="cp1250")

    assert preview(run).rows[0].cells == ["Ionuţ Şerban"]


def test_an_encoding_that_does_not_fit_is_refused_and_nothing_is_lost(shop):
    run = staged(shop, b"Name\nAnn \x81\n")

    with pytest.raises(NotInEncoding, match="line"):
        configure(run, encoding="cp1252")
    assert dry_run(run).created == 1


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, IsOldSpreadsheet),
        (b"PK\x03\x04....", FileRefused),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, IsNoTable),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, FileRefused),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(shop, data, refusal):
    with pytest.raises(refusal):
        staged(shop, data)
    assert not list(private_path("imports").iterdir())


def test_discarding_takes_the_text_along(shop, django_capture_on_commit_callbacks):
    run = staged(shop, "Name\nJosé\n".encode("cp1252"))

    with django_capture_on_commit_callbacks(execute=True):
        discard(run)

    assert not private_path(run.stored_as).exists()
    assert not private_path(Options.of(run.options).text).exists()
