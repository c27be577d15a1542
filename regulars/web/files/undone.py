"""What undoing an import took back and what it left, ready to print; the same of trying it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.bulk import Clash, Undone, clashes_of, stayed_around
from regulars.customers.changes import Reader, ids_in, shown
from regulars.customers.custom import OwnFields
from regulars.customers.models import Customer
from regulars.customers.timeline import Names
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest
from regulars.web.files.kept import WHATS, kept
from regulars.web.files.runs import is_half_undone
from regulars.web.files.words import context_of

_TOLD_BY = {"email": "email_raw", "phone": "phone_raw", "birth_year": "birth_md"}
"""Columns that say the same as another one, which says it better."""


def undone(request: StaffRequest, run: ImportRun) -> dict[str, Any]:
    """What was taken back: as `account`, and in words ("title", "text")."""
    assert run.job_run is not None and run.job_run.undone_by is not None
    undoing = run.job_run.undone_by
    told = account(request, run, undoing, is_trial=False)
    if is_half_undone(run):
        why = [undoing.error or _("Somebody stopped it."), _("Undo the import again to go on.")]
        return told | {"title": _("Undoing ended too early"), "text": " ".join(why)}
    if not undoing.is_over:
        return told | {"title": _("This import is being undone …"), "text": _("What was changed since stays.")}
    text = _("What came with this file was taken back.")
    if told["rows_kept"]:
        text += " " + ngettext(
            "{n} thing was worked with since: it stays.", "{n} things were worked with since: they stay.", told["count"]
        ).format(n=told["count"])
    elif told["people_kept"]:
        text += " " + ngettext(
            "{n} customer was changed since: that stays.", "{n} customers were changed since: that stays.",
            told["people_kept"],
        ).format(n=told["people_kept"])  # fmt: skip
    return told | {"title": _("This import was undone"), "text": text}


def account(request: StaffRequest, run: ImportRun, undoing: JobRun, *, is_trial: bool) -> dict[str, Any]:
    """{"is_over", "error", "counts", "rows", "kept", "count", "people_kept", "rows_kept"} of an undoing or its trial.

    counts: by what, {"what", "gone", "back", "stayed"}. rows, kept: the first customers and the first rows that stay.
    """
    assert run.job_run is not None
    told = Undone(**undoing.result) if undoing.result else Undone()
    clashes = clashes_of(run.shop, run.job_run.pk, told.named)
    whole = {clash.customer_id for clash in clashes if not clash.column}
    stayed = stayed_around(run.shop, run.job_run.pk, undoing.pk, set(told.named) - whole)
    if is_trial:  # what nobody touched is still there, and will go
        stayed = [one for one in stayed if one.column == "tag_ids" or one.given != one.now]
    clashes += [Clash(one.customer_id, one.column, None, one.given, one.now) for one in stayed]
    return {
        "is_over": undoing.is_over,
        "error": undoing.error,
        "counts": _counts(told, context_of(request)),
        "rows": _rows(request, sorted(clashes, key=lambda clash: clash.customer_id)),
        "kept": kept(request, told.stayed),
        "count": told.conflicts,
        "people_kept": told.people[2],
        "rows_kept": told.conflicts - told.people[2],
    }


def _counts(told: Undone, ctx: Context) -> list[dict[str, str]]:
    by_what = {str(WHATS[what]): told.rows[what] for what in WHATS if what in told.rows}
    by_what[_("Customers")] = told.people
    names = ("back", "gone", "stayed")
    return [
        {"what": what} | {name: show_number(count, ctx.locale) for name, count in zip(names, counts, strict=True)}
        for what, counts in by_what.items()
        if any(counts)
    ]


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
