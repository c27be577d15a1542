"""The views of the editor that every list has: the page, its answer, completion of the text."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.kit.query import BadCondition, parse
from regulars.kit.query.completion import suggestions
from regulars.web.access import StaffRequest
from regulars.web.lists.editor.answer import RowMaker, answer_of
from regulars.web.lists.editor.editor import Editor, context_for_editor
from regulars.web.lists.kind import ListKind
from regulars.web.lists.state import ListState
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect

PAGE = "lists/editor_page.html"
SAVED_AS = {"view_new": _("Save as view"), "segment_new": _("Save as segment"), "group_rule_new": _("Save as group")}
"""Pages that keep a question under a name, as far as there are such pages."""


def show_editor(request: StaffRequest, kind: ListKind, *, saves: bool) -> HttpResponse:
    """The editor; every change posts all of it and gets it back. Apply goes to the list, or says what is wrong (422).

    saves: whether its question can be kept as a view, a segment or a group.
    """
    given = request.POST if request.method == "POST" else request.GET
    state = _state(request, kind, given)
    context = context_for_editor(kind, request.shop, request.staff, given)
    editor: Editor = context["editor"]
    goal = _goal(request, given.get("do", ""), saves)
    if goal is not None:
        try:
            where = editor.where
        except BadCondition as fault:
            return _page(request, state, {**context, "problem": str(fault.details["reason"])}, saves, status=422)
        return redirect(request, _address(state, goal, where))
    return _page(request, state, {**context, "problem": ""}, saves)


def show_answer(request: StaffRequest, kind: ListKind, rows: RowMaker) -> HttpResponse:
    """How many answer to the question in the form, and some of them."""
    given = request.POST if request.method == "POST" else request.GET
    state = _state(request, kind, given)
    context = context_for_editor(kind, request.shop, request.staff, given)
    node = context["editor"].node
    answer = answer_of(state, node, rows) if node is not None else None
    return page(request, "lists/answer.html", {**context, "answer": answer})


def suggest(request: StaffRequest, kind: ListKind) -> HttpResponse:
    """What could stand at a place of the text (`text`, and `at` in characters), as JSON."""
    ctx = kind.context(request.shop, staff=request.staff, locale=get_language() or "en")
    text = request.GET.get("text", "")
    at = whole_number(request.GET.get("at", ""))
    found = suggestions(text, len(text) if at is None else at, kind.fields, ctx)
    return JsonResponse([asdict(one) for one in found], safe=False)


def _state(request: StaffRequest, kind: ListKind, given: QueryDict) -> ListState:
    """The list the editor belongs to; what its address says of the question is the editor's affair."""
    asked = given.copy()
    asked["where"] = ""
    return ListState.read(kind, request.shop, request.staff, asked, locale=get_language() or "en")


def _page(
    request: StaffRequest, state: ListState, context: dict[str, Any], saves: bool, status: int = 200
) -> HttpResponse:
    hidden = [(name, value) for name, value in [*state.hidden.items(), ("search", state.search)] if name != "where"]
    saving = [(name, SAVED_AS[name]) for name in SAVED_AS if saves and _path(request, name)]
    node = context["editor"].node
    more = {"view": state, "back": state.url(where=node) if node else state.url(), "hidden": hidden, "saving": saving}
    return page(request, PAGE, {**context, **more}, status=status)


def _goal(request: StaffRequest, do: str, saves: bool) -> str | None:
    """Where a button leads with the question: "" to the list, a path to a page that keeps it; None for an edit."""
    if do == "apply":
        return ""
    return _path(request, do) or None if saves and do in SAVED_AS else None


def _address(state: ListState, goal: str, where: str) -> str:
    if not goal:
        return state.url(where=state.kind.fields.check(parse(where), state.ctx))
    return f"{goal}?{urlencode({'where': where})}" if where else goal


def _path(request: StaffRequest, name: str) -> str:
    try:
        return reverse(name, args=(request.shop.slug,))
    except NoReverseMatch:
        return ""
