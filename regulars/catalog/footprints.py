"""What a batch leaves of products and of activity, and what those were before: so that it can be taken back."""

from collections.abc import Iterable, Mapping
from typing import Any

from regulars.catalog.models import Product
from regulars.events.footprints import Print, keep
from regulars.shops.models import Shop

PRODUCT, ACTIVITY = "product", "activity"

COLUMNS = (
    "sku", "channel", "external_id", "name", "category", "tags", "price", "is_service", "image_url",
)  # fmt: skip
"""What a list or an order can say of a product."""


def keep_added(shop: Shop, batch_id: int, ids: Iterable[int]) -> None:
    """Products that a batch has added a moment ago."""
    rows = Product.objects.of(shop).filter(pk__in=list(ids)).values("pk", *COLUMNS)
    keep(shop.pk, batch_id, PRODUCT, [Print(row.pop("pk"), is_new=True, before={}, after=row) for row in rows])


def keep_changed(shop: Shop, batch_id: int, changes: Mapping[int, Mapping[str, tuple[Any, Any]]]) -> None:
    """Products that a batch changes: id → column → (old, new)."""
    prints = [
        Print(
            pk, is_new=False, before={name: old for name, (old, _new) in columns.items()},
            after={name: new for name, (_old, new) in columns.items()},
        )
        for pk, columns in changes.items()
    ]  # fmt: skip
    keep(shop.pk, batch_id, PRODUCT, prints)


def keep_activity(shop: Shop, batch_id: int, whose: Mapping[int, int | None], *, is_new: bool) -> None:
    """Activity that a batch recorded, or gave to customers (it was nobody's before): id → customer."""
    before = {} if is_new else {"customer": None}
    prints = [Print(pk, is_new, before, {"customer": customer_id}) for pk, customer_id in whose.items()]
    keep(shop.pk, batch_id, ACTIVITY, prints)
