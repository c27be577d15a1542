"""A real worker in a process of its own, told to stop, killed, and left without its database."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import connector_params

from regulars.kit import worker
from regulars.kit.jobs import later
from tests.kit.worker_jobs import LEDGER, deaf, flaky, parent, quick, slow, steady

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from regulars.kit import worker
from tests.kit import worker_jobs
worker.DEAD_AFTER, worker.LOOK_EVERY, worker.BEAT_EVERY, worker.GRACE = 3.0, 0.5, 1.0, 2.0
worker.MOST_LIVES = 2
worker.run()
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ledger(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEDGER} (id bigserial PRIMARY KEY, word text, at timestamptz)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {LEDGER}")
        cursor.execute("TRUNCATE procrastinate_workers, procrastinate_jobs CASCADE")


@pytest.fixture
def start():
    """Starts workers on the test database; those that still run in the end are killed."""
    started = []

    def start_worker():
        database = connection.settings_dict["NAME"]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, database], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        started.append(process)
        return process

    yield start_worker
    for process in started:
        process.kill()
        process.wait()


def words():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {LEDGER} ORDER BY id")
        return [word for (word,) in cursor.fetchall()]


def until_idle():
    """Wait until no job waits or runs; time-tables may bring one in between."""
    deadline = time.monotonic() + 20
    while jobs_left():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def jobs_left():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
            " OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))"
        )
        return cursor.fetchone()[0]


def until(expected, seconds=20):
    """Wait until these words were noted, and say how long it took."""
    begin = time.monotonic()
    while words() != expected:
        assert time.monotonic() - begin < seconds, words()
        time.sleep(0.02)
    return time.monotonic() - begin


def cut_all_connections():
    """End every connection to the test database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def allow_connections(allowed):
    """Let anybody connect to the test database, or nobody, from a neighbouring database."""
    name = connection.settings_dict["NAME"]
    given = connector_params() | {"dbname": "postgres"}
    with psycopg.connect(**given, autocommit=True) as neighbour:
        neighbour.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')


class TestAWorker:
    def test_wakes_when_a_job_is_asked_for(self, start):
        start()
        later(quick, word="first")
        until(["first"])
        time.sleep(1)  # the first was found when the worker looked around; now it listens

        later(quick, word="second")

        assert until(["first", "second"]) < worker.POLL_EVERY / 4

    def test_runs_no_job_that_another_asked_for_in_a_transaction_that_failed(self, start):
        later(parent, lock="in order")
        later(quick, lock="in order", word="last")
        start()

        until(["last"])
        until_idle()

    def test_that_was_killed_has_its_job_taken_up_by_the_next(self, start):
        first = start()
        later(deaf, seconds=60)
        until(["begun"])
        first.kill()

        start()

        assert until(["begun", "begun", "ended"]) < 10

    def test_that_was_killed_is_no_fault_of_a_job_that_gets_on(self, start):
        later(steady, lives=5)
        for life in range(1, 5):
            first = start()
            until(["begun"] * life)
            first.kill()
            first.wait()

        start()

        until(["begun"] * 5 + ["ended"])

    def test_gives_up_a_job_that_only_ends_workers(self, start):
        later(deaf, seconds=60)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 2")

        start()

        until_idle()
        assert words() == []

    def test_tries_a_job_again_though_the_same_was_asked_for_meanwhile(self, start):
        later(flaky, once="flaky")
        start()

        until(["tried", "tried", "tried"])

    def test_drops_a_dead_job_when_the_same_already_waits(self, start):
        later(quick, once="quick", word="dead")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        later(quick, once="quick", word="waiting", at=datetime.now(UTC) + timedelta(seconds=2))
        start()

        until(["waiting"])

    def test_told_to_stop_leaves_a_long_job_to_the_next(self, start):
        first = start()
        later(slow, seconds=2)
        until(["begun"])
        first.send_signal(signal.SIGTERM)

        assert first.wait(timeout=5) == 0
        start()
        until(["begun", "begun", "ended"])

    def test_told_to_stop_does_not_wait_for_a_job_that_does_not_listen(self, start):
        first = start()
        later(deaf, seconds=60)
        until(["begun"])
        first.send_signal(signal.SIGTERM)

        assert first.wait(timeout=6) == 0
        start()
        until(["begun", "begun", "ended"])

    def test_that_loses_its_connections_works_on(self, start):
        first = start()
        later(quick, word="before")
        until(["before"])
        until_idle()
        cut_all_connections()

        later(quick, word="after")

        until(["before", "after"])
        assert first.poll() is None

    def test_that_lost_its_connections_in_a_job_does_it_again(self, start):
        start()
        later(deaf, seconds=2)
        until(["begun"])
        cut_all_connections()

        until(["begun", "begun", "ended"])

    def test_outlives_a_database_that_is_away_while_a_job_ends(self, start):
        first = start()
        later(deaf, seconds=2)
        until(["begun"])
        try:
            allow_connections(False)
            cut_all_connections()
            time.sleep(4)
        finally:
            allow_connections(True)

        until(["begun", "begun", "ended"])
        assert first.poll() is None
