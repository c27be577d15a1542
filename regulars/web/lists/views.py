"""The views every list has: the list, its lazy count, its filter panel, its column chooser."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit import numbers
from regulars.kit.query import BadCondition
from regulars.web.access import StaffRequest
from regulars.web.counts import all_of
from regulars.web.lists import panel, widgets
from regulars.web.lists.kind import SIZES, ListKind
from regulars.web.lists.marks import marked
from regulars.web.lists.saved.tabs import Tabs, tabs_for
from regulars.web.lists.state import ListState, all_columns, heading
from regulars.web.pages import asked_for_part, page, redirect

OOB = ("list_figures", "list_bar", "list_columns", "list_question")
RowMaker = Callable[[ListState, list[int]], list[dict[str, Any]]]


def read_state(request: StaffRequest, kind: ListKind) -> ListState:
    """The state in the request's address (or form, for actions on a selection)."""
    given = request.POST if request.method == "POST" else request.GET
    return ListState.read(kind, request.shop, request.staff, given, locale=get_language() or "en")


def show_list(
    request: StaffRequest, kind: ListKind, rows: RowMaker, template: str, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The list page; a filter that cannot be understood is a 400 that names the word and leaves the rest usable."""
    try:
        state = read_state(request, kind)
        found = state.page()
    except BadCondition as fault:
        return _refused(request, kind, template, fault, more)
    saved = tabs_for(state)
    if saved and (opened := _opened(request, saved)):
        return redirect(request, opened)
    context = {
        "view": state,
        "saved": saved,
        "rows": rows(state, found.ids),
        "heads": heads(state),
        "found": found,
        "pager_text": pager_text(state, found.ids),
        "sizes": [{"label": n, "url": state.url(size=n), "current": n == state.size} for n in SIZES],
        "fault": None,
        **count_words(state, exact=False),
        **(more or {}),
    }
    return page(request, template, context, oob=_beside(kind))


def _opened(request: StaffRequest, saved: Tabs) -> str:
    """Where an address leads that names a view alone, or nothing: to the view's own, or the person's default."""
    if not request.GET:
        return "" if asked_for_part(request) else saved.default_url
    is_alone = set(request.GET) == {"view"} and saved.current
    return saved.current.url if is_alone and saved.current else ""


def _beside(kind: ListKind) -> tuple[str, ...]:
    """The parts of the page that change together with the rows."""
    return (*OOB, "list_views") if kind.keeps_views else OOB


def _refused(
    request: StaffRequest, kind: ListKind, template: str, fault: BadCondition, more: Mapping[str, Any] | None
) -> HttpResponse:
    state = ListState.read(kind, request.shop, request.staff, _without_fault(request), locale=get_language() or "en")
    context = {
        "view": state,
        "saved": tabs_for(state),
        "rows": [],
        "heads": heads(state),
        "found": None,
        "pager_text": "",
        "sizes": [],
        "fault": str(fault),
        "wrong": _wrong(request, state, fault),
        "figures": "",
        "lazy": False,
        "total": 0,
        **(more or {}),
    }
    return page(request, template, context, status=400, oob=_beside(kind))


def _wrong(request: StaffRequest, state: ListState, fault: BadCondition) -> dict[str, Any] | None:
    """The filter with its wrong word, and where it is corrected; None when something else was wrong."""
    text, place = request.GET.get("where", ""), fault.details["place"]
    if not text or place is None:
        return None
    address = state.url("filter/editor/")
    address += f"{'&' if '?' in address else '?'}{urlencode({'where': text})}"
    return {"marked": marked(text, place), "url": address}


def _without_fault(request: StaffRequest) -> Any:
    given = request.GET.copy()
    for name in ("where", "sort", "columns", "at"):
        given.pop(name, None)
    return given


def heads(state: ListState) -> list[dict[str, Any]]:
    """What stands over the columns: heading, sort key (None when it cannot sort), whether it is a number."""
    found = []
    for name in state.columns:
        composite = state.kind.composite.get(name)
        key = composite.sort if composite else name
        field = state.kind.fields[key] if key else None
        found.append(
            {
                "name": name,
                "label": heading(state.kind, name),
                "key": key if field and field.sortable and (not field.needs or state.ctx.may(field.needs)) else None,
                "numeric": bool(field and field.numeric),
                "help": composite.help if composite else field.help if field else "",
            }
        )
    return found


def count_words(state: ListState, *, exact: bool) -> dict[str, Any]:
    """The line under the title and the number that "select all" means.

    The first answer counts up to 10,000; the page then asks for the exact figures.
    """
    total = state.rows.count() if exact else state.count
    is_exact = exact or not state.is_capped
    locale = state.ctx.locale
    shown = numbers.show_number(total if is_exact else total - 1, locale)
    match = shown if is_exact else _("more than {n}").format(n=shown)
    if not state.is_filtered:
        figures = state.kind.counted(total).format(n=match)
    elif exact:
        everyone = max(total, all_of(state.kind.path, state.staff, state.everyone))
        figures = _("{match} of {all}").format(
            match=match, all=state.kind.counted(everyone).format(n=numbers.show_number(everyone, locale))
        )
    else:
        figures = ngettext("{match} matches", "{match} match", total).format(match=match)
    return {"figures": figures, "lazy": not exact and (state.is_filtered or state.is_capped), "total": total}


def pager_text(state: ListState, ids: list[int]) -> str:
    """How many rows stand on this page."""
    return _("{n} on this page").format(n=numbers.show_number(len(ids), state.ctx.locale)) if ids else ""


def show_count(request: StaffRequest, kind: ListKind, template: str) -> HttpResponse:
    """The exact figures, asked for by the page after it stands."""
    state = read_state(request, kind)
    if not asked_for_part(request):
        return redirect(request, state.here)
    context = {"view": state, "fault": None, **count_words(state, exact=True)}
    return page(request, template, context, oob=("list_question",))


def show_filter_panel(request: StaffRequest, kind: ListKind, template: str = "lists/filter.html") -> HttpResponse:
    """The panel: first the fields, then operator and value of the chosen one."""
    state = read_state(request, kind)
    condition, index = panel.edited(state, request.GET)
    name = request.GET.get("field", "") or (condition.field if condition else "")
    context: dict[str, Any] = {"view": state, "index": index, "fault": ""}
    if not name:
        return page(request, template, {**context, "field": None, "sections": panel.fields_by_section(state)})
    field = kind.fields.find(name, state.ctx)
    op = widgets.read_op(field, request.GET.get("op", "") or (str(condition.op) if condition else ""))
    values = condition.values if condition and condition.field == field.name else ()
    if "op" in request.GET and not field.options(state.ctx):  # another operator: what was typed stays
        values = widgets.written(field, op, request.GET, state.ctx).values
    return page(request, template, {**context, **_panel(state, field, op, values)})


def _panel(state: ListState, field: Any, op: Any, values: Any) -> dict[str, Any]:
    return {
        "field": field,
        "op": op,
        "operators": widgets.operators(field),
        "widgets": widgets.widgets(field, op, values, state.ctx),
        "date_spans": widgets.date_spans(),
        "hidden": [*state.hidden.items(), ("search", state.search)],
    }


def apply_filter(request: StaffRequest, kind: ListKind, template: str = "lists/filter.html") -> HttpResponse:
    """Add or change one condition, then show the list; what cannot be understood is said in the panel."""
    state = read_state(request, kind)
    _condition, index = panel.edited(state, request.GET)
    field = kind.fields.find(request.GET.get("field", ""), state.ctx)
    op = widgets.read_op(field, request.GET.get("op", ""))
    condition = widgets.written(field, op, request.GET, state.ctx)
    try:
        kind.fields.understood(condition, state.ctx)
    except BadCondition as fault:
        context = {"view": state, "index": index, "fault": str(fault), **_panel(state, field, op, condition.values)}
        return page(request, template, context, status=422)
    return redirect(request, state.url(where=panel.with_part(state.where, condition, index)))


def show_columns(request: StaffRequest, kind: ListKind, template: str = "lists/columns.html") -> HttpResponse:
    """The column chooser; choosing goes back to the list with the columns in its address."""
    state = read_state(request, kind)
    if "choose" in request.GET:
        chosen = tuple(name for name in request.GET.getlist("column"))
        return redirect(request, state.url(columns=chosen or ()))
    known = all_columns(kind, state.ctx)
    order = {name: place for place, name in enumerate(state.columns)}
    known.sort(key=lambda one: order.get(one[0], 999))
    context = {
        "view": state,
        "columns": known,
        "hidden": [(k, v) for k, v in [*state.hidden.items(), ("search", state.search)] if k != "columns"],
    }
    return page(request, template, context)


def show_conditions(request: StaffRequest, kind: ListKind, template: str = "lists/conditions.html") -> HttpResponse:
    """The whole filter as a sentence and as text."""
    state = read_state(request, kind)
    text = state.hidden["where"]
    return page(request, template, {"view": state, "sentence": state.sentence(), "text": text})
