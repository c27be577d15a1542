"""The addresses of a list's saved views, below its path."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from regulars.web.access import StaffRequest, View, staff_may
from regulars.web.lists.kind import ListKind
from regulars.web.lists.saved import pages


def view_urls(kind: ListKind, name: str, *, may: tuple[str, ...]) -> list[URLPattern]:
    """The pages of a list's views, for staff with `may`: `<name>s`, `<name>_new`, `_edit`, `_save`, `_copy` …"""
    guarded = staff_may(*may)

    def of(view: Callable[..., HttpResponse]) -> View:
        def inner(request: StaffRequest, **values: Any) -> HttpResponse:
            return view(request, kind, **values)

        return guarded(inner)

    base = f"{kind.path}views/"
    return [
        path(base, of(pages.manage), name=f"{name}s"),
        path(f"{base}new", of(pages.new), name=f"{name}_new"),
        path(f"{base}order", of(pages.arrange), name=f"{name}_order"),
        path(f"{base}<int:pk>/", of(pages.edit), name=f"{name}_edit"),
        path(f"{base}<int:pk>/save", of(pages.save), name=f"{name}_save"),
        path(f"{base}<int:pk>/copy", of(pages.copy), name=f"{name}_copy"),
        path(f"{base}<int:pk>/remove", of(pages.remove), name=f"{name}_remove"),
    ]
