"""Files of customers go in: columns, encodings, what stands in them word for word, and the same again."""

import json

import pytest

from regulars.customers.models import Address, Customer, Note
from regulars.events.models import Event
from regulars.orders.models import Payment
from regulars.transfer import imports
from regulars.transfer.cdnow import convert
from regulars.transfer.commands import import_file
from regulars.transfer.errors import BadMapping, NoRows, UnknownFormat
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.transfer.previews import preview
from regulars.transfer.templates import template
from regulars.transfer.trials import dry_run
from tests.transfer.conftest import BAGISTO, SAMPLES, figures, make_shop, one


class TestImportingTwice:
    """T59: the second time nothing is created and nothing changed."""

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
    """T57: delimiters, line ends and marks in every combination."""

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


class TestVerbatim:
    """T64: zeros in front and whatever people write survive."""

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
