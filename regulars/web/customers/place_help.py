"""Help while an address is typed: places that may be meant, and quiet words about what does not belong together."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.address_lines import PARTS
from regulars.customers.address_notes import address_notes, address_today
from regulars.kit import places
from regulars.kit.places import Unit
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page

MOST = 20
COMPLETED: dict[str, tuple[str, ...]] = {
    "VN": ("ward", "district", "city", "region"),
    "PH": ("city", "region"),
    "ID": ("district", "city", "region"),
    "RO": ("city", "region"),
}
"""Country → inputs that suggest places."""


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def suggestions(request: StaffRequest) -> HttpResponse:
    """Places that the text in the input `part` may mean; posted with the address around it, so nothing is logged."""
    said, country = _said(request)
    part = request.POST.get("part", "")
    options = found(country, part, said) if part in COMPLETED.get(country, ()) else []
    return page(request, "customers/place_help.html", {"options": options, "notes": []})


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def remarks(request: StaffRequest) -> HttpResponse:
    """What we know better about the address as it is typed now."""
    said, country = _said(request)
    return page(request, "customers/place_help.html", {"options": [], "notes": notes(country, said)})


def notes(country: str, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """Sentences about an address, warnings first; the last may say what it is today."""
    told = [{"text": text, "is_warning": True} for text in address_notes(country, said)]
    if today := today_line(country, said):
        told.append({"text": today, "is_warning": False})
    return told


def today_line(country: str, said: Mapping[str, str]) -> str:
    """What an address of before Vietnam's reform is today, "" for any other."""
    return _("Today: {places}").format(places=_(" or ").join(now)) if (now := address_today(country, said)) else ""


def found(country: str, part: str, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """Options of a list: value, where it lies, and what choosing it fills besides, as far as that is empty."""
    text = said[part]
    if country == "VN":
        units = _of_vietnam(part, text, said["region"] or (said["city"] if part != "city" else ""))
        home = places.OLD_VIETNAM if part == "district" else "VN"
        has_province = bool(said["region"] or said["city"])
    else:
        units, home, has_province = _of_levels(country, part, text, said), country, bool(said["region"])
    return [_option(home, one, {} if part == "region" or has_province else said) for one in units]


def _of_vietnam(part: str, text: str, province: str) -> list[Unit]:
    if part == "district":
        return places.districts(province, text, MOST)
    if part == "ward":
        whole = places.find("VN", "region", province)
        if whole or not province:
            return places.suggest("VN", "ward", text, whole[0].code if whole else "", MOST)
        return [found for one in places.converted(province) for found in _wards(text, one.province)][:MOST]
    provinces = places.suggest("VN", "region", text, limit=MOST)
    return [one for one in provinces if part == "region" or one.name.startswith("Thành phố")]


def _wards(text: str, province: Unit) -> list[Unit]:
    return places.suggest("VN", "ward", text, province.code, MOST)


def _of_levels(country: str, part: str, text: str, said: Mapping[str, str]) -> list[Unit]:
    """Within whatever larger place is written and known; anywhere in the country when that leaves nothing."""
    within: list[Unit] = []
    for level, _label in places.levels(country):
        if level == part:
            break
        if said[level]:
            inside = [one.code for one in within] or [""]
            within = [one for code in inside for one in places.find(country, level, said[level], code)] or within
    for whole in within:
        if near := places.suggest(country, part, text, whole.code, MOST):
            return near
    return places.suggest(country, part, text, limit=MOST)


def _option(country: str, one: Unit, said: Mapping[str, str]) -> dict[str, Any]:
    """said: the address, where choosing may fill what is larger and still empty; {} fills nothing."""
    around: list[Unit] = []
    here = places.above(country, one)
    while here:
        around.append(here)
        here = places.above(country, here)
    where = ", ".join(filter(None, [one.note, *(whole.name for whole in around)]))
    fills = {whole.level: whole.name for whole in around if said and not said[whole.level]}
    return {"value": one.name, "where": where, "fills": fills if country != places.OLD_VIETNAM else {}}


def _said(request: StaffRequest) -> tuple[dict[str, str], str]:
    return {part: request.POST.get(part, "").strip() for part in PARTS}, request.POST.get("address_country", "")
