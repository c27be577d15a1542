"""The list of transactions as one declaration."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import context_for
from regulars.orders.finding import find_payments
from regulars.orders.models import Payment
from regulars.orders.payment_fields import payment_fields
from regulars.shops.models import Shop, Staff
from regulars.web.lists.kind import Composite, ListKind, Quick

SECTIONS = {"profile": _("Transaction"), "trade": _("Order"), "relation": _("Customer")}


def visible_payments(shop: Shop, staff: Staff) -> QuerySet:
    """Transactions a staff member may see."""
    return Payment.objects.of(shop).visible_to(staff)


def _find(rows: QuerySet, staff: Staff, text: str) -> QuerySet:
    return find_payments(rows, staff.shop, staff, text)


TRANSACTIONS = ListKind(
    name="transactions",
    path="transactions/",
    fields=payment_fields,
    rows=visible_payments,
    context=context_for,
    sections=SECTIONS,
    columns=("date", "kind", "amount", "state", "customer", "order", "method", "fee", "channel"),
    sort="-date",
    counted=lambda n: ngettext("{n} transaction", "{n} transactions", n),
    find=_find,
    quick=(
        Quick(_("Today"), "date = today"),
        Quick(_("This month"), "date = this_month"),
        Quick(_("Payments"), "kind = 'capture' AND state = 'succeeded'"),
        Quick(_("Refunds"), "kind = 'refund'"),
        Quick(_("Failed"), "state = 'failed'"),
        Quick(_("Without a customer"), "has_customer = false"),
    ),
    composites=(
        Composite("state", _("Outcome"), ("state",), sort="state"),
        Composite("amount", _("Amount"), ("amount", "kind"), sort="amount"),
        Composite("customer", _("Customer"), ("customer_id",)),
        Composite("order", _("Order"), ("order_id", "order_external_id")),
    ),
    always=("id", "reference", "customer_id", "is_stated", "external_id"),
    keeps_views=True,
)
