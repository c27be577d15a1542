"""Customers out of the shop: guarded, complete, written down, and able to come back unchanged."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from regulars.customers.fields import context_for, customer_fields
from regulars.events.record import Actor
from regulars.kit.query import BadCondition
from regulars.shops.models import JobRun, Staff, User
from regulars.shops.permissions import Role
from regulars.shops.work import carry_on
from regulars.transfer import exports
from regulars.transfer.cells import guarded, unguarded
from regulars.transfer.commands import export_rows, import_file, list_customers
from regulars.transfer.errors import LinkExpired, NotYours, UnknownExportField
from regulars.transfer.files import private_path
from regulars.transfer.jobs import purge_expired
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing.customers import CUSTOMERS, READ_BACK
from regulars.transfer.outgoing.writings import guarded_sql
from tests.transfer.conftest import SAMPLES, make_shop

SYSTEM = Actor.system()


@pytest.fixture
def bring(shop, tmp_path):
    def brought(*rows):
        path = tmp_path / "in.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return import_file("customers", path, shop)

    return brought


@pytest.fixture
def take(shop, tmp_path):
    def taken(**asked):
        path = tmp_path / "out.csv"
        export_rows(shop, output=path, by=SYSTEM, **asked)
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))

    return taken


def member(shop, role=Role.MANAGER, email="mia@example.com") -> Staff:
    return Staff.objects.create(shop=shop, user=User.objects.create_user(email, name="Mia"), role=role)


NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "' =1", "'quoted", "＝1", "＋1", "－1", "＠x", "=", "-",
    "Cruz, Juan", 'Ann "Bo" Lee', "😀 Đào", "a=b", "x;y", "=HYPERLINK(\"http://x\")", "\u200b=1", "\u00a0=1", "0012",
]  # fmt: skip


class TestTheFormulaGuard:
    @pytest.mark.parametrize("text", NASTY)
    def test_can_be_taken_off_exactly(self, text):
        assert unguarded(guarded(text)) == text

    @pytest.mark.parametrize(
        "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "\u00a0=1"]
    )
    def test_leaves_nothing_that_a_spreadsheet_runs(self, text):
        assert guarded(text) == "'" + text

    def test_is_the_same_in_sql(self, db):
        naughty = json.loads((SAMPLES / "strings" / "blns.json").read_text("utf-8"))
        texts = [text for text in [*NASTY, *naughty, "", "ASCII", "z", "~"] if "\0" not in text]
        texts += [guarded(text) for text in texts]

        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {guarded_sql('x')} FROM unnest(%s::text[]) WITH ORDINALITY AS t(x, n) ORDER BY n", [texts]
            )
            answered = [row[0] or "" for row in cursor.fetchall()]

        assert answered == [guarded(text) for text in texts]


class TestReadingBack:
    def test_of_another_shop_changes_nobody_by_number(self, shop, bring, tmp_path):
        bring(["Name"], ["Ann"])
        path = tmp_path / "all.csv"
        export_rows(shop, output=path, by=SYSTEM, fields=["regulars_id", "company"])
        text = path.read_text("utf-8")
        other = make_shop("other")

        answer = import_file("customers", path, other)

        assert "-" in text
        assert answer["rejected"] == 1

    def test_keeps_phones_readable(self, bring, take):
        bring(["Name", "Phone"], ["Ann", "0917 123 4567"])

        assert take(fields=["phone"]) == [{"Phone": "+639171234567"}]


class TestWhatIsWritten:
    @pytest.fixture(autouse=True)
    def _people(self, bring):
        bring(
            ["Name", "E-mail", "Country", "Gender", "Tags", "Company"],
            ["Ann", "ann@example.com", "PH", "F", "vip", "=1+1"],
            ["Bo", "bo@example.com", "VN", "M", "vip, new", ""],
            ["Cy", "cy@example.com", "PH", "", "", ""],
        )

    def test_are_the_rows_that_match_in_the_order_asked(self, take):
        assert [row["Name"] for row in take(where="country = PH", sort="-name", fields=["name"])] == ["Cy", "Ann"]
        assert [row["Name"] for row in take(search="bo", fields=["name"])] == ["Bo"]

    def test_are_the_fields_asked_for_in_their_order(self, take):
        row = take(where="name = 'bo'", fields=["tags", "gender", "name", "total_spent"])[0]

        assert list(row.items()) == [("Tags", "new, vip"), ("Gender", "male"), ("Name", "Bo"), ("Total spent", "0.00")]

    def test_nothing_runs_in_a_spreadsheet(self, take):
        assert [row["Company"] for row in take(fields=["company"])] == ["'=1+1", "", ""]

    def test_every_field_of_the_registry_can_be_exported(self, shop, take):
        fields = list(CUSTOMERS.available(context_for(shop)))

        rows = take(fields=fields)

        assert len(rows) == 3
        assert len(rows[0]) == len(fields)
        assert {field.name for field in customer_fields if field.shown} <= set(fields)
        assert set(READ_BACK) <= set(fields)

    def test_an_unknown_field_or_question_is_refused_before_anything_leaves(self, shop, take):
        with pytest.raises(UnknownExportField, match="shoe"):
            take(fields=["name", "shoe"])
        with pytest.raises(BadCondition):
            take(where="shoe = 39")
        assert not ExportLog.objects.of(shop).exists()

    def test_begins_with_a_mark_for_excel_unless_told_not_to(self, shop, tmp_path):
        for encoding, marked in (("utf-8-sig", True), ("utf-8", False)):
            export_rows(shop, output=tmp_path / "x.csv", by=SYSTEM, encoding=encoding)
            assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf") is marked

    def test_the_list_for_programs_agrees(self, shop, take):
        listed = list_customers(shop, where="country = PH", sort="name", fields=["name", "gender"])

        assert listed["count"] == 2 == list_customers(shop, where="country = PH", count_only=True)["count"]
        assert [row["name"] for row in listed["customers"]] == ["Ann", "Cy"]


class TestTheExportLog:
    def test_says_what_left(self, shop, bring, tmp_path):
        bring(["Name"], ["Ann"])
        path = tmp_path / "x.csv"

        export_rows(shop, where="name = 'ann'", fields=["name"], output=path, by=Actor("staff", 1, "Mia"))

        log = ExportLog.objects.of(shop).get()
        assert (log.state, log.rows, log.where, log.fields) == ("done", 1, "name = 'ann'", ["name"])
        assert log.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert log.actor_name == "Mia"

    def test_is_there_even_when_the_export_fails(self, shop, tmp_path):
        with pytest.raises(OSError):
            export_rows(shop, output=tmp_path / "no" / "such" / "folder.csv", by=SYSTEM)

        assert ExportLog.objects.of(shop).get().state == "failed"


class TestExportsForDownload:
    """T81: of one person, for a while, never guessed; masked for who may not see contacts."""

    @pytest.fixture
    def mia(self, shop, bring):
        bring(["Name", "Phone", "E-mail"], ["Ann", "0917 123 4567", "ann@example.com"])
        return member(shop)

    def start(self, shop, staff, **asked) -> ExportLog:
        log = exports.start_export(shop, exports.Asked(**asked), staff=staff, by=Actor("staff", staff.pk))
        assert log.state == "started"
        carry_on(shop_id=shop.pk, run_id=log.job_run_id)
        log.refresh_from_db()
        return log

    def test_are_written_in_the_background(self, shop, mia):
        log = self.start(shop, mia)

        path = exports.download(log, staff=mia, by=SYSTEM)

        assert (log.state, log.rows, log.job_run.state) == ("done", 1, JobRun.State.DONE)
        assert "ann@example.com" in path.read_text("utf-8")
        log.refresh_from_db()
        assert log.downloads == 1

    def test_belong_to_one_person(self, shop, mia):
        log = self.start(shop, mia)

        with pytest.raises(NotYours):
            exports.download(log, staff=member(shop, Role.OWNER, "olga@example.com"), by=SYSTEM)
        mia.role = Role.VIEWER
        with pytest.raises(NotYours):
            exports.download(log, staff=mia, by=SYSTEM)

    def test_expire(self, shop, mia):
        log = self.start(shop, mia)
        path = private_path(log.stored_as)
        ExportLog.objects.filter(pk=log.pk).update(expires_at=now() - timedelta(seconds=1))
        log.refresh_from_db()

        with pytest.raises(LinkExpired):
            exports.download(log, staff=mia, by=SYSTEM)
        purge_expired()

        assert not path.exists()
        assert ExportLog.objects.of(shop).get().rows == 1

    def test_cannot_be_guessed(self, shop, mia):
        assert len(self.start(shop, mia).stored_as) > 32

    def test_keep_contacts_masked_for_those_who_may_not_see_them(self, shop, mia):
        mia.role = Role.VIEWER
        mia.save()

        log = self.start(shop, mia, fields=("name", "phone", "email", "phone_written"))

        text = private_path(log.stored_as).read_text("utf-8-sig")
        assert list(csv.reader(io.StringIO(text)))[1] == ["Ann", "•••4567", "•••@example.com", "•••4567"]

    def test_see_only_what_the_person_sees(self, shop, mia):
        mia.only_own = True
        mia.save()

        assert self.start(shop, mia).rows == 0
