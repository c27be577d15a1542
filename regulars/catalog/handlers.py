"""What the catalog does when it hears of news from lower floors."""

from typing import Any

from regulars.catalog.activity import forget_whose
from regulars.events.handlers import on


@on("customer.anonymised")
def forget(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """In the same transaction: nobody is half forgotten."""
    forget_whose(shop_id, customer_ids)
