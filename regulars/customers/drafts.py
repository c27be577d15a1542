"""A customer's profile as it was read, before it is anybody's: what every writer takes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from regulars.customers.custom import key_of
from regulars.kit.packing import packed
from regulars.kit.text import name_key

PLACES = ("country", "city", "region")
"""Customer columns that show the default address."""

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("name", "name_key", "given_name", "family_name"),
    ("email", "email_raw"),
    ("phone", "phone_raw", "phone_kind"),
    ("birth_md", "birth_year"),
    ("staff_id", "co_staff_ids"),
)
"""Columns that speak of one thing and are only ever written together."""


BLANK: dict[str, dict[str, Any]] = {
    "email": {"email": None, "email_raw": ""},
    "phone": {"phone": None, "phone_raw": "", "phone_kind": 0},
    "gender": {"gender": 0},
    "birthday": {"birth_md": None, "birth_year": None},
    "referrer": {"referred_by_id": None, "referrer_text": ""},
    "citizen_id": {"citizen_id_sealed": "", "citizen_id_index": ""},
    "status": {"status_id": None},
    "staff": {"staff_id": None, "co_staff_ids": []},
    "registered_at": {"registered_at": None},
    "credit_limit": {"credit_limit": None},
    **{column: {column: ""} for column in ("company", "tax_code", "country", "language", "zalo_id", "referral_code")},
}
"""What an emptied field leaves in the columns."""


def blank_of(field: str) -> dict[str, Any]:
    """What the emptied field leaves in the columns; {} for one that cannot be emptied."""
    return {field: None} if key_of(field) else BLANK.get(field, {})


def responsible_columns(ids: Iterable[int]) -> dict[str, Any]:
    """The two columns that say who is responsible: the first of these staff (ids), and the others, each once."""
    first, *others = dict.fromkeys(ids) or [None]
    return {"staff_id": first, "co_staff_ids": others}


@packed
class Problem(NamedTuple):
    """Something in a field that could not be taken as it is.

    fatal: nothing of the customer may be stored because of it; otherwise the rest is, and the value is kept as
    text or left out, as `reason` (translated, whole sentence) says.
    """

    field: str
    value: str
    reason: Any
    fatal: bool = False


@packed
class ConsentDraft(NamedTuple):
    """A word about one channel; `at` None when nobody wrote down when it was said."""

    channel: str
    state: int
    at: datetime | None
    source: str


@packed
@dataclass(slots=True)
class AddressDraft:
    """An address; every field but `phone_country` is a column of Address."""

    country: str = ""
    label: str = ""
    recipient: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    area: str = ""
    ward: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    phone_raw: str = ""
    phone: str | None = None

    @property
    def is_place(self) -> bool:
        """Whether it says where, not only who and in which country."""
        return any(getattr(self, part) for part in _WHERE)

    @property
    def fingerprint(self) -> str:
        """The same for one address however it is spelled: without accents, case, punctuation; label and phone aside."""
        written = " ".join([self.recipient, self.company, *(getattr(self, part) for part in _WHERE), self.country])
        return hashlib.blake2b(name_key(written, 4000).encode(), digest_size=16).hexdigest()

    def columns(self) -> dict[str, Any]:
        """Address column → value, with the fingerprint."""
        return {name: getattr(self, name) for name in _address_fields()} | {"fingerprint": self.fingerprint}


@cache
def _address_fields() -> tuple[str, ...]:
    return tuple(one.name for one in fields(AddressDraft))


_WHERE = ("line1", "line2", "area", "ward", "district", "city", "region", "postal_code")


@packed
class NewRows(NamedTuple):
    """What a draft alone decides of a new customer's rows, each as a line that COPY reads (`bulk.newcomers`).

    customer: the cells of `newcomers.own_columns`. created_at: "" when the draft tells none. address: "" without one.
    """

    customer: str
    created_at: str
    search: str
    address: str


@packed
@dataclass(slots=True)
class Draft:
    """What was read of one customer.

    columns: Customer column → value, only for what was given and could be read; a field of the shop's own is a column
    (`custom`); columns of `TOGETHER` are there all or none (so `phone` is None beside a `phone_raw` that is no number).
    guessed: columns of the name that were not given, but made of those that were. cleared: input names that were given
    empty: an edit form empties them, files and orders do not. clears: names of fields that a file empties in so many
    words (`blank_of`).
    note_at, note_by: when the note was written and by whom, where that is not now and by whoever writes. Names (tags,
    group, status, staff, referrer, channel) are as written; the writer finds them in its shop. citizen_id is in clear:
    only `citizen.sealed` may store it. rows: made ahead by whoever has the time; a draft changed since has none.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    note: str = ""
    note_at: datetime | None = None
    note_by: str = ""
    address: AddressDraft | None = None
    consents: list[ConsentDraft] = field(default_factory=list)
    identities: list[tuple[str, str]] = field(default_factory=list)
    group: str = ""
    status: str = ""
    staff: str = ""
    referrer: str = ""
    source_channel: str = ""
    citizen_id: str = field(default="", repr=False)
    guessed: frozenset[str] = frozenset()
    cleared: frozenset[str] = frozenset()
    clears: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    rows: NewRows | None = field(default=None, repr=False, compare=False)

    @property
    def is_fatal(self) -> bool:
        """Whether it must not be stored."""
        return any(problem.fatal for problem in self.problems)

    def new_columns(self) -> dict[str, Any]:
        """Customer columns of a new row: those read, the places of its address, and what to sort it by."""
        columns = dict(self.columns)
        if self.address:
            columns |= places_of(self.address, columns.get("country", ""))
        if not (columns.get("name") and columns.get("name_key")):
            columns["name_key"] = sort_key(columns)
        return columns


def sort_key(columns: Mapping[str, Any]) -> str:
    """What a customer is sorted by: the name, or what is shown in its place."""
    shown = ("name", "company", "email", "email_raw", "phone", "phone_raw")
    return name_key(next((columns[one] for one in shown if columns.get(one)), ""), 300)


def places_of(address: Any, country: str = "") -> dict[str, str]:
    """What a customer's row shows of the default address; `country` where the address names none."""
    return {"country": address.country or country, "city": address.city, "region": address.region}
