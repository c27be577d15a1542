"""What programs read through the API: a line for each key, day and kind of rows, newest first."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from regulars.kit.dates import show_day, show_time
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.permissions import Permission
from regulars.transfer.models import ApiRead
from regulars.transfer.outgoing.kinds import export_kind
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.paging import slice_of
from regulars.web.files.words import context_of
from regulars.web.pages import page

_ALONE = {"tasks": _("Tasks"), "duplicates": _("Possible duplicates")}
"""What programs read and nobody exports."""


@staff_may(Permission.EXPORT)
def api_reads(request: StaffRequest) -> HttpResponse:
    """The lines; of whom the rows were is not kept."""
    ctx = context_of(request)
    found = slice_of(ApiRead.objects.of(request.shop).select_related("key"), ("-id",), request.GET)
    context = {"lines": [_line(read, ctx) for read in found.rows], "found": found}
    return page(request, "files/reads.html", context)


def _line(read: ApiRead, ctx: Context) -> dict[str, Any]:
    return {
        "key": read.key.name,
        "prefix": read.key.prefix,
        "day": show_day(read.on, ctx.locale),
        "last": show_time(read.last_at, ctx.tz, ctx.locale),
        "what": str(_ALONE.get(read.what) or export_kind(read.what).label),
        "answers": show_number(read.answers, ctx.locale),
        "rows": show_number(read.rows, ctx.locale),
    }
