"""What loyalty does when it hears of news from lower floors."""

from typing import Any

from regulars.events.handlers import on
from regulars.loyalty.figures import refresh_points
from regulars.loyalty.models import PointsEntry


@on("customer.merged", "customer.unmerged")
def follow_the_ledger(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Entries changed hands: in the same transaction, so that nobody ever sees a balance of the wrong ones."""
    refresh_points(shop_id, customer_ids)


@on("customer.anonymised")
def forget_the_words(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Notes name people; the numbers stay for the books."""
    PointsEntry.objects.of(shop_id).filter(customer_id__in=customer_ids).exclude(note="").update(note="")
