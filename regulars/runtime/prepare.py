"""Bringing an installation up to date before it serves: tables, static files, the first link.

`regulars up` runs this as a process of its own (`python -m regulars.runtime.prepare`), so that
the process that watches over the others stays small.
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulars.shops.models import User

DEMO_SHOP = "demo"
DEMO_CUSTOMERS = 5_000
DEMO_ORDERS = 30_000
DEMO_SEED = 1

# Any number will do, as long as every process of ours takes the same one.
MIGRATION_LOCK = 0x5245_4755


def look_for_mistakes() -> None:
    """Load every page's code and run Django's checks: better a message now than a web server that cannot start."""
    from django.core.management import call_command

    call_command("check", stdout=sys.stderr, fail_level="ERROR")


def bring_up_to_date() -> None:
    """Migrate the database; when several machines start at once, the first does it."""
    from django.core.management import call_command

    from regulars.runtime.house import pending_migrations

    with _one_at_a_time():
        if pending := pending_migrations():
            print(f"Bringing the database up to date: {len(pending)} changes.", file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_statics() -> bool:
    """Put hashed and compressed copies of the static files where the web server reads them.

    Answers whether anything had to be done: compressing takes seconds, so we look first.
    """
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    wanted = _fingerprint(map(Path, settings.STATICFILES_DIRS))
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
    stamp.write_text(wanted)
    return True


def _fingerprint(folders: Iterator[Path]) -> str:
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                about = path.stat()
                found.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return found.hexdigest()


def first_link(*, demo: bool) -> str | None:
    """Answer the path of a one-time link: into the demo, or to the first steps while nobody can sign in."""
    from regulars.shops.models import User

    owner = load_demo() if demo else None
    if not owner and User.objects.exists():
        return None
    from regulars.web.accounts import links

    return links.one_time_link(owner, f"/s/{DEMO_SHOP}/customers/") if owner else links.first_run_link()


def load_demo() -> "User":
    """Fill the demo shop unless it is there, and answer its owner."""
    from regulars.runtime.output import Progress
    from regulars.runtime.people import owner_of
    from regulars.shops.models import Shop
    from regulars.transfer import demo

    if not Shop.objects.filter(slug=DEMO_SHOP).exists():
        with Progress() as progress:
            demo.load(DEMO_SHOP, DEMO_CUSTOMERS, DEMO_ORDERS, DEMO_SEED, progress)
    return owner_of(Shop.objects.get(slug=DEMO_SHOP))


def main() -> None:
    """Prepare this home, and answer {"link": path or null} on stdout."""
    options = argparse.ArgumentParser()
    options.add_argument("--demo", action="store_true")
    demo = options.parse_args().demo

    from regulars.runtime.house import set_up

    set_up()
    look_for_mistakes()
    bring_up_to_date()
    collect_statics()
    print(json.dumps({"link": first_link(demo=demo)}))


if __name__ == "__main__":
    main()
