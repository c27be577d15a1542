"""Background work on figures."""

from regulars.kit.jobs import checkpoint, every, job
from regulars.orders.stats import refresh_all
from regulars.orders.windows import expire_windows, refresh_baskets
from regulars.shops.models import Shop

STEP = 20_000  # customers between two looks at whether the worker should stop: less than a second


@job()
def refresh_shop_figures(shop_id: int) -> None:
    """Reconcile all figures of a shop with its orders; begun again, it only reads what is right already."""
    shop = Shop.objects.get(pk=shop_id)
    after = -1
    while after:
        _written, after = refresh_all(shop, after=max(after, 0), most=STEP)
        checkpoint()
    refresh_baskets(shop)


@job()
def refresh_shop_baskets(shop_id: int) -> None:
    """After a big load most averages are new: what is a large basket follows them."""
    refresh_baskets(Shop.objects.get(pk=shop_id))


@every("*/15 * * * *")
def move_windows() -> None:
    """Where midnight has passed, let orders leave the windows; some time zones begin their day at a quarter."""
    for shop in Shop.objects.order_by("pk"):
        expire_windows(shop, between=checkpoint)
