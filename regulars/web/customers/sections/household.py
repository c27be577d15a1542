"""With whom a customer lives or works, what they come to together, and who they may be as well."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.customers.likeness import REASONS, has_open_pairs, pairs_of
from regulars.customers.models import Customer
from regulars.kit import numbers
from regulars.shops.permissions import Permission
from regulars.web.customers.rows import shown_name
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

NAMING = ("name", "company", "email", "phone", "phone_raw", "country")
MOST = 50
SUMMED = ("orders_count", "total_spent", "debt")


def household(view: "CustomerView") -> dict[str, Any] | None:
    """The name, the members this person may see, and their sums; None for who is in none.

    Figures of each stay theirs; only what is shown here is added up.
    """
    if view.customer.household_id is None:
        return None
    known = Customer.objects.of(view.shop).alive().visible_to(view.staff)
    rows = list(
        known.filter(household_id=view.customer.household_id).order_by("pk").values("id", *NAMING, *SUMMED)[:MOST]
    )
    return {
        "name": view.customer.household.name if view.customer.household else "",
        "members": [_member(view, row) for row in rows],
        "sums": _sums(view, rows) if view.may(Permission.SEE_ORDERS) and len(rows) > 1 else [],
    }


def likeness(view: "CustomerView") -> dict[str, Any] | None:
    """The surest open pair of this customer: who it is, why, where to compare them."""
    may = view.may(Permission.SEE_CONTACT) and view.may(Permission.SEE_CUSTOMERS)
    if not view.is_live or not may or not has_open_pairs(view.shop, view.customer.pk):
        return None
    pair = pairs_of(view.shop, view.staff, view.customer.pk).first()
    if pair is None:
        return None
    other = pair.second_id if pair.first_id == view.customer.pk else pair.first_id
    row = Customer.objects.of(view.shop).values("id", *NAMING).get(pk=other)
    return {
        "name": shown_name(row, view.ctx),
        "url": f"{view.home}{other}/",
        "reason": ", ".join(str(REASONS[reason]) for reason in pair.reasons if reason in REASONS),
        "compare": f"{view.home}duplicates/?customer={view.customer.pk}",
    }


def _member(view: "CustomerView", row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": shown_name(row, view.ctx), "url": f"{view.home}{row['id']}/"}


def _sums(view: "CustomerView", rows: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    orders, spent, debt = (sum(row[name] for row in rows) for name in SUMMED)
    return [
        (_("Orders"), numbers.show_number(orders, view.ctx.locale)),
        (_("Total spent"), cells.show_amount(spent, view.ctx)),
        *([(_("Debt"), cells.show_amount(debt, view.ctx))] if debt else []),
    ]
