"""The addresses every list has, below its path."""

from collections.abc import Callable
from types import ModuleType

from django.http import HttpResponse
from django.urls import URLPattern, path


def list_urls(prefix: str, name: str, module: ModuleType) -> list[URLPattern]:
    """Patterns for the views `<name>`, `<name>_count`, `_filter`, `_apply`, `_columns`, `_conditions` of a module."""
    view: Callable[[str], Callable[..., HttpResponse]] = lambda part: getattr(module, name + part)  # noqa: E731
    return [
        path(prefix, view(""), name=name),
        path(f"{prefix}count", view("_count"), name=f"{name}_count"),
        path(f"{prefix}filter/", view("_filter"), name=f"{name}_filter"),
        path(f"{prefix}filter/apply", view("_apply"), name=f"{name}_apply"),
        path(f"{prefix}columns/", view("_columns"), name=f"{name}_columns"),
        path(f"{prefix}conditions/", view("_conditions"), name=f"{name}_conditions"),
    ]
