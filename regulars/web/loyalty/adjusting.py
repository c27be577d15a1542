"""The dialog in which points are given to one customer, or taken."""

import secrets
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit.dates import show_day
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.numbers import show_number
from regulars.loyalty.entries import today_of
from regulars.loyalty.errors import KeyUsed, NotEnoughPoints
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import adjust_points
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of
from regulars.web.loyalty.lines import Line, line_of_one
from regulars.web.loyalty.wish import Given, given_in, read_wish
from regulars.web.loyalty.words import points_words
from regulars.web.pages import asked_for_part, page, redirect, toast
from regulars.web.places import back_to

LOOK = "look"
"""In place of doing it: what would it do?"""


@staff_may(Permission.SEE_CUSTOMERS, Permission.POINTS)
def adjust(request: StaffRequest, pk: int) -> HttpResponse:
    """The dialog, its line anew while somebody types, and what was written in it."""
    customer = customer_of(request, pk)
    view, today = CustomerView(request, customer), today_of(request.shop)
    given, errors = given_in(request.POST, today), {}
    if request.POST.get("do") == LOOK:
        return page(request, "loyalty/line.html", {"line": _line(customer, given, today)})
    if request.method == "POST":
        try:
            entry = _done(request, customer, given, today)
        except DomainError as refusal:
            errors = {_input_of(refusal): _sentence(refusal)}
            customer = customer_of(request, pk)  # as it is by now
        else:
            toast(request, _told(entry, view.name))
            tab = view.url(tab="points")
            return redirect(request, back_to(request, tab) if asked_for_part(request) else tab)
    context = _context(request, customer, given, errors, today)
    return page(request, "loyalty/dialog.html", context, status=422 if errors else 200)


def _line(customer: Customer, given: Given, today: date) -> Line:
    return line_of_one(customer, given, today=today, locale=get_language() or "en")


def _done(request: StaffRequest, customer: Customer, given: Given, today: date) -> PointsEntry:
    """The entry; of a button that was pressed twice, that of the first time."""
    wish = read_wish(given, today=today, locale=get_language() or "en")
    key = request.POST.get("key", "")
    return adjust_points(
        customer, wish.points, note=given["note"], counts_on=wish.counts_on, expires_on=wish.expires_on,
        by=request.actor, key=f"form:{key}" if key else "",
    )  # fmt: skip


def _input_of(refusal: DomainError) -> str:
    """The input that a refusal is about, "" for none of them."""
    if isinstance(refusal, NotEnoughPoints):
        return "points"
    return refusal.field or "" if isinstance(refusal, BadValue) else ""


def _sentence(refusal: DomainError) -> str:
    if isinstance(refusal, NotEnoughPoints):
        locale = get_language() or "en"
        needed, balance = (show_number(refusal.details[name], locale) for name in ("needed", "balance"))
        return _("{needed} points are needed, the balance is {balance}.").format(needed=needed, balance=balance)
    if isinstance(refusal, KeyUsed):
        return _("Points were moved from here already. Close this, look at the ledger, and open it again.")
    return str(refusal)


def _told(entry: PointsEntry, name: str) -> str:
    """What was done, for the corner of the page."""
    locale = get_language() or "en"
    points = points_words(abs(entry.points), locale)
    if entry.is_pending:
        words = _("{points} for {name} count from {day} on.")
        return words.format(points=points, name=name, day=show_day(entry.counts_on, locale))
    words = _("{points} given to {name}.") if entry.points > 0 else _("{points} taken of {name}.")
    return words.format(points=points, name=name)


def _context(
    request: StaffRequest, customer: Customer, given: Given, errors: dict[str, str], today: date
) -> dict[str, Any]:
    view = CustomerView(request, customer)
    action = view.url("points/adjust/")
    line = _line(customer, given, today)
    points = {"given": given, "errors": errors, "line": line, "today": today.isoformat(), "look": action}
    return {
        "view": view, "action": action, "back": view.url(tab="points"), "points": points,
        "key": request.POST.get("key") or secrets.token_urlsafe(24), "problem": errors.get("", ""),
    }  # fmt: skip
