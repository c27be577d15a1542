"""The entries of the export log: all of them, newest first, and whether none was changed since."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kit.dates import show_moment
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.permissions import Permission
from regulars.transfer.models import ExportChain, ExportEntry
from regulars.transfer.outgoing.chain import Verdict, check_chain
from regulars.transfer.outgoing.logbook import LOGBOOK
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.paging import slice_of
from regulars.web.files.words import context_of
from regulars.web.pages import page

TOLD = {
    "kind": gettext_lazy("What"), "format": gettext_lazy("Format"), "where": gettext_lazy("Filter"),
    "search": gettext_lazy("Search"), "sort": gettext_lazy("Order"), "fields": gettext_lazy("Fields"),
    "selected": gettext_lazy("Ticked"), "excluded": gettext_lazy("Left out"), "schedule": gettext_lazy("Schedule"),
    "rows": gettext_lazy("Rows"), "sha256": "SHA-256", "bytes": gettext_lazy("Bytes"), "file": gettext_lazy("File"),
}  # fmt: skip
"""What the data of entries is called."""


@staff_may(Permission.EXPORT)
def export_entries(request: StaffRequest) -> HttpResponse:
    """The entries; a POST checks all of them first."""
    ctx = context_of(request)
    verdict = check_chain(request.shop) if request.method == "POST" else None
    end = ExportChain.objects.of(request.shop).first()
    found = slice_of(ExportEntry.objects.of(request.shop), ("-number",), request.GET)
    context = {
        "entries": [entry_line(entry, request, ctx) for entry in found.rows],
        "found": found,
        "verdict": _said(verdict, ctx) if verdict else None,
        "checked": show_moment(end.checked_at, ctx.tz, ctx.locale) if end and end.checked_at else "",
        "broken": end.broken if end else None,
        "may_export": all(request.staff.may(permission) for permission in LOGBOOK.needs),
    }
    return page(request, "files/entries.html", context)


def entry_line(entry: ExportEntry, request: StaffRequest, ctx: Context) -> dict[str, Any]:
    """An entry ready to print."""
    return {
        "number": show_number(entry.number, ctx.locale),
        "kind": entry.get_kind_display(),
        "url": f"/s/{request.shop.slug}/files/exports/{entry.export_id}/",  # type: ignore[attr-defined]
        "when": show_moment(entry.at, ctx.tz, ctx.locale),
        "who": entry.actor_name or _("Command line"),
        "ip": entry.ip,
        "told": [(TOLD.get(name, name), _shown(value, ctx)) for name, value in entry.data.items()],
        "hash": entry.hash,
    }


def _shown(value: Any, ctx: Context) -> str:
    if isinstance(value, int):
        return show_number(value, ctx.locale)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _said(verdict: Verdict, ctx: Context) -> dict[str, Any]:
    return {
        "is_whole": verdict.is_whole,
        "count": show_number(verdict.count, ctx.locale),
        "since": show_moment(verdict.since, ctx.tz, ctx.locale) if verdict.since else "",
        "number": show_number(verdict.number, ctx.locale),
        "hash": verdict.hash,
        "broken": show_number(verdict.broken, ctx.locale) if verdict.broken else "",
    }
