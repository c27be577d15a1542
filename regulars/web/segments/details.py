"""What a segment asks, and what asks for it."""

from urllib.parse import urlsplit

from django.http import HttpResponse

from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import cells
from regulars.web.pages import asked_for_part, nothing, page, redirect
from regulars.web.segments.subject import segment_of
from regulars.web.segments.view import SegmentView


@staff_may(Permission.SEE_CUSTOMERS)
def question(request: StaffRequest, pk: int) -> HttpResponse:
    """The conditions as a sentence and as text."""
    view = SegmentView(request, segment_of(request, pk), tab="question")
    context = {
        "seg": view,
        "text": view.segment.where if view.may_read_question else "",
        "since": cells.show_moment(view.segment.defined_at, view.ctx),
        "made": cells.show_moment(view.segment.created_at, view.ctx),
        "maker": str(view.segment.created_by) if view.segment.created_by else "",
    }
    return page(request, "segments/question.html", context)


@staff_may(Permission.SEE_CUSTOMERS)
def uses(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that asks for the segment."""
    view = SegmentView(request, segment_of(request, pk), tab="uses")
    return page(request, "segments/uses.html", {"seg": view, "home": f"/s/{request.shop.slug}/"})


@staff_may(Permission.SEE_CUSTOMERS)
def fresh(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked now and then by an open page: nothing while the members are those of the version in `since`."""
    view = SegmentView(request, segment_of(request, pk))
    if request.GET.get("since") == view.version:
        return nothing(request)
    return page(request, "segments/fresh.html", {"seg": view, "list_url": _list_seen(request, view)})


def _list_seen(request: StaffRequest, view: SegmentView) -> str:
    """The address of the list that the browser shows, with its filter and page."""
    seen = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{view.home}?{seen.query}" if seen.path == view.home and seen.query else view.home


@staff_may(Permission.SEE_CUSTOMERS)
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked again and again while the first answer is being found; then the page comes anew."""
    view = SegmentView(request, segment_of(request, pk))
    if view.is_building and asked_for_part(request):
        return page(request, "segments/progress.html", {"seg": view})
    return redirect(request, view.url())
