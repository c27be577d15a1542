"""Exports, opened by LibreOffice: it finds no formula, and the values that were written. `make office` runs it."""

import csv
import os
import shutil
from decimal import Decimal

import pytest

from regulars.customers.models import Customer
from regulars.customers.operations import set_credit_limit
from regulars.events.record import Actor
from regulars.transfer.cells import guarded
from regulars.transfer.commands import export_rows
from tests.factories import create_customer
from tests.office.spreadsheet import opened, plain
from tests.transfer.conftest import make_shop, place_order

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not os.environ.get("REGULARS_OFFICE"), reason="make office"),
]
SYSTEM = Actor.system()

NAMES = [
    "Nguyễn Thị Đào", "Ștefan Țîrlea", 'Cruz, "Bo"; Juan', "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "＝1+1", "＋1", "－1",
    "＠A1", '=HYPERLINK("http://x.example","y")', "=cmd|' /C calc'!A0", "'=1+1", "''=1", " =1+1", "\u00a0=1+1", "😀 =1",
    "0012", "TRUE", "1,5", "2026-01-02", "9.17E+11", "{=1+1}", "a\n=1+1", "=WEBSERVICE(\"http://x.example\")", "%=1",
    ";=1+1",
]  # fmt: skip
FIELDS = ("name", "company", "phone", "created_at", "credit_limit", "tags", "postal_code", "address1")


@pytest.fixture
def shop():
    shop = make_shop()
    for number, name in enumerate(NAMES):
        ann = create_customer(
            shop, name=name, company=name, phone=f"+63917123{4000 + number}", tags=f"vip, {name}", address1=name,
            city="Makati", postal_code=f"0{number:04}",
        )  # fmt: skip
        set_credit_limit(ann, Decimal(number) + Decimal("0.50"), by=SYSTEM)
    return shop


def written(shop, path, **way):
    export_rows(shop, output=path, by=SYSTEM, fields=way.pop("fields", FIELDS), **way)
    return path


def no_formula(rows):
    return [cell for row in rows for cell in row if cell.formula] == []


def as_text(text):
    """A cell of a workbook is text by its type; only an apostrophe that an import would take off has another before."""
    return plain(guarded(text) if text.startswith("'") else text)


def test_it_would_find_one(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("Name\n=1+1\n", "utf-8")

    assert not no_formula(opened(path, encoding="utf-8"))


@pytest.mark.parametrize(
    "way", [{}, {"delimiter": ";"}, {"delimiter": "\t", "encoding": "utf-16-le"}], ids=["plain", "semicolon", "tab"]
)
def test_a_csv_file_has_its_values_and_no_formula(shop, tmp_path, way):
    path = written(shop, tmp_path / "all.csv", format="csv", **way)

    rows = opened(path, **way)

    encoding = "utf-16" if way.get("encoding") else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        told = list(csv.reader(file, delimiter=way.get("delimiter", ",")))
    assert no_formula(rows)
    assert len(rows) == len(told) == Customer.objects.of(shop).count() + 1
    for row, line in zip(rows, told, strict=True):
        texts = [
            (plain(cell.value), plain(text)) for cell, text in zip(row, line, strict=False) if cell.kind == "string"
        ]
        assert [seen for seen, _text in texts] == [text for _seen, text in texts]
        assert row[2].value.lstrip("+") == line[2].lstrip("+")
    assert {plain(guarded(name)) for name in NAMES if name[0] in "=+-@＝"} <= {plain(row[0].value) for row in rows}


def test_a_workbook_has_its_values_typed_and_no_formula(shop, tmp_path):
    path = written(shop, tmp_path / "all.xlsx", format="xlsx", sort="created_at")

    rows = opened(path)

    people = {one.phone: one for one in Customer.objects.of(shop)}
    assert no_formula(rows)
    assert len(rows) == len(people) + 1
    for row in rows[1:]:
        name, company, phone, created, limit, tags, code, address = row[:8]
        ann = people[phone.value]
        assert (name.kind, phone.kind, code.kind or "string") == ("string", "string", "string")
        assert (plain(name.value), plain(company.value)) == (as_text(ann.name), as_text(ann.company))
        assert created.kind == "date"
        assert (limit.kind, Decimal(limit.value)) == ("float", Decimal(ann.credit_limit) / 100)
        assert code.value == f"0{ann.credit_limit // 100:04}"
        assert plain(address.value) == as_text(ann.name)
        assert "vip" in tags.value


@pytest.mark.parametrize("kind", ["orders", "transactions"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_orders_and_transactions_have_no_formula_either(shop, tmp_path, kind, format):
    place_order(shop, number="=1+1", note="=1+1", payment_method="@SUM(1)")
    path = written(shop, tmp_path / f"{kind}.{format}", kind=kind, format=format, fields=())

    assert no_formula(opened(path))


def test_soffice_is_there():
    assert shutil.which("soffice")
