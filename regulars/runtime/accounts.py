"""The system user the database server runs as when we are root: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from regulars.runtime.faults import RuntimeFault

NAME = "regulars"


@dataclass(frozen=True)
class Account:
    """A system user: its name and its numeric user and group."""

    name: str
    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """Answer who the server on this data runs as when we are root; None when we are not, for then it is us.

    Data that is there already keeps its owner, so that root may look after somebody's server;
    new data gets the system user, who is made at first use.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid):
        found = pwd.getpwuid(owner)
    else:
        found = _service_user()
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _service_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _make()


def _make() -> pwd.struct_passwd:
    if not shutil.which("useradd"):
        raise RuntimeFault(
            f"PostgreSQL does not run as root, and there is no useradd to make the system user {NAME}. "
            "Make that user yourself, or run as a normal user."
        )
    made = subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(NAME)  # also when another process was a moment faster
    except KeyError:
        raise RuntimeFault(f"The system user {NAME} could not be made: {made.stderr.strip()}") from None


def private_parent(path: Path) -> Path | None:
    """Answer the outermost existing folder on the way to `path` that other users cannot walk through."""
    for step in [*reversed(path.resolve().parents), path.resolve()]:
        if step.is_dir() and not step.stat().st_mode & 0o001:
            return step
    return None


def give(path: Path, account: Account | None) -> None:
    """Make the server's user the owner of one file or folder."""
    if account:
        os.chown(path, account.uid, account.gid)


def open_to_all(folder: Path) -> None:
    """Let everybody read a tree of programs, whatever umask copied it."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o777
            path.chmod(mode | (0o755 if path.is_dir() or mode & 0o100 else 0o644))
