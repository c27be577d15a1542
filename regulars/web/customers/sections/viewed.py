"""The products a customer looked at, and how often they come, ready to print."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.catalog.viewed import ViewedProduct, viewed_products
from regulars.kit import numbers
from regulars.web.customers.sections.cursors import read_cursor, write_cursor
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView


def products(view: "CustomerView") -> dict[str, Any]:
    """A page of products, the one looked at last first, and the address of the next one."""
    rows, following = viewed_products(view.customer, after=read_cursor(view.request.GET.get("before", "")))
    more = view.url(tab="products", before=write_cursor(*following)) if following else ""
    return {"rows": [_product(view, row) for row in rows], "more": more}


def visits(view: "CustomerView") -> str:
    """How often they came, and how lively they are: "12 · 3 in 30 days · Medium interaction"; "" for never."""
    customer, locale = view.customer, view.ctx.locale
    if not customer.visits:
        return ""
    show = lambda count: numbers.show_number(count, locale)  # noqa: E731
    recent = ngettext("{n} in 30 days", "{n} in 30 days", customer.visits_30d).format(n=show(customer.visits_30d))
    level = _("Interaction: {level}").format(level=customer.get_interaction_display())
    return " · ".join([show(customer.visits), recent, level])


def _product(view: "CustomerView", row: ViewedProduct) -> dict[str, Any]:
    return {
        "name": row.name,
        "category": row.category,
        "picture": _picture(row.picture),
        "seed": row.product_id or row.name,
        "times": numbers.show_number(row.times, view.ctx.locale),
        "last": cells.show_moment(row.last_at, view.ctx),
    }


def _picture(url: str) -> str:
    """A picture of our own server; another one would learn whom we are looking at."""
    return url if url.startswith("/") and not url.startswith("//") else ""
