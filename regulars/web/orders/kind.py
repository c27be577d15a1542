"""The list of orders as one declaration."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.customers.search import matching
from regulars.orders.fields import order_fields
from regulars.orders.models import Order, Payment
from regulars.shops.models import Channel, Shop, Staff
from regulars.web.lists.kind import Composite, ListKind, Quick

SECTIONS = {"profile": _("Order")}


def visible_orders(shop: Shop, staff: Staff) -> QuerySet:
    """Orders a staff member may see: an agent limited to their own customers sees only theirs."""
    orders = Order.objects.of(shop).existing()
    if staff.only_own:
        own = Customer.objects.of(shop).visible_to(staff)
        orders = orders.filter(customer_id__in=own.values("pk"))
    return orders


FEW = 1000
"""Up to so many orders or customers that a text means are asked for by their ids."""

NOBODY = 0


def _find(rows: QuerySet, staff: Staff, text: str) -> QuerySet:
    """The order of exactly this number or payment reference; else those whose number begins so (of a short beginning
    the first thousand), and those whose customer the text means in any spelling.

    What is meant is looked up first, each way along its own index: joined by OR they would be tried on every order,
    seven seconds for ten million.
    """
    orders = Order.objects.of(staff.shop_id)
    paid = Payment.objects.of(staff.shop_id).filter(reference=text).values_list("order_id", flat=True)
    named = orders.filter(channel__in=Channel.objects.of(staff.shop_id), external_id=text)
    numbered = orders.filter(number__in=(text, f"#{text}"))
    exact = rows.filter(pk__in=[*_ids(numbered), *_ids(named), *paid[:FEW]])
    if exact.exists():
        return exact
    people = matching(staff.shop, text, seen_by=staff)
    few = _ids(people)
    # A customer of many has ordered lately, so the list soon has its page by looking at each order.
    of_people = Q(customer_id__in=few if len(few) <= FEW else people)
    return rows.filter(Q(pk__in=[NOBODY, *_beginning(orders, text)]) | of_people)


def _beginning(orders: QuerySet, text: str) -> list[int]:
    """Orders whose number begins so, in either case, written with or without its #."""
    ways = [f"{mark}{written}" for written in {text, text.upper(), text.lower()} for mark in ("", "#")]
    return [pk for way in ways for pk in _ids(orders.filter(number__startswith=way).order_by("number"))]


def _ids(rows: QuerySet) -> list[int]:
    """At most one more than FEW."""
    return list(rows.values_list("pk", flat=True)[: FEW + 1])


ORDERS = ListKind(
    name="orders",
    path="orders/",
    fields=order_fields,
    rows=visible_orders,
    context=context_for,
    sections=SECTIONS,
    columns=("placed_at", "customer", "total", "financial", "fulfilment", "items", "channel", "payment_method"),
    sort="-placed_at",
    counted=lambda n: ngettext("{n} order", "{n} orders", n),
    find=_find,
    quick=(
        Quick(_("Placed today"), "placed_at = today"),
        Quick(_("This month"), "placed_at = this_month"),
        Quick(_("To be paid"), "financial_state IN ('pending', 'authorised', 'partly_paid') AND cancelled = false"),
        Quick(_("To be sent"), "fulfilment_state = 'unfulfilled' AND cancelled = false"),
        Quick(_("Refunded"), "refunded > 0"),
        Quick(_("Cancelled"), "cancelled = true"),
    ),
    composites=(
        Composite("customer", _("Customer"), ("customer_id",)),
        Composite("financial", _("Payment"), ("financial_state",), sort="financial_state"),
        Composite("fulfilment", _("Delivery"), ("fulfilment_state",), sort="fulfilment_state"),
    ),
    always=("id", "number", "customer_id", "cancelled_at", "is_test", "is_confirmed"),
    keeps_views=True,
)
