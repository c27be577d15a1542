"""What stands above the ledger: what the shop still owes in points, what waits, and what expires soon."""

from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit.dates import show_day
from regulars.kit.numbers import show_number
from regulars.loyalty.liability import expiring_points, outstanding
from regulars.shops.permissions import Permission
from regulars.transfer.outgoing.kinds import export_kinds
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page

SOON = 30
"""Days ahead that are looked at for what expires."""


class Overview:
    """Asked for by the page alone: when only rows are shown anew, nothing is counted again."""

    def __init__(self, request: StaffRequest) -> None:
        self._request, self._locale = request, get_language() or "en"
        self._customers = f"/s/{request.shop.slug}/customers/"

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        """Label, value, note, help, and the customers behind it."""
        found = outstanding(self._request.shop, self._request.staff)
        holders = ngettext("of {n} customer", "of {n} customers", found.holders)
        notes = [holders.format(n=self._show(found.holders))]
        if found.overdrawn:
            notes.append(_("{n} overdrawn").format(n=self._show(found.overdrawn)))
        return [
            {
                "label": _("Points outstanding"),
                "value": self._show(found.points),
                "note": " · ".join(notes),
                "help": _("What all customers can use today."),
                "url": self._where("points > 0", "-points"),
            },
            {
                "label": _("Pending"),
                "value": self._show(found.pending),
                "note": _("count from a later day on") if found.pending else "",
                "help": _("Points that do not count yet."),
                "url": self._where("points_pending > 0", "-points_pending"),
            },
        ]

    @property
    def soon(self) -> str:
        """What is worked out of many ledgers, and so asked for when the page stands."""
        return _soon()

    @property
    def export_url(self) -> str:
        """Where the ledger is exported, "" where it cannot be."""
        is_offered = any(kind.name == "points" for kind in export_kinds())
        return f"/s/{self._request.shop.slug}/loyalty/export/" if is_offered else ""

    def _show(self, number: int) -> str:
        return show_number(number, self._locale)

    def _where(self, where: str, sort: str) -> str:
        return f"{self._customers}?where={quote(where)}&sort={sort}"


def _soon() -> str:
    return _("Expire within {n} days").format(n=SOON)


@staff_may(Permission.SEE_CUSTOMERS)
def expiring(request: StaffRequest) -> HttpResponse:
    """What expires within SOON days: how much, and when the first of it does."""
    locale = get_language() or "en"
    found = expiring_points(request.shop, request.staff, SOON)
    told = {
        "label": _soon(),
        "value": show_number(sum(one.points for one in found), locale),
        "note": _("the first after {day}").format(day=show_day(found[0].expires_on, locale)) if found else "",
        "help": _("What is left of points that can be used until then."),
        "url": f"/s/{request.shop.slug}/loyalty/?where={quote(f'expires_on BETWEEN today AND +{SOON}d')}",
    }
    return page(request, "loyalty/expiring.html", {"expiring": told})


def overview(request: StaffRequest, **_values: Any) -> dict[str, Any]:
    """For the template of the ledger."""
    return {"points": Overview(request)}
