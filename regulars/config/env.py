"""What the environment tells us: every variable is read here, and refused in clear words.

docs/operate/running.md lists the variables for the people who set them.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from regulars.runtime import home as folder
from regulars.runtime import postgres
from regulars.runtime.faults import RuntimeFault

LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"
YES = {"1", "on", "true", "yes"}
NO = {"0", "off", "false", "no"}

CONNECTION_SECONDS = 60


def text(name: str, default: str = "") -> str:
    """Answer a variable without surrounding space; one that is set but empty counts as absent."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Answer a switch: on/off, true/false, yes/no or 1/0."""
    value = text(name).lower()
    if value and value not in YES | NO:
        raise RuntimeFault(f"{name} is {value!r}, but must be on or off.")
    return value in YES if value else default


def number(name: str, default: int) -> int:
    """Answer a whole number of 0 or more."""
    value = text(name)
    if value and not (value.isascii() and value.isdigit()):
        raise RuntimeFault(f"{name} is {value!r}, but must be a whole number.")
    return int(value) if value else default


def home() -> Path:
    """Answer the data folder (REGULARS_HOME or this user's usual place)."""
    return folder.resolve()


def hosts() -> list[str]:
    """Answer the host names we are known by (REGULARS_HOSTS, commas between); without it, this machine's."""
    return [host.strip() for host in text("REGULARS_HOSTS", LOCAL_HOSTS).split(",") if host.strip()]


def secret_key() -> str:
    """Answer the key that signs sessions and links: REGULARS_SECRET_KEY, else a file made once."""
    return text("REGULARS_SECRET_KEY") or folder.secret_key(home())


def field_keys() -> folder.FieldKeys:
    """Answer (key id, 32 bytes) pairs, newest first: REGULARS_FIELD_KEYS, else a file made once.

    The first key encrypts; the others still decrypt what they once encrypted.
    """
    if named := text("REGULARS_FIELD_KEYS"):
        return folder.parse_field_keys(named, source="REGULARS_FIELD_KEYS")
    return folder.field_keys(home())


def database() -> dict[str, Any]:
    """Answer Django's description of the database: DATABASE_URL, else the embedded server of this home.

    This only names the embedded server; regulars.runtime.database starts it.
    """
    return parse_database_url(text("DATABASE_URL") or postgres.dsn(home()))


def parse_database_url(url: str) -> dict[str, Any]:
    """Turn `postgresql://user:password@host:port/name?option=value` into an entry of DATABASES.

    A unix socket is named by its folder: `postgresql://user@/name?host=/folder`. Options we do
    not know go to libpq as they are (sslmode, connect_timeout …). The fault never repeats the
    address, as it may hold a password.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise RuntimeFault("DATABASE_URL must begin with postgresql://. Regulars runs on PostgreSQL alone.")
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError as fault:
        raise RuntimeFault("DATABASE_URL is not an address PostgreSQL understands.") from fault
    if not parts.get("dbname"):
        raise RuntimeFault("DATABASE_URL names no database: postgresql://user@host/name.")
    port = str(parts.pop("port", ""))
    if port and not port.isdigit():
        raise RuntimeFault("DATABASE_URL has a port that is not a number.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": port,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }


def mail() -> dict[str, Any]:
    """Answer Django's EMAIL_… settings for REGULARS_MAIL_URL; without one, mail is printed.

    smtp://user:password@host:587 speaks STARTTLS, smtps://…:465 TLS from the first byte,
    smtp://host:25?tls=off plain text; file:///folder writes messages to files.
    """
    url = urlsplit(text("REGULARS_MAIL_URL", "console:"))
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme == "file" and url.path:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(url.path),
        }
    if url.scheme in {"smtp", "smtps"} and url.hostname:
        return _smtp(url)
    raise RuntimeFault("REGULARS_MAIL_URL must look like smtp://user:password@host:587 or smtps://…:465.")


def _smtp(url: Any) -> dict[str, Any]:
    encrypted = url.scheme == "smtps"
    tls = parse_qs(url.query).get("tls", ["on"])[0].lower() not in NO
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if encrypted else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": tls and not encrypted,
        "EMAIL_TIMEOUT": 20,
    }
