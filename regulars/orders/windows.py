"""Figures that change at the shop's midnight without anybody doing anything: windows of months, and size of baskets."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BigIntegerField, Q, QuerySet

from regulars.customers.figures import batches
from regulars.customers.models import Customer
from regulars.events.handlers import announce
from regulars.kit.periods import day_of, day_start
from regulars.orders.models import FigureWindow, Order
from regulars.orders.stats import refresh_stats, window_before, window_start
from regulars.shops.models import Shop


def _nothing() -> None:
    """What happens between two batches unless the caller says otherwise."""


def expire_windows(shop: Shop, *, between: Callable[[], None] = _nothing) -> int:
    """Move a shop's windows to today, if its midnight has passed since the last time; how many figures changed.

    Only customers with orders between the old and the new borders of the windows are looked at. Killed half-way, it
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
    refresh_baskets(shop)
    return changed


def refresh_baskets(shop: Shop) -> None:
    """Store anew where the shop's small baskets end and its large ones begin, once its window is kept at all.

    Announces "shop.figures" when that moved: without any change of their own, customers have other baskets now.
    """
    low, high = basket_limits(shop)
    others = FigureWindow.objects.of(shop).exclude(basket_low=low, basket_high=high)
    if others.update(basket_low=low, basket_high=high):
        announce(shop.pk, "shop.figures", set())


def basket_limits(shop: Shop | int) -> tuple[int, int]:
    """(low, high) in minor units: a third of the customers with orders average at most low, a third more than high.

    (0, 0) when nobody has an average.
    """
    people = Customer.objects.of(shop).alive().filter(average_order__isnull=False)
    low, high = people.aggregate(limits=_Terciles("average_order"))["limits"] or (0, 0)
    return low, high


class _Terciles(Aggregate):
    """Where the first and the second third of the values end: values that occur."""

    template = "percentile_disc(ARRAY[1/3.0, 2/3.0]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(BigIntegerField())


def _touched(shop: Shop, window: FigureWindow | None, since: datetime) -> QuerySet[Customer]:
    """Whose window figures may change; the shop's time zone may have moved their borders back, too."""
    people = Customer.objects.of(shop)
    if window is None:
        return people.exclude(spent_3m=0, spent_before_3m=0)
    moved = _between(window.since, since) | _between(
        window_before(shop, window.since), window_before(shop, since), slack=_moved_zone(shop, window.since)
    )
    orders = Order.objects.of(shop).placed().filter(moved)
    return people.filter(pk__in=orders.exclude(customer=None).values("customer_id"))


def _between(one: datetime, other: datetime, slack: timedelta = timedelta(0)) -> Q:
    """Orders that were placed between two borders, in whichever order these stand."""
    first, last = sorted((one, other))
    return Q(placed_at__gte=first - slack, placed_at__lt=last + slack)


def _moved_zone(shop: Shop, since: datetime) -> timedelta:
    """How far a border derived from a stored one may be off: not at all while that is a midnight of the shop."""
    is_midnight = since == day_start(day_of(since, shop.timezone), shop.timezone)
    return timedelta(0) if is_midnight else timedelta(days=2)
