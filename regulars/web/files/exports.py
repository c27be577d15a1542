"""Exports: the log of all of them, and the file of one when it is ready. `exporting` has the dialog."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import FileResponse, Http404, HttpResponse
from django.utils.timezone import localdate

from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.transfer.errors import LinkExpired, NotYours
from regulars.transfer.exports import download
from regulars.transfer.models import ExportChain, ExportEntry, ExportLog
from regulars.transfer.outgoing.ways import CSV, FORMATS
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.downloads import sent
from regulars.web.files.entries import entry_line
from regulars.web.files.logs import export_in, line_of
from regulars.web.files.paging import slice_of
from regulars.web.files.words import context_of
from regulars.web.jobs.links import shows
from regulars.web.pages import page

MOST_ENTRIES = 200
"""Of one export on its page; the log has all."""


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
    broken = ExportChain.objects.of(request.shop).filter(broken__isnull=False).exists()
    context = {
        "lines": lines, "found": found, "is_busy": any(line["is_running"] for line in lines), "is_broken": broken,
    }  # fmt: skip
    return page(request, "files/exports.html", context)


@staff_may(Permission.EXPORT)
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """One export: how far it is, where its file is, what it was."""
    return shown(request, export_in(request, pk))


@staff_may(Permission.EXPORT)
def export_download(request: StaffRequest, pk: int) -> HttpResponse:
    """The file, for who asked for it and until it expires; each download is counted."""
    log = export_in(request, pk)
    try:
        address = get_adapter(request).get_client_ip(request)
        path = download(log, staff=request.staff, by=request.actor, ip=address)
    except NotYours:
        raise Http404
    except LinkExpired:
        return shown(request, log, status=404)
    way = FORMATS.get(log.format, FORMATS[CSV])
    name = f"{request.shop.slug}-{log.kind}-{localdate(log.started_at):%Y-%m-%d}{way.extension}"
    return sent(FileResponse(path.open("rb")), name, way.content_type)


def shown(request: StaffRequest, log: ExportLog, *, status: int = 200) -> HttpResponse:
    """The page of an export, or its state in the dialog."""
    ctx = context_of(request)
    entries = ExportEntry.objects.of(request.shop).filter(export=log).order_by("number")
    context: dict[str, Any] = {
        "line": line_of(log, request, ctx),
        "entries": [entry_line(entry, request, ctx) for entry in entries[:MOST_ENTRIES]],
    }
    return page(request, "files/export.html", context, status=status)
