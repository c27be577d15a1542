"""Figures over the last months: orders leave them at the shop's midnight, without anybody doing anything."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from regulars.customers.models import Customer
from regulars.orders.models import FigureWindow, Order
from regulars.orders.stats import batches, refresh_stats, window_start
from regulars.shops.models import Shop


def _nothing() -> None:
    """What happens between two batches unless the caller says otherwise."""


def expire_windows(shop: Shop, *, between: Callable[[], None] = _nothing) -> int:
    """Move a shop's windows to today, if its midnight has passed since the last time; how many figures changed.

    Only customers with orders between the old and the new start of the window are looked at. Killed half-way, it
    does the same again. between: called between two batches, may raise to stop.
    """
    since = window_start(shop)
    window = FigureWindow.objects.of(shop).first()
    if window and window.since == since:
        return 0
    changed = 0
    for ids in batches(list(_touched(shop, window, since).order_by("pk").values_list("pk", flat=True))):
        changed += refresh_stats(shop, ids)
        between()
    FigureWindow.objects.update_or_create(shop=shop, defaults={"since": since})
    return changed


def _touched(shop: Shop, window: FigureWindow | None, since: object) -> QuerySet[Customer]:
    """Whose window figures may change; the shop's time zone may have moved its start back, too."""
    people = Customer.objects.of(shop)
    if window is None:
        return people.filter(~Q(spent_3m=0))
    first, last = sorted((window.since, since))  # type: ignore[type-var]
    orders = Order.objects.of(shop).placed().filter(placed_at__gte=first, placed_at__lt=last)
    return people.filter(pk__in=orders.exclude(customer=None).values("customer_id"))
