"""What we know better about an address than who wrote it: quiet words beside it, never a reason to refuse it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from regulars.kit import places
from regulars.kit.places import Unit
from regulars.kit.regions import place_key

# How many digits a postal code has: five or six in Vietnam, where the old ones are still written.
_DIGITS: dict[str, tuple[int, ...]] = {"VN": (5, 6), "PH": (4,), "ID": (5,), "RO": (6,)}


def address_notes(country: str, where: Mapping[str, str]) -> list[str]:
    """Sentences about what a list of places does not know and what does not belong together; [] is usual.

    country: its code. where: part of the address (`region`, `city`, `district`, `ward`, `postal_code`) → text.
    """
    said = {part: text.strip() for part, text in where.items()}
    about_places = _about_vietnam(said) if country == "VN" else _about_levels(country, said)
    return [*about_places, *_about_code(country, said.get("postal_code", ""))]


def address_today(country: str, where: Mapping[str, str]) -> list[str]:
    """What an address of Vietnam from before July 2025 is today, one or several ("Phường X, Tỉnh Y"); [] otherwise."""
    if country != "VN":
        return []
    said = {part: text.strip() for part, text in where.items()}
    province, district, ward = _vietnamese(said)
    if not district and _is_current(province, ward):
        return []
    return [_named(one) for one in places.converted(province, district, ward)]


def _named(one: places.Converted) -> str:
    return f"{one.ward.name}, {one.province.name}" if one.ward else one.province.name


def _is_current(province: str, ward: str) -> bool:
    now = places.find("VN", "region", province)
    return bool(now) and (not ward or any(places.find("VN", "ward", ward, one.code) for one in now))


def _vietnamese(said: Mapping[str, str]) -> tuple[str, str, str]:
    """Province, district and ward: a city stands for the province, or for a district of it."""
    province, district, city = said.get("region", ""), said.get("district", ""), said.get("city", "")
    if not province:
        province = city
    elif city and not district and place_key(city) != place_key(province) and not _province(city):
        district = city
    return province, district, said.get("ward", "")


def _province(text: str) -> list[Unit]:
    return places.find("VN", "region", text) or places.find(places.OLD_VIETNAM, "region", text)


def _about_vietnam(said: Mapping[str, str]) -> list[str]:
    """Today's two levels, or the three of before: either is right."""
    province, district, ward = _vietnamese(said)
    if not province:
        return []
    if not _province(province):
        return [_unknown(_("province"), province, "")]
    if district:
        return _about_old(province, district, ward)
    if ward and not _is_current(province, ward) and not places.converted(province, "", ward):
        return [_unknown(_("ward or commune"), ward, province)]
    return []


def _about_old(province: str, district: str, ward: str) -> list[str]:
    olds = places.old_provinces(province)
    inside = [one for old in olds for one in places.find(places.OLD_VIETNAM, "district", district, old.code)]
    if not inside:
        return [_unknown(_("district"), district, province)]
    if not ward or any(places.find(places.OLD_VIETNAM, "ward", ward, one.code) for one in inside):
        return []
    if _is_current(province, ward):
        return []
    return [_unknown(_("ward or commune"), ward, district)]


def _about_levels(country: str, said: Mapping[str, str]) -> list[str]:
    """From the largest place to the smallest; nothing is said below one that is unknown or not listed further."""
    inside: Sequence[Unit] = ()
    for level, label in places.levels(country):
        text = said.get(level, "")
        if not text:
            continue
        if inside and not any(places.units(country, one.code) for one in inside):
            return []
        codes = [one.code for one in inside] or [""]
        found = [one for code in codes for one in places.find(country, level, text, code)]
        if not found:
            return [_unknown(label, text, said.get(inside[0].level, "") if inside else "")]
        inside = found
    return []


def _unknown(level: Any, text: str, within: str) -> str:
    if within:
        words = _("We do not know “{text}” in {place} ({level}); it is kept as written.")
    else:
        words = _("We do not know “{text}” ({level}); it is kept as written.")
    return words.format(text=text, place=within, level=str(level))


def _about_code(country: str, code: str) -> list[str]:
    digits = "".join(filter(str.isalnum, code))
    wanted = _DIGITS.get(country)
    if not digits or wanted is None or (digits.isdecimal() and len(digits) in wanted):
        return []
    words = _("A postal code here has {digits} digits; “{code}” is kept as written.")
    return [words.format(digits="/".join(map(str, wanted)), code=code)]


def postal_hint(country: str) -> str:
    """How many digits a postal code has, in words; "" where we do not know."""
    return _("{digits} digits").format(digits=_DIGITS[country][0]) if country in _DIGITS else ""
