"""All segments of a shop: how large they are, how that went, who came and went today, who uses them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.kit import numbers
from regulars.kit.text import fold
from regulars.segments.models import Segment, SegmentKind, SegmentSize
from regulars.segments.rights import may_change
from regulars.segments.templates import SECTIONS, fill
from regulars.segments.uses import users_by_key
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import cells
from regulars.web.pages import page
from regulars.web.segments.charts import sparkline
from regulars.web.segments.counting import share_of, sizes_for
from regulars.web.segments.view import share_words

TREND_DAYS = 30
NO_TREND = {"drawing": "", "entered": 0, "left": 0}
FIRST_IDEAS = 6
"""Templates that an empty page shows."""


@staff_may(Permission.SEE_CUSTOMERS)
def segments(request: StaffRequest) -> HttpResponse:
    """The list, by folder; `search` keeps those whose name or folder holds the words."""
    search = request.GET.get("search", "").strip()[:80]
    every = list(Segment.objects.of(request.shop))
    found = [one for one in every if all(word in fold(f"{one.name} {one.folder}") for word in fold(search).split())]
    locale = get_language() or "en"
    words = ngettext("{n} segment", "{n} segments", len(every))
    context = {
        "folders": _folders(request, found),
        "search": search,
        "figures": words.format(n=numbers.show_number(len(every), locale)),
        "is_empty": not every,
        "ideas": [] if every else fill(request.shop, staff=request.staff, locale=locale)[:FIRST_IDEAS],
        "gone": _gone(request),
        "may_add": request.staff.may(Permission.SEGMENTS),
        "is_building": any(_is_building(one) for one in found),
    }
    return page(request, "segments/list.html", context)


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEGMENTS)
def templates(request: StaffRequest) -> HttpResponse:
    """What one can begin with, by what it is good for."""
    sections: dict[str, list[Any]] = defaultdict(list)
    for filled in fill(request.shop, staff=request.staff, locale=get_language() or "en"):
        sections[filled.template.section].append(filled)
    groups = [(SECTIONS[name], sections[name]) for name in SECTIONS if name in sections]
    return page(request, "segments/templates.html", {"groups": groups})


def _folders(request: StaffRequest, found: Sequence[Segment]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(folder, rows), those without a folder first."""
    rows = _rows(request, found)
    folders: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for segment, row in zip(found, rows, strict=True):
        folders[segment.folder].append(row)
    return sorted(folders.items(), key=lambda pair: fold(pair[0]))


def _rows(request: StaffRequest, found: Sequence[Segment]) -> list[dict[str, Any]]:
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    sizes, users = sizes_for(request.staff), users_by_key(request.shop, reader_id=request.staff.pk)
    share = lambda pk: share_of(sizes.get(pk, 0), request.staff)  # noqa: E731
    trends = {} if request.staff.only_own else _trends(found, ctx.today)
    return [
        {
            "segment": one,
            "url": f"/s/{request.shop.slug}/segments/{one.pk}/",
            "count": numbers.show_number(sizes.get(one.pk, 0), ctx.locale),
            "share": "" if _is_building(one) else share_words(share(one.pk), ctx.locale),
            "is_dynamic": one.kind == SegmentKind.DYNAMIC,
            "is_building": _is_building(one),
            "trend": trends.get(one.pk, NO_TREND),
            "users": [f"{use.kind_name} “{use.label}”" for use in users.get(one.key, [])],
            "may_change": may_change(request.staff, one),
        }
        for one in found
    ]


def _gone(request: StaffRequest) -> list[dict[str, Any]]:
    """Deleted segments that this person may restore, the latest first."""
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    return [
        {"name": one.name, "url": f"/s/{request.shop.slug}/segments/{one.pk}/restore/",
         "when": cells.show_moment(one.deleted_at, ctx)}
        for one in Segment.objects.ever_of(request.shop).gone().order_by("-deleted_at", "pk")
        if may_change(request.staff, one)
    ]  # fmt: skip


def _is_building(segment: Segment) -> bool:
    return segment.kind == SegmentKind.DYNAMIC and segment.evaluated_at is None and not segment.fault


def _trends(found: Sequence[Segment], today: date) -> dict[int, dict[str, Any]]:
    """Sparkline and today's moves by segment: one query for all."""
    since = today - timedelta(days=TREND_DAYS - 1)
    ids = [one.pk for one in found]
    known: dict[int, list[SegmentSize]] = defaultdict(list)
    if found:
        for size in SegmentSize.objects.of(found[0].shop_id).filter(segment_id__in=ids, day__gte=since).order_by("day"):
            known[size.segment_id].append(size)
    return {pk: _trend(sizes, today) for pk, sizes in known.items()}


def _trend(sizes: Sequence[SegmentSize], today: date) -> dict[str, Any]:
    values = filled(sizes, today)
    label = _("From {first} to {last} in {days} days").format(first=values[0], last=values[-1], days=len(values))
    last = sizes[-1]
    moved = (last.entered, last.left) if last.day == today else (0, 0)
    return {"drawing": sparkline(values, label), "entered": moved[0], "left": moved[1]}


def filled(sizes: Sequence[SegmentSize], today: date) -> list[int]:
    """One size a day from the first known day to today: a day without a row is as the day before."""
    by_day = {size.day: size.size for size in sizes}
    values, day, size = [], sizes[0].day, 0
    while day <= today:
        size = by_day.get(day, size)
        values.append(size)
        day += timedelta(days=1)
    return values
