"""Orders that name a customer's e-mail or phone and are not theirs, ready to print."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.orders.lists import orders_related_to, reached_at, slice_of
from regulars.orders.models import FinancialState, Order
from regulars.orders.queries import OrderQuerySet
from regulars.shops.models import Staff
from regulars.web.customers.rows import shown_name
from regulars.web.customers.sections.trade import PAID_TONES, page_after, page_of
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

_NAMING = ("id", "name", "company", "email", "phone", "phone_raw")


def visible_related(customer: Customer, staff: Staff) -> OrderQuerySet:
    """Related orders a person may see."""
    return orders_related_to(customer).visible_to(staff)


def related(view: "CustomerView") -> dict[str, Any]:
    """A page of them, newest first, with whose they are and what they share."""
    orders = visible_related(view.customer, view.staff).for_list()
    emails, _phones = reached_at(view.customer)
    found = slice_of(orders, "placed_at", page_after(view))
    page = page_of(view, found, "related", lambda order: _related(view, order, emails))
    return page | {"may_attach": view.may_edit}


def _related(view: "CustomerView", order: Order, emails: list[str]) -> dict[str, Any]:
    owner = order.customer
    return {
        "id": order.pk,
        "url": f"/s/{view.shop.slug}/orders/{order.pk}/",
        "number": order.number,
        "is_cancelled": order.cancelled_at is not None,
        "is_test": order.is_test,
        "placed": cells.show_moment(order.placed_at, view.ctx),
        "total": cells.show_amount(order.total, view.ctx),
        "paid": order.get_financial_state_display(),
        "paid_tone": PAID_TONES.get(FinancialState(order.financial_state), ""),
        "same": _("E-mail") if order.email in emails else _("Phone"),
        "owner": shown_name({name: getattr(owner, name) for name in _NAMING}, view.ctx) if owner else "",
        "owner_url": f"{view.home}{owner.pk}/" if owner else "",
        "owner_in_bin": bool(owner and owner.deleted_at),
    }
