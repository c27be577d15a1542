"""Checking an installation: what is there, what is wrong, what to do about it.

Each check answers findings and never raises; the worst of them is the exit code.
"""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from regulars import __version__
from regulars.runtime import home as folder
from regulars.runtime import postgres, sizing
from regulars.runtime.database import database_ready, is_embedded
from regulars.runtime.faults import RuntimeFault

OLDEST_POSTGRES = 15
EXTENSIONS = {"pg_trgm", "btree_gin"}
LITTLE_DISK = 2 * sizing.GIB
NO_DISK = 200 * sizing.MIB
ASSETS = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor" / ".stamp"

# A worker says every 10 s that it lives; a job may wait this long while all are busy.
HEARTBEAT_SECONDS = 30
LONG_WAIT_SECONDS = 600


class State(IntEnum):
    """How bad it is; also the exit code of `regulars doctor`."""

    OK = 0
    WARNING = 1
    BROKEN = 2


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    about: str
    state: State
    words: str

    def as_dict(self) -> dict[str, str]:
        return {**asdict(self), "state": self.state.name.lower()}


def examine() -> list[Finding]:
    """Look at everything, starting the embedded database for it when it does not run."""
    findings = [*_environment(), *_home()]
    running = is_embedded() and postgres.is_running(folder.resolve())
    try:
        with database_ready():
            findings += _database(running=running)
    except Exception as fault:
        findings.append(Finding("database", State.BROKEN, _first_line(fault)))
    return findings


def worst(findings: list[Finding]) -> State:
    """Answer how bad it is altogether."""
    return max((finding.state for finding in findings), default=State.OK)


def _environment() -> Iterator[Finding]:
    words = f"Regulars {__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"
    yield Finding("environment", State.OK, words)
    memory = sizing.machine_memory() // sizing.MIB
    cores = os.cpu_count() or 1
    few = memory < 900
    yield Finding("machine", State.WARNING if few else State.OK, f"{cores} processors, {memory:,} MiB of memory")
    if ASSETS.exists():
        yield Finding("assets", State.OK, "Scripts, styles, icons and fonts are in place.")
    else:
        yield Finding("assets", State.BROKEN, "Scripts and styles are missing. Run: python vendor_assets.py")


def _home() -> Iterator[Finding]:
    home = folder.resolve()
    try:
        folder.prepare(home)
        folder.secret_key(home)
        count = len(folder.field_keys(home))
    except RuntimeFault as fault:
        yield Finding("home", State.BROKEN, str(fault))
        return
    yield Finding("home", State.OK, str(home))
    yield _disk(home)
    readable = [path.name for path in (home / "keys").iterdir() if path.stat().st_mode & 0o077]
    if readable:
        yield Finding("keys", State.WARNING, f"Other users can read {', '.join(readable)}. Run: chmod 0400 on them.")
    else:
        yield Finding("keys", State.OK, f"A secret key and {count} for encrypted fields, readable by us alone.")
    yield _files(home / "files")


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    state = State.OK if free > LITTLE_DISK else State.WARNING if free > NO_DISK else State.BROKEN
    return Finding("disk", state, f"{free / sizing.GIB:,.1f} GiB free")


def _files(files: Path) -> Finding:
    if not os.access(files, os.R_OK | os.W_OK | os.X_OK):
        return Finding("files", State.BROKEN, f"{files} cannot be written to.")
    found = [path.stat().st_size for path in files.rglob("*") if path.is_file()]
    return Finding("files", State.OK, f"{len(found):,} files, {sum(found) / sizing.MIB:,.1f} MiB")


def _database(*, running: bool) -> Iterator[Finding]:
    from regulars.runtime.house import set_up

    set_up()
    where = "embedded" if postgres.dsn(folder.resolve()) == os.environ["DATABASE_URL"] else "on its own server"
    state = "" if where != "embedded" else ", running" if running else ", started for this check"
    version = int(_ask("SHOW server_version_num"))
    words = f"PostgreSQL {_ask('SHOW server_version').split()[0]}, {where}{state}, {_size()}"
    if version < OLDEST_POSTGRES * 10_000:
        yield Finding("database", State.BROKEN, f"{words}. Regulars needs {OLDEST_POSTGRES} or newer.")
        return
    yield Finding("database", State.OK, words)
    yield from _settings()
    yield from _tables()


def _size() -> str:
    return f"{int(_ask('SELECT pg_database_size(current_database())')) / sizing.MIB:,.0f} MiB"


def _settings() -> Iterator[Finding]:
    if (encoding := _ask("SHOW server_encoding")) != "UTF8":
        yield Finding("encoding", State.BROKEN, f"The database stores {encoding}; it must store UTF8.")
    shown = {name: _ask(f"SHOW {name}") for name in ("shared_buffers", "work_mem", "random_page_cost")}
    slow = float(shown["random_page_cost"]) > 2
    words = ", ".join(f"{name} {value}" for name, value in shown.items())
    advice = ". Set random_page_cost to 1.1: PostgreSQL takes the disk for a slow one." if slow else ""
    yield Finding("settings", State.WARNING if slow else State.OK, words + advice)


def _tables() -> Iterator[Finding]:
    from regulars.runtime.house import pending_migrations

    if pending := pending_migrations():
        yield Finding("tables", State.BROKEN, f"{len(pending)} changes are missing. Run: regulars migrate")
        return
    yield Finding("tables", State.OK, "Up to date.")
    missing = EXTENSIONS - {name for (name,) in _rows("SELECT extname FROM pg_extension")}
    if missing:
        yield Finding("extensions", State.BROKEN, f"Missing: {', '.join(sorted(missing))}.")
    for check in (_queue, _figures, _export_log):
        yield from _guarded(check)


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as fault:
        yield Finding(check.__name__.strip("_"), State.BROKEN, _first_line(fault))


def _queue() -> Iterator[Finding]:
    waiting, running, stalled, longest = _rows(
        """
        SELECT count(*) FILTER (WHERE status = 'todo'),
               count(*) FILTER (WHERE status = 'doing'),
               count(*) FILTER (WHERE status = 'doing' AND NOT EXISTS (
                   SELECT FROM procrastinate_workers w WHERE w.id = j.worker_id
                   AND w.last_heartbeat > now() - make_interval(secs => %s))),
               coalesce(extract(epoch FROM max(now() - coalesce(j.scheduled_at, deferred.at))
                   FILTER (WHERE status = 'todo')), 0)
        FROM procrastinate_jobs j
        LEFT JOIN LATERAL (
            SELECT max(e.at) AS at FROM procrastinate_events e
            WHERE e.job_id = j.id AND e.type IN ('deferred', 'deferred_for_retry')) deferred ON true
        WHERE status IN ('todo', 'doing')
        """,
        [HEARTBEAT_SECONDS],
    )[0]
    words = f"{waiting} waiting, {running} running, {stalled} stalled"
    if stalled:
        words += ". A worker was killed; the next one takes its jobs up again."
    elif longest > LONG_WAIT_SECONDS:
        words += f", the first for {longest / 60:,.0f} minutes. Is a worker running?"
    yield Finding("queue", State.WARNING if stalled or longest > LONG_WAIT_SECONDS else State.OK, words)


def _figures() -> Iterator[Finding]:
    """Ask the floors that keep figures whether these are what orders, payments, activity and words of consent say."""
    from regulars.customers.checks import all_checks, faults_of
    from regulars.shops.models import Shop

    for shop in Shop.objects.order_by("slug"):
        wrong = [fault for check in all_checks() for fault in faults_of(check, shop)]
        words = f"{shop.slug}: stored figures are wrong, for example {'; '.join(wrong[:3])}."
        yield (
            Finding("figures", State.BROKEN, words)
            if wrong
            else Finding("figures", State.OK, f"{shop.slug}: stored figures are what orders and activity say.")
        )


def _export_log() -> Iterator[Finding]:
    """Is what left written down as it was? The last hash, kept elsewhere, proves it even against us."""
    if not find_spec("regulars.transfer.outgoing.chain"):
        return
    from regulars.shops.models import Shop
    from regulars.transfer.outgoing.chain import verify_chain

    for shop in Shop.objects.order_by("slug"):
        found = verify_chain(shop)
        if found.is_whole:
            end = f", the last is {found.number} with {found.hash[:16]}" if found.number else ""
            yield Finding("exports", State.OK, f"{shop.slug}: the export log is whole, {found.count:,} entries{end}.")
        else:
            words = f"{shop.slug}: the export log was changed; entry {found.broken} is not as it was written."
            yield Finding("exports", State.BROKEN, words)


def _ask(question: str) -> Any:
    return _rows(question)[0][0]


def _rows(question: str, values: list | None = None) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def _first_line(fault: Exception) -> str:
    return str(fault).strip().split("\n", 1)[0] or type(fault).__name__
