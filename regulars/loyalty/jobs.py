"""The background work of points."""

from regulars.kit.jobs import checkpoint, every
from regulars.loyalty.days import begin_day
from regulars.shops.models import Shop


@every("*/15 * * * *")
def begin_days() -> None:
    """Where midnight has passed, count what has come of age and let expire what is over; elsewhere there is nothing."""
    for shop in Shop.objects.order_by("pk"):
        begin_day(shop, between=checkpoint)
