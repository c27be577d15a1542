"""A new segment, and changing one."""

from typing import Any
from zlib import crc32

from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.selection import Selection
from regulars.kit import numbers
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.query import BadCondition
from regulars.segments.models import Segment, SegmentKind
from regulars.segments.operations import change_segment, create_segment
from regulars.segments.templates import Filled, fill_one
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.lists.editor import context_for_editor
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast
from regulars.web.segments.forms import ChangeForm, SegmentForm
from regulars.web.segments.subject import segment_to_change

MOST_CHOSEN = 100_000
"""Customers that one form carries along; of more, the question is kept."""


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEGMENTS)
def new(request: StaffRequest) -> HttpResponse:
    """Empty, or begun by a template, a filter (`where`) or chosen customers (`ids`)."""
    if request.method != "POST":
        template = fill_one(request.shop, request.GET.get("template", ""), staff=request.staff, locale=_locale())
        where = template.where if template else request.GET.get("where", "")
        form = SegmentForm(initial=_begun(template), auto_id="segment_%s")
        return _page(request, form, where=where, template=template, ids=_ids(request.GET))
    form = SegmentForm(request.POST, auto_id="segment_%s")
    ids = _ids(request.POST)
    if _is_editing(request):
        return _page(request, form, ids=ids)
    if form.is_valid():
        try:
            segment = _created(request, form.cleaned_data, ids, "" if ids else _editor(request).where)
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("The segment “{name}” is here.").format(name=segment.name))
            return redirect(request, f"/s/{request.shop.slug}/segments/{segment.pk}/")
    return _page(request, form, ids=ids, status=422)


def _created(request: StaffRequest, given: dict[str, Any], ids: list[int], where: str) -> Segment:
    """Raises BadCondition, SegmentExists, SegmentCycle."""
    kept = None
    if ids:
        chosen = Selection.of_ids(request.shop, ids).queryset(request.staff)
        given = {**given, "kind": SegmentKind.STATIC}
        kept = list(chosen.values_list("pk", flat=True))
    template = request.POST.get("template", "")
    return create_segment(
        request.shop, **given, where=where, template=template, customer_ids=kept, staff=request.staff,
        by=request.actor,
    )  # fmt: skip


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEGMENTS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name, looks or question."""
    segment = segment_to_change(request, pk)
    now = {name: getattr(segment, name) for name in ("name", "description", "colour", "folder")}
    if request.method != "POST":
        form = ChangeForm(initial=now, auto_id="segment_%s")
        return _page(request, form, where=segment.where, segment=segment)
    form = ChangeForm(request.POST, auto_id="segment_%s")
    if _is_editing(request):
        return _page(request, form, segment=segment)
    if _is_stale(request, segment):
        form.add_error(None, _("Somebody changed this segment meanwhile. Save again to put yours in its place."))
    if form.is_valid():
        try:
            where = None if _is_untouched(segment) else _editor(request).where
            change_segment(segment, **form.cleaned_data, where=where, staff=request.staff, by=request.actor)
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("Saved."))
            return redirect(request, f"/s/{request.shop.slug}/segments/{segment.pk}/")
    return _page(request, form, segment=segment, status=422)


def _is_editing(request: StaffRequest) -> bool:
    """Whether a button of the editor sent the form, which happens without a script: the page comes again."""
    return request.POST.get("do", "save") != "save"


def _is_stale(request: StaffRequest, segment: Segment) -> bool:
    """Whether the form shows the segment as it was before somebody else changed it."""
    return request.POST.get("seen", "") not in ("", seen(segment))


def seen(segment: Segment) -> str:
    """A mark of what the form shows; another one as soon as anything of it is changed."""
    facts = (segment.name, segment.description, segment.colour, segment.folder, segment.where)
    return f"{crc32(repr(facts).encode()):08x}"


def _is_untouched(segment: Segment) -> bool:
    """Chosen customers have no question."""
    return segment.kind == SegmentKind.STATIC and not segment.where


# --- how it is done -------------------------------------------------------------------------------------------------


def _locale() -> str:
    return get_language() or "en"


def _begun(template: Filled | None) -> dict[str, Any]:
    if template is None:
        return {}
    one = template.template
    return {"name": str(one.name), "description": str(one.idea), "colour": one.colour}


def _ids(given: QueryDict) -> list[int]:
    found = (whole_number(text) for text in given.getlist("ids")[:MOST_CHOSEN])
    return list(dict.fromkeys(number for number in found if number is not None))


def _editor(request: StaffRequest, where: str = "") -> Any:
    given = request.POST if request.method == "POST" else QueryDict()
    return context_for_editor(CUSTOMERS, request.shop, request.staff, given, where=where, locale=_locale())["editor"]


def _refused(form: SegmentForm | ChangeForm, refusal: DomainError) -> None:
    """A refusal of the question stands at the editor; of a field, at the field; else above everything."""
    if isinstance(refusal, BadCondition):
        form.add_error(None, str(refusal))
    elif isinstance(refusal, BadValue) and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    elif refusal.code == "segments.exists":
        form.add_error("name", str(refusal))
    else:
        form.add_error(None, str(refusal))


def _page(
    request: StaffRequest,
    form: SegmentForm | ChangeForm,
    *,
    where: str = "",
    ids: list[int] | None = None,
    template: Filled | None = None,
    segment: Segment | None = None,
    status: int = 200,
) -> HttpResponse:
    folders = Segment.objects.of(request.shop).exclude(folder="").order_by("folder").values_list("folder", flat=True)
    chosen = Selection.of_ids(request.shop, ids or []).count(request.staff) if ids else 0
    words = ngettext("{n} chosen customer", "{n} chosen customers", chosen)
    context = {
        "form": form,
        "editor": _editor(request, where),
        "segment": segment,
        "seen": request.POST.get("seen", "") if _is_editing(request) else seen(segment) if segment else "",
        "has_question": not ids and not (segment and _is_untouched(segment)),
        "ids": ids or [],
        "chosen_words": words.format(n=numbers.show_number(chosen, _locale())),
        "template_key": template.template.key if template else request.POST.get("template", ""),
        "folders": list(dict.fromkeys(folders)),
        "home": f"/s/{request.shop.slug}/segments/",
    }
    return page(request, "segments/form.html", context, status=status)
