"""What is done with a whole segment: another like it, the other kind, a file of its members, the end of it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.segments.models import SegmentKind
from regulars.segments.operations import convert_segment, delete_segment, duplicate_segment, restore_segment
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page, redirect, toast
from regulars.web.segments.members import question_of
from regulars.web.segments.subject import refusals_told, segment_of, segment_to_change, segment_to_restore
from regulars.web.segments.view import SegmentView

MAY = (Permission.SEE_CUSTOMERS, Permission.SEGMENTS)


@staff_may(*MAY)
def duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    """Another segment with the same question, under a name of its own; it belongs to who made it."""
    view = SegmentView(request, segment_of(request, pk))
    name = request.POST.get("name", "").strip()
    problem = ""
    if request.method == "POST":
        try:
            made = duplicate_segment(view.segment, name=name, staff=request.staff, by=request.actor)
        except DomainError as refusal:
            problem = str(refusal)
        else:
            toast(request, _("The segment “{name}” is here.").format(name=made.name))
            return redirect(request, f"/s/{request.shop.slug}/segments/{made.pk}/")
    context = {"seg": view, "what": "duplicate", "name": name, "problem": problem}
    return page(request, "segments/deed.html", context, status=422 if problem else 200)


@staff_may(*MAY)
def convert(request: StaffRequest, pk: int) -> HttpResponse:
    """From following its conditions to staying as it is, or back; the dialog says what that means."""
    view = SegmentView(request, segment_to_change(request, pk))
    problem = ""
    if request.method == "POST":
        try:
            convert_segment(view.segment, _other_kind(view), by=request.actor)
        except DomainError as refusal:
            problem = str(refusal)
        else:
            done = _("It stays as it is now.") if view.is_dynamic else _("It follows its conditions now.")
            toast(request, done)
            return redirect(request, view.url())
    context = {"seg": view, "what": "convert", "name": "", "problem": problem}
    return page(request, "segments/deed.html", context, status=422 if problem else 200)


def _other_kind(view: SegmentView) -> str:
    return SegmentKind.STATIC if view.is_dynamic else SegmentKind.DYNAMIC


@staff_may(*MAY)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Away with it, unless something asks for it: then the dialog names what."""
    view = SegmentView(request, segment_to_change(request, pk))
    if request.method == "POST":
        try:
            delete_segment(view.segment, by=request.actor)
        except DomainError:
            view = SegmentView(request, segment_of(request, pk))
        else:
            gone = _("The segment “{name}” is gone; its customers are not.").format(name=view.segment.name)
            toast(request, gone, undo_url=view.url("restore/"))
            return redirect(request, f"/s/{request.shop.slug}/segments/")
    context = {"seg": view, "what": "delete", "name": "", "problem": ""}
    return page(request, "segments/deed.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_may(*MAY)
@refusals_told
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Back with what was deleted."""
    segment = restore_segment(segment_to_restore(request, pk), by=request.actor)
    toast(request, _("The segment “{name}” is here.").format(name=segment.name))
    return redirect(request, f"/s/{request.shop.slug}/segments/{pk}/")


@staff_may(Permission.SEE_CUSTOMERS, Permission.EXPORT)
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """To the export of customers, asked for its members."""
    where = urlencode({"where": question_of(segment_of(request, pk))})
    return redirect(request, f"/s/{request.shop.slug}/customers/export/?{where}")
