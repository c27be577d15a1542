"""What came in and what went out: the imports and the export log, newest first."""

from django.http import HttpResponse

from regulars.shops.permissions import Permission
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.paging import slice_of
from regulars.web.files.runs import line_of
from regulars.web.files.words import context_of
from regulars.web.pages import page


@staff_may(Permission.IMPORT)
def files(request: StaffRequest) -> HttpResponse:
    """The imports; the list is fetched again while one runs."""
    runs = ImportRun.objects.of(request.shop).select_related("shop", "job_run__undone_by", "staff__user")
    found = slice_of(runs, ("-id",), request.GET)
    ctx = context_of(request)
    lines = [line_of(run, ctx) for run in found.rows]
    context = {"lines": lines, "found": found, "is_busy": any(line["is_running"] for line in lines)}
    return page(request, "files/imports.html", context)
