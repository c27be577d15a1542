"""Why a figure of points is what it is: the lines of the ledger that add up to it."""

from typing import Any

from django.http import Http404, HttpResponse

from regulars.customers.fields import customer_fields
from regulars.kit.numbers import show_number
from regulars.loyalty.why import EXPLAINED, Part, explain
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of
from regulars.web.lists import cells
from regulars.web.loyalty.words import reason_words, signed
from regulars.web.pages import page

MOST = 500
"""Lines that are shown; the sum counts all."""


@staff_may(Permission.SEE_CUSTOMERS)
def why(request: StaffRequest, pk: int, figure: str) -> HttpResponse:
    """The movements behind one of a customer's figures."""
    if figure not in EXPLAINED:
        raise Http404
    view = CustomerView(request, customer_of(request, pk))
    return page(request, "loyalty/why.html", {"view": view, "why": _reasons(view, figure)})


def _reasons(view: CustomerView, figure: str) -> dict[str, Any]:
    found, stored = explain(view.customer, figure), getattr(view.customer, figure)
    field, locale = customer_fields[figure], view.ctx.locale
    more = len(found.parts) - MOST
    return {
        "label": field.label,
        "meaning": field.help,
        "parts": [_part(view, part) for part in found.parts[:MOST]],
        "hidden": show_number(more, locale) if more > 0 else "",
        "total": show_number(found.total, locale),
        "stored": show_number(stored, locale),
        "is_equal": found.total == stored,
        "may_check": view.may(Permission.SETTINGS),
    }


def _part(view: CustomerView, part: Part) -> dict[str, Any]:
    return {
        "at": cells.show_moment(part.entry.created_at, view.ctx),
        "said": part.entry.note or reason_words(part.entry.reason, part.entry.origin),
        "reason": reason_words(part.entry.reason, part.entry.origin) if part.entry.note else "",
        "points": signed(part.amount, view.ctx.locale),
    }
