"""The languages people speak: their codes, how they are written, what they are called."""

from functools import cache, lru_cache

from regulars.kit.numbers import locale_of
from regulars.kit.text import fold

_NEAR = ("vi", "id", "fil", "ro", "ms", "th", "km", "zh", "ja", "ko", "fr", "de", "es", "hu", "ru", "it")
"""Languages that are read by what they call themselves, too."""


@lru_cache(maxsize=1024)
def read_language(text: str) -> str | None:
    """The code of a language: by code (also `en-US`, of which the country is left out) or by name; None if there is
    no such language.
    """
    return _known().get(fold(text[:60]).replace("_", "-").partition("-")[0].strip())


@cache
def language_choices(locale: str) -> list[tuple[str, str]]:
    """Languages with a code of two letters, and those of our shops: (code, name in a language), by name."""
    names = locale_of(locale).languages
    codes = {code for code in set(_known().values()) if len(code) == 2} | set(_NEAR)
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: fold(pair[1]))


@cache
def _known() -> dict[str, str]:
    """Codes of two or three letters, and names in English and in each language's own words → code."""
    english = {code: name for code, name in locale_of("en").languages.items() if code.isalpha() and len(code) <= 3}
    named = {fold(name): code for code, name in english.items()}
    for code in _NEAR:
        named[fold(locale_of(code).languages.get(code, code))] = code
    return named | {"tagalog": "fil", "tl": "fil"} | {code: code for code in english if code != "tl"}
