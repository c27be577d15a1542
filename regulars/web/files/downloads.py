"""Files that leave through the browser: always as attachments, never opened in it."""

import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from anyascii import anyascii
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from regulars.shops.permissions import Permission
from regulars.transfer.rejected import rejected_file
from regulars.transfer.templates import template
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.runs import import_in


@staff_may(Permission.IMPORT)
def template_file(request: StaffRequest, kind: str) -> HttpResponse:
    """A template to fill in. kind: one of `transfer.kinds`."""
    return sent(HttpResponse(template(kind, request.shop)), f"regulars-{kind}.csv")


@staff_may(Permission.IMPORT)
def rejected(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows of an import that were not taken, with the reasons; they import again once mended."""
    run = import_in(request, pk)
    name = _("{file} rejected").format(file=PurePath(run.file_name).stem)
    return as_attachment(rejected_file(run), f"{name}.csv")


def as_attachment(chunks: Iterable[bytes], name: str) -> HttpResponse:
    """Bytes in a stream as a file of that name."""
    return sent(StreamingHttpResponse(chunks), name)


CSV = "text/csv; charset=utf-8"


def sent(response: HttpResponse | StreamingHttpResponse, name: str, content_type: str = CSV) -> HttpResponse:
    """Mark an answer as a file to keep: even one that holds HTML is never shown as a page of ours."""
    response["Content-Type"] = content_type
    response["Content-Disposition"] = disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


def disposition(name: str) -> str:
    """A file name for every browser (RFC 6266): plain ASCII, and the true one beside it."""
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "_", anyascii(name)).strip(" .") or "file.csv"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
