"""What a column of a file may hold: one declaration each, for the mapping, the template and the guide.

`name` is the field (customers.profile and transfer.order_rows read it), `header` what our own files call it.
Synonyms are header names that people and programs write, in five languages; compared without case, accents
and punctuation, so that "E-mail", "EMAIL" and "e mail" are one.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from regulars.customers.custom import OwnFields, key_of
from regulars.customers.drafts import BLANK
from regulars.kit.text import fold
from regulars.shops.models import Shop
from regulars.transfer.activity_columns import ACTIVITY_COLUMNS
from regulars.transfer.column import Column
from regulars.transfer.customer_columns import CUSTOMER_COLUMNS
from regulars.transfer.detail_columns import CONSENT_COLUMNS, NOTE_COLUMNS
from regulars.transfer.order_columns import ORDER_COLUMNS
from regulars.transfer.points_columns import POINTS_COLUMNS
from regulars.transfer.product_columns import PRODUCT_COLUMNS

__all__ = [
    "CLEARABLE",
    "CODES",
    "COLUMNS",
    "CUSTOMER_COLUMNS",
    "DATES",
    "MONEY",
    "ORDER_COLUMNS",
    "TEXTS",
    "columns_of",
    "folded",
    "guess",
    "own_of",
]

COLUMNS: dict[str, dict[str, Column]] = {
    "customers": CUSTOMER_COLUMNS,
    "orders": ORDER_COLUMNS,
    "products": PRODUCT_COLUMNS,
    "activity": ACTIVITY_COLUMNS,
    "notes": NOTE_COLUMNS,
    "consents": CONSENT_COLUMNS,
    "points": POINTS_COLUMNS,
}

CLEARABLE: dict[str, frozenset[str]] = {
    "customers": frozenset(BLANK) - {"citizen_id"},  # what it was could never be brought back
    "products": frozenset({"category", "image_url", "tags", "price"}),
}
"""Fields that a file may empty in so many words (a test holds them to `catalog.products`, which needs a database)."""

CODES = frozenset({
    "external_id", "zalo_id", "tax_code", "citizen_id", "postal_code", "order_id", "number", "payment_reference",
    "line_sku", "shipping_postal_code", "billing_postal_code", "sku", "product_id", "activity_id",
})  # fmt: skip
"""Fields whose digits are a name, not an amount: a number that a spreadsheet rounded is none. (A phone that is one
is kept as text, as any phone that cannot be read.)"""

TEXTS = frozenset({"note", "order_note", "text"})
"""Fields that hold whatever people write."""

DATES = frozenset({
    "birthday", "created_at", "registered_at", "consent_at", "placed_at", "paid_at", "cancelled_at", "at", "as_of",
    "expires_on",
})  # fmt: skip
"""Fields that hold a day or a moment."""

MONEY = frozenset({
    "total", "subtotal", "discount", "shipping", "tax", "paid", "outstanding", "refunded", "line_price",
    "line_discount", "price", "credit_limit",
})  # fmt: skip
"""Fields that hold an amount."""


Own = Mapping[str, Mapping[str, Any]]
"""Fields of a shop's own: column → name, kind and options."""


def columns_of(kind: str, own: Own) -> Mapping[str, Column]:
    """What a file of a kind may bring to a shop. own: its own fields (`own_of`)."""
    if kind != "customers" or not own:
        return COLUMNS[kind]
    return COLUMNS[kind] | {
        column: Column(column, facts["name"], facts["name"], (key_of(column),), part="own")
        for column, facts in own.items()
    }


def own_of(shop: Shop) -> dict[str, dict[str, Any]]:
    """What is known of the shop's own fields now, to be kept with an import: reading rows asks no database."""
    return OwnFields.of(shop).plain()


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """A header name as it is compared: "Nr. telefon:" → "nr telefon"."""
    return " ".join(_WORD.findall(fold(header[:200])))


def guess(header: list[str], kind: str, own: Own | None = None) -> list[str]:
    """The field each column of a header most likely brings, "" for none; no field twice.

    A name that is written exactly so in a declaration goes before one that only sounds like it, and everybody's field
    before one of the shop's own.
    """
    guesses = [""] * len(header)
    for spelled in (str.casefold, folded):
        known = _own_names(own, spelled is folded) | _names(kind, spelled is folded)
        for index, cell in enumerate(header):
            field = known.get(spelled(cell.strip()), "") if not guesses[index] else ""
            if field and field not in guesses:
                guesses[index] = field
    return guesses


@cache
def _names(kind: str, is_folded: bool) -> dict[str, str]:
    """Header names → fields; our own name for a field goes before what others call one, earlier before later."""
    columns = COLUMNS[kind].values()
    ours = [(column.header, column.name) for column in columns]
    theirs = [(name, column.name) for column in columns for name in column.synonyms]
    found: dict[str, str] = {}
    for name, field in (*ours, *theirs, *((column.name, column.name) for column in columns)):
        found.setdefault(folded(name) if is_folded else name.casefold(), field)
    return found


def _own_names(own: Own | None, is_folded: bool) -> dict[str, str]:
    names = [
        (spelled, column)
        for column, facts in (own or {}).items()
        for spelled in (facts["name"], key_of(column), column)
    ]
    return {folded(name) if is_folded else name.casefold(): column for name, column in reversed(names)}


_WORD = re.compile(r"[a-z0-9]+")
