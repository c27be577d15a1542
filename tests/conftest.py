"""Fixtures for every test. The database server is started by tests/bootstrap.py."""

from typing import Any

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit empty all tables afterwards, which the export log refuses in real life."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE transfer_exportentry DISABLE TRIGGER entries_stay_all")
        cursor.execute("ALTER TABLE transfer_exportchain DISABLE TRIGGER chain_stays_all")


@pytest.fixture(autouse=True)
def no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """Tests that commit begin without the background work that others left, whose shops are gone."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
