"""What can be done with orders, payments and returns. Whatever is done, figures and trail follow in the same breath."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from regulars.events.record import Actor
from regulars.orders.changing import change_order, locked_order
from regulars.orders.debts import set_due_date, take_back_write_off, write_off
from regulars.orders.errors import AlreadyCancelled, NotCancelled
from regulars.orders.facts import OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.models import Order, Payment, PaymentKind, Return
from regulars.orders.moving import attach_orders, detach_orders, reassign_orders, undo_moves
from regulars.orders.reading import named
from regulars.orders.recognising import join_payments
from regulars.orders.recording import Outcome, record_orders, record_read
from regulars.orders.transactions import record_payments, record_returns
from regulars.shops.models import Shop
from regulars.shops.operations.channels import channel_key

__all__ = [
    "Outcome",
    "attach_orders",
    "cancel_order",
    "delete_order",
    "detach_orders",
    "join_payments",
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
    "set_due_date",
    "take_back_write_off",
    "uncancel_order",
    "undo_moves",
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
    order = locked_order(order)
    if order.cancelled_at:
        raise AlreadyCancelled(number=order.number)
    return change_order(order, "order.cancelled", {"cancelled_at": at or now()}, by=by)


@transaction.atomic
def uncancel_order(order: Order, *, by: Actor) -> Order:
    """Take a cancellation back. Raises NotCancelled."""
    order = locked_order(order)
    if not order.cancelled_at:
        raise NotCancelled(number=order.number)
    return change_order(order, "order.uncancelled", {"cancelled_at": None}, by=by)


@transaction.atomic
def delete_order(order: Order, *, by: Actor) -> Order:
    """Delete an order: it counts nowhere, and what its source still reports does not bring it back.

    Does nothing to one that is deleted.
    """
    order = locked_order(order)
    return order if order.deleted_at else change_order(order, "order.deleted", {"deleted_at": now()}, by=by)


@transaction.atomic
def restore_order(order: Order, *, by: Actor) -> Order:
    """Bring a deleted order back; does nothing to one that is there."""
    order = locked_order(order)
    return change_order(order, "order.restored", {"deleted_at": None}, by=by) if order.deleted_at else order


# --- how it is done ---------------------------------------------------------------------------------------


def _channel_key(facts: PaymentFacts | ReturnFacts) -> str:
    return channel_key(facts.channel)
