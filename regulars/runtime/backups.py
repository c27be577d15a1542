"""Saving everything to a folder, and bringing it back.

DIR/database.dump   pg_dump's own format, one consistent moment
DIR/files/          uploaded and generated files
DIR/keys/           without them encrypted fields cannot be read
DIR/backup.json     version and moment; written last, so that half a backup is none
"""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from regulars import __version__
from regulars.runtime import home as folder
from regulars.runtime import postgres
from regulars.runtime.faults import RuntimeFault

MANIFEST = "backup.json"
DUMP = "database.dump"


def backup(target: Path) -> dict:
    """Save the database DATABASE_URL names, and this home's files and keys, to a new or empty folder.

    Answers {"path", "bytes", "version", "made_at"}. Raises RuntimeFault.
    """
    if target.exists() and any(target.iterdir()):
        raise RuntimeFault(f"{target} is not empty. Name a new folder for each backup.")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = folder.prepare(folder.resolve())
    _demand([_program("pg_dump"), "-Fc", "--no-owner", "--no-privileges", "-f", target / DUMP, _url()])
    for part in ("files", "keys"):
        shutil.copytree(home / part, target / part)
    about = {"version": __version__, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
    (target / MANIFEST).write_text(json.dumps(about, indent=2) + "\n")
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return {"path": str(target), "bytes": size, **about}


def restore(source: Path, *, replace: bool) -> dict:
    """Bring back what `backup` saved; the database changes in one transaction, or not at all.

    replace: whether what is here now may be lost. Files and keys of before are set aside in
    the data folder. Answers {"path", "version", "made_at"}. Raises RuntimeFault.
    """
    about = _manifest(source)
    if not replace and _holds_shops():
        raise RuntimeFault("There are shops in this installation. To lose them, say --replace.")
    if others := _other_sessions():
        raise RuntimeFault(f"{others} programs use this database. Stop `regulars up` and the like first.")
    _restore_database(source / DUMP)
    home = folder.prepare(folder.resolve())
    for part in ("files", "keys"):
        _restore_folder(source / part, home / part)
    return {"path": str(source), **about}


def _manifest(source: Path) -> dict:
    try:
        return json.loads((source / MANIFEST).read_text())
    except (OSError, ValueError):
        raise RuntimeFault(f"{source} holds no complete backup: there is no {MANIFEST}.") from None


def _restore_database(dump: Path) -> None:
    """Pour the dump into an emptied schema; psql ends the transaction only if every line worked."""
    script = subprocess.Popen(
        [_program("pg_restore"), "--no-owner", "--no-privileges", "-f", "-", dump], stdout=subprocess.PIPE
    )
    assert script.stdout is not None
    psql: list[str | Path] = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
    empty = ["-c", "DROP SCHEMA IF EXISTS public CASCADE", "-c", "CREATE SCHEMA public"]
    with script:
        done = subprocess.run(
            [*psql, *empty, "-f", "-", _url()],
            stdin=script.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode or script.returncode:
        raise RuntimeFault(f"The database was left as it was, for the dump did not load: {done.stderr.strip()}")


def _restore_folder(saved: Path, place: Path) -> None:
    if place.exists() and any(place.iterdir()):
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        place.rename(place.with_name(f"{place.name}.before-{stamp}"))
    shutil.copytree(saved, place, dirs_exist_ok=True)


def _holds_shops() -> bool:
    known = _ask("SELECT to_regclass('shops_shop') IS NOT NULL")
    return known and _ask("SELECT EXISTS (SELECT FROM shops_shop)")


def _other_sessions() -> int:
    return _ask(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def _ask(question: str) -> Any:
    import psycopg

    with psycopg.connect(_url()) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def _demand(command: list) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeFault(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _program(name: str) -> Path:
    """Answer our own program; for somebody else's server the system's if there is one, as it speaks TLS."""
    home = folder.resolve()
    system = shutil.which(name) if _url() != postgres.dsn(home) else None
    return Path(system) if system else postgres.program(home, name)


def _url() -> str:
    return os.environ["DATABASE_URL"]
