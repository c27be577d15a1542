"""What stands above the ledger: what the shop still owes in points, what waits, and what expires soon."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit.dates import show_day
from regulars.kit.numbers import show_number
from regulars.loyalty.liability import Outstanding, expiring_points, outstanding
from regulars.loyalty.lots import Expiring
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page

SOON = 30
"""Days ahead that are looked at for what expires."""


def overview(request: StaffRequest, **_values: Any) -> dict[str, Any]:
    """For the template of the ledger: the figures are summed over all customers, so the page asks for them when it
    stands.
    """
    return {"labels": _labels()}


@staff_may(Permission.SEE_CUSTOMERS)
def totals(request: StaffRequest) -> HttpResponse:
    """The figures, each leading to the customers or movements behind it."""
    shop, staff, home = request.shop, request.staff, f"/s/{request.shop.slug}/"
    owed, soon = outstanding(shop, staff), expiring_points(shop, staff, SOON)
    values = (owed.points, owed.pending, sum(one.points for one in soon))
    notes = (_holders(owed), _("count from a later day on") if owed.pending else "", _first(soon))
    urls = (
        f"{home}customers/?where={quote('points > 0')}&sort=-points",
        f"{home}customers/?where={quote('points_pending > 0')}&sort=-points_pending",
        f"{home}loyalty/?where={quote(f'expires_on BETWEEN today AND +{SOON}d')}",
    )
    told = zip(_labels(), map(_shown, values), notes, urls, strict=True)
    figures = [{"label": label, "value": value, "note": note, "url": url} for label, value, note, url in told]
    return page(request, "loyalty/totals.html", {"figures": figures})


def _labels() -> tuple[str, ...]:
    return _("Points outstanding"), _("Pending"), _("Expire within {n} days").format(n=SOON)


def _holders(owed: Outstanding) -> str:
    """Whose points they are, and what those lack who have less than 0."""
    said = ngettext("of {n} customer", "of {n} customers", owed.holders).format(n=_shown(owed.holders))
    lacking = _("{n} overdrawn").format(n=_shown(owed.overdrawn))
    return f"{said} · {lacking}" if owed.overdrawn else said


def _first(soon: list[Expiring]) -> str:
    """When the first of them expire, "" for none."""
    if not soon:
        return ""
    return _("the first after {day}").format(day=show_day(soon[0].expires_on, get_language() or "en"))


def _shown(number: int) -> str:
    return show_number(number, get_language() or "en")
