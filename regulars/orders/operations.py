"""What can be done with orders, payments and returns. Whatever is done, figures and trail follow in the same breath."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.events.record import Actor, Happening, record, record_many
from regulars.kit.errors import BadValue
from regulars.kit.money import plain, to_minor
from regulars.orders.errors import AlreadyCancelled, NotCancelled, OwesLess
from regulars.orders.facts import OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.locks import lock_orders
from regulars.orders.models import Order, Payment, PaymentKind, Return
from regulars.orders.reading import named
from regulars.orders.recording import Outcome, record_orders, record_read
from regulars.orders.stats import refresh_stats
from regulars.orders.tables import give_to
from regulars.orders.transactions import record_payments, record_returns
from regulars.shops.models import Shop
from regulars.shops.operations.channels import channel_key

__all__ = [
    "Outcome",
    "cancel_order",
    "delete_order",
    "reassign_orders",
    "record_order",
    "record_orders",
    "record_payment",
    "record_payments",
    "record_read",
    "record_refund",
    "record_return",
    "record_returns",
    "restore_order",
    "uncancel_order",
    "write_off",
]


def record_order(shop: Shop, facts: OrderFacts, *, by: Actor, batch_id: int | None = None) -> Outcome:
    """Record one reported order with all that belongs to it; see `record_orders`. Raises BadValue."""
    return record_orders(shop, [facts], by=by, batch_id=batch_id)[0]


def record_payment(shop: Shop, facts: PaymentFacts, *, by: Actor) -> Payment:
    """Record one payment (or refund) by its name; see `record_payments`. Raises BadValue."""
    record_payments(shop, [facts], by=by)
    return Payment.objects.of(shop).get(channel__key=_channel_key(facts), external_id=named(facts.external_id))


def record_refund(shop: Shop, facts: PaymentFacts, *, by: Actor) -> Payment:
    """Record money paid back, as a transaction of its own. Reported twice it counts once. Raises BadValue."""
    return record_payment(shop, replace(facts, kind=PaymentKind.REFUND), by=by)


def record_return(shop: Shop, facts: ReturnFacts, *, by: Actor) -> Return:
    """Record goods that came back. Raises BadValue."""
    record_returns(shop, [facts], by=by)
    return Return.objects.of(shop).get(channel__key=_channel_key(facts), external_id=named(facts.external_id))


@transaction.atomic
def cancel_order(order: Order, *, by: Actor, at: datetime | None = None) -> Order:
    """Cancel an order: from now on it counts as cancelled only. Raises AlreadyCancelled.

    A source's report from before does not take this back.
    """
    order = _locked(order)
    if order.cancelled_at:
        raise AlreadyCancelled(number=order.number)
    return _change(order, "order.cancelled", {"cancelled_at": at or now()}, by=by)


@transaction.atomic
def uncancel_order(order: Order, *, by: Actor) -> Order:
    """Take a cancellation back. Raises NotCancelled."""
    order = _locked(order)
    if not order.cancelled_at:
        raise NotCancelled(number=order.number)
    return _change(order, "order.uncancelled", {"cancelled_at": None}, by=by)


@transaction.atomic
def delete_order(order: Order, *, by: Actor) -> Order:
    """Delete an order: it counts nowhere, and what its source still reports does not bring it back.

    Does nothing to one that is deleted.
    """
    order = _locked(order)
    return order if order.deleted_at else _change(order, "order.deleted", {"deleted_at": now()}, by=by)


@transaction.atomic
def restore_order(order: Order, *, by: Actor) -> Order:
    """Bring a deleted order back; does nothing to one that is there."""
    order = _locked(order)
    return _change(order, "order.restored", {"deleted_at": None}, by=by) if order.deleted_at else order


@transaction.atomic
def write_off(order: Order, amount: Decimal, *, by: Actor) -> Order:
    """Give up a part of what an order owes.

    amount: in the shop's currency, more than 0 and at most what is owed. Raises BadValue, OwesLess.
    """
    order = _locked(order)
    currency = order.shop.currency
    minor = to_minor(amount, currency)
    if minor <= 0:
        raise BadValue(_("Write off more than 0."), value=amount, field="amount")
    if minor > order.owed:
        raise OwesLess(number=order.number, owed=plain(order.owed, currency), amount=plain(minor, currency))
    changes = {"written_off": order.written_off + minor}
    return _change(order, "order.written_off", changes, by=by, data={"amount": plain(minor, currency)})


@transaction.atomic
def reassign_orders(orders: Iterable[Order], customer: Customer, *, by: Actor, batch_id: int | None = None) -> int:
    """Let orders, with their payments and returns, belong to another customer of the shop; how many changed hands.

    Both customers' figures follow, and both timelines tell it.
    """
    orders = list(orders)
    if any(order.shop_id != customer.shop_id for order in orders):
        raise BadValue(_("An order can only belong to a customer of its own shop."), field="customer")
    lock_orders(customer.shop_id, [(order.channel_id, order.external_id) for order in orders])
    found = Order.objects.of(customer.shop_id).filter(pk__in=[order.pk for order in orders]).order_by("pk")
    moved = [order for order in found if order.customer_id != customer.pk]
    give_to(customer.shop, {order.pk: customer.pk for order in moved})
    refresh_stats(customer.shop, {customer.pk, *(order.customer_id for order in moved if order.customer_id)})
    told = [one for order in moved for one in _moving(order, customer.pk)]
    record_many(customer.shop_id, told, by=by, batch_id=batch_id)
    return len(moved)


# --- how it is done ---------------------------------------------------------------------------------------


def _locked(order: Order) -> Order:
    """The order as it is now, alone with us until the transaction ends."""
    lock_orders(order.shop_id, [(order.channel_id, order.external_id)])
    return Order.objects.of(order.shop_id).select_related("shop").get(pk=order.pk)


def _change(
    order: Order, kind: str, changes: Mapping[str, Any], *, by: Actor, data: Mapping[str, Any] | None = None
) -> Order:
    """Change an order here. It counts as a report of this moment, so that older ones do not take it back."""
    for name, value in changes.items():
        setattr(order, name, value)
    if order.source_updated_at:
        order.source_updated_at = max(order.source_updated_at, now())
    order.save(update_fields=[*changes, "source_updated_at"])
    refresh_stats(order.shop, [order.customer_id] if order.customer_id else [])
    if not order.is_test:
        told = {"order": order.pk, "number": order.number, **(data or {})}
        about = ("order", order.pk)
        record(order.shop_id, kind, about=about, customer_id=order.customer_id, by=by, data=told)
    return order


def _moving(order: Order, to: int) -> list[Happening]:
    data = {"order": order.pk, "number": order.number, "from": order.customer_id, "to": to}
    told = [Happening("order.moved", "order", order.pk, to, data)]
    if order.customer_id:
        told.append(Happening("order.moved", "order", order.pk, order.customer_id, data))
    return told


def _channel_key(facts: PaymentFacts | ReturnFacts) -> str:
    return channel_key(facts.channel)
