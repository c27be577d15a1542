"""Fixtures for every test. The database server is started by tests/bootstrap.py."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests import tables


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """Test databases are copies of one that has all tables."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = tables.ready()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables afterwards, which the export log refuses in real life."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE transfer_exportentry DISABLE TRIGGER entries_stay_all")
        cursor.execute("ALTER TABLE transfer_exportchain DISABLE TRIGGER chain_stays_all")
        cursor.execute("ALTER TABLE transfer_apiread DISABLE TRIGGER reads_stay_all")


@pytest.fixture(autouse=True)
def no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """Tests that commit begin without the background work that others left, whose shops are gone."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        assert not connection.in_atomic_block, "tests that commit cannot share a module with `kept`"
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A transaction around a whole module: what fixtures of its scope make is made once, and no test changes it.

    Each test runs in a savepoint inside and is taken back as ever. Objects such fixtures answer are shared, so a test
    that changes one in memory loads its own. Answers FILES_ROOT, where files are kept just as long.
    """
    folder = tmp_path_factory.mktemp("kept")
    with override_settings(FILES_ROOT=folder), django_db_blocker.unblock(), transaction.atomic():
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def exports_see_what_a_test_wrote(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that never commits has its exports read by its own connection; no other one would see its rows."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker and marker.kwargs.get("transaction")
    if not commits and {"transactional_db", "live_server"}.isdisjoint(request.fixturenames):
        monkeypatch.setattr("regulars.transfer.exports.one_snapshot", nullcontext)
