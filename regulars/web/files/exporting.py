"""The dialog of an export: how many rows, which of them, what of them and how the file is written."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.selection import Selection
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.shops.work import carry_on
from regulars.transfer.exports import Asked, rows_of, start_export
from regulars.transfer.models import ExportSet
from regulars.transfer.outgoing.asked import within
from regulars.transfer.outgoing.customers import CUSTOMERS
from regulars.transfer.outgoing.logbook import LOGBOOK
from regulars.transfer.outgoing.orders import ORDERS
from regulars.transfer.outgoing.payments import PAYMENTS
from regulars.transfer.outgoing.points import POINTS
from regulars.transfer.outgoing.sets import Habit, habit_of, may_change, remove_set, save_set, sets_for
from regulars.transfer.outgoing.ways import DELIMITERS, ENCODINGS, FORMATS
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers import bulk, kind
from regulars.web.files.exports import shown
from regulars.web.files.logs import export_in
from regulars.web.files.scheduling import proposed
from regulars.web.files.sources import Source, of_kind, of_list, selected
from regulars.web.loyalty.kind import LEDGER
from regulars.web.orders import kind as orders_kind
from regulars.web.pages import asked_for_part, page, redirect, tell, toast
from regulars.web.transactions.kind import TRANSACTIONS

AT_ONCE = 5_000
"""Rows that are written while the person waits; more are written by the worker."""

DIALOG = "files/export_dialog.html"


@staff_may(Permission.EXPORT, *CUSTOMERS.needs)
def customers_export(request: StaffRequest) -> HttpResponse:
    """Customers: what the list shows, or those ticked in it."""
    source = of_list(request, kind.CUSTOMERS, CUSTOMERS)
    if "selection" in request.POST:
        return _dialog(request, selected(source, bulk.posted(request)))
    if request.method == "POST" and "which" not in request.POST:
        return _dialog(request, selected(source, _counted(request, bulk.chosen(request))))
    return _dialog(request, source)


@staff_may(Permission.EXPORT, *ORDERS.needs)
def orders_export(request: StaffRequest) -> HttpResponse:
    """Orders: what the list shows."""
    return _dialog(request, of_list(request, orders_kind.ORDERS, ORDERS))


@staff_may(Permission.EXPORT, *PAYMENTS.needs)
def payments_export(request: StaffRequest) -> HttpResponse:
    """Transactions: what the list shows."""
    return _dialog(request, of_list(request, TRANSACTIONS, PAYMENTS))


@staff_may(Permission.EXPORT, *PAYMENTS.needs)
def transactions_export(request: StaffRequest) -> HttpResponse:
    """Transactions: all of them, or those of a period."""
    home = f"/s/{request.shop.slug}/files/export/transactions/"
    return _dialog(request, of_kind(request, PAYMENTS, home))


@staff_may(Permission.EXPORT, *POINTS.needs)
def points_export(request: StaffRequest) -> HttpResponse:
    """Movements of points: what the ledger shows."""
    return _dialog(request, of_list(request, LEDGER, POINTS))


@staff_may(Permission.EXPORT, *LOGBOOK.needs)
def log_export(request: StaffRequest) -> HttpResponse:
    """The export log itself."""
    return _dialog(request, of_kind(request, LOGBOOK, f"/s/{request.shop.slug}/files/export/log/"))


def _counted(request: StaffRequest, selection: Selection) -> Selection:
    """With the number of people it means now, which is the number that is shown."""
    return replace(selection, expected=selection.count(request.staff))


def _dialog(request: StaffRequest, source: Source) -> HttpResponse:
    """Show it; or do what its button says: count, keep the fields as a set, forget a set, write the file."""
    deed, problem = request.POST.get("do", ""), ""
    try:
        if deed in ("save", "replace"):
            return _shown(request, source, which=f"set-{_save(request, source, overwrite=deed == 'replace').pk}")
        if deed.startswith("forget-"):
            _forget(request, source, deed.removeprefix("forget-"))
        elif deed == "schedule":
            return proposed(request, _asked(request, source))
        elif "which" in request.POST and deed != "look":
            return _begin(request, _asked(request, source))
    except DomainError as refusal:
        problem = str(refusal)
    return _shown(request, source, which=request.POST.get("which", ""), problem=problem)


def _begin(request: StaffRequest, asked: Asked) -> HttpResponse:
    """Write it down and write it: at once when it is small, else in the background."""
    address = get_adapter(request).get_client_ip(request)
    log = start_export(request.shop, asked, staff=request.staff, by=request.actor, ip=address)
    if log.job_run and (log.job_run.total or 0) <= AT_ONCE:
        carry_on(shop_id=log.shop_id, run_id=log.job_run.pk)
    tell(request, "jobs")
    if asked_for_part(request):
        return shown(request, export_in(request, log.pk))
    return redirect(request, f"/s/{request.shop.slug}/files/exports/{log.pk}/")


def _asked(request: StaffRequest, source: Source) -> Asked:
    """The question with its period, the chosen fields and the chosen way. Raises BadCondition."""
    given = request.POST
    asked = replace(_narrowed(request, source), fields=_fields(request, source))
    return replace(
        asked,
        format=given.get("format", asked.format),
        delimiter=given.get("delimiter", asked.delimiter),
        encoding=given.get("encoding", asked.encoding),
    )


def _narrowed(request: StaffRequest, source: Source) -> Asked:
    given = request.POST
    date, first, last = (given.get(name, "").strip() for name in ("date", "first", "last"))
    return replace(source.asked, where=within(source.kind, source.asked.where, date, first, last, source.ctx))


def _fields(request: StaffRequest, source: Source) -> tuple[str, ...]:
    """What is to be written, in order; the usual fields are none by name."""
    which = request.POST.get("which", "")
    if which == "chosen":
        return _ticked(request)
    if which.startswith("set-"):
        known = source.kind.available(source.ctx)
        return tuple(name for name in _set(request, source, which.removeprefix("set-")).fields if name in known)
    return source.in_view if which == "view" else ()


def _ticked(request: StaffRequest) -> tuple[str, ...]:
    if names := tuple(request.POST.getlist("field")):
        return names
    raise BadValue(_("Choose at least one field."), value="", field="field")


# --- sets of fields -------------------------------------------------------------------------------------------------


def _set(request: StaffRequest, source: Source, pk: str) -> ExportSet:
    found = next((one for one in sets_for(request.staff, source.kind.name) if str(one.pk) == pk), None)
    if found is None:
        raise PermissionDenied
    return found


def _save(request: StaffRequest, source: Source, *, overwrite: bool) -> ExportSet:
    """Keep the ticked fields. Raises BadValue, SetExists, UnknownExportField."""
    names = [column.name for column in source.kind.chosen(_ticked(request), source.ctx)]
    given = request.POST
    saved = save_set(
        request.staff, source.kind.name, given.get("set_name", ""), names, is_team="set_team" in given,
        overwrite=overwrite,
    )  # fmt: skip
    toast(request, _("The fields are kept as “{name}”.").format(name=saved.name))
    return saved


def _forget(request: StaffRequest, source: Source, pk: str) -> None:
    one = _set(request, source, pk)
    remove_set(one, staff=request.staff)
    toast(request, _("The set of fields “{name}” was removed.").format(name=one.name))


# --- what the dialog shows ------------------------------------------------------------------------------------------


def _shown(request: StaffRequest, source: Source, *, which: str = "", problem: str = "") -> HttpResponse:
    given, ctx = request.POST, source.ctx
    count = rows_of(request.shop, source.asked, ctx, request.staff).count()
    is_narrowed = bool(given.get("first") or given.get("last"))
    narrowed = ""
    if is_narrowed and not problem:
        try:
            found = rows_of(request.shop, _narrowed(request, source), ctx, request.staff).count()
            narrowed = _words(source, found)
        except DomainError as refusal:
            problem = str(refusal)
    sets = sets_for(request.staff, source.kind.name)
    choices = {"all", "chosen", *(f"set-{one.pk}" for one in sets), *(["view"] if source.in_view else [])}
    context = {
        "source": source,
        "heading": _("Export {what}").format(what=_words(source, count)),
        "number": count,
        "narrowed": narrowed,
        "choice": which if which in choices else "view" if source.in_view else "all",
        "sets": [_shown_set(request, source, one) for one in sets],
        "is_taken": problem and given.get("do") == "save" and given.get("set_name", "") in {one.name for one in sets},
        "fields": _offered(request, source),
        "given": given,
        "habit": _habit(request, source),
        "formats": FORMATS.values(),
        "delimiters": _words_of(DELIMITERS),
        "encodings": _words_of(ENCODINGS),
        "dates": [(name, str(source.kind.fields[name].label)) for name in _dates(source)],
        "selection": json.dumps(source.selection) if source.selection else "",
        "is_masked": not request.staff.may(Permission.SEE_CONTACT),
        "problem": problem,
    }
    return page(request, DIALOG, context, status=422 if problem else 200)


def _words(source: Source, count: int) -> str:
    """So many rows, in words."""
    return source.kind.counted(count).format(n=show_number(count, source.ctx.locale))


def _words_of(choices: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(value, str(word)) for value, word in choices.items()]


def _habit(request: StaffRequest, source: Source) -> Habit:
    """What was chosen in this form, else the last time."""
    usual, given = habit_of(request.staff, source.ctx.locale), request.POST
    return Habit(*(given.get(name, getattr(usual, name)) for name in ("format", "delimiter", "encoding")))


def _dates(source: Source) -> list[str]:
    fields = source.kind.fields
    return [name for name in source.kind.dates if not fields[name].needs or source.ctx.may(fields[name].needs)]


def _shown_set(request: StaffRequest, source: Source, one: ExportSet) -> dict[str, Any]:
    known = source.kind.available(source.ctx)
    return {
        "pk": one.pk,
        "name": one.name,
        "owner": "" if one.staff_id == request.staff.pk else str(one.staff),
        "fields": ", ".join(str(known[name].label) for name in one.fields if name in known),
        "may_change": may_change(request.staff, one),
    }


def _offered(request: StaffRequest, source: Source) -> list[dict[str, Any]]:
    """All fields that can be chosen: those ticked or in the view first."""
    known = source.kind.available(source.ctx)
    first = [name for name in request.POST.getlist("field") or source.in_view or source.kind.usual if name in known]
    names = [*dict.fromkeys(first), *(name for name in known if name not in first)]
    return [{"name": name, "label": known[name].label, "is_on": name in first} for name in names]
