"""Orders that change hands: to another customer, to nobody, and back to exactly where they were.

With an order go its payments and returns, and the figures of everybody it concerns follow. What staff decided stays:
no later report of the order's source gives it to anybody else. Writers meet in one order:
first the orders, then the customers (`orders.locks`); so who attaches while somebody merges comes before or after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.customers.errors import InTheBin
from regulars.customers.figures import lock_customers
from regulars.customers.leading import leads_to
from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.events.record import Actor, Happening, record_many
from regulars.kit.errors import BadValue
from regulars.orders.locks import lock_orders
from regulars.orders.models import Order
from regulars.orders.queries import OrderQuerySet
from regulars.orders.stats import refresh_stats
from regulars.orders.tables import give_to
from regulars.shops.models import Shop

MOVED = "order.moved"


def reassign_orders(orders: Iterable[Order], customer: Customer, *, by: Actor, batch_id: int | None = None) -> int:
    """Let orders, with their payments and returns, belong to another customer of the shop; how many changed hands.

    Both customers' figures follow, and both timelines tell it.
    """
    orders = list(orders)
    if any(order.shop_id != customer.shop_id for order in orders):
        raise BadValue(_("An order can only belong to a customer of its own shop."), field="customer")
    return _move(customer.shop, {order.pk: customer.pk for order in orders}, by=by, batch_id=batch_id)


@transaction.atomic
def attach_orders(customer: Customer, orders: Iterable[Order], *, by: Actor) -> int:
    """Give orders of nobody, or of others, to a customer; how many changed hands. Raises InTheBin, BadValue.

    Guests' orders join a customer only so, or when the e-mail or phone was verified.
    """
    orders = list(orders)
    lock_orders(customer.shop_id, [(order.channel_id, order.external_id) for order in orders])
    owners = _orders(customer.shop, [order.pk for order in orders]).values_list("customer_id", flat=True)
    lock_customers(customer.shop_id, sorted({customer.pk, *filter(None, owners)}))
    if not Customer.objects.of(customer.shop_id).alive().filter(pk=customer.pk).exists():
        raise InTheBin
    return reassign_orders(orders, customer, by=by)


def detach_orders(customer: Customer, orders: Iterable[Order], *, by: Actor) -> int:
    """Let those of the orders that are this customer's be nobody's; how many were. They keep their e-mail and phone,
    and are nobody's still when their source reports them again.
    """
    return _move(customer.shop, {order.pk: None for order in orders}, by=by, only_of=customer.pk)


@transaction.atomic
def undo_moves(customer: Customer, orders: Iterable[Order], *, by: Actor) -> int:
    """Let orders that were attached to or detached from this customer last go back to where they were; how many.

    One that moved on since stays where it is. Who was merged into somebody else meanwhile is that person now.
    """
    orders = list(orders)
    lock_orders(customer.shop_id, [(order.channel_id, order.external_id) for order in orders])
    now_of = dict(_orders(customer.shop, [order.pk for order in orders]).values_list("pk", "customer_id"))
    back: dict[int, int | None] = {}
    was_moved: dict[int, bool] = {}
    for order_id, owner in now_of.items():
        move = _last_move(customer.shop_id, order_id, owner)
        if move and move["to"] == owner and customer.pk in (move["from"], move["to"]):
            back[order_id] = _still_here(customer.shop, move["from"])
            was_moved[order_id] = move.get("was_moved", False)
    return _move(customer.shop, back, by=by, is_moved=was_moved)


# --- how it is done -------------------------------------------------------------------------------------------------


@transaction.atomic
def _move(
    shop: Shop,
    wanted: Mapping[int, int | None],
    *,
    by: Actor,
    only_of: int | None = None,
    is_moved: Mapping[int, bool] | None = None,
    batch_id: int | None = None,
) -> int:
    """Give orders to customers or to nobody: order id → customer id. only_of: leave those of others alone.

    is_moved: order id → whether staff have decided then; without it they have decided now.
    """
    keys = _orders(shop, list(wanted)).values_list("channel_id", "external_id")
    lock_orders(shop.pk, list(keys))
    moved = [
        order for order in _orders(shop, list(wanted))
        if order.customer_id != wanted[order.pk] and only_of in (None, order.customer_id)
    ]  # fmt: skip
    owners = {one for order in moved for one in (order.customer_id, wanted[order.pk]) if one}
    lock_customers(shop.pk, sorted(owners))
    give_to(shop, {order.pk: wanted[order.pk] for order in moved})
    for decided in (True, False):
        ids = [order.pk for order in moved if (is_moved or {}).get(order.pk, True) is decided]
        Order.objects.of(shop).filter(pk__in=ids).exclude(is_moved=decided).update(is_moved=decided)
    refresh_stats(shop, owners)
    record_many(shop.pk, [one for order in moved for one in _told(order, wanted[order.pk])], by=by, batch_id=batch_id)
    return len(moved)


def _orders(shop: Shop, ids: Sequence[int]) -> OrderQuerySet:
    return Order.objects.of(shop).filter(pk__in=ids).order_by("pk")


def _told(order: Order, to: int | None) -> list[Happening]:
    """The move in the trail of both; of nobody, where it is found by the order."""
    data: dict[str, Any] = {"order": order.pk, "number": order.number, "from": order.customer_id, "to": to}
    data |= {"was_moved": True} if order.is_moved else {}
    return [Happening(MOVED, "order", order.pk, one, data) for one in (to, order.customer_id)]


def _last_move(shop_id: int, order_id: int, owner: int | None) -> dict[str, Any] | None:
    """Where an order came to its owner from, which owner that was, and whether staff had decided before."""
    about = Event.objects.filter(shop_id=shop_id, customer_id=owner, about="order", about_id=order_id, kind=MOVED)
    found = about.order_by("-at", "-id").values_list("data", flat=True).first()
    return {"from": found.get("from"), **found} if found and "to" in found else None


def _still_here(shop: Shop, customer_id: int | None) -> int | None:
    """The customer, or who they became; None for nobody and for who is gone for good."""
    if customer_id is None:
        return None
    found = leads_to(shop, customer_id) or customer_id
    return found if Customer.objects.of(shop).filter(pk=found).exists() else None
