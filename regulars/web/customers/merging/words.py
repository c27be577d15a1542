"""Values of customers as the pages of merging print them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.changes import Reader, shown
from regulars.customers.citizen import HIDDEN
from regulars.customers.custom import OwnFields
from regulars.customers.merging.choosing import CUSTOM, FIELDS
from regulars.customers.models import Customer, Group, Household, Status
from regulars.kit import phones
from regulars.shops.models import Channel, Shop, Staff
from regulars.shops.permissions import Permission

_LABELS = {field.name: field.label for field in FIELDS}
_SHOWN_BY = {
    "name": "name", "group": "group_id", "status": "status_id", "staff": "staff_id", "birthday": "birth_md",
    "gender": "gender", "language": "language", "country": "country", "company": "company", "tax_code": "tax_code",
    "citizen_id": "citizen_id_sealed", "zalo": "zalo_id", "oa": "oa_state", "account": "account_state",
    "referral_code": "referral_code", "credit_limit": "credit_limit",
}  # fmt: skip


class Words:
    """What a member of staff reads of fields and their values."""

    def __init__(self, shop: Shop, staff: Staff) -> None:
        self.shop, self.staff = shop, staff
        self.locale = get_language() or "en"
        self.own = OwnFields.of(shop, self.locale)
        contact = staff.may(Permission.SEE_CONTACT)
        self.reader = Reader(self.locale, shop.timezone, contact, self._named, shop.currency, self.own)

    def label(self, field: str) -> str:
        """What a field is called."""
        return self.own.label(field) if field.startswith(CUSTOM) else str(_LABELS[field])

    def value(self, customer: Customer, field: str) -> str:
        """What a customer has in a field, "" for nothing."""
        row = {one.attname: getattr(customer, one.attname) for one in Customer._meta.concrete_fields}
        return self.of_row(row, field)

    def of_row(self, row: Mapping[str, Any], field: str) -> str:
        """The same, from a row's columns."""
        if field.startswith(CUSTOM):
            return self.own.shown(field, row["custom"].get(field.removeprefix(CUSTOM)))
        if special := _SPECIAL.get(field):
            return special(self, row)
        column = _SHOWN_BY[field]
        value = (row["birth_md"], row["birth_year"]) if field == "birthday" else row[column]
        return shown(column, value, self.reader)

    def _named(self, kind: str, pk: int) -> str:
        row = _NAMED[kind].objects.of(self.shop).filter(pk=pk).first()
        return str(row) if row else f"#{pk}"

    def email(self, row: Mapping[str, Any]) -> str:
        return self._contact(row["email"] or row["email_raw"])

    def phone(self, row: Mapping[str, Any]) -> str:
        return self._contact(phones.international(row["phone"]) if row["phone"] else row["phone_raw"])

    def referrer(self, row: Mapping[str, Any]) -> str:
        if row["referred_by_id"]:
            return self._named("customer", row["referred_by_id"])
        return self._contact(row["referrer_text"])

    def household(self, row: Mapping[str, Any]) -> str:
        return self._named("household", row["household_id"]) if row["household_id"] else ""

    def picture(self, row: Mapping[str, Any]) -> str:
        return _("Has a picture") if row["has_avatar"] else ""

    def _contact(self, text: str | None) -> str:
        return (text or "") if self.reader.may_see_contact or not text else HIDDEN


_NAMED: dict[str, Any] = {
    "group": Group,
    "status": Status,
    "channel": Channel,
    "staff": Staff,
    "customer": Customer,
    "household": Household,
}
_SPECIAL: dict[str, Any] = {
    "email": Words.email,
    "phone": Words.phone,
    "referrer": Words.referrer,
    "household": Words.household,
    "avatar": Words.picture,
}
