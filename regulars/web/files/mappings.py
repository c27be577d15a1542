"""Saved mappings: which there are, by other names, gone."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.transfer.mappings import rename_template
from regulars.transfer.models import ImportTemplate
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.words import context_of, field_name, format_name, kind_name, who
from regulars.web.lists import cells
from regulars.web.pages import page, redirect, toast

MOST_NAMED = 6


@staff_may(Permission.IMPORT)
def mappings(request: StaffRequest) -> HttpResponse:
    """All of them, by kind and name."""
    ctx = context_of(request)
    found = ImportTemplate.objects.of(request.shop).select_related("staff__user").order_by("kind", "name", "id")
    lines = [
        {
            "id": one.pk,
            "name": one.name,
            "kind": kind_name(one.kind),
            "format": format_name(one.format),
            "columns": _columns(one),
            "who": who(one.staff),
            "when": cells.show_moment(one.created_at, ctx),
        }
        for one in found
    ]
    return page(request, "files/mappings.html", {"lines": lines})


@require_POST
@staff_may(Permission.IMPORT)
def mapping_rename(request: StaffRequest, pk: int) -> HttpResponse:
    """Under another name; the files it is for stay the same."""
    template = _own(request, pk)
    try:
        if name := request.POST.get("name", "").strip():
            rename_template(template, name)
            toast(request, _("Now called “{name}”.").format(name=template.name))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, _home(request))


@require_POST
@staff_may(Permission.IMPORT)
def mapping_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Gone; what was imported by it stays."""
    template = _own(request, pk)
    template.delete()
    toast(request, _("“{name}” is gone; files are guessed anew.").format(name=template.name))
    return redirect(request, _home(request))


def _own(request: StaffRequest, pk: int) -> ImportTemplate:
    template = ImportTemplate.objects.of(request.shop).filter(pk=pk).first()
    if template is None:
        raise Http404
    return template


def _columns(template: ImportTemplate) -> str:
    """ "Name → Full name, SĐT → Phone, +3"."""
    pairs = [f"{name} → {field_name(template.kind, field)}" for name, field in template.mapping if field]
    more = len(pairs) - MOST_NAMED
    return ", ".join(pairs[:MOST_NAMED]) + (f", +{more}" if more > 0 else "")


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/files/mappings/"
