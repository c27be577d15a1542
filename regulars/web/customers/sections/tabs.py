"""The tabs of a customer's page, each with its count."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from regulars.catalog.viewed import latest_views
from regulars.customers.models import Address, Note
from regulars.events.models import Event
from regulars.kit import numbers
from regulars.kit.query.paging import counts_up_to
from regulars.orders.models import Order, Payment, Return
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.tasks.models import Task
from regulars.web.customers.sections.referred import referred_rows
from regulars.web.customers.sections.related import visible_related

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

MOST = 999  # beyond, the exact number tells nobody anything

NAMES = {
    "timeline": _("Timeline"),
    "orders": _("Orders"),
    "transactions": _("Transactions"),
    "debts": _("Debts"),
    "returns": _("Returns"),
    "related": _("Related"),
    "products": _("Viewed products"),
    "referred": _("Referred"),
    "tasks": _("Tasks"),
    "notes": _("Notes"),
    "addresses": _("Addresses"),
    "segments": _("Segments"),
    "account": _("Account"),
}
_NEEDS = {
    "notes": Permission.SEE_NOTES,
    "orders": Permission.SEE_ORDERS,
    "transactions": Permission.SEE_ORDERS,
    "debts": Permission.SEE_ORDERS,
}
_NEEDS |= dict.fromkeys(("returns", "related"), Permission.SEE_ORDERS) | {"tasks": Permission.TASKS}


def names_for(staff: Staff) -> list[str]:
    """The tabs this person has, the first one opens by itself."""
    return [name for name in NAMES if name not in _NEEDS or staff.may(_NEEDS[name])]


def tabs(view: "CustomerView") -> list[dict[str, Any]]:
    """Label, address, count and whether it is open."""
    mine = set(names_for(view.staff))
    counts = counts_up_to({name: rows for name, rows in _rows(view).items() if name in mine}, MOST)
    counts["segments"] = len(view.segments)
    return [
        {
            "name": name,
            "label": NAMES[name],
            "url": view.url(tab=name),
            "count": _shown(counts[name], view.ctx.locale) if name in counts else None,
            "current": name == view.tab,
        }
        for name in names_for(view.staff)
    ]


def _rows(view: "CustomerView") -> dict[str, Any]:
    shop_id, pk = view.shop.pk, view.customer.pk
    return {
        "timeline": Event.objects.filter(shop_id=shop_id, customer_id=pk),
        "orders": Order.objects.of(shop_id).existing().filter(customer_id=pk),
        "transactions": Payment.objects.of(shop_id).filter(customer_id=pk),
        "debts": Order.objects.of(shop_id).owing().filter(customer_id=pk),
        "returns": Return.objects.of(shop_id).filter(customer_id=pk),
        "related": visible_related(view.customer, view.staff),
        "products": latest_views(shop_id, pk),
        "referred": referred_rows(view),
        "tasks": Task.objects.of(shop_id).open().filter(customer_id=pk),
        "notes": Note.objects.of(shop_id).filter(customer_id=pk),
        "addresses": Address.objects.of(shop_id).filter(customer_id=pk),
    }


def _shown(count: int, locale: str) -> str:
    return f"{numbers.show_number(MOST, locale)}+" if count > MOST else numbers.show_number(count, locale)
