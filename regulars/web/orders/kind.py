"""The list of orders as one declaration."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import context_for
from regulars.orders.fields import order_fields
from regulars.orders.finding import find_orders
from regulars.orders.models import Order
from regulars.shops.models import Shop, Staff
from regulars.web.lists.kind import Composite, ListKind, Quick

SECTIONS = {"profile": _("Order"), "relation": _("Customer")}


def visible_orders(shop: Shop, staff: Staff) -> QuerySet:
    """Orders a staff member may see, deleted ones aside."""
    return Order.objects.of(shop).existing().visible_to(staff)


def _find(rows: QuerySet, staff: Staff, text: str) -> QuerySet:
    return find_orders(rows, staff.shop, staff, text)


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
