"""What orders do when they hear of news from lower floors."""

from typing import Any

from regulars.events.handlers import on
from regulars.kit.jobs import later
from regulars.orders.footprints import forget_footprints
from regulars.orders.jobs import refresh_shop_figures
from regulars.orders.models import FigureWindow
from regulars.orders.stats import refresh_stats
from regulars.segments.asking import rests_on
from regulars.shops.models import Shop


@on("shop.changed")
def follow_the_settings(shop_id: int, **_news: Any) -> None:
    """The shop may count other orders now, or live in another time zone."""
    later(refresh_shop_figures, once=f"figures:{shop_id}", shop_id=shop_id)


@on("customer.anonymised", "customer.purged")
def forget_what_orders_were(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """In the same transaction: nobody is half forgotten. Their orders stay when the import they came by is undone."""
    forget_footprints(shop_id, customer_ids)


@on("customer.merged", "customer.unmerged")
def follow_the_orders(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """Orders changed hands: in the same transaction, so that nobody ever sees a sum of the wrong ones."""
    refresh_stats(shop_id, customer_ids)


@rests_on
def limits_of_baskets(shop_id: int) -> Any:
    """What questions about the size of baskets are compared with (`orders.behaviour`)."""
    return FigureWindow.objects.of(shop_id).values_list("basket_low", "basket_high").first()


@rests_on
def usual_days_to_pay(shop_id: int) -> Any:
    """From when on debts without a day of their own are late (`orders.ageing`)."""
    return Shop.objects.values_list("payment_days", flat=True).get(pk=shop_id)
