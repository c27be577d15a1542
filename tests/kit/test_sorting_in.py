"""Words that wait for their index are sorted in by somebody else than whoever wrote them."""

import threading

import pytest
from django.db import connection, transaction

from regulars.kit import sorting_in
from regulars.kit.sorting_in import let_lists_grow, sort_in_apart

INDEX = "words_of_test"


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def pages_that_wait():
    """Asking how many sorts them in."""
    return asked(f"SELECT gin_clean_pending_list('{INDEX}')")


@pytest.fixture
def table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sorted_of_test (word text)")
        cursor.execute(f"CREATE INDEX {INDEX} ON sorted_of_test USING gin (word gin_trgm_ops)")
        cursor.execute("INSERT INTO sorted_of_test SELECT md5(n::text) FROM generate_series(1, 500) AS n")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sorted_of_test")


def test_words_wait_until_somebody_sorts_them_in(table):
    assert pages_that_wait() > 0


def test_a_second_connection_sorts_them_in(table):
    sort_in_apart(INDEX).join()

    assert pages_that_wait() == 0


def test_words_of_a_transaction_that_goes_on_are_sorted_in_too(table):
    with transaction.atomic():
        asked("WITH new AS (INSERT INTO sorted_of_test SELECT 'salamat' RETURNING 1) SELECT count(*) FROM new")
        sort_in_apart(INDEX).join()

        assert pages_that_wait() == 0


def test_one_at_a_time(table):
    assert sorting_in._busy.acquire(blocking=False)
    try:
        assert sort_in_apart(INDEX) is None
    finally:
        sorting_in._busy.release()


def test_what_cannot_be_sorted_in_waits_and_nobody_is_stopped(transactional_db, caplog):
    sort_in_apart("no_such_index").join()

    assert "could not be sorted in" in caplog.text
    assert sort_in_apart("no_such_index") is not None
    [thread.join() for thread in threading.enumerate() if thread.name == "sorting-in"]


@pytest.mark.django_db
def test_lists_grow_for_one_transaction_only():
    with transaction.atomic():
        let_lists_grow("48MB")
        assert asked("SHOW gin_pending_list_limit") == "48MB"
