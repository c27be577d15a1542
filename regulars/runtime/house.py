"""Opening the house for a command: the database at hand, Django set up, the tables up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.runtime.database import database_ready, is_embedded
from regulars.runtime.faults import RuntimeFault


def set_up() -> None:
    """Load Django with our settings. The database must be named before (database_ready)."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
    django.setup()


@contextmanager
def open_house() -> Iterator[None]:
    """Have everything a command needs inside the block.

    The embedded database is ours alone, so its tables are made and renewed without being asked;
    on somebody's server that happens only in `regulars up` and `regulars migrate`.
    """
    embedded = is_embedded()
    with database_ready():
        set_up()
        if pending := pending_migrations():
            if not embedded:
                raise RuntimeFault(f"The database lacks {len(pending)} changes of this version. Run: regulars migrate")
            from regulars.runtime.prepare import bring_up_to_date

            bring_up_to_date()
        yield


def pending_migrations() -> list[str]:
    """Answer the migrations that the database has not seen, as app.name, in no particular order.

    Reads file names and one table: Django's own loader imports every migration, which takes
    longer than most commands.
    """
    from django.apps import apps
    from django.db import connection

    ours = {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[0-9]*.py")
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        done = set()
        if cursor.fetchone()[0]:
            cursor.execute("SELECT app, name FROM django_migrations")
            done = set(cursor.fetchall())
    return [f"{label}.{name}" for label, name in ours - done]
