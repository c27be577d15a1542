"""Fields of the shop's own in files: recognised by name or key, compared, written, and read back unchanged."""

import csv
import io

import pytest
from django.utils import translation

from regulars.customers.bulk import undo_batch
from regulars.customers.custom import OwnFields
from regulars.customers.fields import context_for
from regulars.customers.models import Customer, CustomField
from regulars.customers.operations import add_field, remove_field, update_customer
from regulars.events.record import Actor
from regulars.shops.work import carry_on
from regulars.transfer.commands import export_rows
from regulars.transfer.errors import BadMapping, UnknownExportField
from regulars.transfer.files import chunks_of
from regulars.transfer.imports import configure, stage, start
from regulars.transfer.options import Options
from regulars.transfer.outgoing.kinds import export_kind
from regulars.transfer.previews import preview, read_rows
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import make_shop

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
WAYS = [{"format": "csv"}, {"format": "csv", "delimiter": ";", "encoding": "utf-8"}, {"format": "xlsx"}]
SHOPS = [("en", "PH", "PHP"), ("vi", "VN", "VND"), ("id", "ID", "IDR"), ("ro", "RO", "RON")]
FILE = (
    "Name,E-mail,SHOE size,custom.deposit,next_visit,Skin,vip,Email\n"
    "Ann,ann@example.com,40.5,1000,2026-01-31,dry,yes,words\n"
    "Bob,bob@example.com,big,,2026-01-31,Very Oily,no,\n"
)


def declared(shop):
    for name, kind in [("Shoe size", "number"), ("Deposit", "money"), ("Next visit", "date"), ("VIP", "flag"),
                       ("Email", "text")]:  # fmt: skip
        add_field(shop, name, kind, by=SYSTEM)
    add_field(shop, "Skin", "choice", options=["Dry", "Very oily"], by=SYSTEM)
    return shop


@pytest.fixture
def own_shop(shop):
    create_staff(shop)
    return declared(shop)


def staged(shop, text):
    return stage(shop, "customers", [text.encode()], "people.csv")


def brought(shop, run, **choices):
    configure(run, **{"policy": "overwrite", **choices})
    job = start(run)
    carry_on(shop_id=shop.pk, run_id=job.pk)
    run.refresh_from_db()
    return job


def custom_of(shop, name):
    return Customer.objects.of(shop).get(name=name).custom


class TestComingIn:
    def test_headers_are_recognised_by_name_and_key(self, own_shop):
        mapping = [column.field for column in preview(staged(own_shop, FILE)).columns]
        assert mapping == [
            "name", "email", "custom.shoe_size", "custom.deposit", "custom.next_visit", "custom.skin", "custom.vip", "",
        ]  # fmt: skip

    def test_values_are_kept_and_what_cannot_be_read_is_told(self, own_shop):
        run = staged(own_shop, FILE)
        job = brought(own_shop, run)
        assert custom_of(own_shop, "Ann") == {
            "shoe_size": "40.5", "deposit": 100000, "next_visit": "2026-01-31", "skin": "dry", "vip": True,
        }  # fmt: skip
        assert custom_of(own_shop, "Bob") == {"next_visit": "2026-01-31", "skin": "very_oily", "vip": False}
        assert [one["column"] for one in run.report["doubtful"]] == ["custom.shoe_size"]
        again = staged(own_shop, FILE)
        brought(own_shop, again)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
        changing = staged(own_shop, "E-mail,Shoe size,VIP\nann@example.com,41,\nbob@example.com,,\n")
        job = brought(own_shop, changing)
        assert changing.report["changed"] == {"custom.shoe_size": 1}
        assert custom_of(own_shop, "Ann")["shoe_size"] == "41"
        undo_batch(own_shop, job.pk, by=SYSTEM)
        assert custom_of(own_shop, "Ann")["shoe_size"] == "40.5"

    def test_a_file_empties_in_so_many_words(self, own_shop):
        brought(own_shop, staged(own_shop, FILE))
        brought(own_shop, staged(own_shop, "E-mail,Shoe size\nann@example.com,__CLEAR__\n"))
        assert "shoe_size" not in custom_of(own_shop, "Ann")
        assert custom_of(own_shop, "Ann")["skin"] == "dry"

    def test_first_rows_say_what_values_become(self, own_shop):
        run = staged(own_shop, FILE)
        rows = read_rows(run, Options.of(run.options))
        assert rows[0].values["custom.deposit"] == 100000
        assert "custom.shoe_size" in rows[1].doubts

    def test_another_shop_or_a_removed_field_takes_nothing(self, own_shop):
        other = make_shop("other")
        assert "custom.shoe_size" not in [column.field for column in preview(staged(other, FILE)).columns]
        run = staged(own_shop, FILE)
        remove_field(CustomField.objects.of(own_shop).get(key="shoe_size"), by=SYSTEM)
        with pytest.raises(BadMapping, match="shoe_size"):
            start(run)


class TestGoingOut:
    def test_are_offered_and_usual(self, own_shop):
        ctx = context_for(own_shop)
        kind = export_kind("customers")
        assert kind.chosen(["shoe_size"], ctx)[0].header == "Shoe size"
        assert {"shoe_size", "deposit", "skin", "custom_email"} <= {column.name for column in kind.chosen([], ctx)}
        with pytest.raises(UnknownExportField):
            kind.chosen(["shoe_size"], context_for(make_shop("other")))

    def test_values_are_plain(self, own_shop, tmp_path):
        ann = create_customer(own_shop, name="Ann")
        raw = {"custom.shoe_size": "-40.125", "custom.deposit": "12.5", "custom.custom_email": "=1+1",
               "custom.vip": "no", "custom.next_visit": "2026-01-31", "custom.skin": "Very oily"}  # fmt: skip
        update_customer(ann, raw, by=SYSTEM)
        names = ["shoe_size", "deposit", "custom_email", "vip", "next_visit", "skin"]
        export_rows(own_shop, output=tmp_path / "a.csv", by=SYSTEM, fields=names, format="csv")
        rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
        assert rows[0] == ["Shoe size", "Deposit", "custom.custom_email", "VIP", "Next visit", "Skin"]
        assert rows[1] == ["-40.1250", "12.50", "'=1+1", "false", "2026-01-31", "very_oily"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way.values()))
@pytest.mark.parametrize("customs", SHOPS, ids="-".join)
def test_a_round_trip_changes_nothing(customs, way, tmp_path):
    language, country, currency = customs
    shop = make_shop(language=language, country=country, currency=currency)
    create_staff(shop)
    declared(shop)
    own = OwnFields.of(shop, "en")
    for n, number in enumerate(["1.234", "-0.001", "1234567.891", "40.5", "0", "12345678901234567890"]):
        person = create_customer(shop, name=f"Person {n}", email=f"n{n}@example.com")
        person.custom = {
            "shoe_size": number, "deposit": n * 1_000 - 1, "next_visit": f"20{n:02}-02-28", "vip": bool(n % 2),
            "skin": ["dry", "very_oily"][n % 2], "custom_email": ["=1+1", "1,5", "'x", "TRUE", "0012", "a;b"][n],
        }  # fmt: skip
        person.save(update_fields=["custom"])
        assert own.read("custom.shoe_size", own.written("custom.shoe_size", number)) == number
    path = tmp_path / f"all.{way['format']}"
    with translation.override(language):
        export_rows(shop, output=path, by=SYSTEM, **way)
        with path.open("rb") as file:
            run = stage(shop, "customers", chunks_of(file), path.name)
        brought(shop, run)
    assert dict(run.report.get("changed", {})) == {}
    assert (run.created, run.updated, run.unchanged, run.rejected) == (0, 0, 6, 0)
    assert run.report.get("doubtful", []) == []
