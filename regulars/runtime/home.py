"""The data folder: where everything lies that an installation must not lose.

pg/     the embedded database server (regulars.runtime.postgres)
files/  uploaded and generated files
keys/   secret_key and field_keys, made once, readable by their owner alone
"""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from regulars.runtime.faults import RuntimeFault

FIELD_KEY_BYTES = 32

FieldKeys = list[tuple[str, bytes]]


def resolve(environ: Mapping[str, str] = os.environ) -> Path:
    """Say where the data folder is; it need not exist yet.

    REGULARS_HOME if set; for root /var/lib/regulars, because the database server then runs as
    a system user who cannot walk into a private folder; else the user's XDG data folder.
    """
    if named := environ.get("REGULARS_HOME", "").strip():
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/regulars")
    data = environ.get("XDG_DATA_HOME", "").strip() or "~/.local/share"
    return Path(data).expanduser().absolute() / "regulars"


def prepare(home: Path) -> Path:
    """Make the data folder and its subfolders, and answer it.

    Others may walk through (the database's system user has to) but not list it.
    """
    for folder, mode in ((home, 0o711), (home / "files", 0o700), (home / "keys", 0o700)):
        try:
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
        except OSError as fault:
            raise RuntimeFault(
                f"The data folder {folder} cannot be made: {fault.strerror}. Set REGULARS_HOME to a folder "
                "this user may write to."
            ) from fault
    return home


def secret_key(home: Path) -> str:
    """Answer the key that signs sessions and links, making it at first use."""
    return _read_or_make(prepare(home) / "keys" / "secret_key", lambda: secrets.token_urlsafe(64)).strip()


def field_keys(home: Path) -> FieldKeys:
    """Answer the keys that encrypt fields, newest first, making one at first use."""
    path = prepare(home) / "keys" / "field_keys"
    return parse_field_keys(_read_or_make(path, lambda: new_field_key("k1")), source=str(path))


def new_field_key(key_id: str) -> str:
    """Make one line of the key file: `key_id:base64 of 32 random bytes`."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(FIELD_KEY_BYTES)).decode()}\n"


def parse_field_keys(lines: str, *, source: str) -> FieldKeys:
    """Read `key_id:base64` entries, one a line or separated by commas, newest first.

    Raises RuntimeFault that names the source and the entry's number, never the key.
    """
    entries = [entry for entry in lines.replace(",", "\n").split() if entry]
    keys = [_field_key(entry, f"entry {number} of {source}") for number, entry in enumerate(entries, 1)]
    if not keys:
        raise RuntimeFault(f"{source} holds no key. Restore it from a backup: encrypted fields need it.")
    if len({key_id for key_id, _ in keys}) < len(keys):
        raise RuntimeFault(f"{source} names a key id twice.")
    return keys


def _field_key(entry: str, where: str) -> tuple[str, bytes]:
    key_id, colon, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if not (key_id and colon and len(key) == FIELD_KEY_BYTES):
        raise RuntimeFault(f"Bad {where}: expected key_id:base64 of {FIELD_KEY_BYTES} bytes.")
    return key_id, key


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Read a key file; when there is none, make it whole or not at all.

    Two processes may start at once: the first link wins, and both read the winner's key.
    """
    try:
        if path.exists():
            return path.read_text()
    except OSError as fault:
        raise RuntimeFault(f"The key file {path} cannot be read: {fault.strerror}.") from fault
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o400)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
    return path.read_text()
