"""T69: a worker that is killed in the middle of an import or export: the next one goes on, and every row counts once.

`REGULARS_KILLS=50` kills that often, at random points; without it a few times, which is enough for every day.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from regulars.customers.bulk import create_many
from regulars.customers.models import Address, Customer, Identity
from regulars.customers.profile import read_profile
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.loyalty.models import PointsEntry
from regulars.shops.queries import acting
from regulars.transfer import exports, imports
from regulars.transfer.files import private_path
from regulars.transfer.models import ExportEntry, ExportLog, ImportRun, RejectedRow
from regulars.transfer.outgoing.chain import verify_chain
from tests.factories import create_staff
from tests.transfer.conftest import make_shop

ROOT = Path(__file__).parents[2]
ROWS = 50_000
KILLS = int(os.environ.get("REGULARS_KILLS", "3"))
PEOPLE = 200_000 if KILLS > 3 else 20_000
BALANCES = 10_000
WORKER = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.FILES_ROOT = sys.argv[2]
django.setup()
from regulars.kit import worker
from dataclasses import replace
from regulars.transfer.kinds import KINDS
for kind in ("customers", "points"):
    KINDS[kind] = replace(KINDS[kind], batch=2000)
worker.DEAD_AFTER, worker.LOOK_EVERY, worker.BEAT_EVERY = 2.0, 0.5, 0.5
worker.MOST_LIVES = int(sys.argv[3])
worker.run(concurrency=1)
"""


def a_list():
    """50,000 rows: every hundredth without anybody, every thousandth the same person as the row before."""
    yield b"Customer ID,Name,Email,City\n"
    for number in range(1, ROWS + 1):
        who = number - 1 if number % 1000 == 0 else number
        if number % 100 == 50:
            yield b",,,Makati\n"
        else:
            yield f"C{who},Ann {who},ann{who}@example.com,Makati\n".encode()


@pytest.fixture
def start_worker():
    started = []

    def start(lives=10):
        names = [connection.settings_dict["NAME"], str(settings.FILES_ROOT), str(lives)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "regulars.config.settings"}
        process = subprocess.Popen([sys.executable, "-c", WORKER, *names], cwd=ROOT, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(is_so, worker, seconds=180):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
class TestKillingTheWorker:
    def test_loses_no_row_and_doubles_none(self, start_worker):
        shop = make_shop()
        run = imports.stage(shop, "customers", a_list(), "many.csv")
        imports.start(run)
        rows = ImportRun.objects.of(shop).filter(pk=run.pk).values_list("rows", flat=True)

        aims = [1, ROWS // 3, ROWS * 2 // 3]
        for aim in aims if KILLS == 3 else sorted(random.sample(range(1, ROWS - 4000), KILLS)):
            worker = start_worker()
            wait_until(lambda aim=aim: rows.get() >= aim, worker)
            time.sleep(random.random() / 5)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        worker = start_worker()
        wait_until(lambda: ImportRun.objects.of(shop).get(pk=run.pk).state != "running", worker)

        run.refresh_from_db()
        assert (run.state, run.error) == ("done", "")
        assert run.rows == ROWS
        assert (run.created, run.updated, run.unchanged, run.rejected) == (49_450, 0, 50, 500)
        assert run.report["duplicates"] == 50
        assert Customer.objects.of(shop).count() == Identity.objects.of(shop).count() == 49_450
        assert Address.objects.of(shop).count() == 49_450
        assert Event.objects.filter(shop_id=shop.pk, kind="customer.created").count() == 49_450
        lines = list(RejectedRow.objects.of(shop).order_by("line").values_list("line", flat=True))
        assert lines == [number + 1 for number in range(1, ROWS + 1) if number % 100 == 50]
        assert not list(Customer.objects.of(shop).filter(name="").values_list("pk", flat=True)[:1])

    def test_states_every_balance_once(self, start_worker):
        """T71."""
        shop = make_shop()
        fill(shop, BALANCES)
        rows = (f"ann{number}@example.com,{number + 1}\n".encode() for number in range(BALANCES))
        run = imports.stage(shop, "points", [b"Email,Points\n", *rows], "points.csv")
        imports.start(run)
        done = ImportRun.objects.of(shop).filter(pk=run.pk).values_list("rows", flat=True)

        for aim in (1, BALANCES // 2):
            worker = start_worker()
            wait_until(lambda aim=aim: done.get() >= aim, worker)
            time.sleep(random.random() / 5)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        worker = start_worker()
        wait_until(lambda: ImportRun.objects.of(shop).get(pk=run.pk).state != "running", worker)

        run.refresh_from_db()
        assert (run.state, run.error, run.rows, run.created, run.rejected) == ("done", "", BALANCES, BALANCES, 0)
        entries = PointsEntry.objects.of(shop).values_list("points", flat=True)
        assert sorted(entries) == list(range(1, BALANCES + 1))
        assert Customer.objects.of(shop).aggregate(all=Sum("points"))["all"] == sum(entries)

    def test_writes_exports_whole_or_not_at_all(self, start_worker):
        shop = make_shop()
        owner = create_staff(shop, role="owner")
        fill(shop, PEOPLE)
        kills = written = 0
        while kills < KILLS:
            asked = exports.Asked(fields=("name", "email"))
            log = exports.start_export(shop, asked, staff=owner, by=acting(owner))
            state = ExportLog.objects.of(shop).filter(pk=log.pk).values_list("state", flat=True)
            while state.get() != "done":
                worker = start_worker(lives=1000)  # killed at random it may get no further than before ten times
                if kills == KILLS:
                    wait_until(lambda state=state: state.get() == "done", worker)
                    break
                time.sleep(1 + random.random() * 3)  # it begins to write within these seconds
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                kills += 1
            is_whole(log)
            written += 1
        print(f"{kills} kills, {written} exports")
        kinds = [entry.kind for entry in ExportEntry.objects.of(shop).order_by("number")]
        assert kinds == ["started", "finished"] * written
        assert verify_chain(shop).broken is None


def is_whole(log):
    """The file holds everybody, and is the one that the log tells of."""
    log.refresh_from_db()
    data = private_path(log.stored_as).read_bytes()
    assert hashlib.sha256(data).hexdigest() == log.sha256
    assert data.count(b"\n") - 1 == log.rows == PEOPLE


def fill(shop, people):
    """So many customers, a number of ten thousands."""
    for start in range(0, people, 10_000):
        names = ((f"Ann {number}", f"ann{number}@example.com") for number in range(start, start + 10_000))
        drafts = [read_profile({"name": name, "email": email}, country="PH") for name, email in names]
        create_many(shop, drafts, by=Actor.system(), source="import")
