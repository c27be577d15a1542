"""Recorded changes as people read them: one line a field, with its label, old and new."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from babel.dates import format_skeleton
from django.utils.translation import gettext_lazy as _

from regulars.customers.citizen import HIDDEN
from regulars.customers.custom import OwnFields, key_of
from regulars.customers.models import Customer
from regulars.kit.countries import country_name
from regulars.kit.money import show_money
from regulars.kit.numbers import locale_of, show_number
from regulars.kit.periods import show_day, show_moment

LABELS: dict[str, Any] = {
    "name": _("Name"), "given_name": _("Given name"), "family_name": _("Family name"), "email": _("E-mail"),
    "email_raw": _("E-mail"), "phone": _("Phone"), "phone_raw": _("Phone"), "gender": _("Gender"),
    "birth_md": _("Birthday"), "birth_year": _("Birthday"), "company": _("Company"), "tax_code": _("Tax code"),
    "citizen_id_sealed": _("Citizen id"), "country": _("Country"), "language": _("Language"), "city": _("City"),
    "region": _("Province"), "group_id": _("Group"), "group_by_hand": _("Group"), "status_id": _("Status"),
    "staff_id": _("Responsible staff"), "co_staff_ids": _("Also responsible"),
    "referred_by_id": _("Referrer"), "referrer_text": _("Referrer"),
    "referral_code": _("Referral code"), "channel_first_id": _("First channel"),
    "channel_last_id": _("Last channel"), "account_state": _("Account"), "registered_at": _("Registered"),
    "created_at": _("Customer since"), "oa_state": _("Zalo OA"), "zalo_id": _("Zalo"), "tag_ids": _("Tags"),
    "consent_email": _("Marketing by e-mail"), "consent_sms": _("Marketing by SMS"),
    "consent_zalo": _("Marketing on Zalo"), "consent_whatsapp": _("Marketing on WhatsApp"),
    "label": _("Label"), "recipient": _("Recipient"), "line1": _("Address"), "line2": _("Address, second line"),
    "area": _("Area"), "ward": _("Ward"), "district": _("District"), "postal_code": _("Postal code"),
    "note": _("Note"), "credit_limit": _("Credit limit"), "household_id": _("Household"),
    "points": _("Points"),
}  # fmt: skip

REFERS_TO = {
    "group_id": "group", "status_id": "status", "staff_id": "staff", "co_staff_ids": "staff",
    "referred_by_id": "customer",
    "channel_first_id": "channel", "channel_last_id": "channel", "household_id": "household",
}  # fmt: skip
"""Columns that hold an id, and of what."""

CONTACT = frozenset({"email", "email_raw", "phone", "phone_raw", "zalo_id", "referrer_text"})
"""Columns that only those see who may see e-mail addresses and phone numbers."""

_UNTOLD = frozenset({"name_key", "phone_kind", "status_at", "oa_at", "citizen_id_index", "has_avatar"})
# Told by a better one whenever that one changed too.
_TOLD_BY = {
    "given_name": "name", "family_name": "name", "email": "email_raw", "phone": "phone_raw",
    "referred_by_id": "referrer_text", "group_by_hand": "group_id",
}  # fmt: skip


class Change(NamedTuple):
    """One line: what changed, from what, to what; both ready to print, "" for nothing."""

    column: str
    label: str
    old: str
    new: str


class Reader(NamedTuple):
    """For whom values are written out. named: (kind, id) → name. currency: of the shop, for amounts.

    own: the shop's own fields; without them a value of one is told as it is kept.
    """

    locale: str
    tz: str
    may_see_contact: bool
    named: Callable[[str, int], str]
    currency: str = ""
    own: OwnFields | None = None

    def label(self, column: str) -> str:
        """What a column is called."""
        if key := key_of(column):
            return self.own.label(column) if self.own else key
        return str(LABELS.get(column, column))


def shown_changes(changes: Mapping[str, list[Any]], reader: Reader) -> list[Change]:
    """The lines of one event, in its order. Columns made of others are left out."""
    lines = []
    for column, (old, new) in _merged(changes).items():
        lines.append(Change(column, reader.label(column), shown(column, old, reader), shown(column, new, reader)))
    return [line for line in lines if line.old != line.new or HIDDEN in (line.old, line.new)]


def shown(column: str, value: Any, reader: Reader) -> str:
    """A recorded value for a person."""
    if key_of(column):
        return reader.own.shown(column, value) if reader.own else str(value or "")
    if value is None or value in ("", []):
        return ""
    if column == "citizen_id_sealed" or (column in CONTACT and not reader.may_see_contact):
        return HIDDEN
    if kind := REFERS_TO.get(column):
        return ", ".join(reader.named(kind, one) for one in (value if isinstance(value, list) else [value]))
    if column == "tag_ids":
        return ", ".join(reader.named("tag", tag) for tag in value)
    if write := _WRITERS.get(column):
        return write(value, reader)
    return _choice(column, value)


def ids_in(changes: Mapping[str, list[Any]]) -> Iterable[tuple[str, int]]:
    """(kind, id) of everything the changes refer to."""
    for column, pair in changes.items():
        if kind := REFERS_TO.get(column):
            ids = [one for value in pair for one in (value if isinstance(value, list) else [value])]
            yield from ((kind, one) for one in ids if one)
        elif column == "tag_ids":
            yield from (("tag", tag) for value in pair for tag in value or ())


def _merged(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Without what is told by another column; month, day and year of birth as one."""
    merged = {}
    for column, pair in changes.items():
        if column in _UNTOLD or _TOLD_BY.get(column) in changes:
            continue
        if column in ("birth_md", "birth_year"):
            months, years = (changes.get(part, [None, None]) for part in ("birth_md", "birth_year"))
            merged["birth_md"] = [(months[side], years[side]) for side in (0, 1)]
        else:
            merged[column] = pair
    return merged


def _birthday(value: tuple[int | None, int | None], reader: Reader) -> str:
    month_day, year = value
    if month_day is None:
        return str(year or "")
    month, day = divmod(month_day, 100)
    if year:
        return show_day(date(year, month, day), reader.locale)
    return format_skeleton("MMMd", date(2000, month, day), locale=locale_of(reader.locale))


def _moment(value: str, reader: Reader) -> str:
    return show_moment(datetime.fromisoformat(value), reader.tz, reader.locale)


def _amount(minor: int, reader: Reader) -> str:
    return show_money(minor, reader.currency, reader.locale) if reader.currency else str(minor)


_WRITERS: dict[str, Callable[[Any, Reader], str]] = {
    "points": lambda number, reader: show_number(number, reader.locale),
    "credit_limit": _amount,
    "birth_md": _birthday,
    "registered_at": _moment,
    "created_at": _moment,
    "group_by_hand": lambda chosen, reader: str(_("chosen by hand") if chosen else _("left to the rules")),
    "country": lambda code, reader: country_name(code, reader.locale),
    "language": lambda code, reader: locale_of(reader.locale).languages.get(code, code),
}


def _choice(column: str, value: Any) -> str:
    field = _COLUMNS.get(column)
    return str(dict(field.flatchoices).get(value, value)) if field is not None and field.choices else str(value)


_COLUMNS: dict[str, Any] = {one.attname: one for one in Customer._meta.concrete_fields}
