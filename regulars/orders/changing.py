"""Changing one order here, alone with it: the row, the figures that follow, and the trail."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now

from regulars.events.record import Actor, record
from regulars.orders.lines import FOLLOWED, follow_orders
from regulars.orders.locks import lock_orders
from regulars.orders.models import Order
from regulars.orders.stats import refresh_stats


def locked_order(order: Order) -> Order:
    """The order as it is now, kept from other writers until the transaction ends."""
    lock_orders(order.shop_id, [(order.channel_id, order.external_id)])
    return Order.objects.of(order.shop_id).select_related("shop").get(pk=order.pk)


def change_order(
    order: Order, kind: str, changes: Mapping[str, Any], *, by: Actor, data: Mapping[str, Any] | None = None
) -> Order:
    """Change an order that is `locked_order`. It counts as a report of this moment, so that older ones do not take
    it back."""
    for name, value in changes.items():
        setattr(order, name, value)
    if order.source_updated_at:
        order.source_updated_at = max(order.source_updated_at, now())
    order.save(update_fields=[*changes, "source_updated_at"])
    if not FOLLOWED.isdisjoint(changes):
        follow_orders(order.shop, [order.pk])
    refresh_stats(order.shop, [order.customer_id] if order.customer_id else [])
    if not order.is_test:
        told = {"order": order.pk, "number": order.number, **(data or {})}
        about = ("order", order.pk)
        record(order.shop_id, kind, about=about, customer_id=order.customer_id, by=by, data=told)
    return order
