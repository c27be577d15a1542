"""Countries: their names in any spelling, and what a shop there starts with."""

import pickle
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import phonenumbers
from babel import localedata
from babel.core import get_global

from regulars.kit.numbers import locale_of
from regulars.kit.text import clean, fold


class Country(NamedTuple):
    """What a shop in a country starts with; all of it can be changed.

    currency: ISO 4217. language: of the page, one we speak. timezone: of the capital. contact_apps:
    what people there write to shops with, likeliest first.
    """

    code: str
    currency: str
    language: str
    timezone: str
    contact_apps: tuple[str, ...]


def _known() -> dict[str, Country]:
    apps = ("whatsapp",)
    rows = [
        Country("VN", "VND", "vi", "Asia/Ho_Chi_Minh", ("zalo", "messenger", "viber")),
        Country("PH", "PHP", "en", "Asia/Manila", ("viber", "messenger", "whatsapp")),
        Country("ID", "IDR", "id", "Asia/Jakarta", ("whatsapp", "telegram", "line")),
        Country("RO", "RON", "ro", "Europe/Bucharest", ("whatsapp", "viber", "messenger")),
        Country("SG", "SGD", "en", "Asia/Singapore", ("whatsapp", "telegram")),
        Country("MY", "MYR", "en", "Asia/Kuala_Lumpur", ("whatsapp", "telegram")),
        Country("TH", "THB", "en", "Asia/Bangkok", ("line", "messenger")),
        Country("KH", "KHR", "en", "Asia/Phnom_Penh", ("telegram", "messenger")),
        Country("LA", "LAK", "en", "Asia/Vientiane", ("whatsapp", "messenger")),
        Country("MM", "MMK", "en", "Asia/Yangon", ("viber", "messenger")),
        Country("TW", "TWD", "en", "Asia/Taipei", ("line", "messenger")),
        Country("JP", "JPY", "en", "Asia/Tokyo", ("line",)),
        Country("KR", "KRW", "en", "Asia/Seoul", ("kakaotalk",)),
        Country("HK", "HKD", "en", "Asia/Hong_Kong", ("whatsapp",)),
        Country("CN", "CNY", "en", "Asia/Shanghai", ("wechat",)),
        Country("MD", "MDL", "ro", "Europe/Chisinau", ("viber", "whatsapp", "telegram")),
        Country("US", "USD", "en", "America/New_York", apps),
        Country("AU", "AUD", "en", "Australia/Sydney", apps),
        Country("CA", "CAD", "en", "America/Toronto", apps),
    ]
    return {row.code: row for row in rows}


_KNOWN = _known()
_OURS = ("en", "vi", "id", "ro", "fil")

# Names in use that neither CLDR nor the ISO codes bring.
_ALSO_CALLED = {
    "VN": ["viet nam", "vietnam", "vnm", "socialist republic of vietnam"],
    "PH": ["philippines", "the philippines", "pilipinas", "republic of the philippines"],
    "ID": ["indonesia", "republik indonesia"],
    "US": ["usa", "u.s.a.", "u.s.", "united states of america", "america"],
    "GB": ["uk", "u.k.", "great britain", "england", "scotland", "wales", "northern ireland"],
    "KR": ["korea", "south korea", "republic of korea"],
    "CZ": ["czech republic"],
    "TR": ["turkey", "turkiye"],
    "NL": ["holland", "the netherlands"],
    "RU": ["russian federation"],
    "LA": ["lao pdr", "lao"],
    "MM": ["burma"],
    "MO": ["macau", "macao"],
    "HK": ["hong kong"],
    "CI": ["ivory coast"],
    "VA": ["vatican"],
    "PS": ["palestine"],
}

# Where the first zone by name is not the one most people live in.
_MAIN_ZONE = {
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}


@cache
def codes() -> tuple[str, ...]:
    """All ISO 3166-1 alpha-2 codes, in alphabetical order."""
    outside = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
    names = locale_of("en").territories
    return tuple(sorted(code for code in names if len(code) == 2 and code.isalpha() and code not in outside))


def country_name(code: str, locale: str = "en") -> str:
    """What a country is called in a language; its code where nobody gave it a name."""
    return locale_of(locale).territories.get(code, code)


@cache
def country_choices(locale: str = "en") -> list[tuple[str, str]]:
    """All countries as (code, name), by name, for choosers."""
    named = [(code, country_name(code, locale)) for code in codes()]
    return sorted(named, key=lambda pair: fold(pair[1]))


@lru_cache(maxsize=1024)
def read_country(text: str) -> str | None:
    """The code of a country written as ISO code (two or three letters), in English, in a language
    of ours or in its own; None when no country is meant. "NGA" is Nigeria, "Nga" is Russia in Vietnamese.
    """
    text = text[:100]
    exact = None if text.isupper() else _by_exact_name().get(clean(text).casefold())
    return exact or _by_name().get(_plain(text))


def about(code: str) -> Country:
    """What a shop in a country starts with, also for countries we know nothing special of."""
    return _KNOWN.get(code) or _guessed(code)


def calling_code(code: str) -> str:
    """The code after + in its phone numbers, "63"; "" for places without one."""
    number = phonenumbers.country_code_for_region(code)
    return str(number) if number else ""


@cache
def _by_exact_name() -> dict[str, str]:
    """Names in our languages with their accents: folded, the Vietnamese "Áo" (Austria) would be Angola's code."""
    names = {country_name(code, language).casefold(): code for language in _OURS for code in codes()}
    return {"mỹ": "US"} | names


@cache
def _by_name() -> dict[str, str]:
    """Folded names and codes; a code is never hidden by another country's name."""
    found: dict[str, str] = {}
    for code in codes():
        for language in (*_OURS, *_languages_of(code)):
            found.setdefault(_plain(_names_in(language).get(code, code)), code)
    _names_in.cache_clear()
    found |= {_plain(name): code for code, names in _ALSO_CALLED.items() for name in names}
    aliases = get_global("territory_aliases")
    found |= {old.lower(): new[0] for old, new in aliases.items() if old.isalpha() and new[0] in codes()}
    return found | {code.lower(): code for code in codes()}


@cache
def _names_in(language: str) -> dict[str, str]:
    """What countries are called in a language, by code, and nothing else of all that CLDR knows about it: Babel would
    keep that of 120 languages, 70 MiB, for as long as the process lives."""
    name, names = str(locale_of(language)), dict[str, str]()
    while name and name != "root":
        data = pickle.loads(Path(localedata.resolve_locale_filename(name)).read_bytes())  # noqa: S301  of the library
        names = {code: called for code, called in data.get("territories", {}).items() if len(code) == 2} | names
        name = get_global("parent_exceptions").get(name) or name.rpartition("_")[0]
    return names


def _plain(name: str) -> str:
    return fold(name).replace("-", " ").strip(" .")


def _languages_of(code: str) -> list[str]:
    """The official languages of a country, as far as CLDR writes them."""
    spoken = get_global("territory_languages").get(code, {})
    return [name for name, facts in spoken.items() if facts.get("official_status") == "official"]


@cache
def _guessed(code: str) -> Country:
    zones = sorted(zone for zone, place in get_global("zone_territories").items() if place == code)
    timezone = _MAIN_ZONE.get(code) or (zones[0] if zones else "UTC")
    return Country(code, _currency_of(code), "en", timezone, ("whatsapp",))


def _currency_of(code: str) -> str:
    spans = get_global("territory_currencies").get(code, ())
    return next((currency for currency, _since, until, tender in spans if tender and not until), "USD")
