"""Small facts that components need to write themselves."""

import zlib
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

TINTS = 6


class Pattern:
    """HTML with gaps: `Pattern('<a href="{}">{}</a>')(url, name)` escapes what it puts in.

    A list fills a thousand of them a page; Markup.format, which reads its pattern anew each time, takes six times as
    long.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.replace("%", "%%").replace("{}", "%s")

    def __call__(self, *values: object) -> Markup:
        safe = tuple([value if value.__class__ is Markup else escape(value) for value in values])
        return str.__new__(Markup, self._text % safe)  # Markup() would look again whether it is safe


def attributes(given: Mapping[str, Any]) -> Markup:
    """HTML attributes from keyword arguments: `hx_get` is `hx-get`, `hx_target__inherited` is `hx-target:inherited`.

    True writes the bare name; None and False write nothing; everything else is escaped.
    """
    parts = []
    for key, value in given.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("__", ":").replace("_", "-")
        parts.append(Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value))
    return Markup("").join(parts)


def device(user_agent: str) -> str:
    """Browser and system in words ("Firefox · Windows"), "" when neither is known.

    A browser that calls itself by several names comes first in the table by the name that is only its own.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, [browser, system]))


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def initials(name: str) -> str:
    """One or two letters for a person without a picture: first and last word, "?" for no name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


def tint(seed: object) -> int:
    """Which of the neutral tints (0 to 5) stands for this thing; the same on every page and day."""
    return zlib.crc32(str(seed).encode()) % TINTS
