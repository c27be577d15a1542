"""All tables in one database of the server, migrated once and copied for every worker and every run.

A copy takes a tenth of a second, the migrations take several. The database tells in its comment which code made it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.core.management import call_command
from django.db import connection

NAME = "test_tables"
LOCK = 7_301_953  # any number that is the same in all workers
ROOT = Path(__file__).parents[1]
OTHERS = ("django", "django-allauth", "procrastinate")  # who bring migrations of their own


def ready() -> str:
    """The name of the database, which is made when there is none or when it is of other code."""
    code = fingerprint()
    with connection._nodb_cursor() as cursor:  # its end gives the lock back
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() != (code,):
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(f"CREATE DATABASE {NAME}")
            with _connected():
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
                call_command("createcachetable", verbosity=0)
            cursor.execute(f"COMMENT ON DATABASE {NAME} IS %s", [code])
    return NAME


def fingerprint() -> str:
    """Changes with everything that migrations could come from: all of our code, and the versions of the others'."""
    found = sha256(" ".join(map(version, OTHERS)).encode())
    for path in sorted((ROOT / "regulars").rglob("*")):
        if path.suffix in (".py", ".sql"):
            found.update(str(path).encode() + path.read_bytes())
    return found.hexdigest()


@contextmanager
def _connected() -> Iterator[None]:
    """Django's connection leads to the database with the tables; none stays open, for that forbids copies."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
