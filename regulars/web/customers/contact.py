"""Ways to reach a customer from the page: the apps people use in their country, phone, mail."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from regulars.kit import countries, phones

_APPS = {
    "zalo": ("Zalo", "https://zalo.me/{digits}", "message-circle"),
    "whatsapp": ("WhatsApp", "https://wa.me/{digits}", "brand-whatsapp"),
    "viber": ("Viber", "viber://chat?number=%2B{digits}", "brand-viber"),
}


def contact_links(row: Mapping[str, Any], shop_country: str) -> list[dict[str, Any]]:
    """Links for a row with phone (E.164), email, zalo_id and country; only what can really be reached."""
    links = []
    if row["phone"]:
        links += _phone_links(row["phone"], row["country"] or shop_country)
    elif row["zalo_id"]:
        links.append(_link("zalo", "Zalo", f"https://zalo.me/{quote(row['zalo_id'])}", "message-circle", outside=True))
    if row["email"]:
        label = _("E-mail: {address}").format(address=row["email"])
        links.append(_link("mail", label, f"mailto:{quote(row['email'], safe='@+')}", "mail"))
    return links


def _phone_links(e164: str, country: str) -> list[dict[str, Any]]:
    links = []
    for app in countries.about(country).contact_apps[:1]:
        if app in _APPS:
            name, pattern, picture = _APPS[app]
            url = pattern.format(digits=e164.lstrip("+"))
            links.append(_link(app, f"{name}: {phones.international(e164)}", url, picture, outside=True))
    label = _("Phone: {number}").format(number=phones.international(e164))
    return [*links, _link("phone", label, f"tel:{e164}", "phone")]


def _link(kind: str, label: str, url: str, picture: str, *, outside: bool = False) -> dict[str, Any]:
    return {"kind": kind, "label": label, "url": url, "icon": picture, "outside": outside}
