"""Which customer each field is taken from, and what the survivor's row becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.customers.citizen import sealed
from regulars.customers.drafts import sort_key
from regulars.customers.merging.consents import consents_of
from regulars.customers.merging.errors import AccountUnclear, BadChoice
from regulars.customers.models import AccountState, Customer
from regulars.kit.crypto import open_sealed

CUSTOM = "custom."
"""Before the key of a shop's own field."""

HAS_ACCOUNT = frozenset({AccountState.REGISTERED, AccountState.VERIFIED})


class Field(NamedTuple):
    """What is chosen as one. columns: written together; the first that holds something says that it is filled."""

    name: str
    label: Any
    columns: tuple[str, ...]

    def is_filled(self, customer: Customer) -> bool:
        empty = _EMPTY_OF.get(self.name, _EMPTY)
        return any(getattr(customer, column) not in empty for column in self.columns[: _TELLING.get(self.name)])

    def values(self, customer: Customer) -> tuple[Any, ...]:
        return tuple(getattr(customer, column) for column in self.columns)


_EMPTY: tuple[Any, ...] = (None, "", 0, False, [], {})
_EMPTY_OF = {"credit_limit": (None,)}  # 0 is a limit, the strictest
_TELLING = {"group": 1, "status": 1, "oa": 1, "account": 1}  # the other columns only say since when, or how

FIELDS = tuple(
    Field(name, label, tuple(columns.split()))
    for name, label, columns in (
        ("name", _("Name"), "name given_name family_name"),
        ("email", _("E-mail"), "email email_raw"),
        ("phone", _("Phone"), "phone phone_raw phone_kind"),
        ("account", _("Account"), "account_state registered_at"),
        ("group", _("Group"), "group_id group_by_hand"),
        ("status", _("Status"), "status_id status_at"),
        ("staff", _("Responsible staff"), "staff_id"),
        ("birthday", _("Birthday"), "birth_md birth_year"),
        ("gender", _("Gender"), "gender"),
        ("language", _("Language"), "language"),
        ("country", _("Country"), "country"),
        ("company", _("Company"), "company"),
        ("tax_code", _("Tax code"), "tax_code"),
        ("citizen_id", _("Citizen id"), "citizen_id_index citizen_id_sealed"),
        ("zalo", _("Zalo"), "zalo_id"),
        ("oa", _("Zalo OA"), "oa_state oa_at"),
        ("referrer", _("Referrer"), "referred_by_id referrer_text"),
        ("referral_code", _("Referral code"), "referral_code"),
        ("credit_limit", _("Credit limit"), "credit_limit"),
        ("household", _("Household"), "household_id"),
        ("avatar", _("Picture"), "has_avatar"),
    )
)
_BY_NAME = {field.name: field for field in FIELDS}

_FILLED_ONLY = ("channel_first_id", "channel_last_id", "city", "region")
"""Not chosen: the survivor's unless it is empty. Orders and addresses say better where they can."""


def fields_of(people: Sequence[Customer]) -> list[str]:
    """The names of all fields that can be chosen for these customers: the house's, then the shop's own."""
    own = dict.fromkeys(f"{CUSTOM}{key}" for one in people for key in one.custom)
    return [*_BY_NAME, *own]


def sources_of(people: Sequence[Customer], choices: Mapping[str, int]) -> dict[str, int]:
    """Field → whose value it gets: the chosen customer's, else the survivor's (the first), else the first filled one.

    Raises BadChoice, AccountUnclear (two accounts, and nobody chose).
    """
    ids = {one.pk for one in people}
    names = fields_of(people)
    for name, pk in choices.items():
        if name not in names or pk not in ids:
            raise BadChoice(field=name)
    accounts = [one.pk for one in people if one.account_state in HAS_ACCOUNT]
    if len(accounts) > 1 and "account" not in choices:
        raise AccountUnclear(customer_ids=accounts)
    return {name: choices.get(name) or _first_filled(people, name) for name in names}


def _first_filled(people: Sequence[Customer], name: str) -> int:
    """Of the picture the survivor's decides whether there is one, too."""
    return next((one.pk for one in people if is_filled(one, name)), people[0].pk)


def is_filled(customer: Customer, name: str) -> bool:
    if name.startswith(CUSTOM):
        return name.removeprefix(CUSTOM) in customer.custom
    return _BY_NAME[name].is_filled(customer)


def values_of(customer: Customer, name: str) -> tuple[Any, ...]:
    """What a customer has in a field, to compare with others."""
    if name.startswith(CUSTOM):
        return (customer.custom.get(name.removeprefix(CUSTOM)),)
    if name in _TELLING:
        return _BY_NAME[name].values(customer)[:1]
    return _BY_NAME[name].values(customer)


def columns_after(people: Sequence[Customer], sources: Mapping[str, int], chosen: Mapping[str, int]) -> dict[str, Any]:
    """The survivor's columns as they will be, the same ones included. Figures are left to who keeps them."""
    survivor, by_id = people[0], {one.pk: one for one in people}
    columns: dict[str, Any] = {}
    for field in FIELDS:
        columns |= dict(zip(field.columns, field.values(by_id[sources[field.name]]), strict=True))
    for column in _FILLED_ONLY:
        columns[column] = next((value for one in people if (value := getattr(one, column))), getattr(survivor, column))
    if "group" in chosen and columns["group_id"] != survivor.group_id:
        columns["group_by_hand"] = True
    columns |= _citizen_id(survivor, by_id[sources["citizen_id"]])
    columns["referred_by_id"] = _referrer(people, columns["referred_by_id"])
    columns["custom"] = _custom(by_id, sources)
    columns["tag_ids"] = sorted({tag for one in people for tag in one.tag_ids})
    columns["co_staff_ids"] = _co_staff(people, columns["staff_id"])
    columns["created_at"] = min(one.created_at for one in people)
    columns["name_key"] = sort_key(columns)
    return columns | consents_of(people)


def _citizen_id(survivor: Customer, whose: Customer) -> dict[str, str]:
    """Sealed to one row: what comes from another is opened and sealed again."""
    if whose.pk == survivor.pk or not whose.citizen_id_sealed:
        return {name: getattr(whose, name) for name in ("citizen_id_sealed", "citizen_id_index")}
    place = (Customer._meta.db_table, "citizen_id_sealed", whose.shop_id, whose.pk)
    return sealed(survivor.shop_id, survivor.pk, open_sealed(whose.citizen_id_sealed, place=place))


def _referrer(people: Sequence[Customer], referrer: int | None) -> int | None:
    """Nobody of the family, and nobody whom the family sent, however many steps away."""
    family, above = {one.pk for one in people}, referrer
    seen: set[int] = set()
    while above and above not in seen:
        if above in family:
            return None
        seen.add(above)
        rows = Customer.objects.of(people[0].shop_id).filter(pk=above)
        above = rows.values_list("referred_by_id", flat=True).first()
    return referrer


def _custom(by_id: Mapping[int, Customer], sources: Mapping[str, int]) -> dict[str, Any]:
    found = {}
    for name, pk in sources.items():
        key = name.removeprefix(CUSTOM)
        if name.startswith(CUSTOM) and key in by_id[pk].custom:
            found[key] = by_id[pk].custom[key]
    return found


def _co_staff(people: Sequence[Customer], staff_id: int | None) -> list[int]:
    """All who were responsible for one of them still are."""
    found = {pk for one in people for pk in (one.staff_id, *one.co_staff_ids) if pk}
    return sorted(found - {staff_id})
