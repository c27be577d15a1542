"""Orders, transactions, periods and sets of fields: what goes out is what was asked, of what one may see."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils.timezone import now

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.kit.dates import zone
from regulars.kit.errors import BadValue
from regulars.kit.query import BadCondition
from regulars.orders.facts import LineFacts, PaymentFacts
from regulars.orders.models import Order
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from regulars.shops.work import cancel_job, carry_on
from regulars.transfer import exports
from regulars.transfer.commands import export_rows, import_file
from regulars.transfer.errors import NotYourSet, SetExists, UnknownExport, UnknownExportField
from regulars.transfer.exports import Asked, start_export
from regulars.transfer.files import private_path
from regulars.transfer.jobs import purge_expired
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing import progress
from regulars.transfer.outgoing.asked import within
from regulars.transfer.outgoing.customers import CUSTOMERS
from regulars.transfer.outgoing.kinds import export_kinds
from regulars.transfer.outgoing.sets import remove_set, save_set, sets_for
from tests.factories import actor, create_customer, create_shop, create_staff
from tests.transfer.conftest import make_shop, place_order

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
LINES = (
    LineFacts(title="Mug, blue", quantity=2, unit_price=Decimal(100)),
    LineFacts(title="=Tea", unit_price=Decimal(100)),
)


@pytest.fixture
def take(shop, tmp_path):
    def taken(kind="customers", **asked):
        path = tmp_path / "out.csv"
        export_rows(shop, kind, output=path, by=SYSTEM, **asked)
        if asked.get("format") == "jsonl":
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))

    return taken


def paid(name="p1", **facts):
    facts = {"amount": Decimal(300), "at": now(), "method": "gcash", "reference": "R-77", "fee": Decimal("4.5")} | facts
    return PaymentFacts(external_id=name, **facts)


class TestOrders:
    def test_have_a_row_for_each_line_and_tell_of_the_order_once(self, shop, take):
        ann = create_customer(shop, name="Ann", phone="0917 123 4567")
        place_order(shop, lines=LINES, customer_id=ann.pk, phone="+639171234567")
        place_order(shop, "1002")

        rows = take("orders", fields=["order_id", "total", "name", "phone", "line_title", "line_quantity"])

        assert [list(row.values()) for row in rows] == [
            ["1001", "300.00", "Ann", "+639171234567", "Mug, blue", "2"],
            ["1001", "", "", "", "'=Tea", "1"],
            ["1002", "300.00", "", "", "", ""],
        ]

    def test_are_one_object_with_their_lines_in_json(self, shop, take):
        place_order(shop, lines=LINES)

        told = take("orders", fields=["number", "test", "line_title", "line_price"], format="jsonl")

        assert told == [{"number": "#1001", "test": False, "lines": [
            {"line_title": "Mug, blue", "line_price": "100.00"}, {"line_title": "=Tea", "line_price": "100.00"},
        ]}]  # fmt: skip

    def test_without_a_line_field_are_one_row_each(self, shop, take):
        place_order(shop, lines=LINES)

        assert take("orders", fields=["number", "captured"]) == [{"Order number": "#1001", "Paid": "0.00"}]

    @pytest.mark.parametrize("format", ["csv", "xlsx"])
    def test_come_in_again_unchanged(self, shop, tmp_path, format):
        address = {"recipient": "Ann", "address1": "1 Rizal\nSt.", "city": "Makati", "address_country": "PH"}
        ann = create_customer(shop, name="Ann", email="ann@example.com")
        facts = {"customer_id": ann.pk, "email": "ann@example.com", "shipping_address": address, "lines": LINES}
        place_order(shop, payments=[paid()], note="no sugar", payment_method="gcash", **facts)
        place_order(shop, "1003", due_on=date(2026, 4, 1), email="c@x.io")
        place_order(shop, "1002", cancelled_at=datetime(2026, 3, 2, tzinfo=zone(shop.timezone)), email="b@x.io")
        path = tmp_path / f"orders.{format}"
        export_rows(shop, "orders", output=path, by=SYSTEM, format=format)

        back = import_file("orders", path, shop)

        assert back["format"] == "regulars_orders"
        assert (back["created"], back["updated"], back["unchanged"], back["rejected"]) == (0, 0, 3, 0), back
        dues = Order.objects.of(shop).order_by("number").values_list("due_on", flat=True)
        assert list(dues) == [None, None, date(2026, 4, 1)]

    def test_are_found_and_filtered_as_in_their_list(self, shop, take):
        ann = create_customer(shop, name="Ann")
        place_order(shop, customer_id=ann.pk)
        place_order(shop, "2002", total=Decimal(50))

        assert [row["Order number"] for row in take("orders", fields=["number"], search="ann")] == ["#1001"]
        assert [row["Order number"] for row in take("orders", fields=["number"], where="total < 100")] == ["#2002"]
        ordered = take("orders", fields=["number"], sort="total")
        assert [row["Order number"] for row in ordered] == ["#2002", "#1001"]


class TestTransactions:
    def test_say_for_which_order_who_paid_what(self, shop, take):
        ann = create_customer(shop, name="Ann")
        place_order(
            shop, customer_id=ann.pk, payments=[paid(at=datetime(2026, 3, 1, 23, 59, tzinfo=zone(shop.timezone)))]
        )

        row = take("transactions")[0]

        assert row == {
            "Date": "2026-03-01T23:59:00+08:00", "Order number": "#1001", "Name": "Ann", "Kind": "capture",
            "Outcome": "succeeded", "Payment method": "gcash", "Amount": "300.00", "Fee": "4.50", "Currency": "PHP",
            "Reference": "R-77", "Channel": row["Channel"], "Transaction ID": "p1",
        }  # fmt: skip

    def test_are_asked_by_their_own_fields(self, shop, take):
        place_order(shop, payments=[paid(), paid("p2", amount=Decimal(1), method="cash")])

        assert [row["Amount"] for row in take("transactions", where="method = 'cash'")] == ["1.00"]
        assert len(take("transactions", search="#1001")) == 2


class TestAPeriod:
    """A named date with both days included, as the shop's calendar has them."""

    @pytest.fixture(autouse=True)
    def _people(self, shop):
        for at in ("2026-01-31 23:59:59", "2026-02-01 00:00:00", "2026-02-28 23:59:59", "2026-03-01 00:00:00"):
            create_customer(shop, name=at, account_state="registered", created_at=at, registered_at=at)

    @pytest.mark.parametrize("date", ["created_at", "registered_at", ""])
    def test_takes_both_days(self, take, date):
        rows = take(date=date, first="2026-02-01", last="2026-02-28", fields=["name"])

        assert [row["Name"] for row in rows] == ["2026-02-01 00:00:00", "2026-02-28 23:59:59"]

    def test_may_be_open(self, take):
        assert len(take(first="2026-02-01", fields=["name"])) == 3
        assert len(take(last="2026-02-28", fields=["name"])) == 3

    def test_narrows_the_question_and_stands_in_the_log(self, shop, take):
        take(where="name CONTAINS '00'", first="2026-02-01", last="2026-02-28")

        log = ExportLog.objects.of(shop).get()
        assert (log.where, log.rows) == ("name CONTAINS '00' AND created_at BETWEEN 2026-02-01 AND 2026-02-28", 1)

    @pytest.mark.parametrize(("date", "first"), [("name", "2026-02-01"), ("shoe", "2026-02-01"), ("", "soon")])
    def test_is_refused_when_it_is_none(self, shop, date, first):
        with pytest.raises(BadCondition):
            within(CUSTOMERS, "", date, first, "", context_for(shop))

    def test_can_be_of_every_date_that_is_offered(self, shop):
        for kind in export_kinds():
            for name in kind.dates:
                assert within(kind, "", name, "2026-01-01", "", context_for(shop)) == f"{name} >= 2026-01-01"


class TestWhatOneMaySee:
    """T81: nobody takes out more than they see."""

    def test_agents_take_orders_and_payments_of_their_own_customers(self, shop):
        ben = create_staff(shop, name="Ben", only_own=True)
        for number, staff_id in (("1001", ben.pk), ("1002", None)):
            who = create_customer(shop, name=number)
            Customer.objects.filter(pk=who.pk).update(staff_id=staff_id)
            place_order(shop, number, customer_id=who.pk, payments=[paid(f"p{number}")])

        for kind in ("orders", "transactions"):
            log = start_export(shop, Asked(kind=kind), staff=ben, by=actor(ben))
            carry_on(shop_id=shop.pk, run_id=log.job_run_id)
            log.refresh_from_db()
            text = private_path(log.stored_as).read_text("utf-8")
            assert log.rows == 1
            assert "1001" in text
            assert "1002" not in text

    @pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
    @pytest.mark.parametrize("kind", ["customers", "orders", "transactions"])
    def test_contacts_stay_masked_in_every_format(self, shop, tmp_path, kind, format):
        mai = create_staff(shop, role=Role.VIEWER)
        ann = create_customer(shop, name="Ann", email="ann@example.com", phone="0917 123 4567")
        address = {"address1": "1 Rizal", "address_phone": "0917 765 4321"}
        place_order(shop, customer_id=ann.pk, email="ann@example.com", phone="+639171234567", shipping_address=address,
                    payments=[paid()])  # fmt: skip
        fields = {"customers": ("email", "phone", "phone_written"), "orders": ("email", "phone", "shipping_phone"),
                  "transactions": ("email", "phone")}  # fmt: skip
        path = tmp_path / "x"

        exports.export_to(path, shop, Asked(kind=kind, format=format, fields=fields[kind]), by=SYSTEM, staff=mai)

        data = path.read_bytes() if format != "xlsx" else _sheet(path)
        assert "•••4567" in data.decode()
        assert "•••@example.com" in data.decode()
        assert not [secret for secret in (b"ann@", b"917123", b"917 123", b"765 4321") if secret in data]

    def test_other_shops_have_none_of_it(self, shop, take):
        place_order(shop, payments=[paid()])
        place_order(make_shop("other"), "9", payments=[paid()])

        assert [len(take(kind)) for kind in ("orders", "transactions")] == [1, 1]

    def test_unknown_kinds_and_fields_are_refused(self, shop, take):
        with pytest.raises(UnknownExport, match="shoes"):
            take("shoes")
        with pytest.raises(UnknownExportField, match="birthday"):
            take("orders", fields=["birthday"])


def _sheet(path):
    import zipfile

    return zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


class TestABackgroundExport:
    """T76: all that match, and as many rows as the log says; nothing is left of one that was stopped."""

    def test_of_nobody_is_a_header(self, shop, take):
        assert take(where="total_spent = 1.001") == []
        assert ExportLog.objects.of(shop).get().rows == 0

    def test_can_be_called_off_while_it_writes(self, shop, own_files, monkeypatch):
        mia = create_staff(shop)
        create_customer(shop)
        log = start_export(shop, Asked(), staff=mia, by=actor(mia))
        monkeypatch.setattr(progress, "watched", None)
        monkeypatch.setattr(exports, "watched", _calls_off)

        carry_on(shop_id=shop.pk, run_id=log.job_run_id)

        log.refresh_from_db()
        assert (log.state, log.job_run.state) == ("failed", JobRun.State.CANCELLED)
        assert not list((own_files / "exports").iterdir())

    def test_leaves_no_file_when_it_fails(self, shop, own_files):
        mia = create_staff(shop)
        order = place_order(shop, note="x" * 40_000)
        asked = Asked(kind="orders", format="xlsx", fields=("order_note",))
        log = start_export(shop, asked, staff=mia, by=actor(mia))

        carry_on(shop_id=shop.pk, run_id=log.job_run_id)

        log.refresh_from_db()
        assert (log.state, log.job_run.state) == ("failed", JobRun.State.FAILED)
        assert "Row 1" in log.job_run.error
        assert not list((own_files / "exports").iterdir())
        assert Order.objects.filter(pk=order.pk).exists()

    def test_what_a_killed_worker_left_is_swept_up(self, shop, own_files):
        import os

        mia = create_staff(shop)
        log = start_export(shop, Asked(), staff=mia, by=actor(mia))
        carry_on(shop_id=shop.pk, run_id=log.job_run_id)
        log.refresh_from_db()
        left, young = (own_files / "exports" / name for name in ("left.csv", "young.csv"))
        for path in (left, young):
            path.write_text("half")
        os.utime(left, (0, 0))

        purge_expired()

        assert sorted(path.name for path in left.parent.iterdir()) == sorted(["young.csv", log.stored_as.split("/")[1]])


def _calls_off(job):
    from contextlib import contextmanager

    from regulars.transfer.errors import ExportCancelled

    @contextmanager
    def watching():
        def told(done):
            cancel_job(job)
            raise ExportCancelled

        yield told

    return watching()


class TestSetsOfFields:
    def test_are_kept_in_order_for_oneself_or_the_team(self, shop):
        mia, ben = create_staff(shop, name="Mia"), create_staff(shop, name="Ben")
        own = save_set(mia, "customers", " Post ", ["phone", "name", "phone"])
        team = save_set(mia, "customers", "Tax", ["tax_code"], is_team=True)
        save_set(ben, "orders", "Books", ["number"])

        assert own.fields == ["phone", "name"]
        assert sets_for(mia, "customers") == [own, team]
        assert sets_for(ben, "customers") == [team]
        assert sets_for(create_staff(create_shop()), "customers") == []

    def test_a_name_that_is_taken_is_asked_about(self, shop):
        mia = create_staff(shop)
        save_set(mia, "customers", "Post", ["phone"])

        with pytest.raises(SetExists):
            save_set(mia, "customers", "Post", ["name"])
        assert save_set(mia, "customers", "Post", ["name"], overwrite=True).fields == ["name"]
        assert len(sets_for(mia, "customers")) == 1

    @pytest.mark.parametrize(("name", "fields"), [("  ", ["name"]), ("Post", [])])
    def test_need_a_name_and_fields(self, shop, name, fields):
        with pytest.raises(BadValue):
            save_set(create_staff(shop), "customers", name, fields)

    def test_are_removed_by_their_owner_or_who_changes_settings(self, shop):
        mia, ben = create_staff(shop, name="Mia"), create_staff(shop, role=Role.AGENT, name="Ben")
        team = save_set(mia, "customers", "Tax", ["tax_code"], is_team=True)

        with pytest.raises(NotYourSet):
            remove_set(team, staff=ben)
        remove_set(team, staff=create_staff(shop, role=Role.MANAGER))

        assert sets_for(mia, "customers") == []
