"""What loyalty does when it hears of news from lower floors."""

from typing import Any

from regulars.events.handlers import on
from regulars.loyalty.figures import refresh_points


@on("customer.merged", "customer.unmerged")
def follow_the_ledger(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Entries changed hands: in the same transaction, so that nobody ever sees a balance of the wrong ones."""
    refresh_points(shop_id, customer_ids)
