"""The two lists of debts as declarations: customers who owe, and orders that are owed.

Their questions are those of customers and orders, so that a filter of theirs opens in those lists and in exports. What
is worked out of many rows cannot sort the whole shop; among the few who owe it can, so here it does.
"""

from copy import copy
from typing import Any

from django.db.models import DateField, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import SECTIONS, context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.own_fields import own_fields
from regulars.kit.query import Context, Field, FieldSet
from regulars.kit.query.kinds import Count
from regulars.kit.query.kinds_time import Day
from regulars.orders.ageing import due_in, late_in
from regulars.orders.debt_fields import AGE_WORDS
from regulars.orders.debts import DebtAge
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.orders.queries import OWING as OWING_Q
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.web.customers.kind import COMPOSITES, CUSTOMERS
from regulars.web.lists.kind import ListKind, Quick
from regulars.web.orders.kind import ORDERS, visible_orders

SEE = Permission.SEE_ORDERS
WORKED = {"overdue", "owed", "due_on", "days_late"}
"""Fields that sort here and nowhere else."""


def _fields(name: str, known: FieldSet, *more: Field) -> FieldSet:
    """The fields of a list, those of WORKED sortable, with more of its own."""
    fields = FieldSet(name)
    fields.add(*(_sortable(one) if one.name in WORKED else one for one in known), *more)
    fields.add_predicates(*known.all_predicates())
    return fields


def _sortable(field: Field) -> Field:
    found = copy(field)
    found.sortable = True
    return found


debtor_fields = _fields(
    "debtor", customer_fields,
    Day(
        "oldest_due", _("Oldest due"), nullable=True, filterable=False, section="trade", needs=SEE,
        help=_("Since when the oldest of what they owe should have been paid, or until when it should be."),
    ),
    Count(
        "latest", _("Days late"), nullable=True, filterable=False, section="trade", needs=SEE,
        help=_("Days since the oldest of what they owe should have been paid."),
    ),
)  # fmt: skip
debtor_fields.add_source(own_fields)
owing_fields = _fields("owing", order_fields)


def _context(shop: Shop, staff: Staff) -> Context:
    return context_for(shop, staff=staff)


def _annotated(rows: QuerySet, fields: FieldSet, ctx: Context) -> QuerySet:
    return fields.annotated(rows, [name for name in sorted(WORKED) if name in fields], ctx)


def debtors(shop: Shop, staff: Staff) -> QuerySet:
    """Customers who owe something, as far as this person may see them, with what they can be sorted by."""
    ctx = _context(shop, staff)
    owing = Order.objects.filter(shop_id=OuterRef("shop_id"), customer_id=OuterRef("pk")).owing().order_by()
    oldest = owing.values("customer_id").annotate(day=Min(due_in(ctx)), late=Min(-late_in(ctx)))
    rows = Customer.objects.of(shop).alive().visible_to(staff).filter(debt__gt=0).annotate(
        oldest_due=Subquery(oldest.values("day"), output_field=DateField()),
        latest=-Subquery(oldest.values("late"), output_field=IntegerField()),
    )  # fmt: skip
    return _annotated(rows, debtor_fields, ctx)


def owing_orders(shop: Shop, staff: Staff) -> QuerySet:
    """Orders that owe something, as far as this person may see them."""
    return _annotated(visible_orders(shop, staff).filter(OWING_Q), owing_fields, _context(shop, staff))


def _quick(age: DebtAge) -> Quick:
    return Quick(age.label, f"debt_age = '{AGE_WORDS[age]}'")


_WHOLE: dict[str, Any] = {"context": context_for, "keeps_views": False}

DEBTORS = ListKind(
    name="debtors",
    path="debts/",
    fields=debtor_fields,
    rows=debtors,
    sections=SECTIONS,
    columns=("contact", "debt", "overdue", "oldest_due", "latest", "credit_limit", "staff", "tags"),
    sort="-debt",
    counted=lambda n: ngettext("{n} customer owes", "{n} customers owe", n),
    find=CUSTOMERS.find,
    quick=(
        Quick(_("Overdue"), "overdue > 0"),
        Quick(_("Over the credit limit"), "over_credit_limit = true"),
        Quick(_("My customers"), "staff = me"),
    ),
    composites=COMPOSITES,
    always=CUSTOMERS.always,
    within="debt > 0",
    **_WHOLE,
)

OWING = ListKind(
    name="owing",
    path="debts/orders/",
    fields=owing_fields,
    rows=owing_orders,
    sections=ORDERS.sections,
    columns=("customer", "owed", "due_on", "days_late", "debt_age", "captured", "total", "placed_at", "channel"),
    sort="due_on",
    counted=lambda n: ngettext("{n} order is owed", "{n} orders are owed", n),
    find=ORDERS.find,
    quick=tuple(_quick(age) for age in DebtAge),
    composites=ORDERS.composites,
    always=ORDERS.always,
    within="owed > 0",
    **_WHOLE,
)
