"""A PostgreSQL server for the tests, started before Django reads its settings.

pyproject.toml loads this as a plugin (`-p tests.bootstrap`): pytest-django reads the settings
before any conftest.py. Without DATABASE_URL the embedded server runs in REGULARS_TEST_HOME (by
default a folder below the system's temporary one) and stops when the last test run using it ends.
Workers of pytest-xdist inherit the environment, and with it the server.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from regulars.runtime import postgres

# Test data may be lost with the power, so nothing waits for the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}

server = ExitStack()


def home() -> Path:
    """Answer the data folder of test runs."""
    usual = Path(tempfile.gettempdir()) / f"regulars-test-{os.geteuid()}"
    return Path(os.environ.get("REGULARS_TEST_HOME") or usual)


def prepare() -> None:
    """Point the environment at the test home, and at a running server unless one is named."""
    os.environ["REGULARS_HOME"] = str(home())
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = server.enter_context(postgres.in_use(home(), FAST))


def pytest_unconfigure() -> None:
    server.close()


prepare()
