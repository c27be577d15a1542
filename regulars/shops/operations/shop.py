"""Opening a shop and changing its settings."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor, record
from regulars.kit.countries import about, codes
from regulars.kit.errors import BadValue
from regulars.kit.money import CURRENCIES
from regulars.kit.text import fold, one_line
from regulars.shops.errors import AddressTaken
from regulars.shops.models import LeapBirthdays, OrderCounter, Shop, User
from regulars.shops.operations.channels import add_default_channels
from regulars.shops.operations.staff import add_staff
from regulars.shops.permissions import Role

# The currency is not here: every stored amount counts its minor units.
CHANGEABLE = ("name", "country", "timezone", "language", "order_counter", "leap_birthdays", "payment_days")
LONGEST_PAYMENT = 365
"""Days: whoever waits longer for all orders sets their due dates one by one."""


@transaction.atomic
def create_shop(
    name: str,
    *,
    country: str,
    currency: str = "",
    timezone: str = "",
    language: str = "",
    slug: str = "",
    owner: User | None = None,
    by: Actor,
) -> Shop:
    """Open a shop with its usual channels; upper floors add theirs when they hear `shop.created`.

    country: ISO 3166 code; it decides what is not given of currency (ISO 4217 code), time zone (IANA name)
    and language (of the shop and of what is named for it). slug: its place in addresses; made from the
    name when not given.
    Raises BadValue, AddressTaken (only for a slug that was given).
    """
    usual = about(country)
    currency = currency or usual.currency
    facts = {"name": name, "country": country, "timezone": timezone or usual.timezone}
    facts["language"] = language or usual.language
    facts = {field: _read(field, value) for field, value in facts.items()}
    if currency not in CURRENCIES:
        raise BadValue(_("“{value}” is not a currency in use."), value=currency, field="currency")
    shop = _insert(slug, **facts, currency=currency)
    add_default_channels(shop)
    record(shop.pk, "shop.created", about=("shop", shop.pk), by=by, data={**facts, "currency": currency})
    if owner:
        add_staff(shop, owner, Role.OWNER, by=by)
    return shop


@transaction.atomic
def change_shop(shop: Shop, *, by: Actor, **changes: Any) -> Shop:
    """Change settings (those of CHANGEABLE); what differs is one event with old and new.

    A new order counter is heard by the floor that counts orders. Raises BadValue.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a shop has no setting {', '.join(sorted(unknown))}")
    shop = Shop.objects.select_for_update().get(pk=shop.pk)
    read = {field: _read(field, value) for field, value in changes.items()}
    differing = {field: [getattr(shop, field), new] for field, new in read.items() if getattr(shop, field) != new}
    if not differing:
        return shop
    for field, (_old, new) in differing.items():
        setattr(shop, field, new)
    shop.save(update_fields=list(differing))
    record(shop.pk, "shop.changed", about=("shop", shop.pk), by=by, data={"changes": differing})
    return shop


def _read(field: str, value: Any) -> Any:
    """A setting as it is stored; BadValue when it cannot be one."""
    text = one_line(str(value))
    if field == "name":
        if not text:
            raise BadValue(_("The shop needs a name."), field=field)
        return text[:120]
    if field == "payment_days":
        return _days(text)
    if text not in _choices()[field]:
        raise BadValue(_REASONS[field], value=text, field=field)
    return text


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST_PAYMENT)) else -1
    if not 0 <= days <= LONGEST_PAYMENT:
        reason = _("“{value}” is not a number of days from 0 to {most}.")
        raise BadValue(reason, value=text, field="payment_days", most=LONGEST_PAYMENT)
    return days


@cache
def _choices() -> dict[str, frozenset[str]]:
    return {
        "country": frozenset(codes()),
        "timezone": frozenset(available_timezones()),
        "language": frozenset(code for code, _name in settings.LANGUAGES),
        "order_counter": frozenset(OrderCounter.values),
        "leap_birthdays": frozenset(LeapBirthdays.values),
    }


_REASONS = {
    "country": _("“{value}” is not the two-letter code of a country."),
    "timezone": _("“{value}” is not a time zone, such as Asia/Manila."),
    "language": _("Regulars does not speak “{value}” yet."),
    "order_counter": _("“{value}” is not a way to count orders."),
    "leap_birthdays": _("“{value}” is neither 28 feb nor 1 mar."),
}


def _insert(slug: str, **facts: Any) -> Shop:
    """The new row, under the wanted slug or the first free one like its name."""
    if slug:
        if slugify(slug) != slug:
            raise BadValue(_("Only a–z, 0–9 and hyphens may stand in an address."), value=slug, field="slug")
        return _insert_once(slug, facts) or _refuse(slug)
    base = slugify(fold(facts["name"]))[:32].strip("-") or "shop"
    for number in range(1, 10_000):
        candidate = base if number == 1 else f"{base}-{number}"
        if shop := _insert_once(candidate, facts):
            return shop
    return _refuse(base)


def _insert_once(slug: str, facts: dict[str, Any]) -> Shop | None:
    if Shop.objects.filter(slug=slug).exists():
        return None
    try:
        with transaction.atomic():
            return Shop.objects.create(slug=slug, **facts)
    except IntegrityError:  # somebody took it a moment ago
        return None


def _refuse(slug: str) -> Shop:
    raise AddressTaken(slug=slug)
