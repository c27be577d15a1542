"""Why a figure is what it is: the orders behind it, whose parts add up to it exactly.

Computed in Python from the orders themselves, beside the SQL of `orders.stats`: each proves the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.orders.models import FulfilmentState, Line, Order
from regulars.orders.stats import window_before, window_start
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Part:
    """What one order adds to a figure: minor units for money, 1 for counts."""

    order: Order
    amount: int

    @property
    def label(self) -> str:
        return self.order.number

    @property
    def steps(self) -> list[tuple[str, int]]:
        """How a debt comes about: (total, captured, credited or written off, minor units), without what is 0."""
        order = self.order
        rows = [("total", order.total), ("captured", -order.captured), ("credited", -order.credited)]
        return [(name, minor) for name, minor in (*rows, ("written_off", -order.written_off)) if minor]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure and its parts, newest order first.

    `sum` is what the parts add up to. `total` is the figure: the sum itself, or divided by `divisor` and rounded half
    up for averages (None when there is nothing to divide by).
    """

    figure: str
    parts: list[Part]
    is_money: bool
    divisor: int | None = None
    is_average: bool = False

    @property
    def sum(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def total(self) -> int | None:
        if not self.is_average:
            return self.sum
        if not self.divisor:
            return None
        return int((Decimal(self.sum) / self.divisor).to_integral_value(ROUND_HALF_UP))


def explain(customer: Customer, figure: str) -> Explanation:
    """The orders behind one of a customer's figures, by its column name. Raises BadValue for a figure without a why."""
    if figure == "orders_count":
        figure = f"orders_{customer.shop.order_counter}"
        return Explanation("orders_count", _parts(customer, _COUNTS[figure]), is_money=False)
    if figure in _COUNTS:
        return Explanation(figure, _parts(customer, _COUNTS[figure]), is_money=False)
    if figure in _MONEY:
        return Explanation(figure, _parts(customer, _MONEY[figure]), is_money=True)
    if figure in _WINDOWS:
        return Explanation(figure, _parts(customer, _WINDOWS[figure](customer.shop)), is_money=True)
    if figure == "average_order":
        counted = explain(customer, "orders_count").sum
        parts = _parts(customer, _MONEY["total_spent"])
        return Explanation(figure, parts, is_money=True, divisor=counted, is_average=True)
    raise BadValue(_("“{value}” is not explained by orders."), value=figure, field="figure")


def _parts(customer: Customer, amount: Callable[[Order], int]) -> list[Part]:
    orders = Order.objects.of(customer.shop_id).recorded().filter(customer=customer).order_by("-placed_at", "-pk")
    discounted = Line.objects.filter(shop_id=OuterRef("shop_id"), order_id=OuterRef("pk"), discount__gt=0)
    shown = orders.select_related("channel").annotate(has_discount=Q(discount__gt=0) | Q(Exists(discounted)))
    return [Part(order, found) for order in shown if (found := amount(order))]


_SENT = (FulfilmentState.FULFILLED, FulfilmentState.DELIVERED)

_COUNTS: dict[str, Callable[[Any], int]] = {
    "orders_recorded": lambda order: 1,
    "orders_placed": lambda order: int(order.is_placed),
    "orders_paid": lambda order: int(order.is_placed and order.is_fully_paid),
    "orders_fulfilled": lambda order: int(order.is_placed and order.fulfilment_state in _SENT),
    "orders_delivered": lambda order: int(order.is_placed and order.fulfilment_state == FulfilmentState.DELIVERED),
    "orders_cancelled": lambda order: int(order.cancelled_at is not None),
    "orders_returned": lambda order: int(order.is_placed and order.has_come_back),
    "orders_discounted": lambda order: int(order.is_placed and order.has_discount),
}

_MONEY: dict[str, Callable[[Order], int]] = {
    "total_spent": lambda order: order.spent,
    "gross_spent": lambda order: order.captured if order.is_placed else 0,
    "refunded": lambda order: order.refunded if order.is_placed else 0,
    "debt": lambda order: order.owed,
}


def _last(shop: Shop) -> Callable[[Order], int]:
    since = window_start(shop, now())
    return lambda order: order.spent if order.placed_at >= since else 0


def _before(shop: Shop) -> Callable[[Order], int]:
    since = window_start(shop, now())
    before = window_before(shop, since)
    return lambda order: order.spent if before <= order.placed_at < since else 0


_WINDOWS: dict[str, Callable[[Shop], Callable[[Order], int]]] = {"spent_3m": _last, "spent_before_3m": _before}

EXPLAINED: tuple[str, ...] = ("orders_count", *_COUNTS, *_MONEY, *_WINDOWS, "average_order")
"""Figures that have a why."""
