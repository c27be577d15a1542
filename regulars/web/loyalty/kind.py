"""The ledger of a whole shop as one declaration."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.fields import context_for
from regulars.loyalty.entry_fields import entry_fields
from regulars.loyalty.finding import find_entries
from regulars.loyalty.models import PointsEntry
from regulars.shops.models import Shop, Staff
from regulars.web.lists.kind import Composite, ListKind, Quick
from regulars.web.loyalty.words import WHY_IT_STANDS_OUT

SECTIONS = {"profile": _("Movement"), "relation": _("Customer")}


def visible_entries(shop: Shop, staff: Staff) -> QuerySet:
    """Movements of customers whom a staff member may see."""
    return PointsEntry.objects.of(shop).visible_to(staff)


def _find(rows: QuerySet, staff: Staff, text: str) -> QuerySet:
    return find_entries(rows, staff.shop, staff, text)


LEDGER = ListKind(
    name="points",
    path="loyalty/",
    fields=entry_fields,
    rows=visible_entries,
    context=context_for,
    sections=SECTIONS,
    columns=("date", "reason", "points", "balance", "staff"),
    sort="-number",
    counted=lambda n: ngettext("{n} movement of points", "{n} movements of points", n),
    find=_find,
    quick=(
        Quick(_("This month"), "date = this_month"),
        Quick(_("Given by hand"), "reason = 'adjusted' AND points > 0"),
        Quick(_("Taken by hand"), "reason = 'adjusted' AND points < 0"),
        Quick(_("Pending"), "pending = true"),
        Quick(_("Expired"), "reason = 'expired'"),
        Quick(_("Mine"), "staff = me"),
    ),
    composites=(
        Composite("date", _("Date"), ("created_at",), sort="number"),
        Composite("reason", _("Reason"), ("reason", "origin", "note", *WHY_IT_STANDS_OUT), sort="reason"),
        Composite("points", _("Points"), ("points", "counted_at"), sort="points"),
    ),
    always=("id", "customer_id"),
)
