"""Figures over the last 30 days: activity leaves them at the shop's midnight, without anybody doing anything."""

from collections.abc import Callable
from datetime import datetime

from regulars.catalog.activity_stats import refresh_activity, window_start
from regulars.catalog.models import Activity, ActivityWindow
from regulars.customers.figures import batches
from regulars.customers.models import Customer, Interaction
from regulars.events.handlers import announce
from regulars.shops.models import Shop


def _nothing() -> None:
    """What happens between two batches unless the caller says otherwise."""


def expire_activity(shop: Shop, *, between: Callable[[], None] = _nothing) -> int:
    """Move a shop's window to today, if its midnight has passed since the last time; how many customers changed.

    Only customers with activity between the old and the new start of the window are looked at. Killed half-way, it
    does the same again. between: called between two batches, may raise to stop.
    """
    since = window_start(shop)
    window = ActivityWindow.objects.of(shop).first()
    if window and window.since == since:
        return 0
    changed = 0
    for ids in batches(_touched(shop, window, since)):
        changed += refresh_activity(shop, ids)
        announce(shop.pk, "customer.active", set(ids))
        between()
    ActivityWindow.objects.update_or_create(shop=shop, defaults={"since": since})
    return changed


def _touched(shop: Shop, window: ActivityWindow | None, since: datetime) -> list[int]:
    """Whose figures may change; the shop's time zone may have moved the start back, too."""
    if window is None:
        lively = Customer.objects.of(shop).exclude(interaction=Interaction.NONE, visits_30d=0)
        return list(lively.order_by("pk").values_list("pk", flat=True))
    first, last = sorted((window.since, since))
    gone = Activity.objects.of(shop).filter(at__gte=first, at__lt=last, customer__isnull=False)
    return list(gone.order_by("customer_id").values_list("customer_id", flat=True).distinct())
