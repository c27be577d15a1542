"""The ledger of points as a file: what moved, whose it was, and nothing one may not see."""

import csv
import io
import json
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from regulars.customers.operations import set_staff
from regulars.kit.jobs import run_waiting_jobs
from regulars.loyalty.openings import Opening, state_openings
from regulars.segments.operations import create_segment
from regulars.shops.permissions import Role
from regulars.transfer import exports
from regulars.transfer.commands import export_rows, import_file
from regulars.transfer.errors import BadMapping
from regulars.transfer.exports import Asked
from regulars.transfer.models import ExportLog
from regulars.transfer.own_ids import own_id
from tests.factories import SYSTEM, actor, create_customer, create_staff
from tests.loyalty.giving import adjust, today
from tests.transfer.conftest import figures

pytestmark = pytest.mark.django_db


def rows_in(path):
    """The rows of an exported file, by their headers or names."""
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(header, row, strict=True)) for row in rows]
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com", phone="0917 123 4567", tags="VIP")


@pytest.fixture
def take(shop, tmp_path):
    def taken(**asked):
        path = tmp_path / f"points.{asked.get('format', 'csv')}"
        export_rows(shop, "points", output=path, by=SYSTEM, **asked)
        return rows_in(path)

    return taken


class TestTheLedger:
    def test_has_a_line_for_each_movement(self, shop, ann, take):
        linh = create_staff(shop, name="Linh")
        last = today(ann) + timedelta(days=30)
        first = adjust(ann, 120, expires_on=last)
        adjust(ann, -20, note="=1+1", by=actor(linh))
        later = today(ann) + timedelta(days=3)
        state_openings(shop, [Opening(ann.pk, 50, "Smile", counts_on=later)], by=SYSTEM)

        rows = take(sort="number")

        day = today(ann).isoformat()
        assert [row["Points moved"] for row in rows] == ["120", "-20", "50"]
        assert rows[0] == {
            "Entry ID": str(first.pk), "Date": rows[0]["Date"], "Counts from": day, "Name": "Ann",
            "Regulars ID": own_id(shop.pk, ann.pk), "Reason": "adjusted", "Points moved": "120", "Note": "Thanks",
            "Balance after": "120", "Can be used until": last.isoformat(), "Pending": "false", "Programme": "",
            "Staff": "",
        }  # fmt: skip
        told = [(row["Note"], row["Balance after"], row["Pending"], row["Staff"], row["Programme"]) for row in rows[1:]]
        assert told == [("'=1+1", "100", "false", linh.user.email, ""), ("", "", "true", "", "Smile")]

    @pytest.mark.parametrize("format", ["xlsx", "jsonl"])
    def test_goes_out_in_every_format(self, ann, take, format):
        adjust(ann, 120, note="=1+1")

        (row,) = take(format=format, fields=["points", "note", "pending", "email"])

        assert list(row.values()) == [120, "=1+1", False if format == "jsonl" else "false", "ann@example.com"]

    def test_is_asked_by_its_own_fields_by_segments_and_by_whom_a_text_means(self, shop, ann, take):
        bob = create_customer(shop, name="Bob")
        create_segment(shop, name="VIP", where="tags CONTAINS 'VIP'", by=SYSTEM)
        run_waiting_jobs()
        adjust(ann, 120)
        adjust(bob, 7)

        for asked in ({"where": "points > 100"}, {"search": "ann"}, {"where": "customer_segment = 'vip'"}):
            assert [row["Name"] for row in take(**asked)] == ["Ann"], asked
        assert take(date="date", last="-1d") == []

    def test_is_no_file_of_balances(self, shop, ann, tmp_path):
        adjust(ann, 120)
        path = tmp_path / "points.csv"
        export_rows(shop, "points", output=path, by=SYSTEM)

        with pytest.raises(BadMapping, match="holds the points"):
            import_file("points", path, shop)


class TestWhoLooks:
    def test_sees_only_their_own_customers(self, shop, ann, tmp_path):
        agent = create_staff(shop, role=Role.AGENT, only_own=True)
        bob = create_customer(shop, name="Bob")
        set_staff(bob, [agent.pk], by=SYSTEM)
        adjust(ann, 120)
        adjust(bob, 7)

        exports.export_to(tmp_path / "p.csv", shop, Asked(kind="points"), by=actor(agent), staff=agent)

        assert [row["Name"] for row in rows_in(tmp_path / "p.csv")] == ["Bob"]

    def test_gets_contacts_masked_without_the_right(self, shop, ann, tmp_path):
        viewer = create_staff(shop, role=Role.VIEWER)
        adjust(ann, 120)
        asked = Asked(kind="points", fields=("name", "email", "phone"), format="jsonl")

        exports.export_to(tmp_path / "p.jsonl", shop, asked, by=actor(viewer), staff=viewer)

        told = json.loads((tmp_path / "p.jsonl").read_text("utf-8"))
        assert told == {"name": "Ann", "email": "•••@example.com", "phone": "•••4567"}

    def test_is_written_down(self, shop, ann, take):
        adjust(ann, 120)
        take(where="points > 100")

        log = ExportLog.objects.of(shop).get()
        assert (log.kind, log.rows, len(log.sha256)) == ("points", 1, 64)


def test_figures_of_customers_do_not_come_back(shop, ann, tmp_path):
    adjust(ann, 120)
    path = tmp_path / "customers.csv"
    fields = ["regulars_id", "name", "email", "points", "points_earned", "points_pending"]
    export_rows(shop, "customers", output=path, by=SYSTEM, fields=fields)

    back = import_file("customers", path, shop)

    assert (figures(back), back["warnings"]) == ((0, 0, 1, 0), {})
