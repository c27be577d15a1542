"""How an address is written in its country, line by line."""

from collections.abc import Mapping

from regulars.kit.regions import place_key

# Country → its lines; in a line commas separate, and a blank where two names stand in one text.
_LINES: dict[str, tuple[tuple[str, ...], ...]] = {
    "VN": (("address1",), ("address2",), ("area",), ("ward", "district"), ("city", "region", "postal_code")),
    "PH": (("address1",), ("address2",), ("area", "ward", "district"), ("postal_code city", "region")),
    "ID": (("address1",), ("address2",), ("area",), ("ward", "district"), ("city", "region postal_code")),
    "RO": (("address1",), ("address2",), ("area", "ward", "district"), ("postal_code city", "region")),
}
_ELSEWHERE = (("address1",), ("address2",), ("area", "ward", "district"), ("city", "region", "postal_code"))

PARTS = ("address1", "address2", "area", "ward", "district", "city", "region", "postal_code")


def address_lines(country: str, where: Mapping[str, str]) -> list[str]:
    """The lines of an address.

    country: its code, or "". where: part of the address (`PARTS`) → what is written. A province that is only the city
    again is not said twice.
    """
    said = {part: where.get(part) or "" for part in PARTS}
    if said["city"] and place_key(said["city"]) == place_key(said["region"]):
        said["region"] = ""
    return [line for spec in _LINES.get(country, _ELSEWHERE) if (line := _line(spec, said))]


def _line(spec: tuple[str, ...], said: Mapping[str, str]) -> str:
    texts = (" ".join(filter(None, (said[part] for part in words.split()))) for words in spec)
    return ", ".join(filter(None, texts))
