"""Who joined and who left, and how large the segment was."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit import dates, numbers
from regulars.segments.history import Move, Size, moves, sizes
from regulars.segments.models import Segment
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.rows import shown_name
from regulars.web.customers.sections.cursors import read_cursor, write_cursor
from regulars.web.lists import cells
from regulars.web.numbers import whole_number
from regulars.web.pages import page
from regulars.web.segments.charts import axis, chart
from regulars.web.segments.subject import segment_of
from regulars.web.segments.view import SegmentView

SIZE = 50
MOST_LOOKED_THROUGH = 20
"""Pages of moves looked through for a page of one's own customers."""

SPANS = (30, 90, 365)
WAYS = {"": None, "joined": True, "left": False}
NAMING = ("id", "name", "company", "email", "phone", "phone_raw")


@staff_may(Permission.SEE_CUSTOMERS)
def joined_and_left(request: StaffRequest, pk: int) -> HttpResponse:
    """The moves, newest first; `way` keeps those who joined or left."""
    view = SegmentView(request, segment_of(request, pk), tab="moves")
    way = request.GET.get("way", "")
    before = read_cursor(request.GET.get("before", ""))
    found, more = _visible_moves(view.segment, request.staff, WAYS.get(way), before)
    query = f"way={way}&before=" if way in WAYS and way else "before="
    context = {
        "seg": view,
        "rows": _rows(view, found),
        "more": view.url(f"moves/?{query}{write_cursor(*more)}".replace("+", "%2B")) if more else "",
        "ways_": [
            {"label": label, "url": view.url(f"moves/{f'?way={name}' if name else ''}"), "on": name == way}
            for name, label in (("", _("Both")), ("joined", _("Joined")), ("left", _("Left")))
        ],
        "since": cells.show_moment(view.segment.defined_at, view.ctx),
    }
    return page(request, "segments/moves.html", context)


def _visible_moves(
    segment: Segment, staff: Staff, entered: bool | None, before: Any
) -> tuple[list[tuple[Move, dict[str, Any]]], Any]:
    """A page of moves of customers this person may see, and where to go on (None at the end)."""
    found: list[tuple[Move, dict[str, Any]]] = []
    for _turn in range(MOST_LOOKED_THROUGH):
        part = moves(segment, entered=entered, limit=SIZE, before=before)
        people = _people(staff, {one.customer_id for one in part})
        for one in part:
            before = one.cursor
            if one.customer_id in people:
                found.append((one, people[one.customer_id]))
            if len(found) == SIZE:
                return found, before
        if len(part) < SIZE:
            return found, None
    return found, before


def _people(staff: Staff, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Customer.objects.of(staff.shop_id).alive().visible_to(staff).filter(pk__in=ids).values(*NAMING)
    return {row["id"]: row for row in rows}


def _rows(view: SegmentView, found: Sequence[tuple[Move, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {
            "name": shown_name(person, view.ctx),
            "url": f"/s/{view.shop.slug}/customers/{move.customer_id}/",
            "why_url": view.url(f"why/{move.customer_id}/"),
            "entered": move.entered,
            "when": cells.show_moment(move.at, view.ctx),
        }
        for move, person in found
    ]


@staff_may(Permission.SEE_CUSTOMERS)
def size(request: StaffRequest, pk: int) -> HttpResponse:
    """How it went day by day: about everybody's customers, so not for who sees only their own."""
    if request.staff.only_own:
        raise Http404
    view = SegmentView(request, segment_of(request, pk), tab="size")
    asked = whole_number(request.GET.get("days", ""))
    days = asked if asked in SPANS else SPANS[0]
    known = sizes(view.segment, days)
    values = [one.size for one in known]
    locale = view.ctx.locale
    context = {
        "seg": view,
        "drawing": chart(values, _chart_words(known, locale)),
        "axis": [numbers.show_number(value, locale) for value in axis(values)],
        "ends": [dates.show_day(one.day, locale) for one in (known[:1] + known[-1:])],
        "rows": [_size_row(one, locale) for one in reversed(known)],
        "spans": [
            {"label": _("{n} days").format(n=n), "url": view.url(f"size/?days={n}"), "on": n == days} for n in SPANS
        ],
    }
    return page(request, "segments/size.html", context)


def _size_row(one: Size, locale: str) -> dict[str, str]:
    return {
        "day": dates.show_day(one.day, locale),
        "size": numbers.show_number(one.size, locale),
        "entered": numbers.show_number(one.entered, locale) if one.entered else "",
        "left": numbers.show_number(one.left, locale) if one.left else "",
    }


def _chart_words(known: Sequence[Size], locale: str) -> str:
    if not known:
        return ""
    figures = [numbers.show_number(n, locale) for n in (known[0].size, known[-1].size)]
    return _("Size from {first} to {last}; the table below has every day.").format(first=figures[0], last=figures[1])
