"""Keys by which programs come in: shown once, only their hash is stored."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.errors import KeyRevoked, KeySeesMore
from regulars.shops.models import ApiKey, Shop, Staff
from regulars.shops.permissions import Scope

MOST_ORIGINS = 20
LONGEST_ORIGIN = 200
PREFIX_BYTES = 4
SECRET_BYTES = 32  # 256 bits: nobody guesses it, so a fast hash is enough


@transaction.atomic
def create_api_key(
    shop: Shop,
    name: str,
    scopes: Iterable[str] = (),
    *,
    is_public: bool = False,
    origins: Sequence[str] = (),
    staff: Staff | None = None,
    by: Actor,
) -> tuple[ApiKey, str]:
    """Make a key: the key and its secret, which is shown once and stored nowhere.

    A public key may only send events, and only from `origins` ("https://shop.example"); its scopes need not be given.
    Raises BadValue (field "name", "scopes" or "origins"), KeySeesMore.
    """
    chosen = [Scope.EVENTS.value] if is_public else _scopes(scopes)
    if staff is not None and staff.only_own and set(chosen) != {Scope.EVENTS.value}:
        raise KeySeesMore
    sort = "public" if is_public else "secret"
    prefix = f"rg_{sort}_{shop.pk}_{secrets.token_hex(PREFIX_BYTES)}"
    secret = f"{prefix}_{secrets.token_hex(SECRET_BYTES)}"
    key = ApiKey.objects.create(
        shop=shop, name=_named(name), prefix=prefix, secret_hash=hashed(secret), scopes=chosen, is_public=is_public,
        origins=_origins(origins) if is_public else [], created_by=staff,
    )  # fmt: skip
    data = {"name": key.name, "prefix": prefix, "scopes": chosen, "origins": key.origins}
    record(shop.pk, "api_key.created", about=("api_key", key.pk), by=by, data=data)
    return key, secret


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: Actor) -> None:
    """Stop a key from working, at once and for ever. Raises KeyRevoked when it had stopped already."""
    if not ApiKey.objects.of(key.shop_id).working().filter(pk=key.pk).update(revoked_at=now()):
        raise KeyRevoked(name=key.name)
    data = {"name": key.name, "prefix": key.prefix}
    record(key.shop_id, "api_key.revoked", about=("api_key", key.pk), by=by, data=data)


def hashed(secret: str) -> str:
    """What is stored of a secret: hexadecimal SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _named(name: str) -> str:
    name = one_line(name)[:60]
    if not name:
        raise BadValue(_("Give the key a name that says what it is for."), value=name, field="name")
    return name


def _scopes(scopes: Iterable[str]) -> list[str]:
    given = set(scopes)
    if unknown := given - set(Scope.values):
        raise BadValue(_("“{value}” is nothing a key can do."), value=min(unknown), field="scopes")
    if not given:
        raise BadValue(_("Choose what the key may do."), field="scopes")
    return [scope for scope in Scope.values if scope in given]


def _origins(given: Sequence[str]) -> list[str]:
    origins = list(dict.fromkeys(read_origin(text) for text in given if text.strip()))
    if not origins:
        raise BadValue(_("Say on which websites the key is used."), field="origins")
    if len(origins) > MOST_ORIGINS:
        raise BadValue(_("A key works on at most {most} websites."), field="origins", most=MOST_ORIGINS)
    return origins


def read_origin(text: str) -> str:
    """A website as browsers name it: "https://shop.example", with the port where it is not the usual one.

    Raises BadValue (field "origins") for anything with a path, a user or another scheme.
    """
    refusal = BadValue(_("“{value}” is not a website. Write https://shop.example."), value=text, field="origins")
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise refusal from None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in ("http", "https") or not host or extra:
        raise refusal
    usual = {"http": 80, "https": 443}[parts.scheme]
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")
    if len(origin) > LONGEST_ORIGIN or not origin.isprintable() or " " in origin:
        raise refusal
    return origin
