"""T80, T-EXP-1: what left is told by entries that nobody can change without being found out."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from regulars.events.record import Actor
from regulars.runtime.doctor import State, _export_log
from regulars.shops.permissions import Role
from regulars.shops.queries import acting
from regulars.shops.work import cancel_job, carry_on
from regulars.transfer import exports
from regulars.transfer.commands import export_rows
from regulars.transfer.exports import Asked, download, export_to, start_export
from regulars.transfer.files import private_path
from regulars.transfer.models import ExportChain, ExportEntry, ExportLog
from regulars.transfer.outgoing import chain
from regulars.transfer.outgoing.chain import verify_chain
from regulars.transfer.outgoing.entries import add_entry, canonical, hash_of
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import make_shop

SYSTEM = Actor.system()
KINDS = ExportEntry.Kind


@pytest.fixture
def mia(shop):
    return create_staff(shop, role=Role.MANAGER, name="Mia")


def begun(staff, **asked):
    return start_export(staff.shop, Asked(**asked), staff=staff, by=acting(staff), ip="203.0.113.7")


def work_on(log):
    carry_on(shop_id=log.shop_id, run_id=log.job_run_id)
    log.refresh_from_db()
    return log


def entries(shop):
    return list(ExportEntry.objects.of(shop).order_by("number"))


def kinds(shop):
    return [entry.kind for entry in entries(shop)]


def three_entries(shop):
    log = ExportLog.objects.create(shop=shop, kind="customers", format="csv")
    for kind in (KINDS.STARTED, KINDS.FINISHED, KINDS.DOWNLOADED):
        add_entry(log, kind, by=SYSTEM, data={"rows": 3})


def tamper(sql, table="transfer_exportentry"):
    """What only the owner of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class TestWhatIsTold:
    def test_stands_before_the_first_byte(self, shop, tmp_path, monkeypatch):
        seen = []
        make = exports.table
        monkeypatch.setattr(exports, "table", lambda *asked: seen.append(kinds(shop)) or make(*asked))

        export_to(tmp_path / "out.csv", shop, Asked(), by=SYSTEM)

        assert seen == [["started"]]

    def test_is_who_when_from_where_and_what(self, shop, mia):
        create_customer(shop, name="Ann")
        create_customer(shop, name="Ben")
        log = work_on(begun(mia, where="name = 'Ann'", search="an", fields=("name", "email")))

        started, finished = entries(shop)
        assert (started.kind, started.actor_kind, started.actor_id, started.actor_name) == (
            "started", "staff", mia.pk, "Mia",
        )  # fmt: skip
        assert started.ip == "203.0.113.7"
        assert started.data == {
            "kind": "customers", "format": "csv", "where": "name = 'Ann'", "search": "an", "fields": ["name", "email"],
        }  # fmt: skip
        written = private_path(log.stored_as).read_bytes()
        assert finished.data == {
            "rows": 1, "sha256": hashlib.sha256(written).hexdigest(), "bytes": len(written),
        }  # fmt: skip
        assert finished.export_id == log.pk

    def test_says_how_many_were_ticked(self, shop, mia):
        ann = create_customer(shop, name="Ann")

        begun(mia, ids=(ann.pk,))

        assert entries(shop)[0].data["selected"] == 1

    def test_is_each_download_with_its_address(self, shop, mia):
        log = work_on(begun(mia))

        download(log, staff=mia, by=acting(mia), ip="203.0.113.9")
        download(log, staff=mia, by=acting(mia), ip="203.0.113.8")

        assert kinds(shop) == ["started", "finished", "downloaded", "downloaded"]
        assert [entry.ip for entry in entries(shop)[2:]] == ["203.0.113.9", "203.0.113.8"]
        log.refresh_from_db()
        assert log.downloads == 2

    def test_is_a_failure(self, shop, tmp_path):
        with pytest.raises(OSError, match="out"):
            export_to(tmp_path / "nowhere" / "out.csv", shop, Asked(), by=SYSTEM)

        assert kinds(shop) == ["started", "failed"]

    def test_is_a_cancellation(self, shop, mia):
        log = begun(mia)

        cancel_job(log.job_run)
        work_on(log)

        assert kinds(shop) == ["started", "cancelled"]
        assert log.state == ExportLog.State.FAILED

    def test_is_the_start_alone_of_what_was_killed(self, shop, mia):
        begun(mia)

        assert kinds(shop) == ["started"]

    def test_is_nothing_of_what_was_refused(self, shop, mia):
        with pytest.raises(Exception, match="shoe"):
            begun(mia, where="shoe = 1")

        assert kinds(shop) == []


class TestTheTable:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE transfer_exportentry SET actor_name = 'Nobody' WHERE number = 2",
            "DELETE FROM transfer_exportentry WHERE number = 3",
            "DELETE FROM transfer_exportchain",
            "UPDATE transfer_exportchain SET number = 2",
            "UPDATE transfer_exportchain SET hash = 'x'",
        ],
    )
    def test_takes_no_change(self, shop, sql):
        three_entries(shop)

        refused = pytest.raises(IntegrityError, match="only ever added to")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

        assert verify_chain(shop).is_whole

    @pytest.mark.parametrize(
        ("table", "trigger"),
        [
            ("transfer_exportentry", "entries_stay_all"),
            ("transfer_exportchain", "chain_stays_all"),
            ("transfer_apiread", "reads_stay_all"),
        ],
    )
    def test_is_not_emptied(self, shop, table, trigger):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")  # tests empty tables, real life does not
            with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    def test_knows_each_number_once(self, shop):
        three_entries(shop)
        last = entries(shop)[-1]
        last.pk = None

        with pytest.raises(IntegrityError), transaction.atomic():
            last.save(force_insert=True)


class TestTheChain:
    def test_has_no_gaps_and_is_one_a_shop(self, shop):
        other = make_shop("ibang")
        three_entries(shop)
        three_entries(other)
        three_entries(shop)

        assert [entry.number for entry in entries(shop)] == [1, 2, 3, 4, 5, 6]
        assert [entry.number for entry in entries(other)] == [1, 2, 3]

    def test_is_checked_with_any_sha256(self, shop):
        three_entries(shop)

        first, second, _third = entries(shop)
        assert first.hash == hashlib.sha256(canonical(first).encode()).hexdigest()
        assert json.loads(canonical(second))["previous"] == first.hash

    def test_is_whole_since_its_first_entry(self, shop):
        three_entries(shop)

        found = verify_chain(shop)
        assert (found.is_whole, found.count, found.number) == (True, 3, 3)
        assert found.since == entries(shop)[0].at
        assert found.hash == entries(shop)[-1].hash

    def test_of_nothing_is_whole(self, shop):
        assert verify_chain(shop).is_whole

    @pytest.mark.parametrize(
        ("sql", "broken"),
        [
            ("UPDATE transfer_exportentry SET actor_name = 'Nobody' WHERE number = 2", 2),
            ("UPDATE transfer_exportentry SET data = '{\"rows\": 2}' WHERE number = 1", 1),
            ("UPDATE transfer_exportentry SET at = at - interval '1 microsecond' WHERE number = 3", 3),
            ("DELETE FROM transfer_exportentry WHERE number = 2", 2),
            ("DELETE FROM transfer_exportentry WHERE number = 3", 3),
            ("DELETE FROM transfer_exportentry WHERE number >= 2", 2),
            ("DELETE FROM transfer_exportentry", 1),
        ],
    )
    def test_that_was_tampered_with_is_found(self, shop, sql, broken):
        three_entries(shop)
        tamper(sql)

        assert verify_chain(shop).broken == broken

    def test_with_a_changed_end_is_found(self, shop):
        three_entries(shop)
        tamper("UPDATE transfer_exportchain SET number = 2", "transfer_exportchain")

        assert verify_chain(shop).broken is not None

    def test_without_its_end_is_found(self, shop):
        three_entries(shop)
        tamper("DELETE FROM transfer_exportchain", "transfer_exportchain")

        assert verify_chain(shop).broken == 1

    def test_with_a_forged_hash_is_found_by_the_next_entry(self, shop):
        three_entries(shop)
        forged = entries(shop)[1]
        forged.actor_name = "Nobody"
        tamper(f"UPDATE transfer_exportentry SET actor_name = 'Nobody', hash = '{hash_of(forged)}' WHERE number = 2")

        assert verify_chain(shop).broken == 3

    def test_is_checked_at_night_and_by_the_doctor(self, shop, caplog):
        three_entries(shop)
        chain.check_all_chains()
        assert ExportChain.objects.of(shop).get().checked_at > now() - timedelta(minutes=1)
        [fine] = [one for one in _export_log() if shop.slug in one.words]
        assert (fine.state, "3 entries" in fine.words) == (State.OK, True)

        tamper("DELETE FROM transfer_exportentry WHERE number = 3")
        chain.check_all_chains()

        assert ExportChain.objects.of(shop).get().broken == 3
        assert "broken at entry 3" in caplog.text
        [broken] = [one for one in _export_log() if shop.slug in one.words]
        assert broken.state == State.BROKEN


class TestTheLogAsAFile:
    @pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
    def test_is_itself_told(self, shop, tmp_path, format):
        three_entries(shop)

        answer = export_rows(shop, "export_log", format=format, output=tmp_path / "log", by=SYSTEM)

        assert answer["rows"] == 4  # its own beginning stands in it
        assert kinds(shop)[3:] == ["started", "finished"]

    def test_can_be_checked_by_who_has_nothing_else(self, shop, tmp_path):
        three_entries(shop)
        export_rows(shop, "export_log", format="jsonl", output=tmp_path / "log", by=SYSTEM)

        rows = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]

        assert [row["number"] for row in rows] == [1, 2, 3, 4]
        assert [row["hash"] for row in rows[:-1]] == [row["previous"] for row in rows[1:]]
        assert [row["hash"] for row in rows] == [_hash_of_row(row) for row in rows]

    def test_is_of_one_shop(self, shop, tmp_path):
        three_entries(make_shop("ibang"))

        assert export_rows(shop, "export_log", output=tmp_path / "log", by=SYSTEM)["rows"] == 1


@pytest.mark.django_db(transaction=True)
def test_exports_that_begin_at_once_make_one_chain():
    shop = make_shop()
    log = ExportLog.objects.create(shop=shop, kind="customers", format="csv")

    def five():
        for _number in range(5):
            add_entry(log, KINDS.DOWNLOADED, by=SYSTEM)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(five) for _thread in range(4)]:
            done.result()

    assert verify_chain(shop).count == 20
    assert verify_chain(shop).is_whole


def _hash_of_row(row):
    """As docs/operate/running.md tells how to check a file of the log."""
    at = datetime.fromisoformat(row["date"]).astimezone(UTC).isoformat(timespec="microseconds")
    told = {name: row[name] for name in ("shop", "number", "export", "kind", "data")}
    told |= {"at": at, "actor": [row["actor_kind"], row["actor_id"], row["actor"] or ""]}
    told |= {"ip": row["ip"] or "", "previous": row["previous"]}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
