"""Exporting customers: the dialog that says the count first, the file when it is ready, the log of all of them."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import FileResponse, Http404, HttpResponse
from django.utils.timezone import localdate

from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.shops.work import carry_on
from regulars.transfer.errors import LinkExpired, NotYours
from regulars.transfer.export_columns import CAN_BE_READ_BACK, available
from regulars.transfer.exports import Asked, download, rows_of, start_export
from regulars.transfer.models import ExportLog
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.files.downloads import sent
from regulars.web.files.logs import export_in, field_label, line_of
from regulars.web.files.paging import slice_of
from regulars.web.files.words import context_of
from regulars.web.jobs.links import shows
from regulars.web.lists.state import ListState
from regulars.web.lists.views import read_state
from regulars.web.pages import asked_for_part, page, redirect, tell

AT_ONCE = 5_000
"""Rows that are written while the person waits; more are written by the worker."""

MAY = (Permission.SEE_CUSTOMERS, Permission.EXPORT)


@shows("export")
def page_of_export(job: JobRun) -> str:
    return f"files/exports/{job.data['export']}/"


@staff_may(Permission.EXPORT)
def exports(request: StaffRequest) -> HttpResponse:
    """The export log, newest first; it is fetched again while one is written."""
    logs = ExportLog.objects.of(request.shop).select_related("shop", "job_run", "staff__user")
    found = slice_of(logs, ("-id",), request.GET)
    ctx = context_of(request)
    lines = [line_of(log, request, ctx) for log in found.rows]
    context = {"lines": lines, "found": found, "is_busy": any(line["is_running"] for line in lines)}
    return page(request, "files/exports.html", context)


@staff_may(*MAY)
def customers_export(request: StaffRequest) -> HttpResponse:
    """How many the list's question means, and what to write of them; a POST writes it."""
    state = read_state(request, CUSTOMERS)
    asked = _asked(request, state)
    count = rows_of(request.shop, asked, state.ctx, request.staff).count()
    problem = ""
    if request.method == "POST":
        try:
            return _begin(request, asked, count)
        except DomainError as refusal:
            problem = str(refusal)
    context = {
        "view": state,
        "count": show_number(count, state.ctx.locale),
        "number": count,
        "is_filtered": state.is_filtered,
        "sentence": state.sentence(),
        "hidden": _hidden(state),
        "choice": request.POST.get("which", "view"),
        "in_view": ", ".join(field_label(name) for name in in_view(state)),
        "fields": _fields(state),
        "is_masked": not request.staff.may(Permission.SEE_CONTACT),
        "problem": problem,
    }
    return page(request, "files/export_dialog.html", context, status=422 if problem else 200)


@staff_may(Permission.EXPORT)
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """One export: how far it is, where its file is, what it was."""
    return _shown(request, export_in(request, pk))


@staff_may(Permission.EXPORT)
def export_download(request: StaffRequest, pk: int) -> HttpResponse:
    """The file, for who asked for it and until it expires; each download is counted."""
    log = export_in(request, pk)
    try:
        path = download(log, staff=request.staff, by=request.actor)
    except NotYours:
        raise Http404
    except LinkExpired:
        return _shown(request, log, status=404)
    name = f"{request.shop.slug}-customers-{localdate(log.started_at):%Y-%m-%d}.csv"
    return sent(FileResponse(path.open("rb")), name)


def in_view(state: ListState) -> list[str]:
    """The fields behind the columns of the list, the customer's name first, as far as they can be exported."""
    known = available(state.ctx)
    names = ["name"]
    for column in state.columns:
        composite = state.kind.composite.get(column)
        names += [*composite.reads, composite.sort] if composite else [column]
    return [name for name in dict.fromkeys(names) if name in known]


def _asked(request: StaffRequest, state: ListState) -> Asked:
    """The list's question with the chosen fields."""
    which = request.POST.get("which", "view")
    chosen = {"view": in_view(state), "all": list(CAN_BE_READ_BACK), "chosen": request.POST.getlist("field")}
    return Asked(
        where=state.hidden["where"],
        search=state.search,
        sort="" if state.is_ranked else state.order.text,
        fields=tuple(chosen.get(which) or in_view(state)),
        bom=request.method != "POST" or "bom" in request.POST,
    )


def _begin(request: StaffRequest, asked: Asked, count: int) -> HttpResponse:
    """Write it down and write it: at once when it is small, else in the background."""
    address = get_adapter(request).get_client_ip(request)
    log = start_export(request.shop, asked, staff=request.staff, by=request.actor, ip=address)
    if count <= AT_ONCE and log.job_run:
        carry_on(shop_id=log.shop_id, run_id=log.job_run.pk)
    tell(request, "jobs")
    if asked_for_part(request):
        return _shown(request, export_in(request, log.pk))
    return redirect(request, f"/s/{request.shop.slug}/files/exports/{log.pk}/")


def _shown(request: StaffRequest, log: ExportLog, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"line": line_of(log, request, context_of(request))}
    return page(request, "files/export.html", context, status=status)


def _hidden(state: ListState) -> list[tuple[str, str]]:
    """The list's question as form fields."""
    return [(name, value) for name, value in [*state.hidden.items(), ("search", state.search)] if value]


def _fields(state: ListState) -> list[dict[str, Any]]:
    """All fields that can be chosen: those of the view first and ticked."""
    shown = in_view(state)
    names = [*shown, *(name for name in available(state.ctx) if name not in shown)]
    return [{"name": name, "label": field_label(name), "is_on": name in shown} for name in names]
