"""T75–T78: each format, opened by somebody else's reader."""

import csv
import hashlib
import io
import json
from datetime import datetime

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.transfer.commands import export_rows
from regulars.transfer.errors import UnknownExportFormat
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing.customers import CUSTOMERS
from regulars.transfer.outgoing.formats import _cells
from regulars.transfer.outgoing.sets import habit_of
from regulars.transfer.outgoing.ways import usual_delimiter
from regulars.transfer.outgoing.writings import Writing, shown, shown_sql
from regulars.transfer.xlsx import CellTooLong
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import make_shop, place_order

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
RUNS = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "＋1", "－1", "＠x", ";=1", '"=1', " =1", "'=1", "-5 %"]


@pytest.fixture
def take(shop, tmp_path):
    def taken(**asked):
        path = tmp_path / "out"
        export_rows(shop, output=path, by=SYSTEM, **asked)
        return path

    return taken


def book(path):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def objects(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def put(customer, **columns):
    Customer.objects.filter(pk=customer.pk).update(**columns)


class TestFormulas:
    """T75: a spreadsheet runs nothing, whatever stands in a field; phones stay readable."""

    @pytest.mark.parametrize("text", RUNS)
    def test_are_text_in_a_workbook_and_guarded_in_csv(self, shop, take, text):
        put(create_customer(shop, name="Ann"), company=text)

        cell = book(take(fields=["company"], format="xlsx"))[1][0]
        line = list(csv.reader(io.StringIO(take(fields=["company"]).read_text("utf-8-sig"), newline="")))[1][0]

        assert cell == shown(text, Writing.BOOK)
        assert line == shown(text, Writing.CSV)
        assert line[0] not in "=+-@\t＝＋－＠"

    @pytest.mark.parametrize("writing", Writing)
    def test_are_treated_alike_in_sql_and_python(self, writing):
        texts = [*RUNS, "''=1", "'quoted", "Ann", "0012"]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {shown_sql('x', writing)} FROM unnest(%s::text[]) WITH ORDINALITY AS t(x, n) ORDER BY n",
                [texts],
            )
            answered = [row[0] for row in cursor.fetchall()]

        assert answered == [shown(text, writing) for text in texts]

    @pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
    def test_phones_stay_readable(self, shop, take, format):
        create_customer(shop, phone="0917 123 4567")

        path = take(fields=["phone"], format=format)

        found = {"csv": lambda: path.read_text("utf-8-sig").split("\n")[1], "xlsx": lambda: book(path)[1][0],
                 "jsonl": lambda: objects(path)[0]["phone"]}  # fmt: skip
        assert found[format]() == "+639171234567"


class TestWorkbooks:
    def test_have_typed_cells_and_the_headers_of_csv(self, shop, take):
        ann = create_customer(shop, name="Nguyễn", created_at="2026-01-31 23:30:00", birthday="1990-05-17", tags="b, a")
        put(ann, total_spent=123450, orders_placed=7)

        rows = book(
            take(fields=["name", "total_spent", "orders_placed", "created_at", "birthday", "tags"], format="xlsx")
        )

        assert rows[0] == ["Name", "Total spent", "Orders placed", "Created at", "Birthday", "Tags"]
        assert rows[1] == ["Nguyễn", 1234.5, 7.0, datetime(2026, 1, 31, 23, 30), "1990-05-17", "a, b"]

    @pytest.mark.parametrize(("currency", "amount"), [("VND", 123450), ("PHP", 1234.5), ("KWD", 123.45)])
    def test_write_money_in_the_currency_of_the_shop(self, tmp_path, currency, amount):
        shop = make_shop(currency=currency)
        put(create_customer(shop), total_spent=123450)

        for format, read in (("xlsx", lambda path: book(path)[1][0]), ("jsonl", lambda path: objects(path)[0])):
            export_rows(shop, output=tmp_path / "x", by=SYSTEM, fields=["total_spent"], format=format)
            told = read(tmp_path / "x")
            assert (float(told["total_spent"]) if format == "jsonl" else told) == amount

    def test_a_text_too_long_for_a_cell_is_told_and_leaves_no_file(self, shop, tmp_path):
        place_order(shop, note="x" * 40_000)
        path = tmp_path / "x.xlsx"

        with pytest.raises(CellTooLong, match="Row 1: “Order note”"):
            export_rows(shop, "orders", output=path, by=SYSTEM, fields=["order_note"], format="xlsx")

        assert not path.exists()
        assert ExportLog.objects.of(shop).get().state == "failed"


class TestJsonLines:
    def test_hold_values_not_texts(self, shop, take):
        ann = create_customer(shop, name='=Ann "Bo"\n', tags="b, a", created_at="2026-01-31 23:30:00")
        put(ann, total_spent=123450, orders_placed=7, company="'=1")

        told = objects(take(fields=["name", "company", "total_spent", "orders_placed", "tags", "created_at", "email",
                                    "discount_only"], format="jsonl"))  # fmt: skip

        assert told == [{
            "name": '=Ann "Bo"', "company": "'=1", "total_spent": "1234.50", "orders_placed": 7, "tags": ["a", "b"],
            "created_at": "2026-01-31T23:30:00+08:00", "email": None, "discount_only": False,
        }]  # fmt: skip


class TestCsv:
    """T78: opened by a double click, wherever that is."""

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16-le"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_comes_in_every_encoding_and_delimiter(self, shop, take, encoding, delimiter):
        create_customer(shop, name="Nguyễn, 😀; Đào\tLê")
        reads_as = {"utf-16-le": "utf-16"}.get(encoding, encoding)

        text = (
            take(fields=["name", "total_spent"], encoding=encoding, delimiter=delimiter).read_bytes().decode(reads_as)
        )

        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert rows == [["Name", "Total spent"], ["Nguyễn, 😀; Đào Lê", "0.00"]]

    def test_others_are_refused_before_anything_leaves(self, shop, take):
        for way in ({"delimiter": "x"}, {"encoding": "latin-1"}, {"format": "pdf"}):
            with pytest.raises(UnknownExportFormat):
                take(**way)
        assert not ExportLog.objects.of(shop).exists()

    def test_begins_as_spreadsheets_of_the_language_expect_it_and_then_as_the_last_time(self, shop, tmp_path):
        mia = create_staff(shop)
        assert [usual_delimiter(locale) for locale in ("en", "fil", "vi", "id", "ro", "vi-VN")] == [*",,;;;;"]
        assert habit_of(mia, "vi").delimiter == ";"

        ExportLog.objects.create(shop=shop, kind="orders", format="xlsx", delimiter="\t", encoding="utf-8", staff=mia)

        assert (habit_of(mia, "vi").format, habit_of(mia, "vi").delimiter) == ("xlsx", "\t")


class TestEveryFieldInEveryFormat:
    @pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
    def test_is_written_and_read(self, shop, take, format):
        fields = list(CUSTOMERS.available(context_for(shop)))
        create_customer(
            shop, name="Ann", email="a@x.io", phone="0917 123 4567", tags="vip", address1="1 Rizal", note="x"
        )

        path = take(fields=fields, format=format)

        read = {"csv": lambda: list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1],
                "xlsx": lambda: book(path)[1], "jsonl": lambda: objects(path)[0]}  # fmt: skip
        assert len(read[format]()) == len(fields)
        assert ExportLog.objects.of(shop).get().sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("cells", [["a", "b"], ["", "\\"], ["\\N", "a\nb\\"], ["\t\r\v\b", "\\n\\"], ["\x1f", "x"]])
def test_cells_of_copy_are_understood(cells, db):
    with connection.cursor() as cursor:
        values = ", ".join("%s::text" for _cell in cells)
        with cursor.cursor.copy(
            rf"COPY (SELECT {values}) TO STDOUT WITH (FORMAT text, DELIMITER E'\x1f', NULL '')", cells
        ) as copy:
            row = bytes(next(iter(copy)))

    assert _cells(row.decode()[:-1]) == cells
