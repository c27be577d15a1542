"""What an old Vietnamese address is today: in July 2025 provinces were joined, districts ended, wards drawn anew."""

from itertools import chain
from typing import NamedTuple

from regulars.kit.places.lists import OLD_VIETNAM, Unit, find, suggest, unit, units


class Converted(NamedTuple):
    """A place of today; `ward` None where only the province is certain."""

    province: Unit
    ward: Unit | None = None


def converted(province: str, district: str = "", ward: str = "") -> tuple[Converted, ...]:
    """What a place of the old three levels is today, the likeliest first (only an island is known by its district).

    Several where a ward was divided, or where no district says which ward is meant; none for an unknown province,
    or a district or ward that was not in it. The province may be named as it was or as it is now.
    """
    places = old_provinces(province)
    if not places:
        return ()
    if not (district or ward):
        return _provinces(places)
    if district:
        places = _inside(places, "district", district)
    if ward:
        places = _inside(places, "ward", ward) or [one for one in places if one.became and one.level == "district"]
    became = dict.fromkeys(chain.from_iterable(one.became for one in places))
    return tuple(filter(None, map(_today, became)))


def old_provinces(text: str) -> list[Unit]:
    """The provinces of before July 2025 that a name means: that of then itself, and all that are in that of now."""
    now = {one.code for one in find("VN", "region", text)}
    joined = [one for one in units(OLD_VIETNAM) if now.intersection(one.became)]
    return list(dict.fromkeys([*find(OLD_VIETNAM, "region", text), *joined]))


def districts(province: str, text: str, limit: int = 20) -> list[Unit]:
    """Old districts whose name begins as typed, in the province named as it was or is; anywhere without one."""
    whose = old_provinces(province)
    found = [suggest(OLD_VIETNAM, "district", text, one.code, limit) for one in whose]
    return list(chain.from_iterable(found or [suggest(OLD_VIETNAM, "district", text, limit=limit)]))[:limit]


def _inside(places: list[Unit], level: str, text: str) -> list[Unit]:
    return [found for place in places for found in find(OLD_VIETNAM, level, text, place.code)]


def _provinces(places: list[Unit]) -> tuple[Converted, ...]:
    codes = dict.fromkeys(chain.from_iterable(one.became for one in places))
    return tuple(Converted(found) for code in codes if (found := unit("VN", code)))


def _today(code: str) -> Converted | None:
    ward = unit("VN", code)
    province = ward and unit("VN", ward.parent)
    return Converted(province, ward) if province else None
