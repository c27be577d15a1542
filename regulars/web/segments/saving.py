"""A static segment of the customers that are selected in a list."""

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.selection import Selection, SelectionUnclear
from regulars.kit.errors import DomainError
from regulars.segments.models import Segment, SegmentKind
from regulars.segments.operations import create_segment
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import chosen, people_words, posted
from regulars.web.pages import page, redirect, toast
from regulars.web.segments.forms import SaveForm

MAY = (Permission.SEE_CUSTOMERS, Permission.SEGMENTS)


@require_POST
@staff_may(*MAY)
def ask(request: StaffRequest) -> HttpResponse:
    """How many they are, and what they shall be called."""
    return _page(request, SaveForm(auto_id="save_%s"), chosen(request))


@require_POST
@staff_may(*MAY)
def save(request: StaffRequest) -> HttpResponse:
    """Keep exactly the customers who are selected and visible to this person."""
    form = SaveForm(request.POST, auto_id="save_%s")
    selection = _posted(request)
    if not form.is_valid():
        return _page(request, form, selection, status=422)
    try:
        segment = _kept(request, selection, form.cleaned_data)
    except DomainError as refusal:
        form.add_error("name" if refusal.code == "segments.exists" else None, str(refusal))
        return _page(request, form, selection, status=422)
    toast(request, _("The segment “{name}” is here.").format(name=segment.name))
    return redirect(request, f"/s/{request.shop.slug}/segments/{segment.pk}/")


def _posted(request: StaffRequest) -> Selection:
    """What the dialog carried; what no dialog of ours wrote selects nobody."""
    try:
        return posted(request)
    except SelectionUnclear:
        return Selection.of_ids(request.shop, [])


def _kept(request: StaffRequest, selection: Selection, given: dict[str, Any]) -> Segment:
    ids = selection.queryset(request.staff).order_by().values_list("pk", flat=True)
    return create_segment(
        request.shop, **given, kind=SegmentKind.STATIC, customer_ids=ids, staff=request.staff, by=request.actor
    )


def _page(request: StaffRequest, form: SaveForm, selection: Selection, status: int = 200) -> HttpResponse:
    count = selection.count(request.staff)
    context = {
        "form": form,
        "count_words": people_words(count),
        "count": count,
        "selection": json.dumps(selection.plain()),
    }
    return page(request, "segments/save.html", context, status=status)
