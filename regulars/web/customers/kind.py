"""The list of customers as one declaration."""

from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import SECTIONS, context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.search import find, search_q
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.web.lists.kind import Composite, ListKind, Quick
from regulars.web.lists.state import MOST_RANKED


def _rows(shop: Shop, staff: Staff) -> QuerySet:
    return Customer.objects.of(shop).alive().visible_to(staff)


def _bin(shop: Shop, staff: Staff) -> QuerySet:
    return Customer.objects.of(shop).in_bin().visible_to(staff)


def _find(rows: QuerySet, staff: Staff, text: str) -> QuerySet:
    return rows.filter(search_q(staff.shop, text, seen_by=staff))


def _ranked(rows: QuerySet, staff: Staff, text: str) -> list[int]:
    ids = [hit.customer_id for hit in find(staff.shop, text, limit=MOST_RANKED, visible_to=staff)]
    here = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in here]


QUICK = (
    Quick(_("My customers"), "staff = me"),
    Quick(_("Followed OA"), "oa_follow = 'followed'"),
    Quick(_("Female"), "gender = 'female'"),
    Quick(_("5+ orders"), "orders >= 5"),
    Quick(_("Joined this month"), "created_at = this_month"),
    Quick(_("With debt"), "debt > 0"),
    Quick(_("Birthday this month"), "birthday = this_month"),
)

COMPOSITES = (
    Composite("contact", _("Contact"), ("phone", "email", "zalo_id", "country"), needs=Permission.SEE_CONTACT),
    Composite("location", _("Location"), ("country", "city", "region"), sort="city"),
    Composite(
        "last_order",
        _("Last order"),
        ("last_order_id", "last_order_number", "last_order_at"),
        sort="last_order_date",
        needs=Permission.SEE_ORDERS,
    ),
)

CUSTOMERS = ListKind(
    name="customers",
    path="customers/",
    fields=customer_fields,
    rows=_rows,
    context=context_for,
    sections=SECTIONS,
    columns=(
        "contact",
        "location",
        "orders",
        "last_order",
        "total_spent",
        "average_order",
        "debt",
        "tags",
        "status",
        "staff",
        "created_at",
    ),
    sort="-created_at",
    counted=lambda n: ngettext("{n} customer", "{n} customers", n),
    find=_find,
    ranked=_ranked,
    quick=QUICK,
    composites=COMPOSITES,
    always=("id", "name", "email", "phone", "phone_raw", "group_id", "has_avatar", "company"),
    keeps_views=True,
)

PIPELINE = replace(
    CUSTOMERS,
    name="pipeline",
    path="customers/pipeline/",
    sort="-status_date",
    ranked=None,
    keeps_views=False,
)

BIN = ListKind(
    name="bin",
    path="customers/bin/",
    fields=customer_fields,
    rows=_bin,
    context=context_for,
    sections=SECTIONS,
    columns=("deleted", "location", "orders", "total_spent", "tags", "created_at"),
    sort="-created_at",
    counted=lambda n: ngettext("{n} customer in the bin", "{n} customers in the bin", n),
    find=_find,
    composites=(*COMPOSITES, Composite("deleted", _("Deleted"), ("deleted_at",))),
    always=("id", "name", "email", "phone", "phone_raw", "group_id", "has_avatar", "company"),
)
