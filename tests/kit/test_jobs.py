import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app

from regulars.kit import jobs
from regulars.kit.errors import DomainError
from regulars.kit.jobs import WorkerStops, checkpoint, every, job, later, run_waiting_jobs, waiting_count

done = []


@job(queue="tests", retry=2)
def greet(name: str) -> None:
    done.append(name)


@job(retry=2)
def refuse() -> None:
    raise DomainError


@every("0 0 1 1 *")
def happy_new_year() -> None:
    done.append("new year")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


def settings_of_waiting_jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, lock, priority FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return cursor.fetchall()


@pytest.mark.django_db
class TestAJob:
    def test_can_be_run_now(self):
        greet(name="Ann")

        assert done == ["Ann"]

    def test_runs_later_with_its_arguments(self):
        later(greet, name="Ann")
        assert done == []

        assert run_waiting_jobs() == 1
        assert done == ["Ann"]
        assert waiting_count() == 0

    def test_that_asks_for_another_has_it_run_too(self):
        @job()
        def chain(length: int) -> None:
            done.append(length)
            if length:
                later(chain, length=length - 1)

        later(chain, length=2)

        assert run_waiting_jobs() == 3
        assert done == [2, 1, 0]

    def test_with_wrong_arguments_is_refused_at_once(self):
        with pytest.raises(TypeError):
            later(greet, nome="Ann")

        assert waiting_count() == 0

    def test_of_a_transaction_that_failed_was_never_asked_for(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            later(greet, name="Ann")
            _ = 1 / 0

        assert waiting_count() == 0

    def test_keeps_queue_lock_and_priority(self):
        later(greet, lock="shop:7", priority=5, name="Ann")

        assert settings_of_waiting_jobs() == [("tests", "shop:7", 5)]

    def test_waits_until_its_time(self):
        later(greet, at=datetime.now(UTC) + timedelta(hours=1), name="Ann")

        assert run_waiting_jobs() == 0

    def test_that_fails_is_raised_in_tests_and_marked(self):
        later(refuse)

        with pytest.raises(DomainError):
            run_waiting_jobs()
        assert run_waiting_jobs() == 0

    def test_with_a_time_table_takes_the_time_it_is_given(self):
        app.configure_task(happy_new_year.name).defer(timestamp=1_767_225_600)

        run_waiting_jobs()

        assert done == ["new year"]


@pytest.mark.django_db
class TestOnce:
    def test_folds_a_burst_into_one_run(self):
        with transaction.atomic():
            for _number in range(5):
                later(greet, once="greet:7", name="Ann")
        later(greet, once="greet:8", name="Bob")

        assert run_waiting_jobs() == 2
        assert done == ["Ann", "Bob"]

    def test_lets_the_next_one_in_after_the_run(self):
        later(greet, once="greet:7", name="Ann")
        run_waiting_jobs()
        later(greet, once="greet:7", name="Ann")

        assert run_waiting_jobs() == 1


def in_another_connection(function):
    """Run it in a thread, with a connection and a transaction of its own; it must not have to wait."""
    thread = threading.Thread(target=lambda: (function(), connection.close()))
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
class TestOnceInTwoTransactions:
    def test_neither_waits_for_the_other(self):
        with transaction.atomic():
            later(greet, once="greet:7", name="Ann")
            in_another_connection(lambda: later(greet, once="greet:7", name="Bob"))

        run_waiting_jobs()
        assert sorted(done) == ["Ann", "Bob"]

    def test_a_waiting_job_does_not_start_before_the_change_folded_into_it(self):
        started_early = []
        later(greet, once="greet:7", name="Ann")

        with transaction.atomic():
            later(greet, once="greet:7", name="Ann")
            in_another_connection(lambda: started_early.append(run_waiting_jobs()))

        assert started_early == [0]
        assert run_waiting_jobs() == 1


class TestTryingAgain:
    @pytest.mark.parametrize(
        ("error", "attempts", "is_retried"),
        [
            (RuntimeError(), 0, True),
            (RuntimeError(), 2, False),
            (DomainError(), 0, False),
            (WorkerStops(), 99, True),
            (OperationalError(), 2, True),
        ],
    )
    def test_is_for_errors_that_may_pass(self, error, attempts, is_retried):
        failed = SimpleNamespace(attempts=attempts)

        decision = greet.task.retry_strategy.get_retry_decision(exception=error, job=failed)

        assert (decision is not None) is is_retried


class TestACheckpoint:
    def test_passes_until_the_worker_is_told_to_stop(self):
        checkpoint()

        jobs.stopping.set()
        try:
            with pytest.raises(WorkerStops):
                checkpoint()
        finally:
            jobs.stopping.clear()
