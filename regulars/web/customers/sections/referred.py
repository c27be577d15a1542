"""Whom a customer sent, and by which code, ready to print."""

from typing import TYPE_CHECKING, Any

from regulars.customers.models import Customer
from regulars.shops.permissions import Permission
from regulars.web.customers.rows import shown_name
from regulars.web.lists import cells
from regulars.web.numbers import whole_number

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

SIZE = 30
_NAMING = ("name", "company", "email", "phone", "phone_raw", "zalo_id", "country")


def referred_rows(view: "CustomerView") -> Any:
    """The customers that this one sent and the reader may see, as a queryset."""
    return Customer.objects.of(view.shop).alive().visible_to(view.staff).filter(referred_by=view.customer)


def referred(view: "CustomerView") -> dict[str, Any]:
    """A page of them, the newest first, and the address of the next one."""
    found = referred_rows(view).select_related("status").order_by("-id")
    before = whole_number(view.request.GET.get("before", ""))
    if before:
        found = found.filter(pk__lt=before)
    people = list(found[: SIZE + 1])
    more = view.url(tab="referred", before=str(people[SIZE - 1].pk)) if len(people) > SIZE else ""
    return {"rows": [_row(view, customer) for customer in people[:SIZE]], "more": more}


def _row(view: "CustomerView", customer: Customer) -> dict[str, Any]:
    naming = {"id": customer.pk, **{name: getattr(customer, name) for name in _NAMING}}
    sees_orders = view.may(Permission.SEE_ORDERS)
    return {
        "name": shown_name(naming, view.ctx),
        "seed": customer.pk,
        "url": f"{view.home}{customer.pk}/",
        "picture": f"{view.home}{customer.pk}/avatar" if customer.has_avatar else "",
        "joined": cells.show_moment(customer.created_at, view.ctx),
        "first_order": cells.show_moment(customer.first_order_at, view.ctx) if sees_orders else "",
        "spent": cells.show_amount(customer.total_spent, view.ctx) if sees_orders else "",
        "status": customer.status.name if customer.status else "",
        "tone": customer.status.colour if customer.status else "",
    }
