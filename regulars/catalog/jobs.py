"""Background work on activity."""

from regulars.catalog.windows import expire_activity
from regulars.kit.jobs import checkpoint, every
from regulars.shops.models import Shop


@every("*/15 * * * *")
def move_activity_windows() -> None:
    """Where midnight has passed, let activity leave the windows; some time zones begin their day at a quarter."""
    for shop in Shop.objects.order_by("pk"):
        expire_activity(shop, between=checkpoint)
