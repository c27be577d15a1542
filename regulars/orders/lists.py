"""What pages show of orders: lists in a fixed number of queries, one order whole, what belongs to a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet

from regulars.customers.models import ContactKind, Customer, OtherContact
from regulars.kit.query.prepared import fetched, prepared
from regulars.orders.errors import NoSuchOrder
from regulars.orders.models import Line, Order, Payment, PaymentKind, PaymentState, Return, WriteOff
from regulars.orders.queries import OrderQuerySet
from regulars.shops.models import Shop

SIZE = 25
MOST_OF_ONE = 100
"""Transactions that are shown as the story of one of them."""

M = TypeVar("M", bound=Model)


class After(NamedTuple):
    """The last row of the page before: the next one begins behind it."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of rows, newest first; `next` is None on the last one."""

    rows: Sequence[Model]
    next: After | None


def order_detail(shop: Shop, order_id: int) -> Order:
    """One order with customer, channel, lines with products, payments, returns and write-offs, in five queries.

    Deleted orders are shown too, as deleted. Raises NoSuchOrder, for another shop's order as well.
    """
    orders = Order.objects.of(shop).select_related("shop", "customer", "channel").prefetch_related(
        Prefetch("lines", Line.objects.of(shop).select_related("product").order_by("position", "id")),
        Prefetch("payments", Payment.objects.of(shop).order_by("at", "id")),
        Prefetch("returns", Return.objects.of(shop).order_by("at", "id")),
        Prefetch("write_offs", WriteOff.objects.of(shop).order_by("at", "id")),
    )  # fmt: skip
    order = orders.filter(pk=order_id).first()
    if order is None:
        raise NoSuchOrder(number=order_id)
    return order


def orders_of(customer: Customer, *, after: After | None = None, size: int = SIZE) -> Slice:
    """A customer's orders, cancelled and test ones among them, with channel and lines; newest first."""
    orders = Order.objects.of(customer.shop_id).existing().filter(customer=customer).for_list()
    return slice_of(orders.prefetch_related("lines"), "placed_at", after, size)


def payments_of(customer: Customer, *, after: After | None = None, size: int = SIZE) -> Slice:
    """A customer's transactions, failed ones and refunds among them, with their orders; newest first."""
    payments = Payment.objects.of(customer.shop_id).filter(customer=customer).select_related("order", "channel")
    return slice_of(payments, "at", after, size)


def returns_of(customer: Customer, *, after: After | None = None, size: int = SIZE) -> Slice:
    """What a customer sent back, with the orders; newest first."""
    returns = Return.objects.of(customer.shop_id).filter(customer=customer).select_related("order", "channel")
    return slice_of(returns, "at", after, size)


def open_orders_of(customer: Customer) -> list[Order]:
    """A customer's orders that owe something with what was paid of them, oldest first; `owed` adds up to the debt."""
    orders = Order.objects.of(customer.shop_id).owing().filter(customer=customer).for_list()
    return list(orders.prefetch_related(_paid_parts(customer)).order_by("placed_at", "id"))


def overpaid_orders_of(customer: Customer) -> list[Order]:
    """A customer's orders that were paid too much for, oldest first; their `overpaid` add up to the credit."""
    orders = Order.objects.of(customer.shop_id).overpaid().filter(customer=customer).for_list()
    return list(orders.order_by("placed_at", "id"))


def _paid_parts(customer: Customer) -> Prefetch:
    """What was paid of each order so far, as `order.payments`."""
    paid = Payment.objects.of(customer.shop_id).filter(kind=PaymentKind.CAPTURE, state=PaymentState.SUCCEEDED)
    return Prefetch("payments", paid.order_by("at", "id"))


def orders_related_to(customer: Customer) -> OrderQuerySet:
    """Orders of nobody or of others that name one of this customer's e-mail addresses or phones, unordered."""
    emails, phones = reached_at(customer)
    named = [Q(**{f"{column}__in": values}) for column, values in (("email", emails), ("phone", phones)) if values]
    orders = Order.objects.of(customer.shop_id)
    if not named:
        return orders.none()
    # Each a span of an index that leaves out the customer's own, which may be very many. Joined by OR, PostgreSQL
    # would read all of one contact and look at each.
    others = (Q(customer__isnull=True), Q(customer_id__lt=customer.pk), Q(customer_id__gt=customer.pk))
    first, *more = (orders.filter(name, other).order_by().values("pk") for name, other in product(named, others))
    return orders.existing().filter(pk__in=first.union(*more, all=True))


def reached_at(customer: Customer) -> tuple[list[str], list[str]]:
    """All e-mail addresses and all phones of a customer, normalised."""
    others = fetched(_other_contacts(customer.shop_id, customer.pk))
    found: dict[str, list[str]] = {ContactKind.EMAIL: [], ContactKind.PHONE: []}
    for kind, value in [(ContactKind.EMAIL, customer.email), (ContactKind.PHONE, customer.phone), *others]:
        if value and value not in found[kind]:
            found[kind].append(value)
    return found[ContactKind.EMAIL], found[ContactKind.PHONE]


@prepared
def _other_contacts(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    return OtherContact.objects.of(shop).filter(customer_id=customer).values_list("kind", "value")


def story_of(payment: Payment) -> list[Payment]:
    """All transactions about the same sale, in the order of their time: authorised, captured, paid back.

    Those of its order; without one, those of the channel that name the same order to come, or the same reference.
    """
    payments = Payment.objects.of(payment.shop_id).select_related("channel").order_by("at", "id")
    if payment.order_id:
        return list(payments.filter(order_id=payment.order_id))
    same = Q(pk=payment.pk)
    if payment.order_external_id:
        same |= Q(order__isnull=True, channel_id=payment.channel_id, order_external_id=payment.order_external_id)
    if payment.reference:
        same |= Q(order__isnull=True, channel_id=payment.channel_id, reference=payment.reference)
    return list(payments.filter(same)[:MOST_OF_ONE])


def slice_of(rows: "QuerySet[M]", time: str, after: After | None, size: int = SIZE) -> Slice:
    """A page of rows by a column of moments, newest first."""
    if after is not None:
        rows = rows.filter(Q(**{f"{time}__lt": after.at}) | Q(**{time: after.at}, id__lt=after.id))
    found = list(rows.order_by(f"-{time}", "-id")[: size + 1])
    page = found[:size]
    last = page[-1] if len(found) > size else None
    return Slice(page, After(getattr(last, time), last.pk) if last else None)
