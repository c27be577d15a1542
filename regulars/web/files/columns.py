"""The second step of an import: what each column holds, and how rows are to be taken."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.transfer.errors import FileRefused
from regulars.transfer.imports import Preview, configure, preview
from regulars.transfer.models import ImportRun
from regulars.transfer.options import Options
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.choices import FORMS, ImportChoices, ReadingChoices, fields_by_part
from regulars.web.files.runs import home_of, import_in
from regulars.web.files.words import delimiter_name, kind_name
from regulars.web.pages import page, redirect, toast


@staff_may(Permission.IMPORT)
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """The columns with samples and what they are taken for; a POST keeps the choice and goes on to the figures."""
    run = import_in(request, pk)
    if run.state != ImportRun.State.UPLOADED:
        return redirect(request, home_of(run))
    if request.POST.get("do") == "cut":
        return _cut_anew(request, run)
    options = Options.of(run.options)
    form = FORMS[run.kind](request.POST or None, shop=request.shop, options=options, locale=get_language() or "en")
    problem, mapping = "", options.mapping
    if request.method == "POST":
        mapping = tuple(request.POST.get(f"column-{place}", "") for place in range(len(options.header)))
        try:
            if form.is_valid():
                configure(run, mapping=mapping, **form.told())
                return redirect(request, home_of(run) + "check/")
        except DomainError as refusal:
            problem = str(refusal)
    return _shown(request, run, form, mapping, problem)


def _cut_anew(request: StaffRequest, run: ImportRun) -> HttpResponse:
    """Read the file in another layout or with another delimiter, and guess the columns again."""
    form = ReadingChoices(request.POST, kind=run.kind, options=Options.of(run.options))
    try:
        if form.is_valid():
            configure(run, **form.changed())
            toast(request, _("The file was read again."))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, home_of(run) + "columns/")


def _shown(
    request: StaffRequest, run: ImportRun, form: ImportChoices, mapping: Sequence[str], problem: str
) -> HttpResponse:
    try:
        seen = preview(run)
    except (FileRefused, FileNotFoundError):
        toast(request, _("This file is not here any more. Upload it again."), kind="problem")
        return redirect(request, f"/s/{request.shop.slug}/files/import/{run.kind}/")
    context = {
        "run": run,
        "home": home_of(run),
        "kind_name": kind_name(run.kind),
        "seen": seen,
        "columns": _columns(seen, mapping),
        "parts": fields_by_part(run.kind),
        "form": form,
        "reading": ReadingChoices(kind=run.kind, options=Options.of(run.options)),
        "figures": _figures(run, seen),
        "not_taken": [one.name for one, field in zip(seen.columns, mapping, strict=True) if not field],
        "problem": problem,
    }
    return page(request, "files/columns.html", context, status=422 if problem or form.errors else 200)


def _columns(seen: Preview, mapping: Sequence[str]) -> list[dict[str, Any]]:
    """The file's columns ready to print, with what the person took them for."""
    return [
        {"place": one.position, "name": one.name, "samples": one.samples, "field": field}
        for one, field in zip(seen.columns, mapping, strict=True)
    ]


def _figures(run: ImportRun, seen: Preview) -> str:
    """ "Shopify customers · 1,204 rows · 22 columns · comma", or the name of the sheet."""
    locale = get_language() or "en"
    rows, across = run.rows_total or 0, len(seen.columns)
    counts = (
        ngettext("{n} row", "{n} rows", rows).format(n=show_number(rows, locale)),
        ngettext("{n} column", "{n} columns", across).format(n=show_number(across, locale)),
    )
    sheet = Options.of(run.options).sheet
    cut = _("sheet “{name}”").format(name=sheet) if sheet else delimiter_name(seen.delimiter).lower()
    return " · ".join((seen.format_label, *counts, cut))
