"""Files into the shop: what arrives, what is refused, and that nothing is doubled."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.models import Address, ConsentEntry, ConsentState, Customer, Note, Tag
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.orders.models import Order, Payment
from regulars.transfer import imports
from regulars.transfer.cdnow import convert
from regulars.transfer.commands import import_file, list_imports, undo_import
from regulars.transfer.errors import BadMapping, NoRows, NoSuchImport, NotStartable, UnknownFormat
from regulars.transfer.files import private_path
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.transfer.previews import preview
from regulars.transfer.rejected import REASON, rejected_file
from regulars.transfer.templates import template
from regulars.transfer.trials import dry_run
from tests.transfer.conftest import SAMPLES, make_shop

BAGISTO = SAMPLES / "csv" / "shops" / "bagisto_customers.csv"


@pytest.fixture
def write(tmp_path):
    """A file of rows (lists of cells) or of text."""

    def written(rows: Any, name: str = "list.csv", delimiter: str = ",") -> Path:
        path = tmp_path / name
        if isinstance(rows, bytes):
            path.write_bytes(rows)
        elif isinstance(rows, str):
            path.write_text(rows, "utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return written


def figures(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    return answer["created"], answer["updated"], answer["unchanged"], answer["rejected"]


def one(shop, **facts: Any) -> Customer:
    return Customer.objects.of(shop).get(**facts)


class TestImportingTwice:
    def test_creates_the_customers_of_bagisto_once(self, shop):
        first = import_file("customers", BAGISTO, shop)
        second = import_file("customers", BAGISTO, shop)

        assert first["format"] == "bagisto_customers"
        assert figures(first) == (3, 0, 0, 0)
        assert figures(second) == (0, 0, 3, 0)
        assert one(shop, email="john@example.com").group.name == "wholesale"
        assert one(shop, email="jane@example.com").group.key == "standard"

    def test_changes_nothing_of_what_a_full_row_brings(self, shop, write):
        path = write(template("customers", shop).decode("utf-8-sig"))

        import_file("customers", path, shop)
        events = Event.objects.filter(shop_id=shop.pk).count()
        again = import_file("customers", path, shop)

        assert figures(again) == (0, 0, 1, 0)
        assert Event.objects.filter(shop_id=shop.pk).count() == events
        assert Note.objects.of(shop).count() == Address.objects.of(shop).count() == 1

    def test_finds_people_by_their_whole_row_when_nothing_else_names_them(self, shop, write):
        path = write([["Name", "Phone"], ["Ann", ""], ["Bo", "+63 917 xxx xxxx"], ["Ann", "+63 917 xxx xxxx"]])

        first = import_file("customers", path, shop)
        again = import_file("customers", path, shop, match=["email", "phone"])

        assert figures(first) == (3, 0, 0, 0)
        assert figures(again) == (0, 0, 3, 0)

    def test_leaves_the_orders_as_they_are(self, shop, write):
        path = write(template("orders", shop).decode("utf-8-sig"))

        first, again = import_file("orders", path, shop), import_file("orders", path, shop)

        assert figures(first) == (1, 0, 0, 0)
        assert figures(again) == (0, 0, 1, 0)


class TestTemplates:
    @pytest.mark.parametrize("kind", ["customers", "orders"])
    @pytest.mark.parametrize(("country", "currency"), [("PH", "PHP"), ("VN", "VND"), ("ID", "IDR"), ("RO", "RON")])
    def test_import_without_an_error_or_a_doubt(self, db, write, kind, country, currency):
        shop = make_shop("here", country, currency)

        answer = import_file(kind, write(template(kind, shop)), shop)

        assert answer["format"] == f"regulars_{kind}"
        assert figures(answer) == (1, 0, 0, 0)
        assert answer["errors"] == []
        assert answer["warnings"] == {}
        assert one(shop).phone == "+639171234567"


class TestColumns:
    def test_of_one_name_are_kept_apart(self, shop, write):
        path = write([["Name", "Email", "Email", "Email"], ["Ann", "", "b@example.com", "c@example.com"]])
        with path.open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")

        columns = preview(run).columns
        imports.configure(run, mapping=["name", "", "email", ""])
        figures = dry_run(run)

        assert [column.name for column in columns] == ["Name", "Email", "Email (2)", "Email (3)"]
        assert [column.field for column in columns] == ["name", "email", "", ""]
        assert [column.samples for column in columns] == [("Ann",), (), ("b@example.com",), ("c@example.com",)]
        assert figures.created == 1

    @pytest.mark.parametrize(
        "header",
        [
            ["Họ và tên", "Số điện thoại", "Thư điện tử", "Giới tính", "Ngày sinh", "Tỉnh/Thành phố"],
            ["Nama Lengkap", "No. HP", "Alamat Email", "Jenis Kelamin", "Tanggal Lahir", "Provinsi"],
            ["Nume complet", "Nr. telefon", "Adresă e-mail", "Gen", "Data nașterii", "Județ"],
            ["Buong Pangalan", "Numero ng Telepono", "EMAIL", "Kasarian", "Kaarawan", "Lalawigan"],
            ["Full name", "Mobile number", "E-Mail Address", "Sex", "Date of birth", "State"],
        ],
        ids=["vi", "id", "ro", "fil", "en"],
    )
    def test_are_guessed_in_five_languages(self, shop, write, header):
        path = write([header, ["Ann Lee", "+63 917 123 4567", "ann@example.com", "F", "1990-05-17", "X"]])

        answer = import_file("customers", path, shop)

        ann = one(shop)
        assert figures(answer) == (1, 0, 0, 0)
        assert (ann.name, ann.phone, ann.email) == ("Ann Lee", "+639171234567", "ann@example.com")
        assert (ann.gender, ann.birth_year, ann.region) == (1, 1990, "X")

    def test_that_nobody_maps_are_listed(self, shop, write):
        with write([["Name", "Shoe size"], ["Ann", "39"]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")

        assert [column.name for column in preview(run).columns if not column.is_taken] == ["Shoe size"]

    def test_two_for_one_field_are_refused(self, shop, write):
        with write([["Email", "Email"], ["a@example.com", "b@example.com"]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")

        with pytest.raises(BadMapping, match="Two columns"):
            imports.configure(run, mapping=["email", "email"])

    def test_that_name_nobody_are_refused(self, shop, write):
        with pytest.raises(BadMapping, match="name"):
            import_file("customers", write([["Shoe size", "Colour"], ["39", "red"]]), shop)
        assert not ImportRun.objects.of(shop).exists()


class TestEncodingsAndDelimiters:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
    def test_are_found_out(self, shop, write, end, delimiter, mark):
        text = end.join([f"Email{delimiter}Name", f"dao@example.com{delimiter}Nguyễn Thị Đào", ""])

        answer = import_file("customers", write((mark + text).encode()), shop)

        assert figures(answer) == (1, 0, 0, 0)
        assert one(shop, email="dao@example.com").name == "Nguyễn Thị Đào"

    def test_other_encodings_are_found_out_too(self, shop, write):
        import_file(
            "customers", write("Name\nAnn\nŞerban Țepeș\n".replace("ș", "ş").replace("Ț", "Ţ").encode("cp1250")), shop
        )

        assert one(shop, name="Şerban Ţepeş")

    def test_a_header_alone_is_refused(self, shop, write):
        with pytest.raises(NoRows):
            import_file("customers", write("Name,Email\n"), shop)

    def test_a_format_nobody_knows_is_refused(self, shop, write):
        with pytest.raises(UnknownFormat, match="bagisto_customers"):
            import_file("customers", write("Name\nAnn\n"), shop, format="magic")


class TestMatching:
    def test_finds_one_person_in_several_spellings_of_one_file(self, shop, write):
        path = write([
            ["Name", "Email", "Phone"],
            ["Ann", "ANN@example.com", ""],
            ["Ann Lee", "ann@Example.com ", "0917 123 4567"],
            ["A. Lee", "", "+63 917-123-4567"],
            ["Bo", "bo@example.com", ""],
        ])  # fmt: skip

        answer = import_file("customers", path, shop)

        assert figures(answer) == (2, 2, 0, 0)
        assert answer["duplicates"] == 2
        assert one(shop, email="ann@example.com").name == "A. Lee"
        assert Customer.objects.of(shop).count() == 2

    def test_names_the_rows_that_are_one_person(self, shop, write):
        import_file("customers", write([["Email"], ["a@example.com"], ["b@example.com"], ["A@example.com"]]), shop)

        assert ImportRun.objects.of(shop).get().report["twice"] == [[4, 2]]

    def test_obeys_the_keys_that_were_chosen(self, shop, write):
        import_file("customers", write([["Name", "Email", "Phone"], ["Ann", "ann@example.com", "0917 123 4567"]]), shop)
        path = write([["Name", "Email", "Phone"], ["Bo", "bo@example.com", "0917 123 4567"]])

        answer = import_file("customers", path, shop, match=["email"])

        assert figures(answer) == (1, 0, 0, 0)

    def test_never_matches_by_masked_or_invalid_phones(self, shop, write):
        path = write([["Name", "Phone"], ["Ann", "+63 917 xxx xxxx"], ["Bo", "+63 917 xxx xxxx"], ["Cy", "N/A"]])

        answer = import_file("customers", path, shop)

        assert figures(answer) == (3, 0, 0, 0)
        assert answer["warnings"]["phone"] == 3
        assert one(shop, name="Ann").phone_raw == "+63 917 xxx xxxx"

    @pytest.mark.parametrize(
        "rows",
        [
            [["Customer ID", "Name"], ["7", "Ann"]],
            [["Name", "Email"], ["Ann", "ann@example.com"]],
            [["Phone"], ["0917 123 4567"]],
        ],
        ids=["id and name", "name and e-mail", "phone alone"],
    )
    def test_asks_for_no_more_than_one_key(self, shop, write, rows):
        first, again = (import_file("customers", write(rows), shop) for _ in range(2))

        assert figures(first) == (1, 0, 0, 0)
        assert figures(again) == (0, 0, 1, 0)

    def test_other_shops_customers_are_strangers(self, shop, write):
        other = make_shop("other")
        import_file("customers", BAGISTO, other)

        assert figures(import_file("customers", BAGISTO, shop)) == (3, 0, 0, 0)


class TestKnownCustomers:
    @pytest.fixture
    def ann(self, shop, write):
        row = ["ann@example.com", "Ann", "Acme", "F", "yes"]
        path = write([["Email", "Name", "Company", "Gender", "Accepts marketing"], row])
        import_file("customers", path, shop)
        return one(shop)

    def test_keep_what_an_empty_cell_does_not_say(self, shop, write, ann):
        path = write([["Email", "Name", "Company"], ["ann@example.com", "", "Apex"]])

        answer = import_file("customers", path, shop)
        ann.refresh_from_db()

        assert figures(answer) == (0, 1, 0, 0)
        assert (ann.name, ann.company) == ("Ann", "Apex")
        assert answer["changed"] == answer["replaced"] == {"company": 1}

    def test_keep_everything_they_have_when_told_so(self, shop, write, ann):
        with write([["Email", "Company", "Phone"], ["ann@example.com", "Apex", "0917 123 4567"]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")
        imports.configure(run, policy="fill_empty")

        tried = dry_run(run)

        assert tried.changed == {"phone": 1}
        assert tried.replaced == {}

    def test_keep_their_consent_unless_a_column_speaks_of_it(self, shop, write, ann):
        import_file("customers", write([["Email", "Name"], ["ann@example.com", "Anna"]]), shop)
        import_file("customers", write([["Email", "Accepts marketing"], ["ann@example.com", ""]]), shop)
        ann.refresh_from_db()

        assert (ann.name, ann.consent_email) == ("Anna", ConsentState.SUBSCRIBED)
        assert ConsentEntry.objects.of(shop).count() == 1

    def test_get_the_defaults_of_all_rows(self, shop, write, ann):
        with write([["Email", "Tags"], ["ann@example.com", "VIP"], ["bo@example.com", ""]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")
        imports.configure(run, defaults={"tags": "Fair 2026", "country": "VN"})
        from regulars.shops.work import carry_on

        carry_on(shop_id=shop.pk, run_id=imports.start(run).pk)

        names = dict(Tag.objects.of(shop).values_list("pk", "name"))
        assert {names[pk] for pk in one(shop, pk=ann.pk).tag_ids} == {"VIP", "Fair 2026"}
        assert {names[pk] for pk in one(shop, email="bo@example.com").tag_ids} == {"Fair 2026"}


class TestRejectedRows:
    ROWS = (
        ["Name", "Email", "Code"],
        ["Ann", "ann@example.com", "0012"],
        ["", "", "=1+1"],
        ["Bo", "bo@example.com"],
        ["Cy", "cy@example.com", "0044"],
    )

    def test_do_not_stop_the_others(self, shop, write):
        answer = import_file("customers", write(self.ROWS), shop)

        assert figures(answer) == (2, 0, 0, 2)
        assert answer["rows"] == 4
        assert [error["line"] for error in answer["errors"]] == [3, 4]
        assert "2 cells" in answer["errors"][1]["reason"]

    def test_come_back_as_a_file_that_imports_once_mended(self, shop, write):
        import_file("customers", write(self.ROWS), shop)
        run = ImportRun.objects.of(shop).get()

        data = b"".join(rejected_file(run)).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(data)))
        mended = [rows[0], ["Di", *rows[1][1:]], [*rows[2][:2], "0033", rows[2][3]]]
        answer = import_file("customers", write(mended), shop)

        assert rows[0] == ["Name", "Email", "Code", REASON]
        assert rows[1][:3] == ["", "", "'=1+1"]
        assert "2 cells" in rows[2][3]
        assert figures(answer) == (2, 0, 0, 0)

    def test_name_the_column_and_the_value(self, shop, write):
        path = write(
            [["Order", "Day", "Sum"], ["1", "2026-01-01", "abc"], ["2", "soon", "5"], ["3", "2026-01-03", "5"]]
        )
        with path.open("rb") as file:
            run = imports.stage(shop, "orders", [file.read()], "x.csv")
        imports.configure(run, mapping=["number", "placed_at", "total"])

        tried = dry_run(run)

        assert (tried.created, tried.rejected) == (1, 2)
        assert [(error["column"], error["value"]) for error in tried.errors] == [("Sum", "abc"), ("Day", "soon")]


class TestDryRuns:
    def test_say_what_will_happen_and_write_nothing(self, shop, write):
        path = write([
            ["Name", "Email", "Phone"],
            ["Ann", "ann@example.com", "0917 123 4567"],
            ["Ann", "ANN@example.com", "0917 123 4567"],
            ["", "", ""],
            ["John Doe", "john@example.com", ""],
            ["Jane", "jane@example.com", ""],
            ["", "", " - "],
        ])  # fmt: skip
        import_file("customers", BAGISTO, shop)
        before = Event.objects.count(), Customer.objects.count()

        tried = import_file("customers", path, shop, dry_run=True)
        untouched = Event.objects.count(), Customer.objects.count()
        real = import_file("customers", path, shop)

        assert untouched == before
        assert tried["id"] is None
        assert figures(tried) == figures(real) == (2, 1, 2, 0)
        assert tried["changed"] == real["changed"]
        assert not list(private_path("imports").glob("*")) or len(list(private_path("imports").glob("*"))) == 2

    def test_of_orders_are_taken_back(self, shop, write):
        path = write(template("orders", shop))

        tried = import_file("orders", path, shop, dry_run=True)

        assert figures(tried) == (1, 0, 0, 0)
        assert not Order.objects.of(shop).exists()
        assert not Customer.objects.of(shop).exists()


class TestVerbatim:
    def test_leading_zeros_survive(self, shop, write):
        import_file(
            "customers", write([["Phone", "Zip", "City", "Customer ID"], ["0917 123 4567", "010011", "X", "007"]]), shop
        )

        assert Address.objects.of(shop).get().postal_code == "010011"
        assert one(shop).phone_raw == "0917 123 4567"
        assert one(shop).identities.get().external_id == "007"

    def test_naughty_strings_arrive_as_they_are(self, shop, write):
        naughty = json.loads((SAMPLES / "strings" / "blns.json").read_text("utf-8"))
        emails = [f"n{number}@example.com" for number in range(len(naughty))]
        rows = zip(naughty, emails, strict=True)

        answer = import_file("customers", write([["Company", "Email"], *rows]), shop)

        from regulars.kit.text import clean

        kept = dict(Customer.objects.of(shop).values_list("email", "company"))
        wanted = {email: clean(text) for text, email in zip(naughty, emails, strict=True)}
        assert figures(answer) == (len(naughty), 0, 0, 0)
        different = {text for email, text in wanted.items() if kept[email] != " ".join(text.split("\n"))[:200].rstrip()}
        assert different == set()


class TestTheLifeOfAnImport:
    def test_is_listed_newest_first(self, shop, write):
        import_file("customers", BAGISTO, shop)
        import_file("customers", write("Name\nAnn\n", "second.csv"), shop)

        listed = list_imports(shop)

        assert [run["file"] for run in listed] == ["second.csv", "bagisto_customers.csv"]
        assert {run["state"] for run in listed} == {"done"}

    def test_begins_once(self, shop):
        run = imports.stage(shop, "customers", [BAGISTO.read_bytes()], "b.csv")
        imports.start(run)

        with pytest.raises(NotStartable):
            imports.start(run)

    def test_every_customer_knows_where_they_came_from(self, shop):
        import_file("customers", BAGISTO, shop)
        run = ImportRun.objects.of(shop).get()

        created = Event.objects.filter(shop_id=shop.pk, kind="customer.created")

        assert created.count() == 3
        assert set(created.values_list("actor_kind", "actor_id", "batch_id")) == {("import", run.pk, run.job_run_id)}


class TestUndo:
    def test_brings_back_what_was_and_keeps_what_was_changed_since(self, shop, write):
        header = ["Email", "Name", "Company"]
        import_file(
            "customers", write([header, ["ann@example.com", "Ann", "Acme"], ["bo@example.com", "Bo", "A"]]), shop
        )
        second = write(
            [header, ["ann@example.com", "Ann", "Apex"], ["bo@example.com", "Bo", "B"], ["cy@x.io", "Cy", ""]]
        )
        run_id = import_file("customers", second, shop)["id"]
        import_file("customers", write([header, ["bo@example.com", "Bo", "C"]]), shop)

        answer = undo_import(shop, run_id, by=Actor.system())

        assert (answer["restored"], answer["removed"], answer["conflicts"]) == (1, 1, 1)
        assert one(shop, email="ann@example.com").company == "Acme"
        assert one(shop, email="bo@example.com").company == "C"
        assert not Customer.objects.of(shop).alive().filter(email="cy@x.io").exists()

    def test_of_nothing_is_refused(self, shop):
        with pytest.raises(NoSuchImport):
            undo_import(shop, 77, by=Actor.system())


class TestCdnow:
    def test_arrives_whole(self, db, tmp_path):
        shop = make_shop("cds", "US", "USD", timezone="America/New_York")
        orders = tmp_path / "orders.csv"

        converted = convert(SAMPLES / "transactions" / "CDNOW_sample.txt", orders)
        first = import_file("orders", orders, shop)
        again = import_file("orders", orders, shop)

        assert converted == 6919
        assert figures(first) == (6919, 0, 0, 0)
        assert figures(again) == (0, 0, 6919, 0)
        spent = list(Customer.objects.of(shop).values_list("total_spent", flat=True))
        assert len(spent) == 2357
        assert sum(spent) == 24_409_194
        assert Payment.objects.of(shop).count() <= 6919
        assert not RejectedRow.objects.of(shop).exists()
