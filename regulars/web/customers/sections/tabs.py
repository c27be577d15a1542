"""The tabs of a customer's page, each with its count."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.catalog.viewed import latest_views
from regulars.customers.models import Address, Note
from regulars.events.models import Event
from regulars.kit import numbers
from regulars.kit.query.paging import counts_up_to
from regulars.kit.query.prepared import Written, prepared
from regulars.loyalty.models import PointsEntry
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
    "points": _("Points"),
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


_BY_IDS: dict[str, Callable[[Any, Any], QuerySet[Any]]] = {
    "timeline": lambda shop, customer: Event.objects.filter(shop_id=shop, customer_id=customer),
    "orders": lambda shop, customer: Order.objects.of(shop).existing().filter(customer_id=customer),
    "transactions": lambda shop, customer: Payment.objects.of(shop).filter(customer_id=customer),
    "debts": lambda shop, customer: Order.objects.of(shop).owing().filter(customer_id=customer),
    "returns": lambda shop, customer: Return.objects.of(shop).filter(customer_id=customer),
    "products": latest_views,
    "points": lambda shop, customer: PointsEntry.objects.of(shop).filter(customer_id=customer),
    "tasks": lambda shop, customer: Task.objects.of(shop).open().filter(customer_id=customer),
    "notes": lambda shop, customer: Note.objects.of(shop).filter(customer_id=customer),
    "addresses": lambda shop, customer: Address.objects.of(shop).filter(customer_id=customer),
}


def _keys_of(rows: Callable[[Any, Any], QuerySet[Any]]) -> Callable[..., Written]:
    return prepared(lambda shop, customer: rows(shop, customer).order_by().values("pk"))


_WRITTEN = {name: _keys_of(rows) for name, rows in _BY_IDS.items()}


def _rows(view: "CustomerView") -> dict[str, Any]:
    by_ids = {name: keys(view.shop.pk, view.customer.pk) for name, keys in _WRITTEN.items()}
    return by_ids | {"related": visible_related(view.customer, view.staff), "referred": referred_rows(view)}


def _shown(count: int, locale: str) -> str:
    return f"{numbers.show_number(MOST, locale)}+" if count > MOST else numbers.show_number(count, locale)
