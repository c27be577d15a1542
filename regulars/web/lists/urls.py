"""The addresses every list has, below its path: made from the list's declaration."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from regulars.web.access import StaffRequest, staff_may
from regulars.web.lists import views
from regulars.web.lists.kind import ListKind

More = Callable[[StaffRequest], Mapping[str, Any]]


def list_urls(
    kind: ListKind,
    name: str,
    *,
    may: tuple[str, ...],
    rows: views.RowMaker,
    template: str,
    more: More = lambda request: {},
) -> list[URLPattern]:
    """The list, its lazy count, its filter panel, its column chooser and its conditions, for staff with `may`.

    name: of the list's address; the others are called `<name>_count`, `_filter`, `_apply`, `_columns`, `_conditions`.
    more: what the template needs beyond what every list has.
    """
    guarded = staff_may(*may)

    def show(request: StaffRequest) -> HttpResponse:
        return views.show_list(request, kind, rows, template, more(request))

    def count(request: StaffRequest) -> HttpResponse:
        return views.show_count(request, kind, template)

    def panel(view: Callable[[StaffRequest, ListKind], HttpResponse]) -> Callable[..., HttpResponse]:
        def inner(request: StaffRequest) -> HttpResponse:
            return view(request, kind)

        return guarded(inner)

    return [
        path(kind.path, guarded(show), name=name),
        path(f"{kind.path}count", guarded(count), name=f"{name}_count"),
        path(f"{kind.path}filter/", panel(views.show_filter_panel), name=f"{name}_filter"),
        path(f"{kind.path}filter/apply", panel(views.apply_filter), name=f"{name}_apply"),
        path(f"{kind.path}columns/", panel(views.show_columns), name=f"{name}_columns"),
        path(f"{kind.path}conditions/", panel(views.show_conditions), name=f"{name}_conditions"),
    ]
