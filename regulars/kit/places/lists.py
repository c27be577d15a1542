"""The lists: read from their files when first asked for, one country at a time, and kept."""

import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.kit.places.names import Spelled, spelled

OLD_VIETNAM = "VN-OLD"
"""Vietnam with 63 provinces and districts, as it was until July 2025."""

_DATA = Path(__file__).parent / "data"
_LEVELS: dict[str, tuple[tuple[str, Any], ...]] = {
    "VN": (("region", _("Province or city")), ("ward", _("Ward or commune"))),
    OLD_VIETNAM: (("region", _("Province or city")), ("district", _("District")), ("ward", _("Ward or commune"))),
    "PH": (("region", _("Province")), ("city", _("City or municipality"))),
    "ID": (("region", _("Province")), ("city", _("Kota or kabupaten")), ("district", _("Kecamatan"))),
    "RO": (("region", _("County")), ("city", _("City, town or village"))),
}


class Unit(NamedTuple):
    """A place of a list. parent: the code of the place it is in; note: what tells it from others of its name.

    became: codes of what an old Vietnamese place is today, the likeliest first.
    """

    code: str
    name: str
    level: str
    parent: str = ""
    note: str = ""
    became: tuple[str, ...] = ()


class _Named(NamedTuple):
    spelled: Spelled
    unit: Unit


def levels(country: str) -> tuple[tuple[str, Any], ...]:
    """(part of an address, what it is called), the largest first; () where there is no list."""
    return _LEVELS.get(country, ())


def units(country: str, parent: str = "") -> list[Unit]:
    """The places directly in a place, in the order of their codes; of the country without one."""
    return _list(country).children.get(parent, []) if country in _LEVELS else []


def unit(country: str, code: str) -> Unit | None:
    """The place of a code."""
    return _list(country).units.get(code) if country in _LEVELS else None


def above(country: str, one: Unit) -> Unit | None:
    """The place it is in."""
    return unit(country, one.parent)


def find(country: str, level: str, text: str, within: str = "") -> list[Unit]:
    """Places of a name, in any spelling; several where the name does not say which one, none where it is unknown.

    within: the code of a larger place they must be in. "Kota Bandung" is not "Kabupaten Bandung"; "Bandung" is both.
    """
    if country not in _LEVELS:
        return []
    wanted = spelled(country[:2], text)
    same = [one for one in _list(country).within(level, within) if wanted.key and one.spelled.key == wanted.key]
    if wanted.kind:  # else those of which the list does not say what they are
        same = next((found for kind in (wanted.kind, "") if (found := _of_kind(kind, same))), same)
    return list(dict.fromkeys(one.unit for one in same))


def _of_kind(kind: str, named: list[_Named]) -> list[_Named]:
    return [one for one in named if one.spelled.kind == kind]


def suggest(country: str, level: str, text: str, within: str = "", limit: int = 20) -> list[Unit]:
    """Places whose name, or a word of it, begins as typed: those that begin so first, then towns, then short ones."""
    if country not in _LEVELS:
        return []
    typed = spelled(country[:2], text)
    found = _beginning(country, level, typed, within)
    if not found and " " in typed.words:  # "makati c": the kind of place is being typed behind it
        found = _beginning(country, level, typed._replace(words=typed.words.rpartition(" ")[0]), within)
    return sorted(found, key=lambda unit: found[unit])[:limit]


def _beginning(country: str, level: str, typed: Spelled, within: str) -> dict[Unit, tuple[bool, bool, int]]:
    """The places that match and what they are sorted by."""
    found: dict[Unit, tuple[bool, bool, int]] = {}
    for (kind, words), unit in _list(country).within(level, within):
        at = f" {words}".find(f" {typed.words}")
        if at >= 0:
            is_other = at > 0 or (bool(typed.kind) and kind != typed.kind)
            rank = (is_other, bool(unit.note), len(words) if typed.words else 0)
            found[unit] = min(rank, found.get(unit, rank))
    return found


class _List:
    """One country: its places by code and by what they are in; names are folded when first searched."""

    def __init__(self, country: str) -> None:
        self.country = country
        self.levels = [name for name, _label in _LEVELS[country]]
        self.units: dict[str, Unit] = {}
        self.children: dict[str, list[Unit]] = {}
        self._also: dict[str, str] = {}
        self._named: dict[str, list[_Named]] = {}
        self._read()
        self._alone = self._of_no_province()

    def within(self, level: str, code: str) -> Iterator[_Named]:
        """All names of a level, in one place or anywhere."""
        if level not in self.levels:
            return
        for parent in self._parents(self.levels.index(level), code):
            yield from self._names(parent)

    def _parents(self, depth: int, code: str) -> list[str]:
        """What the places at a depth lie in, as far as that is in `code`."""
        if depth == 0:
            return [""]
        start = self.units.get(code)
        here, at = ([code], self.levels.index(start.level) + 1) if start else ([""], 0)
        while at < depth:
            here, at = [one.code for parent in here for one in self.children.get(parent, ())], at + 1
        return here if not start or at > depth else [*here, *(one for one in self._alone if one not in here)]

    def _of_no_province(self) -> list[str]:
        """Philippine cities that are a province of their own, though everybody writes the province around them."""
        if self.country != "PH":
            return []
        return [code for code, inside in self.children.items() if code and len(inside) == 1]

    def _names(self, parent: str) -> list[_Named]:
        if parent not in self._named:
            self._named[parent] = [
                _Named(spelled(self.country[:2], name), one)
                for one in self.children.get(parent, ())
                for name in filter(None, [one.name, *self._also.get(one.code, "").split("|")])
            ]
        return self._named[parent]

    def _read(self) -> None:
        path = [""] * (len(self.levels) + 1)
        with gzip.open(_DATA / f"{self.country.lower()}.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                depth_, code, name, also, more, *_rest = [*line.rstrip("\n").split("\t"), "", ""]
                depth = int(depth_)
                became = tuple(more.split(",")) if more and self.country == OLD_VIETNAM else ()
                one = Unit(code, name, self.levels[depth], path[depth], "" if became else more, became)
                path[depth + 1] = code
                self.units[code] = one
                self.children.setdefault(one.parent, []).append(one)
                if also:
                    self._also[code] = also


@cache
def _list(country: str) -> _List:
    return _List(country)
