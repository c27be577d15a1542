"""All addresses inside a shop, read from the resolver: a new one cannot be forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address below `/s/<shop>/`: its name, its view, its parameters but the shop."""

    name: str
    path: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    def url(self, slug: str, **values: Any) -> str:
        """The address for a shop and values of the parameters."""
        path = self.path
        for parameter in self.parameters:
            kind = next(kind for kind in ("int", "str", "slug", "path", "uuid") if f"<{kind}:{parameter}>" in path)
            path = path.replace(f"<{kind}:{parameter}>", str(values[parameter]))
        return f"/s/{slug}/{path}"

    @property
    def permissions(self) -> tuple[str, ...]:
        """What the view asks for."""
        return getattr(self.view, "permissions", ())

    @property
    def wants_post(self) -> bool:
        """Whether it only changes something."""
        return "require_POST" in repr(self.view) or getattr(self.view, "post_only", False)


def routes_in_a_shop() -> list[Route]:
    """Every route that has the shop in its address."""
    return [route for route in _walk(get_resolver().url_patterns, "") if route is not None]


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif path.startswith("s/<slug:shop>/"):
            names = tuple(name for name in pattern.pattern.converters if name != "shop")
            rest = path.removeprefix("s/<slug:shop>/")
            yield Route(pattern.name or path, rest, pattern.callback, names)
