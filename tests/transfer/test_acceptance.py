"""What merchants complain of most in other programs, where no other test proves it already."""

import time
import tracemalloc

import pytest

from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.text import fold
from regulars.shops.models import JobRun
from regulars.shops.queries import acting
from regulars.transfer import exports, imports
from regulars.transfer.commands import import_file
from regulars.transfer.errors import FileRefused
from regulars.transfer.files import private_path
from regulars.transfer.intake.encodings import converted, guess_encoding
from regulars.transfer.models import ExportLog
from regulars.transfer.previews import preview
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import SAMPLES
from tests.transfer.intake.books import texts, write_book

pytestmark = pytest.mark.django_db
CALAMINE = SAMPLES / "xlsx" / "calamine"


def figures(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))


class TestRomanianFiles:
    """T57: in ISO 8859-16 and Windows-1250 the letters of today (ș) and of 1993 (ş) are the same bytes."""

    TEXT = "nume,oraș\nȘtefan Țepeș,București\nIoana Brâncuși,Iași\n"

    def test_are_read_in_letters_that_people_find(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(self.TEXT.encode("iso8859-16"))

        read = b"".join(converted(path, guess_encoding(path, "RO"))).decode()

        assert fold(read) == fold(self.TEXT)

    def test_have_the_letters_of_today_when_told_so(self, shop):
        run = imports.stage(shop, "customers", [self.TEXT.encode("iso8859-16")], "a.csv")

        run = imports.configure(run, encoding="iso8859-16")

        assert preview(run).rows[0].cells == ["Ștefan Țepeș", "București"]


class TestNumbersInWorkbooks:
    """T64: a phone that a spreadsheet keeps as a number has lost its zero and is a phone all the same."""

    def test_are_phones(self, shop, tmp_path):
        row = "<row><c t='inlineStr'><is><t>Ann</t></is></c><c><v>9171234567</v></c><c><v>1200</v></c></row>"
        book = write_book(tmp_path / "a.xlsx", [texts("Name", "Phone", "Postal code"), row])

        answer = import_file("customers", book, shop)

        ann = Customer.objects.of(shop).get()
        assert (figures(answer), answer["warnings"], ann.phone) == ((1, 0, 0, 0), {}, "+639171234567")


class TestWorkbooksOfPeople:
    """T65: formulas bring their last value, hidden rows come along, the chosen sheet is read."""

    def test_bring_values_not_formulas(self, shop, tmp_path):
        row = (
            '<row hidden="1"><c t="str"><f>A1&amp;"n"</f><v>Ann</v></c><c t="str"><f>"ann"&amp;"@x.io"</f>'
            "<v>ann@x.io</v></c></row>"
        )
        book = write_book(tmp_path / "a.xlsx", [texts("Name", "Email"), row, texts("Bob", "bob@x.io")])

        answer = import_file("customers", book, shop)

        assert figures(answer) == (2, 0, 0, 0)
        assert set(Customer.objects.of(shop).values_list("name", "email")) == {("Ann", "ann@x.io"), ("Bob", "bob@x.io")}

    def test_of_every_kind_are_read_or_refused_with_a_sentence(self, shop):
        outcomes = {}
        for path in sorted(CALAMINE.glob("*.xlsx")):
            try:
                run = imports.stage(shop, "customers", [path.read_bytes()], path.name)
                outcomes[path.stem] = len(preview(run).rows)
            except FileRefused as refusal:
                outcomes[path.stem] = str(refusal)

        assert len(outcomes) == 14
        assert all(outcomes.values())
        assert "empty" in outcomes["empty_sheet"]


class TestWhoARowIs:
    """T67: an ID and a name, a name and an e-mail address, or a phone alone are somebody."""

    def test_is_enough_in_each_pair(self, shop, tmp_path):
        path = tmp_path / "iseller.csv"
        path.write_text(
            "Customer ID,Name,Email,Phone,City\nC1,Ann,,,\n,Bob,b@x.io,,\n,,,0917 123 4567,\n,,,,Cebu\n", "utf-8"
        )

        first, again = import_file("customers", path, shop), import_file("customers", path, shop)

        assert (figures(first), figures(again)) == ((3, 0, 0, 1), (0, 0, 3, 1))
        assert set(Customer.objects.of(shop).values_list("name", "email", "phone")) == {
            ("Ann", None, None), ("Bob", "b@x.io", None), ("", None, "+639171234567"),
        }  # fmt: skip


class TestAnExportOfAFilter:
    """T76: all that match, not the page one sees, in the background, with progress; as many rows as were told."""

    def test_has_as_many_rows_as_were_counted(self, shop):
        mia = create_staff(shop, role="owner")
        for n in range(70):
            create_customer(shop, name=f"Ann {n}", tags="vip" if n % 7 else "")
        asked = exports.Asked(where="tags CONTAINS 'vip'", fields=("name",))
        told = exports.rows_of(shop, asked, exports.context_for(shop, staff=mia), mia).count()

        log = exports.start_export(shop, asked, staff=mia, by=acting(mia))
        run_waiting_jobs()

        log.refresh_from_db()
        job = JobRun.objects.of(shop).get(kind="export")
        lines = private_path(log.stored_as).read_text("utf-8-sig").splitlines()
        assert (log.state, told, log.rows, job.done, job.total, len(lines) - 1) == ("done", 60, 60, 60, 60, 60)
        assert ExportLog.objects.of(shop).count() == 1


class TestHostileFiles:
    """Refused or read in a minute, with a sentence a merchant understands; nothing is kept of what is refused."""

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("people.xlsx", b"Name,Email\nAnn,ann@x.io\n"),
            ("people.csv", (SAMPLES / "xlsx" / "shops" / "bagisto_customers.xlsx").read_bytes()),
        ],
        ids=["text called a workbook", "a workbook called text"],
    )
    def test_with_the_wrong_ending_are_what_they_hold(self, shop, name, data):
        run = imports.stage(shop, "customers", [data], name)

        assert preview(run).rows

    def test_with_a_password_are_refused(self, shop):
        locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048) + "EncryptedPackage".encode("utf-16-le") + bytes(512)

        with pytest.raises(FileRefused) as refusal:
            imports.stage(shop, "customers", [locked], "locked.xlsx")

        assert "password" in str(refusal.value)
        assert not list(private_path("imports").iterdir())

    def test_with_a_quote_open_on_line_2_of_100_000_lose_that_line_alone(self, shop):
        lines = ["Name,Email", 'Ann,"lost', *(f"Bo {n},bo{n}@x.io" for n in range(3, 100_001))]
        started = time.monotonic()
        tracemalloc.start()

        run = imports.stage(shop, "customers", ["\n".join(lines).encode()], "a.csv")
        rows = preview(run).rows
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert time.monotonic() - started < 60
        assert most < 50 << 20
        assert [row.line for row in rows][:2] == [3, 4]
