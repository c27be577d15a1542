"""The second step of an import: what each column holds, how rows are to be taken, and how they will be read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit.dates import day_of
from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.permissions import Permission
from regulars.transfer.columns import own_of
from regulars.transfer.errors import FileRefused
from regulars.transfer.formats import PACKED_LINE
from regulars.transfer.imports import configure, follow
from regulars.transfer.mappings import save_template
from regulars.transfer.models import ImportRun, ImportTemplate
from regulars.transfer.options import Options
from regulars.transfer.previews import Preview, preview
from regulars.transfer.trials import start_trial, waits_for
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.choices import FORMS, ImportChoices, ReadingChoices, fields_by_part
from regulars.web.files.firstrows import FirstRows, first_rows
from regulars.web.files.runs import home_of, import_in
from regulars.web.files.words import context_of, delimiter_name, encoding_name, kind_name
from regulars.web.pages import page, redirect, tell, toast

LOOK = "look"
"""Wish of a form that only asks how the rows would be read; nothing of it is kept."""


@staff_may(Permission.IMPORT)
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """The columns with samples and what they are taken for; a POST keeps the choice and goes on to the figures."""
    run = import_in(request, pk)
    if run.state != ImportRun.State.UPLOADED:
        return redirect(request, home_of(run))
    wish = request.POST.get("do", "")
    if wish in _OTHERS:
        return _OTHERS[wish](request, run)
    options = Options.of(run.options)
    form = FORMS[run.kind](
        request.POST or None, shop=request.shop, options=options, locale=get_language() or "en", own_tag=_own_tag(run)
    )
    problem, mapping = "", options.mapping
    if request.method == "POST":
        mapping = tuple(request.POST.get(f"column-{place}", "") for place in range(len(options.header)))
        if wish == LOOK:
            return _looked_at(request, run, form, mapping)
        try:
            if form.is_valid():
                return _kept(request, configure(run, mapping=mapping, **form.told()))
        except DomainError as refusal:
            problem = str(refusal)
    return _shown(request, run, form, mapping, problem)


def _kept(request: StaffRequest, run: ImportRun) -> HttpResponse:
    """Go on to the figures; before that, save the mapping if the person wishes."""
    name = request.POST.get("template", "").strip()
    if request.POST.get("do") == "save" and name:
        saved = save_template(run, name, staff=request.staff)
        toast(request, _("Saved as “{name}”. Files with these column names follow it.").format(name=saved.name))
        return redirect(request, home_of(run) + "columns/")
    if not waits_for(run):
        start_trial(run, staff=request.staff)
        tell(request, "jobs")
    return redirect(request, home_of(run) + "check/")


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


def _follow(request: StaffRequest, run: ImportRun) -> HttpResponse:
    """Take the columns as a saved mapping says, or guess them as if there were none."""
    try:
        follow(run, request.POST.get("follow", ""))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, home_of(run) + "columns/")


_OTHERS = {"cut": _cut_anew, "follow": _follow}


def _looked_at(request: StaffRequest, run: ImportRun, form: ImportChoices, mapping: Sequence[str]) -> HttpResponse:
    """The first rows under choices that are not kept yet."""
    options = replace(Options.of(run.options), own=own_of(run.shop))
    options = replace(options, mapping=_known(options, mapping))
    if form.is_valid():
        options = replace(options, **{**form.told(), "match": options.match})
    return page(request, "files/columns.html", {"run": run, "first": _first_rows(request, run, options)})


def _known(options: Options, mapping: Sequence[str]) -> tuple[str, ...]:
    return tuple(name if name in options.columns or name == PACKED_LINE else "" for name in mapping)


def _first_rows(request: StaffRequest, run: ImportRun, options: Options) -> FirstRows | None:
    try:
        return first_rows(run, options, context_of(request))
    except (FileRefused, FileNotFoundError):
        return None


def _shown(
    request: StaffRequest, run: ImportRun, form: ImportChoices, mapping: Sequence[str], problem: str
) -> HttpResponse:
    try:
        seen = preview(run)
    except (FileRefused, FileNotFoundError):
        toast(request, _("This file is not here any more. Upload it again."), kind="problem")
        return redirect(request, f"/s/{request.shop.slug}/files/import/{run.kind}/")
    options = Options.of(run.options)
    saved = ImportTemplate.objects.of(request.shop).filter(kind=run.kind)
    context = {
        "run": run,
        "home": home_of(run),
        "kind_name": kind_name(run.kind),
        "seen": seen,
        "columns": _columns(seen, mapping),
        "parts": fields_by_part(run.kind, own_of(run.shop)),
        "form": form,
        "first": _first_rows(request, run, replace(options, mapping=_known(options, mapping))),
        "reading": ReadingChoices(kind=run.kind, options=options),
        "read_as": _read_as(options, seen),
        "reading_doubts": _doubts(options),
        "template": options.template,
        "templates": [one.name for one in saved if one.name != options.template],
        "figures": _figures(run, seen),
        "not_taken": [one.name for one, field in zip(seen.columns, mapping, strict=True) if not field],
        "problem": problem,
    }
    return page(request, "files/columns.html", context, status=422 if problem or form.errors else 200)


def _columns(seen: Preview, mapping: Sequence[str]) -> list[dict[str, Any]]:
    """The file's columns ready to print, with what the person took them for."""
    return [
        {
            "place": one.position, "name": one.name, "samples": one.samples, "field": field,
            "is_guess": one.is_guess and field == one.field,
        }
        for one, field in zip(seen.columns, mapping, strict=True)
    ]  # fmt: skip


def _figures(run: ImportRun, seen: Preview) -> str:
    """ "Shopify customers · 1,204 rows · 22 columns"."""
    locale = get_language() or "en"
    rows, across = run.rows_total or 0, len(seen.columns)
    counts = (
        ngettext("{n} row", "{n} rows", rows).format(n=show_number(rows, locale)),
        ngettext("{n} column", "{n} columns", across).format(n=show_number(across, locale)),
    )
    return " · ".join((seen.format_label, *counts))


def _read_as(options: Options, seen: Preview) -> str:
    """ "UTF-8 · Comma · column names in line 1", or the name of the sheet."""
    names = (
        _("column names in line {line}").format(line=options.header_row)
        if options.header_row
        else _("no line names the columns")
    )
    if options.sheet:
        return " · ".join((_("sheet “{name}”").format(name=options.sheet), names))
    return " · ".join((encoding_name(options.encoding), delimiter_name(seen.delimiter), names))


def _doubts(options: Options) -> list[str]:
    """What was guessed about the file and may be wrong."""
    doubts = []
    if options.encoding and not options.encoding.startswith("utf"):
        doubts.append(_("The encoding was guessed from the letters. Look whether accents are right."))
    if sum(visible for _name, visible in options.sheets) > 1:
        doubts.append(_("The workbook has several sheets. Is this the one?"))
    if options.header_row != 1:
        doubts.append(_("The column names do not stand in the first line. Is this the right one?"))
    if len(options.header) == 1:
        doubts.append(_("There is one column only. Does another sign stand between the columns?"))
    return doubts


def _own_tag(run: ImportRun) -> str:
    """A tag that finds everybody of this file: "import 2026-11-22 people"."""
    day = day_of(run.created_at, run.shop.timezone)
    return f"import {day} {PurePath(run.file_name).stem}".replace(",", " ")[:50].strip()
