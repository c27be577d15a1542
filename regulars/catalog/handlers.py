"""What the catalog does when it hears of news from lower floors."""

from typing import Any

from regulars.catalog.activity import forget_whose
from regulars.catalog.activity_stats import refresh_activity
from regulars.events.handlers import on
from regulars.shops.models import Shop


@on("customer.merged", "customer.unmerged")
def follow_the_visits(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Visits changed hands, and their beginnings may be others."""
    refresh_activity(Shop.objects.get(pk=shop_id), customer_ids)


@on("customer.anonymised")
def forget(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """In the same transaction: nobody is half forgotten."""
    forget_whose(shop_id, customer_ids)
