"""Finding orders and transactions by what somebody typed: a number, a reference, or a customer in any spelling."""

from django.db.models import Q, QuerySet

from regulars.customers.search import matching
from regulars.orders.models import Order, Payment
from regulars.shops.models import Channel, Shop, Staff

FEW = 1000
"""Up to so many orders or customers that a text means are asked for by their ids."""

NOBODY = 0


def find_orders(rows: QuerySet, shop: Shop, staff: Staff | None, text: str) -> QuerySet:
    """The order of exactly this number or payment reference; else those whose number begins so (of a short beginning
    the first thousand), and those whose customer the text means in any spelling.

    staff: whose eyes the search sees with; None sees everything. What is meant is looked up first, each way along its
    own index: joined by OR they would be tried on every order, seven seconds for ten million.
    """
    orders = Order.objects.of(shop)
    paid = Payment.objects.of(shop).filter(reference=text).values_list("order_id", flat=True)
    named = orders.filter(channel__in=Channel.objects.of(shop), external_id=text)
    numbered = orders.filter(number__in=(text, f"#{text}"))
    exact = rows.filter(pk__in=[*_ids(numbered), *_ids(named), *paid[:FEW]])
    if exact.exists():
        return exact
    people = matching(shop, text, seen_by=staff)
    few = _ids(people)
    # A customer of many has ordered lately, so the list soon has its page by looking at each order.
    of_people = Q(customer_id__in=few if len(few) <= FEW else people)
    return rows.filter(Q(pk__in=[NOBODY, *_beginning(orders, text)]) | of_people)


def find_payments(rows: QuerySet, shop: Shop, staff: Staff | None, text: str) -> QuerySet:
    """The transactions of exactly this reference, name or order number; else those of customers the text means.

    staff: whose eyes the search sees with; None sees everything.
    """
    payments = Payment.objects.of(shop)
    orders = _ids(Order.objects.of(shop).filter(number__in=(text, f"#{text}")))
    referred = payments.filter(reference__in={text, text.upper()}).exclude(reference="")
    named = payments.filter(channel__in=Channel.objects.of(shop), external_id=text)
    ids = [*_ids(referred), *_ids(named), *_ids(payments.filter(order_id__in=orders))]
    exact = rows.filter(pk__in=ids)
    if ids and exact.exists():
        return exact
    people = matching(shop, text, seen_by=staff)
    few = _ids(people)
    return rows.filter(customer_id__in=few if len(few) <= FEW else people)


def _beginning(orders: QuerySet, text: str) -> list[int]:
    """Orders whose number begins so, in either case, written with or without its #."""
    ways = [f"{mark}{written}" for written in {text, text.upper(), text.lower()} for mark in ("", "#")]
    return [pk for way in ways for pk in _ids(orders.filter(number__startswith=way).order_by("number"))]


def _ids(rows: QuerySet) -> list[int]:
    """At most one more than FEW."""
    return list(rows.values_list("pk", flat=True)[: FEW + 1])
