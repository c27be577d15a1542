"""Segments and their members."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest
from regulars.api.customers import CUSTOMERS, meant
from regulars.api.lists import answer, check_names, page_by_number, page_of
from regulars.api.problems import NotThere
from regulars.api.schemas import CustomerPage, CustomersAsked, PageAsked, Reference, SegmentPage, SegmentTold
from regulars.kit.text import can_be_stored
from regulars.segments.members import members
from regulars.segments.models import Segment
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Scope

router = Router(tags=["Segments"], auth=Bearer(Scope.SEGMENTS))

TOLD = tuple(SegmentTold.model_fields)


def segments_of(key: ApiKey) -> QuerySet:
    """Segments of the key's shop."""
    return Segment.objects.of(key.shop_id)


def segment_called(key: ApiKey, reference: str) -> Segment:
    """The segment with this key, or this number. Raises NotThere."""
    if not can_be_stored(reference):
        raise NotThere
    found = segments_of(key).filter(key=reference).first()
    if found is None and reference.isascii() and reference.isdigit() and len(reference) < 19:
        found = segments_of(key).filter(pk=int(reference)).first()
    if found is None:
        raise NotThere
    return found


@router.get("/segments", response=SegmentPage, summary="List segments")
def segments(request: KeyRequest, asked: Query[PageAsked]) -> HttpResponse:
    """The shop's segments, oldest first."""
    check_names(request, PageAsked)
    rows = segments_of(request.auth)
    page = page_by_number("segments", request.auth, rows, limit=asked.limit, cursor=asked.cursor)
    found = {segment.pk: segment for segment in rows.filter(pk__in=page.ids)}
    return answer({
        "segments": [_told(found[pk]) for pk in page.ids if pk in found],
        "next": page.next or None,
    })  # fmt: skip


@router.get("/segments/{key}", response=SegmentTold, summary="One segment")
def segment(request: KeyRequest, key: Reference) -> HttpResponse:
    """One segment, by its key or its number."""
    return answer(_told(segment_called(request.auth, key)))


@router.get(
    "/segments/{key}/members",
    response=CustomerPage,
    summary="Members of a segment",
    auth=Bearer(Scope.SEGMENTS, Scope.CUSTOMERS),
)
def segment_members(request: KeyRequest, key: Reference, asked: Query[CustomersAsked]) -> HttpResponse:
    """Customers in a segment, told and paged as customers are; `where` and `search` narrow them further."""
    check_names(request, CustomersAsked)
    people = meant(members(segment_called(request.auth, key)), request.auth, asked.search)
    return page_of(CUSTOMERS, request.auth, people, asked, narrowed=True)


def _told(segment: Segment) -> dict[str, Any]:
    return {name: getattr(segment, name) for name in TOLD}
