"""Background work in steps: once, resumable, cancellable."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.kit.errors import DomainError
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops import work as machinery
from regulars.shops.models import JobRun
from regulars.shops.operations import create_shop
from regulars.shops.work import cancel_job, end_lost_runs, start_job, work

SYSTEM = Actor.system()


@pytest.fixture
def shop(db):
    return create_shop("Tindahan", country="PH", by=SYSTEM)


@contextmanager
def kind(step, ended=None, name="test.count"):
    """A kind of work that exists for one test."""
    work(name, ended=ended)(step)
    try:
        yield name
    finally:
        del machinery._kinds[name]


def count_to_three(run):
    """Three steps, each leaving an event."""
    run.done += 1
    run.checkpoint = {"at": run.done}
    record(run.shop_id, "test.counted", about=("run", run.pk), by=SYSTEM, data={"at": run.done})
    return run.done < 3


def counted(run):
    return [event.data["at"] for event in Event.objects.filter(about="run", about_id=run.pk).order_by("pk")]


def begin(shop, **options):
    return start_job(shop, "test.count", "Counting", data={}, staff=None, total=3, **options)


class TestARun:
    def test_is_done_step_by_step(self, shop):
        with kind(count_to_three):
            run = begin(shop)
            run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.done, run.percent) == ("done", 3, 100)
        assert counted(run) == [1, 2, 3]
        assert run.started_at <= run.finished_at

    def test_can_be_done_at_once(self, shop):
        with kind(count_to_three):
            run = begin(shop, at_once=True)

        assert run.state == "done"
        assert run_waiting_jobs() == 0

    def test_of_one_key_is_begun_once(self, shop):
        with kind(count_to_three):
            first = begin(shop, key="click-1")
            again = begin(shop, key="click-1")
            run_waiting_jobs()

        assert again.pk == first.pk
        assert counted(first) == [1, 2, 3]

    def test_of_one_key_in_another_shop_is_another_run(self, shop):
        other = create_shop("Elsewhere", country="VN", by=SYSTEM)
        with kind(count_to_three):
            assert begin(shop, key="click-1").pk != begin(other, key="click-1").pk

    def test_of_an_unknown_kind_is_refused(self, shop):
        with pytest.raises(ValueError, match="no kind of work"):
            start_job(shop, "test.unknown", "?", data={}, staff=None)

        assert not JobRun.objects.of(shop).exists()

    def test_tells_when_it_is_over(self, shop):
        over = []
        with kind(count_to_three, ended=lambda run: over.append(run.state)):
            begin(shop, at_once=True)

        assert over == ["done"]

    def test_makes_room_for_others_after_its_slice(self, shop, monkeypatch):
        monkeypatch.setattr(machinery, "SLICE_SECONDS", -1)
        with kind(count_to_three):
            run = begin(shop)
            jobs = run_waiting_jobs()

        assert jobs == 3
        assert counted(run) == [1, 2, 3]


class TestCancelling:
    def test_stops_after_the_current_step(self, shop):
        def step(run):
            cancel_job(run)
            return count_to_three(run)

        with kind(step):
            run = begin(shop)
            run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.done) == ("cancelled", 1)
        assert counted(run) == [1]

    def test_before_the_first_step_does_nothing(self, shop):
        with kind(count_to_three):
            run = begin(shop)
            cancel_job(run)
            run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.done) == ("cancelled", 0)

    def test_comes_too_late_for_a_run_that_is_over(self, shop):
        with kind(count_to_three):
            run = begin(shop, at_once=True)
            cancel_job(run)

        run.refresh_from_db()
        assert not run.cancel_asked


class TestAFailure:
    def test_takes_its_step_back_and_says_why(self, shop):
        class TooMany(DomainError):
            sentence = "There are {count} too many."

        def step(run):
            if run.done == 1:
                count_to_three(run)
                raise TooMany(count=7)
            return count_to_three(run)

        with kind(step):
            run = begin(shop)
            run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.done, run.error) == ("failed", 1, "There are 7 too many.")
        assert counted(run) == [1]

    def test_of_ours_gives_a_reference(self, shop, caplog):
        def step(run):
            raise ZeroDivisionError

        with kind(step):
            run = begin(shop)
            run_waiting_jobs()

        run.refresh_from_db()
        assert run.state == "failed"
        assert str(run.pk) in run.error
        assert "ZeroDivisionError" in caplog.text

    def test_by_deadlock_is_done_again(self, shop):
        tries = []

        def step(run):
            tries.append(run.done)
            if len(tries) == 1:
                raise OperationalError from _deadlock()
            return count_to_three(run)

        with kind(step):
            run = begin(shop)
            run_waiting_jobs()

        assert tries == [0, 0, 1, 2]
        assert counted(run) == [1, 2, 3]

    def test_done_at_once_leaves_nothing_behind(self, shop):
        def step(run):
            raise DomainError

        with kind(step), pytest.raises(DomainError):
            begin(shop, at_once=True)

        assert not JobRun.objects.of(shop).exists()


class TestLostRuns:
    def test_are_said_to_have_failed(self, shop):
        with kind(count_to_three):
            waiting, lost = begin(shop), begin(shop)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE lock = %s", [f"run:{lost.pk}"])

            end_lost_runs()

        waiting.refresh_from_db()
        lost.refresh_from_db()
        assert (waiting.state, lost.state) == ("waiting", "failed")
        assert str(lost.pk) in lost.error


def _deadlock():
    from psycopg.errors import DeadlockDetected

    return DeadlockDetected()


class TestTwoWorkers:
    def test_do_not_do_one_step_twice(self, shop):
        run_ids = []

        def step(run):
            run_ids.append(run.pk)
            assert not _held_elsewhere_is_free(run.pk)
            return False

        with kind(step):
            run = begin(shop)
            run_waiting_jobs()

        assert run_ids == [run.pk]


def _held_elsewhere_is_free(run_id):
    """Whether another connection could take the run while its step runs."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"work.run:{run_id}"])
            return cursor.fetchone()[0]
    finally:
        other.close()


WORKER = """
import os, django
django.setup()
from regulars.shops.work import work
from regulars.events.record import Actor, record
import time

@work("test.slow")
def slow(run):
    run.done += 1
    record(run.shop_id, "test.counted", about=("run", run.pk), by=Actor.system(), data={"at": run.done})
    time.sleep(0.02)
    return run.done < 100

from regulars.kit import worker
worker.DEAD_AFTER, worker.LOOK_EVERY, worker.BEAT_EVERY = 2.0, 0.5, 0.5
worker.run(concurrency=1)
"""


@pytest.mark.django_db(transaction=True)
class TestKillingTheWorker:
    def test_every_step_is_done_exactly_once(self):
        shop = create_shop("Tindahan", country="PH", by=SYSTEM)
        with kind(lambda run: False, name="test.slow"):
            run = start_job(shop, "test.slow", "Counting", data={}, staff=None, total=100)
        killed = 0
        deadline = time.monotonic() + 60
        while not JobRun.objects.get(pk=run.pk).is_over and time.monotonic() < deadline:
            worker = _start_worker()
            try:
                _wait_for(lambda aim=25 * (killed + 1): JobRun.objects.get(pk=run.pk).done >= min(aim, 100), worker)
                if killed < 2:
                    worker.send_signal(signal.SIGKILL)
                    killed += 1
                else:
                    _wait_for(lambda: JobRun.objects.get(pk=run.pk).is_over, worker)
            finally:
                worker.kill()
                worker.wait()

        run.refresh_from_db()
        assert killed == 2
        assert (run.state, run.done) == ("done", 100)
        assert counted(run) == list(range(1, 101))


def _start_worker():
    """A worker process of the test database."""
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    if settings["PORT"]:
        address += f"&port={settings['PORT']}"
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "regulars.config.settings"}
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=root)


def _wait_for(is_so, worker, seconds=40):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)
