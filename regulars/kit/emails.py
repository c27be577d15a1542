"""E-mail addresses: what somebody wrote, and the one spelling that is compared."""

import re
import unicodedata
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.kit.numbers import plain_digits

MOST_CHARACTERS = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


class Email(NamedTuple):
    """raw: as written. normal: the spelling to store and compare, None if there is no valid address.

    reason: a translated sentence when `normal` is None and something was written, else "".
    """

    raw: str
    normal: str | None
    reason: Any


def read_email(raw: str) -> Email:
    """The address in a field, in lower case with its domain in ASCII. Never raises, in linear time.

    Takes off blanks, "mailto:", "Ann <…>" and a trailing dot, keeps plus tags and dots (they are
    other mailboxes for many hosts); of several addresses takes the first valid one.
    """
    if len(raw) <= MOST_CHARACTERS and _USUAL.fullmatch(usual := raw.lower()):
        return Email(raw, usual, "")
    return _read(raw)


def _read(raw: str) -> Email:
    """Any spelling, the long way."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", raw[:2000])).strip()
    if not text:
        return Email(raw, None, "")
    reason: Any = ""
    for written in _SEVERAL.split(text):
        normal, why = _normal(written) if written else (None, "")
        if normal:
            return Email(raw, normal, "")
        reason = reason or why
    return Email(raw, None, reason or _NO_ADDRESS)


_USUAL = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
"""What nearly all are: 3 µs become 1. A test proves that both ways agree."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SEVERAL = re.compile(r"[\s,;|<>()\[\]]+|:::")
_LOCAL = re.compile(r"[^\s@\x00-\x20\x7f\"(),:;<>\[\]\\]{1,64}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NO_ADDRESS = _("This is not an e-mail address.")
_MASKED = re.compile(r"\*{2,}|[•●∗]")
_HIDDEN = _("Parts of this address are hidden.")
_NO_DOMAIN = _("The part after @ is not a domain.")
_TOO_LONG = _("An e-mail address has at most 254 characters.")


def _normal(written: str) -> tuple[str | None, Any]:
    """One written address as (normal, "") or (None, why not)."""
    written = plain_digits(written).strip("'").removeprefix("mailto:").removeprefix("MAILTO:")
    address = written.partition("?")[0].rstrip(".")
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local:
        return None, _NO_ADDRESS
    if _MASKED.search(local):  # as marketplaces do: "m****a@gmail.com" would be many people
        return None, _HIDDEN
    ascii_domain = _ascii(domain)
    if ascii_domain is None:
        return None, _NO_DOMAIN
    normal = f"{local.lower()}@{ascii_domain}"
    return (normal, "") if len(normal) <= MOST_CHARACTERS else (None, _TOO_LONG)


def _ascii(domain: str) -> str | None:
    """A domain in lower-case ASCII, or None if it cannot be one."""
    if len(domain) > 253:
        return None
    try:
        name = domain.lower() if domain.isascii() else domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = name.split(".")
    is_sound = len(labels) > 1 and not labels[-1].isdigit() and all(_LABEL.fullmatch(one) for one in labels)
    return name if is_sound else None
