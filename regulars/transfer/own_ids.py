"""What we call a customer in files of our own, so that they are known again without an e-mail address or a phone.

A number alone would mean somebody else in another shop or another installation; the mark behind it is made with this
shop's secret, so that only our own numbers are believed.
"""

import hashlib
import hmac
from functools import cache

from django.conf import settings

MARK = 8


@cache
def _secret(shop_id: int, key: str) -> str:
    return hmac.new(key.encode(), f"customers of shop {shop_id}".encode(), hashlib.sha256).hexdigest()


def own_id(shop_id: int, customer_id: int) -> str:
    """Such as "1017-3fa9c1d2"."""
    written = f"{_secret(shop_id, settings.SECRET_KEY)}{customer_id}".encode()
    return f"{customer_id}-{hashlib.md5(written, usedforsecurity=False).hexdigest()[:MARK]}"


def own_id_sql(shop_id: int, column: str = "c.id") -> tuple[str, tuple[str, ...]]:
    """The same in SQL. column: where the customer's id stands."""
    return f"{column} || '-' || left(md5(%s || {column}), {MARK})", (_secret(shop_id, settings.SECRET_KEY),)


def read_own_id(text: str, shop_id: int) -> int | None:
    """The customer's id, or None for anything that we did not write in this shop."""
    number = text.strip().partition("-")[0]
    if not number.isdecimal() or not number.isascii() or len(number) > 18:
        return None
    return int(number) if own_id(shop_id, int(number)) == text.strip() else None
