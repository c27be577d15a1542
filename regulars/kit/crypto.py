"""Encryption of single fields, and fingerprints by which an encrypted value can still be found.

Protects a stolen dump, backup or replica; not a server that was taken over, which holds the keys.
A value is sealed to its place (table, column, shop, row): copied anywhere else it does not open.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError

VERSION = "v1"
NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.2: random, 96 bits, at most 2**32 values a key

Place = tuple[str | int, ...]


class CannotOpen(DomainError):
    """The base of what can go wrong with a sealed value."""

    code = "crypto.cannot_open"
    sentence = _("A protected value cannot be opened.")


class KeyMissing(CannotOpen):
    code = "crypto.key_missing"
    sentence = _("The key “{key_id}” that protects this value is not among the keys of this installation.")


class WrongPlace(CannotOpen):
    code = "crypto.wrong_place"
    sentence = _("A protected value was changed, or does not belong where it is stored ({place}).")


class NotSealed(CannotOpen):
    code = "crypto.not_sealed"
    sentence = _("This is not a protected value, or one of a newer version.")


def seal(plain: str, *, place: Place) -> str:
    """Encrypt a text for one place, with the newest key: "v1:key id:nonce:ciphertext".

    place: table, column, shop id, row id, in this order everywhere; needed again to open it.
    The same text sealed twice differs.
    """
    key_id, key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key, "fields").encrypt(nonce, plain.encode(), _bound(key_id, place))
    return ":".join((VERSION, key_id, _encoded(nonce), _encoded(sealed)))


def open_sealed(sealed: str, *, place: Place) -> str:
    """The text that was sealed for this place, with any of the keys.

    Raises KeyMissing (names the key), WrongPlace (another row's value, or a changed one), NotSealed.
    """
    version, key_id, nonce, ciphertext = _parts(sealed)
    key = dict(_keys()).get(key_id)
    if version != VERSION:
        raise NotSealed
    if key is None:
        raise KeyMissing(key_id=key_id)
    try:
        return _cipher(key, "fields").decrypt(nonce, ciphertext, _bound(key_id, place)).decode()
    except InvalidTag:
        raise WrongPlace(place=" ".join(map(str, place)))


def sealed_with(sealed: str) -> str:
    """The id of the key a value is sealed with: for counting what rotation has still to do."""
    return _parts(sealed)[1]


def blind_index(value: str, *, shop_id: int, purpose: str = "value") -> str:
    """A fingerprint (64 hex digits) by which equal values of one shop and purpose are found.

    value: normalised by the caller. purpose: "citizen id". It tells who shares a value and nothing
    more, and only to those without the key; never use it on what has few possible values. Made
    with the oldest key, so that adding a newer one does not change the index.
    """
    _key_id, key = _keys()[-1]
    return hmac.new(_derived(key, f"index:{shop_id}:{purpose}"), value.encode(), hashlib.sha256).hexdigest()


def new_key() -> bytes:
    """32 fresh random bytes, for the settings."""
    return os.urandom(32)


def _keys() -> list[tuple[str, bytes]]:
    """The installation's keys, newest first. A wrong list is a mistake of the operator, and stops us."""
    keys: Any = settings.FIELD_KEYS
    if not keys:
        raise KeyMissing(key_id=_("(none is set)"))
    return list(keys)


@lru_cache(maxsize=1024)
def _derived(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose (HKDF, RFC 5869), so that no two uses share one."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"regulars:{purpose}".encode()).derive(key)


@lru_cache(maxsize=32)
def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(key, purpose))


def _bound(key_id: str, place: Place) -> bytes:
    """What is authenticated with the text; each part with its length, so that no two places look alike."""
    parts = [VERSION, key_id, *map(str, place)]
    return b"".join(f"{len(part.encode())}:{part};".encode() for part in parts)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _parts(sealed: str) -> tuple[str, str, bytes, bytes]:
    try:
        version, key_id, nonce, ciphertext = sealed.split(":")
        found = version, key_id, _decoded(nonce), _decoded(ciphertext)
    except ValueError:
        raise NotSealed
    if len(found[2]) != NONCE_BYTES:
        raise NotSealed
    return found
