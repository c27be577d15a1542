"""What undoing an import could not take back, ready to print: by customer and field, with the values."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.bulk import Clash, clashes_of, stayed_around
from regulars.customers.changes import Reader, ids_in, shown
from regulars.customers.custom import OwnFields
from regulars.customers.models import Customer
from regulars.customers.timeline import Names
from regulars.shops.permissions import Permission
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest
from regulars.web.files.words import context_of

_TOLD_BY = {"email": "email_raw", "phone": "phone_raw", "birth_year": "birth_md"}
"""Columns that say the same as another one, which says it better."""


def undone(request: StaffRequest, run: ImportRun) -> dict[str, Any]:
    """{"text", "is_over", "rows", "count"}: the rows tell of the first customers whom somebody changed since."""
    assert run.job_run is not None and run.job_run.undone_by is not None
    undoing = run.job_run.undone_by
    conflicts = undoing.result.get("conflicts", 0)
    text = _("What came with this file was taken back.")
    if conflicts:
        text += " " + ngettext(
            "{n} customer was changed since: that stays.", "{n} customers were changed since: that stays.", conflicts
        ).format(n=conflicts)
    named = undoing.result.get("named", [])
    clashes = clashes_of(run.shop, run.job_run.pk, named)
    whole = {clash.customer_id for clash in clashes if not clash.column}
    stayed = stayed_around(run.shop, run.job_run.pk, undoing.pk, set(named) - whole)
    clashes += [Clash(one.customer_id, one.column, None, one.given, one.now) for one in stayed]
    return {
        "text": text if undoing.is_over else _("What was changed since stays."),
        "is_over": undoing.is_over,
        "rows": _rows(request, sorted(clashes, key=lambda clash: clash.customer_id)),
        "count": conflicts,
    }


def _rows(request: StaffRequest, clashes: list[Clash]) -> list[dict[str, Any]]:
    people = Customer.objects.of(request.shop).alive().visible_to(request.staff)
    known = {one.pk: one for one in people.filter(pk__in={clash.customer_id for clash in clashes})}
    ctx = context_of(request)
    names, own = Names(request.staff), OwnFields.of(request.shop, ctx.locale, ever=True)
    names.find(_spoken_of(clashes))
    reader = Reader(ctx.locale, ctx.tz, request.staff.may(Permission.SEE_CONTACT), names, ctx.currency, own)
    columns = {(clash.customer_id, clash.column) for clash in clashes}
    return [
        {
            "name": str(known[clash.customer_id]),
            "url": f"/s/{request.shop.slug}/customers/{clash.customer_id}/",
            "field": _field(clash, reader),
            **_values(clash, reader),
        }
        for clash in clashes
        if clash.customer_id in known
        and (clash.customer_id, _TOLD_BY.get(clash.column)) not in columns
        and (clash.column != "note" or request.staff.may(Permission.SEE_NOTES))
    ]


def _field(clash: Clash, reader: Reader) -> str:
    if not clash.column:
        return _("New customer")
    return _("Address") if clash.column == "address" else reader.label(clash.column)


def _values(clash: Clash, reader: Reader) -> dict[str, str]:
    if not clash.column:
        return {"before": _("not here"), "given": _("added"), "now": _("used since, so it stays")}
    values = {"before": clash.before, "given": clash.given, "now": clash.now}
    if clash.column == "birth_md":
        return {name: shown("birth_md", (value, None), reader) for name, value in values.items()}
    return {name: shown(clash.column, value, reader) for name, value in values.items()}


def _spoken_of(clashes: Iterable[Clash]) -> Iterable[tuple[str, int]]:
    for clash in clashes:
        yield from ids_in({clash.column: [clash.before, clash.given]})
        yield from ids_in({clash.column: [clash.now, clash.now]})
