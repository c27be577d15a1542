"""The addresses every list has, below its path: made from the list's declaration."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import views
from regulars.web.lists.editor import views as editor
from regulars.web.lists.kind import ListKind

More = Callable[..., Mapping[str, Any]]
KindOf = Callable[..., ListKind]


def list_urls(
    kind: ListKind | KindOf,
    name: str,
    *,
    may: tuple[str, ...],
    rows: views.RowMaker,
    template: str,
    more: More = lambda request, **values: {},
    home: str = "",
    saves: bool = False,
) -> list[URLPattern]:
    """The list with its lazy count, filter panel, editor, column chooser and conditions, for staff with `may`.

    name: of the list's address; the others are called `<name>_count`, `_filter`, `_apply`, `_editor`, `_answer`,
    `_suggest`, `_columns`, `_conditions`. saves: whether its questions can be kept as views, segments and groups.
    more: what the template needs beyond what every list has. A list of which there are many (the members of a segment)
    is a function `kind(request, **values)`, and `home` the pattern of its path; `more` gets the values as well.
    """
    guarded = staff_may(*may)
    home = kind.path if isinstance(kind, ListKind) else home

    def of(request: StaffRequest, values: Mapping[str, Any]) -> ListKind:
        return kind if isinstance(kind, ListKind) else kind(request, **values)

    def show(request: StaffRequest, **values: Any) -> HttpResponse:
        return views.show_list(request, of(request, values), rows, template, more(request, **values))

    def count(request: StaffRequest, **values: Any) -> HttpResponse:
        return views.show_count(request, of(request, values), template)

    def edit(request: StaffRequest, **values: Any) -> HttpResponse:
        return editor.show_editor(request, of(request, values), saves=saves)

    def answer(request: StaffRequest, **values: Any) -> HttpResponse:
        return editor.show_answer(request, of(request, values), rows)

    def panel(view: Callable[[StaffRequest, ListKind], HttpResponse]) -> Callable[..., HttpResponse]:
        def inner(request: StaffRequest, **values: Any) -> HttpResponse:
            return view(request, of(request, values))

        return guarded(inner)

    return [
        path(home, guarded(show), name=name),
        path(f"{home}count", guarded(count), name=f"{name}_count"),
        path(f"{home}filter/", panel(views.show_filter_panel), name=f"{name}_filter"),
        path(f"{home}filter/apply", panel(views.apply_filter), name=f"{name}_apply"),
        path(f"{home}filter/editor/", guarded(edit), name=f"{name}_editor"),
        path(f"{home}filter/answer/", guarded(answer), name=f"{name}_answer"),
        path(f"{home}filter/suggest", panel(editor.suggest), name=f"{name}_suggest"),
        path(f"{home}columns/", panel(views.show_columns), name=f"{name}_columns"),
        path(f"{home}conditions/", panel(views.show_conditions), name=f"{name}_conditions"),
    ]
