"""Icons and flags, drawn into the page so that they take its colour and need no request."""

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from markupsafe import Markup, escape

from regulars.web.markup import Pattern

_ROOT_TAG = re.compile(r"^.*?<svg\b[^>]*>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FLAG = Pattern('<span class="flag flag-country-{}" {}></span>')
_NAMED = Pattern('role="img" aria-label="{}" title="{}"')
_BLANK_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z"[^>]*/>')


class UnknownIcon(LookupError):
    """A template asked for an icon that is not vendored."""


@lru_cache(maxsize=1024)
def icon(name: str, class_: str = "", *, label: str = "") -> Markup:
    """An outline icon as inline SVG, 16 px unless its class says otherwise.

    Without a label it is decoration and hidden from screen readers. Raises UnknownIcon.
    """
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - the drawing is ours, the label is escaped
        f'<svg class="icon{" " + escape(class_) if class_ else ""}" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" {named}>{_drawing(name)}</svg>'
    )


@lru_cache(maxsize=512)
def _drawing(name: str) -> str:
    """What stands inside the icon's <svg> element."""
    found = finders.find(f"vendor/icons/{name}.svg")
    if not found:
        raise UnknownIcon(f'No icon "{name}": add it to ICONS in vendor_assets.py and run that script.')
    text = _COMMENT.sub("", Path(str(found)).read_text())
    text = _BLANK_FRAME.sub("", _ROOT_TAG.sub("", text)).replace("</svg>", "")
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def flag(country: str, name: str = "") -> Markup:
    """A country's flag by its ISO 3166 code in either case; nothing for an unknown or empty one.

    name: the country's name, for screen readers and on hover; without it the flag is decoration.
    """
    code = country.strip().lower()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        return Markup("")
    named = _NAMED(name, name) if name else Markup('aria-hidden="true"')
    return _FLAG(code, named)
