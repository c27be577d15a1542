"""The first step of an import: choose a file."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.transfer.errors import FileRefused
from regulars.transfer.formats import FORMATS
from regulars.transfer.imports import stage
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.runs import home_of
from regulars.web.files.words import ASKED
from regulars.web.pages import page, redirect

MOST_MEGABYTES = 256
"""Through a browser; the command line takes more."""


class NoFile(DomainError):
    code = "file.none"
    sentence = _("Choose a file first.")


class UploadTooLarge(FileRefused):
    """Details: size, limit (megabytes), kind."""

    code = "file.upload_too_large"
    sentence = _(
        "The file has {size} MB; in the browser up to {limit} MB can be sent. Split it, or use the command "
        "“regulars import {kind}” on the server."
    )


@staff_may(Permission.IMPORT)
def upload(request: StaffRequest, kind: str) -> HttpResponse:
    """Take a file, or say in one sentence why it cannot be taken. kind: one of `transfer.kinds`."""
    problem = ""
    if request.method == "POST":
        try:
            chunks, name = _sent(request, kind)
            run = stage(request.shop, kind, chunks, name, staff=request.staff)
            return redirect(request, home_of(run) + "columns/")
        except DomainError as refusal:
            problem = str(refusal)
    context = {
        "kind": kind,
        "title_words": str(ASKED[kind]),
        "problem": problem,
        "limit": MOST_MEGABYTES,
        "formats": _formats(kind),
    }
    return page(request, "files/upload.html", context, status=422 if problem else 200)


def _formats(kind: str) -> list[str]:
    """Names of the layouts we recognise, without their years."""
    labels = (str(one.label) for one in FORMATS.values() if one.kind == kind and one.recognised_by)
    return list(dict.fromkeys(label.split(",")[0] for label in labels))


def _sent(request: StaffRequest, kind: str) -> tuple[Iterable[bytes], str]:
    """The bytes and the name of the uploaded file."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise NoFile
    megabytes = (file.size or 0) / 1_000_000
    if megabytes > MOST_MEGABYTES:
        raise UploadTooLarge(size=f"{megabytes:,.0f}", limit=MOST_MEGABYTES, kind=kind)
    return file.chunks(1 << 20), file.name or "file.csv"
