"""What hangs on customers already, read for a whole batch of drafts: one query a kind that the drafts speak of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.db import connection

from regulars.customers.consent import Word
from regulars.customers.drafts import Draft
from regulars.shops.models import Shop

Pairs = Sequence[tuple[int, Draft]]


class Known:
    """emails, identities: whose they are; addresses (fingerprints), notes, consents (ledgers): by customer.

    A note stands there twice: (text, when it was written) and (text, None).
    """

    def __init__(self) -> None:
        self.emails: dict[str, int] = {}
        self.identities: dict[tuple[str, str], int] = {}
        self.addresses: dict[int, set[str]] = {}
        self.notes: dict[int, set[tuple[str, datetime | None]]] = {}
        self.consents: dict[tuple[int, str], list[Word]] = {}

    @classmethod
    def of(cls, shop: Shop, pairs: Pairs) -> Self:
        known = cls()
        known.emails = dict(_asked(_EMAILS, shop, [one for _pk, d in pairs if (one := d.columns.get("email"))]))
        identities = sorted({identity for _pk, draft in pairs for identity in draft.identities})
        rows = _asked(_IDENTITIES, shop, [one for one, _ in identities], [own for _, own in identities])
        known.identities = {(channel, own): pk for channel, own, pk in rows}
        for pk, fingerprint in _asked(_ADDRESSES, shop, [pk for pk, draft in pairs if draft.address]):
            known.addresses.setdefault(pk, set()).add(fingerprint)
        for pk, text, at in _asked(_NOTES, shop, [pk for pk, draft in pairs if draft.note]):
            known.notes.setdefault(pk, set()).update({(text, None), (text, at)})
        rows = _asked(_CONSENTS, shop, [pk for pk, draft in pairs if draft.consents])
        for pk, channel, state, at in rows:
            known.consents.setdefault((pk, channel), []).append(Word(state, at))
        return known


_EMAILS = (
    "SELECT email, id FROM customers_customer"
    " WHERE shop_id = %s AND email = ANY(%s) AND email IS NOT NULL AND deleted_at IS NULL"
)
_IDENTITIES = (
    "SELECT i.channel, i.external_id, i.customer_id FROM customers_identity i"
    " WHERE i.shop_id = %s AND (i.channel, i.external_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
)
_ADDRESSES = "SELECT customer_id, fingerprint FROM customers_address WHERE shop_id = %s AND customer_id = ANY(%s)"
_NOTES = "SELECT customer_id, text, created_at FROM customers_note WHERE shop_id = %s AND customer_id = ANY(%s)"
_CONSENTS = (
    "SELECT customer_id, channel, state, at FROM customers_consententry"
    " WHERE shop_id = %s AND customer_id = ANY(%s) ORDER BY customer_id, channel, at, id"
)


def _asked(sql: str, shop: Shop, *wanted: list[Any]) -> list[tuple[Any, ...]]:
    """Rows for the wanted keys; nothing is asked when nothing is wanted."""
    if not wanted[0]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [shop.pk, *wanted])
        return cursor.fetchall()
