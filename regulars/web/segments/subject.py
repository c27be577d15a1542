"""Which segment an address means, and who may change it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from regulars.kit.errors import DomainError
from regulars.segments.models import Segment, SegmentQuerySet
from regulars.segments.rights import may_change
from regulars.web.access import StaffRequest
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.pages import asked_for_part, nothing, redirect, toast
from regulars.web.places import back_to

View = Callable[..., HttpResponse]

DECISIONS = {"in": True, "out": False, "conditions": None}
"""What can be decided about a member by hand, as forms say it."""


def segment_of(request: StaffRequest, pk: int) -> Segment:
    """The shop's segment of that number, or 404."""
    return _among(Segment.objects.of(request.shop), request, pk)


def segment_to_change(request: StaffRequest, pk: int) -> Segment:
    """The same, or 403 for one that this person may only look at."""
    return _changeable(segment_of(request, pk), request)


def segment_to_restore(request: StaffRequest, pk: int) -> Segment:
    """The same, also a deleted one."""
    return _changeable(_among(Segment.objects.ever_of(request.shop), request, pk), request)


def _among(rows: SegmentQuerySet, request: StaffRequest, pk: int) -> Segment:
    segment: Segment | None = None
    if pk <= LARGEST_ID:
        segment = rows.select_related("created_by__user").filter(pk=pk).first()
    if segment is None:
        raise Http404
    segment.shop = request.shop
    return segment


def _changeable(segment: Segment, request: StaffRequest) -> Segment:
    if not may_change(request.staff, segment):
        raise PermissionDenied
    return segment


def refusals_told(view: View) -> View:
    """A refusal of the domain becomes a sentence in the corner of the page one is on."""

    @wraps(view)
    def inner(request: StaffRequest, **rest: Any) -> HttpResponse:
        try:
            return view(request, **rest)
        except DomainError as refusal:
            toast(request, str(refusal), kind="problem")
        return nothing(request) if asked_for_part(request) else redirect(request, back_to(request, "segments/"))

    return inner
