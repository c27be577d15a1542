"""A customer's addresses, ready to print, and what an address consists of in each country."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.customers.address_lines import address_lines
from regulars.customers.address_notes import postal_hint
from regulars.customers.citizen import HIDDEN
from regulars.customers.models import Address
from regulars.kit import countries
from regulars.kit.query.prepared import loaded, prepared
from regulars.web.customers.place_help import COMPLETED, notes, today_line
from regulars.web.icons import flag

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

MOST = 100

# Country → its parts in the order they are written, with what they are called there [S4.20].
_PARTS: dict[str, tuple[tuple[str, Any], ...]] = {
    "VN": (
        ("address1", _("Street and number")), ("area", _("Area")), ("ward", _("Ward or commune")),
        ("district", _("District, before July 2025")), ("city", _("City")), ("region", _("Province or city")),
        ("postal_code", _("Postal code")),
    ),
    "PH": (
        ("address1", _("House, street")), ("address2", _("Building, floor")), ("area", _("Area or subdivision")),
        ("ward", _("Barangay")), ("city", _("City or municipality")), ("region", _("Province")),
        ("postal_code", _("ZIP code")),
    ),
    "ID": (
        ("address1", _("Street and number")), ("area", _("RT/RW, area")), ("ward", _("Kelurahan or desa")),
        ("district", _("Kecamatan")), ("city", _("Kota or kabupaten")), ("region", _("Province")),
        ("postal_code", _("Postal code")),
    ),
    "RO": (
        ("address1", _("Street and number")), ("address2", _("Block, stair, flat")), ("area", _("Area or sector")),
        ("city", _("City, town or village")), ("region", _("County")), ("postal_code", _("Postal code")),
    ),
}  # fmt: skip
_ELSEWHERE = (
    ("address1", _("Address")), ("address2", _("Address, second line")), ("city", _("City")),
    ("region", _("Province or state")), ("postal_code", _("Postal code")),
)  # fmt: skip
_EVERYWHERE = {
    "address1": _("Address"), "address2": _("Address, second line"), "area": _("Area"), "ward": _("Ward"),
    "district": _("District"), "city": _("City"), "region": _("Province"), "postal_code": _("Postal code"),
}  # fmt: skip
COLUMN_OF = {"address1": "line1", "address2": "line2"}


def parts_for(country: str, filled: Mapping[str, str]) -> list[tuple[str, Any]]:
    """(input, label) of an address in a country, and of whatever else is filled in already."""
    parts = list(_PARTS.get(country, _ELSEWHERE))
    named = {name for name, _label in parts}
    return parts + [(name, label) for name, label in _EVERYWHERE.items() if name not in named and filled.get(name)]


def help_for(country: str, filled: Mapping[str, str]) -> dict[str, Any]:
    """What the inputs of an address show besides their values: parts, which are completed, words about it, a hint."""
    return {
        "parts": parts_for(country, filled),
        "completed": COMPLETED.get(country, ()),
        "notes": notes(country, {name: filled.get(name, "") for name in _EVERYWHERE}),
        "hint": postal_hint(country),
    }


def values_of(address: Address) -> dict[str, str]:
    """An address as the inputs of its form."""
    inputs = {name: getattr(address, COLUMN_OF.get(name, name)) for name in _EVERYWHERE}
    return {
        **inputs,
        "address_label": address.label,
        "recipient": address.recipient,
        "address_company": address.company,
        "address_country": address.country,
        "address_phone": address.phone_raw,
    }


def addresses(view: "CustomerView") -> list[dict[str, Any]]:
    """All addresses, the defaults first."""
    rows = Address.objects.of(view.shop).filter(customer=view.customer)
    ordered = rows.order_by("-is_default_shipping", "-is_default_billing", "-id")[:MOST]
    return [
        {
            "id": row.pk,
            "label": row.label,
            "recipient": " · ".join(filter(None, [row.recipient, row.company])),
            "lines": lines(row),
            "today": today_line(row.country, values_of(row)),
            "country": countries.country_name(row.country, view.ctx.locale) if row.country else "",
            "flag": flag(row.country) if row.country else "",
            "phone": row.phone_raw if view.may_contact else (HIDDEN if row.phone_raw else ""),
            "is_shipping": row.is_default_shipping,
            "is_billing": row.is_default_billing,
        }
        for row in ordered
    ]


def lines(address: Address) -> list[str]:
    """How the address is written in its country, line by line."""
    return address_lines(address.country, values_of(address))


def default_address(view: "CustomerView") -> str:
    """The address parcels go to, on one line."""
    found = loaded(Address, _default(view.shop.pk, view.customer.pk))
    return ", ".join(lines(found[0])) if found else ""


@prepared
def _default(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    return Address.objects.of(shop).filter(customer_id=customer, is_default_shipping=True).order_by("pk")[:1]
