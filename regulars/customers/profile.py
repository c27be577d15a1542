"""The one reader of profile data: for the form, files, orders and other systems.

Nothing here asks the database, and nothing raises: what cannot be read is a Problem that names its field.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from regulars.customers.custom import OwnFields
from regulars.customers.drafts import AddressDraft, ConsentDraft, Draft, Problem
from regulars.customers.models import Address, Customer, PhoneKind
from regulars.customers.referral_codes import code_of
from regulars.customers.taxcodes import tax_code_problem
from regulars.customers.words import read_account_state, read_consent, read_gender, read_oa_state
from regulars.kit.countries import read_country
from regulars.kit.dates import DayOrder, read_moment
from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.labels import split_labels
from regulars.kit.languages import read_language
from regulars.kit.money import read_money, to_minor
from regulars.kit.numbers import is_rounded
from regulars.kit.periods import read_birthday
from regulars.kit.phones import read_phone
from regulars.kit.text import clean, display_name, fold, name_key, split_full_name

OWN_CHANNEL = "own"
"""The channel of outside ids that came without one: the shop's own numbering."""

MOST_TAGS = 250
NOTE_LENGTH = 10_000
TAG_LENGTH = 60

# Outside ids of nobody in particular (WooCommerce sends 0 for every guest).
NOBODY = frozenset({"", "0", "null", "none", "nan", "n/a", "-"})

FIELDS = frozenset(
    word
    for line in (
        "external_id channel name given_name family_name email phone gender birthday company tax_code citizen_id",
        "country language group tags staff status source_channel referrer referral_code account_state oa_state",
        "zalo_id note",
        "accepts_email accepts_sms accepts_zalo accepts_whatsapp consent_at created_at registered_at",
        "address_label recipient address_company address1 address2 area ward district city region postal_code",
        "address_country address_phone credit_limit total_spent total_orders",
    )
    for word in line.split()
)
"""Every input name there is; the last two are recognised and left to the orders."""

MONEY = frozenset({"credit_limit"})
"""Those that hold an amount: read only where it is known in which currency."""


class _Customs(NamedTuple):
    """Where the data comes from: how it writes phones, days, hours and amounts."""

    country: str
    tz: str
    day_order: DayOrder
    currency: str
    locale: str


def read_profile(
    raw: Mapping[str, str],
    *,
    country: str,
    tz: str = "UTC",
    day_order: DayOrder = "dmy",
    source: str = "",
    partial: bool = False,
    own: OwnFields | None = None,
    currency: str = "",
    locale: str = "",
) -> Draft:
    """Read one customer's profile, keys of FIELDS; others are ignored.

    country, tz, day_order: the customs of the shop or file, for phones, moments and days. source: where a word about
    marketing was said, for its ledger. partial: it changes somebody known, so it need not say who it is. own: the
    shop's own fields, whose keys here are their columns ("custom.shoe_size"). currency, locale: how amounts are
    written; without a currency none is read.
    Without that, a profile with no name, company, e-mail, phone or outside id is a fatal problem.
    """
    known = (FIELDS if currency else FIELDS - MONEY) | (own.by_column.keys() if own else set())
    given = {key: text for key, value in raw.items() if key in known and (text := clean(value or ""))}
    draft = Draft(cleared=frozenset(raw.keys() - given.keys()) & known)
    customs = _Customs(country, tz, day_order, currency, locale)
    for key, text in given.items():
        if reader := _READERS.get(key):
            reader(draft, key, text, customs)
    if own:
        _read_own(draft, given, own, day_order)
    _read_names(draft, given, country)
    if "phone" in given:
        _read_phone(draft, given["phone"], country)
    _read_identity(draft, given)
    if not given.keys().isdisjoint(_ADDRESS):
        _read_address(draft, given, country)
    if not given.keys().isdisjoint(_CONSENTS):
        _read_consents(draft, given, customs, source)
    if "tax_code" in given:
        _check_tax_code(draft, given["tax_code"], country)
    if not partial and _is_nobody(draft):
        reason = _("Give a name, an e-mail address or a phone number.")
        draft.problems.append(Problem("name", given.get("name", ""), reason, fatal=True))
    return draft


# --- one value, one reader ------------------------------------------------------------------------------------------

Reader = Callable[[Draft, str, str, _Customs], None]


def _fitted(draft: Draft, field: str, text: str, length: int) -> str:
    """The text on one line, cut to its column; that it was cut is a problem."""
    text = text.replace("\n", " ")
    if len(text) > length:
        reason = _("Only the first {length} characters are kept.").format(length=length)
        draft.problems.append(Problem(field, text, reason))
        text = text[:length].rstrip()
    return text


@cache
def _length(column: str) -> int:
    return cast(Any, Customer._meta.get_field(column)).max_length


@cache
def _address_length(column: str) -> int:
    return cast(Any, Address._meta.get_field(column)).max_length


def _text(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    draft.columns[key] = _fitted(draft, key, text, _length(key))


def _said(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    """A name of something of the shop, found later by whoever writes."""
    setattr(draft, key, _fitted(draft, key, text, 200))


def _referral_code(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    if code := code_of(text):
        draft.columns[key] = code
    else:
        draft.problems.append(Problem(key, text, _("This is no referral code. It is left out.")))


def _email(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    email = read_email(text)
    draft.columns["email"] = email.normal
    draft.columns["email_raw"] = _fitted(draft, key, text, _length("email_raw"))
    if email.reason:
        draft.problems.append(Problem(key, text, email.reason))


def _birthday(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    try:
        # tomorrow: it may already be the next day where the customer lives
        birthday = read_birthday(text, customs.day_order, today=date.today() + timedelta(days=1))
    except BadValue as error:
        draft.problems.append(Problem(key, text, error.reason))
        return
    draft.columns["birth_md"] = birthday.key
    draft.columns["birth_year"] = birthday.year


def _word(column: str, read: Callable[[str], Any]) -> Reader:
    """A reader of one of a few words; any other word is a problem and left out."""

    def reader(draft: Draft, key: str, text: str, customs: _Customs) -> None:
        meant = read(text)
        if meant is None:
            draft.problems.append(Problem(key, text, _("This word is not known here. It is left out.")))
        else:
            draft.columns[column] = int(meant)

    return reader


def _country(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    code = _read_country(draft, key, text)
    if code:
        draft.columns["country"] = code


def _read_country(draft: Draft, key: str, text: str) -> str:
    code = read_country(text)
    if code is None:
        draft.problems.append(Problem(key, text, _("This is not the name or code of a country. It is left out.")))
    return code or ""


def _language(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    code = read_language(text)
    if code is None:
        draft.problems.append(Problem(key, text, _("This is not the name or code of a language. It is left out.")))
    else:
        draft.columns["language"] = code


def _moment(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    at = _read_moment(draft, key, text, customs)
    if at:
        draft.columns[key] = at


def _read_moment(draft: Draft, key: str, text: str, customs: _Customs) -> datetime | None:
    try:
        at = read_moment(text, customs.tz, customs.day_order)
    except BadValue as error:
        draft.problems.append(Problem(key, text, error.reason))
        return None
    if at > datetime.now(UTC) + timedelta(days=1):
        draft.problems.append(Problem(key, text, _("This lies in the future. It is left out.")))
        return None
    return at


def _tags(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    names: dict[str, str] = {}
    for name in split_labels(text):
        name = _fitted(draft, key, name, TAG_LENGTH)
        names.setdefault(tag_key(name), name)
    draft.tags = list(names.values())[:MOST_TAGS]


def tag_key(name: str) -> str:
    """What makes two tags one: VIP, vip and "Vip "."""
    return (fold(name) or name.casefold())[:TAG_LENGTH]


def _amount(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    """0 or more, in minor units."""
    try:
        amount = read_money(text, customs.currency, customs.locale)
        draft.columns[key] = to_minor(amount, customs.currency)
    except BadValue as error:
        draft.problems.append(Problem(key, text, error.reason))
        return
    if amount < 0:
        del draft.columns[key]
        draft.problems.append(Problem(key, text, _("An amount below 0 makes no sense here. It is left out.")))


def _note(draft: Draft, key: str, text: str, customs: _Customs) -> None:
    if len(text) > NOTE_LENGTH:
        reason = _("Only the first {length} characters are kept.").format(length=NOTE_LENGTH)
        draft.problems.append(Problem(key, text, reason))
    draft.note = text[:NOTE_LENGTH]


_READERS: dict[str, Reader] = {
    "email": _email,
    "gender": _word("gender", read_gender),
    "birthday": _birthday,
    "company": _text,
    "tax_code": _text,
    "citizen_id": _said,
    "country": _country,
    "language": _language,
    "group": _said,
    "tags": _tags,
    "staff": _said,
    "status": _said,
    "source_channel": _said,
    "referrer": _said,
    "referral_code": _referral_code,
    "account_state": _word("account_state", read_account_state),
    "oa_state": _word("oa_state", read_oa_state),
    "zalo_id": _text,
    "note": _note,
    "credit_limit": _amount,
    "created_at": _moment,
    "registered_at": _moment,
}


def _read_own(draft: Draft, given: Mapping[str, str], own: OwnFields, day_order: DayOrder) -> None:
    """Fields of the shop's own; what cannot be read is left out."""
    for column in given.keys() & own.by_column.keys():
        try:
            draft.columns[column] = own.read(column, given[column], day_order)
        except BadValue as error:
            draft.problems.append(Problem(column, given[column], error.reason))


# --- several values, one thing --------------------------------------------------------------------------------------


def _read_names(draft: Draft, given: dict[str, str], country: str) -> None:
    """Display name and its parts: each made from the other where only one was given."""
    whole, first, last = (given.get(key, "") for key in ("name", "given_name", "family_name"))
    if not (whole or first or last):
        return
    spoken = draft.columns.get("country") or country
    if not (first or last):
        first, last = split_full_name(whole, spoken)
        draft.guessed = frozenset({"given_name", "family_name"})
    elif not whole:
        draft.guessed = frozenset({"name"})
    whole = whole or display_name(first, last, spoken)
    columns = draft.columns
    columns["name"] = _fitted(draft, "name", whole, _length("name"))
    columns["name_key"] = name_key(columns["name"], 300)
    columns["given_name"] = first.replace("\n", " ")[: _length("given_name")]
    columns["family_name"] = last.replace("\n", " ")[: _length("family_name")]


_PHONE_KINDS = {
    "": PhoneKind.NONE, "mobile": PhoneKind.MOBILE, "fixed": PhoneKind.FIXED, "other": PhoneKind.OTHER,
    "invalid": PhoneKind.INVALID, "masked": PhoneKind.MASKED,
}  # fmt: skip
_PHONE_REASONS = {
    "invalid": _("This is not a valid phone number. It is kept as text and matches nobody."),
    "masked": _("Digits of this phone number are hidden. It is kept as text and matches nobody."),
}
_ROUNDED = _("A spreadsheet shortened this number, its last digits are lost. It is kept as text and matches nobody.")


def _read_phone(draft: Draft, text: str, country: str) -> None:
    """A number without its country is one of the customer's country, or else of the shop's."""
    own = draft.columns.get("country") or country
    phone = read_phone(text, own)
    if phone.kind == "invalid" and own != country:
        phone = read_phone(text, country)
    draft.columns["phone"] = phone.e164
    draft.columns["phone_raw"] = _fitted(draft, "phone", text, _length("phone_raw"))
    draft.columns["phone_kind"] = int(_PHONE_KINDS[phone.kind])
    if reason := _PHONE_REASONS.get(phone.kind):
        draft.problems.append(Problem("phone", text, _ROUNDED if is_rounded(text) else reason))


def channel_key(written: str) -> str:
    """What the channel of an outside id is compared by; without one it is the shop's own numbering."""
    return fold(written).replace(" ", "-")[:40] or OWN_CHANNEL


def _read_identity(draft: Draft, given: dict[str, str]) -> None:
    external = given.get("external_id", "")
    if external.lower() not in NOBODY:
        channel = channel_key(given.get("channel", ""))
        draft.identities.append((channel, _fitted(draft, "external_id", external, 100)))
    zalo = draft.columns.get("zalo_id", "")
    if zalo.lower() not in NOBODY:
        draft.identities.append(("zalo", zalo))


_ADDRESS = {
    "address_label": "label", "recipient": "recipient", "address_company": "company", "address1": "line1",
    "address2": "line2", "area": "area", "ward": "ward", "district": "district", "city": "city", "region": "region",
    "postal_code": "postal_code",
}  # fmt: skip


def _read_address(draft: Draft, given: dict[str, str], country: str) -> None:
    address = AddressDraft()
    for key, column in _ADDRESS.items():
        if key in given:
            setattr(address, column, _fitted(draft, key, given[key], _address_length(column)))
    if not address.is_place:
        return
    if "address_country" in given:
        address.country = _read_country(draft, "address_country", given["address_country"])
    else:
        address.country = draft.columns.get("country", "")
    if "address_phone" in given:
        phone = read_phone(given["address_phone"], address.country or country)
        address.phone_raw = _fitted(draft, "address_phone", phone.raw, _address_length("phone_raw"))
        address.phone = phone.e164
    draft.address = address


_CONSENTS = {f"accepts_{channel}": channel for channel in ("email", "sms", "zalo", "whatsapp")}


def _read_consents(draft: Draft, given: dict[str, str], customs: _Customs, source: str) -> None:
    at = _read_moment(draft, "consent_at", given["consent_at"], customs) if "consent_at" in given else None
    for key, channel in _CONSENTS.items():
        if key not in given:
            continue
        state = read_consent(given[key])
        if state is None:
            reason = _("This word is neither a yes nor a no. It is taken as not asked.")
            draft.problems.append(Problem(key, given[key], reason))
        elif state:
            draft.consents.append(ConsentDraft(channel, int(state), at, source))


def _check_tax_code(draft: Draft, code: str, country: str) -> None:
    spoken = draft.columns.get("country") or (draft.address and draft.address.country) or country
    if reason := tax_code_problem(code, spoken):
        draft.problems.append(Problem("tax_code", code, reason))


def _is_nobody(draft: Draft) -> bool:
    columns = draft.columns
    somebody = ("name", "company", "email", "email_raw", "phone", "phone_raw")
    return not (draft.identities or any(columns.get(column) for column in somebody))
