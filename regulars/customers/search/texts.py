"""The one folded text a customer is found by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from regulars.customers.models import ContactKind, Customer, Identity, OtherContact
from regulars.kit.phones import search_digits
from regulars.kit.text import fold

COLUMNS = (
    "name", "name_key", "given_name", "family_name", "email", "email_raw",
    "phone", "phone_raw", "company", "tax_code", "zalo_id",
)  # fmt: skip
_WRITTEN = ("name", "given_name", "family_name", "company", "tax_code", "zalo_id")


def search_text(
    columns: Mapping[str, Any], identities: Iterable[tuple[str, str]] = (), others: Iterable[tuple[str, str]] = ()
) -> str:
    """All words of a customer, folded, each once, each with a blank before it.

    columns: Customer columns by name (missing ones count as empty). identities: (channel, outside id) pairs.
    others: (kind, value) of further e-mail addresses and phones.
    The words stand in no order a search could rely on: it asks for each word by itself, so that "cruz, juan"
    finds "Juan dela Cruz". The blank in front lets it ask for the beginning of a word, too.
    """
    written = [value for name in _WRITTEN if (value := columns.get(name))]
    written.append(columns.get("email") or columns.get("email_raw") or "")
    written += [external_id for _channel, external_id in identities]
    words = fold(" ".join(written)).split()
    words += (columns.get("name_key") or "").split()  # O'Brien is found by obrien
    words += _phone_words(columns)
    for kind, value in others:
        words += search_digits(value) if kind == ContactKind.PHONE else fold(value).split()
    return "".join(f" {word}" for word in dict.fromkeys(words))


def write_search_texts(shop_id: int, customer_ids: Sequence[int]) -> None:
    """Bring the texts of these customers up to date; a text that stays the same is not written."""
    ids = sorted(customer_ids)
    known, others = _identities(shop_id, ids), _other_contacts(shop_id, ids)
    rows = Customer.objects.of(shop_id).filter(pk__in=ids).order_by("pk").values("pk", *COLUMNS)
    texts = {row["pk"]: search_text(row, known.get(row["pk"], ()), others.get(row["pk"], ())) for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, list(texts), list(texts.values())])


_UPSERT = """
    INSERT INTO customers_customersearch AS stored (shop_id, customer_id, text)
    SELECT %s, given.customer_id, given.text
    FROM unnest(%s::bigint[], %s::text[]) AS given (customer_id, text)
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET text = excluded.text WHERE stored.text <> excluded.text
"""


def _identities(shop_id: int, customer_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    known: dict[int, list[tuple[str, str]]] = {}
    rows = Identity.objects.of(shop_id).filter(customer_id__in=customer_ids).order_by("pk")
    for customer_id, channel, external_id in rows.values_list("customer_id", "channel", "external_id"):
        known.setdefault(customer_id, []).append((channel, external_id))
    return known


def _other_contacts(shop_id: int, customer_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    known: dict[int, list[tuple[str, str]]] = {}
    rows = OtherContact.objects.of(shop_id).filter(customer_id__in=customer_ids).order_by("pk")
    for customer_id, kind, value in rows.values_list("customer_id", "kind", "value"):
        known.setdefault(customer_id, []).append((kind, value))
    return known


def _phone_words(columns: Mapping[str, Any]) -> list[str]:
    """A valid number in both ways people write it; anything else as the text and the digits that stand there."""
    if e164 := columns.get("phone"):
        return search_digits(e164)
    raw = columns.get("phone_raw")
    if not raw:
        return []
    words = fold(raw).split()
    return [*words, "".join(filter(str.isdigit, "".join(words)))]
