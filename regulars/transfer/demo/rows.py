"""People as the lines that COPY reads, a block of a thousand at a time."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import models

from regulars.customers.models import Address, ConsentEntry, Customer, CustomerSearch, Identity, Note, Source
from regulars.transfer.demo import habits
from regulars.transfer.demo.bulk import blank
from regulars.transfer.demo.cast import BLOCK, Cast
from regulars.transfer.demo.people import Person, people, search_of
from regulars.transfer.demo.words import COUNTRIES

PEOPLE = "demo_person"
"""The table that exists during a load: what orders and events need to know of each customer."""

PEOPLE_SQL = (
    "(id bigint, place int, orders int, first_visit bigint, at bigint, first_slot int, country smallint,"
    " channel smallint, is_business boolean, from_order boolean, source text, actor_kind text, actor_id bigint,"
    " actor_name text, email text, phone text, address jsonb)"
)

# Columns of each table in the order in which a line has them; `_VARYING` of customers is followed by what is the
# same for all of them.
_VARYING = (
    "id", "created_at", "updated_at", "registered_at", "status_at", "oa_at", "group_id", "status_id", "staff_id",
    "referred_by_id", "channel_first_id", "gender", "account_state", "oa_state", "consent_email", "consent_sms",
    "consent_zalo", "consent_whatsapp", "phone_kind", "birth_year", "birth_md", "country", "language", "source",
    "name", "name_key", "given_name", "family_name", "email", "email_raw", "phone", "phone_raw", "zalo_id",
    "company", "tax_code", "citizen_id_sealed", "citizen_id_index", "city", "region", "tag_ids", "shop_id",
)  # fmt: skip
_ADDRESS = (
    "country", "label", "recipient", "company", "line1", "line2", "area", "ward", "district", "city", "region",
    "postal_code", "fingerprint",
)  # fmt: skip
_MOMENTS = frozenset({"created_at", "updated_at", "registered_at", "status_at", "oa_at"})

_SAME = blank(Customer, {**dict.fromkeys(_VARYING), "id": None})
_DEFAULTS = {
    field.column: field.get_default()
    for field in Customer._meta.concrete_fields
    if field.column in _VARYING and field.column not in _MOMENTS
}

COLUMNS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "customers": (Customer, (*_VARYING, *_SAME)),
    "texts": (CustomerSearch, ("shop_id", "customer_id", "text")),
    "identities": (Identity, ("shop_id", "customer_id", "channel", "external_id")),
    "addresses": (
        Address,
        ("shop_id", "customer_id", "created_at", "is_default_shipping", "is_default_billing", "phone_raw", *_ADDRESS),
    ),
    "notes": (Note, ("shop_id", "customer_id", "text", "author_id", "author_name", "created_at")),
    "consents": (ConsentEntry, ("shop_id", "customer_id", "channel", "state", "at", "source", "recorded_at")),
}
"""What is written → its table and columns."""

_CONSENT_SOURCES = {
    Source.ORDER: "checkout", Source.SIGNUP: "sign-up form", Source.IMPORT: "file", Source.MANUAL: "at the counter",
    Source.API: "web form",
}  # fmt: skip


def copy_block(cast: Cast, first: int, counts: list[int], visits: int) -> dict[str, str]:
    """The people from place `first` on as COPY text by the names of COLUMNS, and PEOPLE.

    counts: of the orders of each. visits: how many orders those before them have.
    """
    crowd = people(cast, first, counts)
    same = "".join(f"\t{cell(value)}" for value in _SAME.values())
    shop = cast.shop_id
    return {
        "customers": "".join(f"{_joined(_customer(cast, one))}{same}\n" for one in crowd),
        "texts": _lines((shop, one.id, search_of(one)) for one in crowd),
        "identities": _lines((shop, one.id, *identity) for one in crowd for identity in one.identities),
        "addresses": _lines(_address(shop, one) for one in crowd if one.address),
        "notes": _lines(_note(cast, one) for one in crowd if one.note),
        "consents": _lines(row for one in crowd for row in _consents(shop, one)),
        PEOPLE: _lines(_visitors(cast, crowd, visits)),
    }


def cell(value: Any) -> str:
    """A value as COPY's text format has it."""
    if value is None:
        return r"\N"
    kind = value.__class__
    if kind is str:
        return value if value.isprintable() and "\\" not in value else _escaped(value)
    if kind is bool:
        return "t" if value else "f"
    if kind is list:
        return "{" + ",".join(map(str, value)) + "}"
    if kind is dict:
        return json.dumps(value).replace("\\", "\\\\")
    return int.__repr__(value)  # a choice by its number, too


def moment(seconds: int | None) -> str | None:
    """Seconds since 1970 as PostgreSQL reads an instant."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(" ")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _joined(values: Iterable[Any]) -> str:
    return "\t".join(map(cell, values))


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    return "".join(f"{_joined(row)}\n" for row in rows)


def _customer(cast: Cast, person: Person) -> list[Any]:
    columns = _DEFAULTS | person.columns
    columns |= {name: moment(columns.get(name)) for name in _MOMENTS}
    created = moment(person.at)
    columns |= {"id": person.id, "shop_id": cast.shop_id, "tag_ids": person.tags}
    columns |= {"created_at": created, "updated_at": columns["status_at"] or created}
    return [columns[name] for name in _VARYING]


def _address(shop_id: int, person: Person) -> list[Any]:
    written = person.address
    row = [shop_id, person.id, moment(person.at), True, True, ""]
    return [*row, *(getattr(written, name) for name in _ADDRESS)]


def _note(cast: Cast, person: Person) -> tuple[Any, ...]:
    text, at = person.note or ("", 0)
    staff_id, name = cast.agents[person.place % len(cast.agents)]
    return cast.shop_id, person.id, text, staff_id, name, moment(at)


def _consents(shop_id: int, person: Person) -> Iterable[tuple[Any, ...]]:
    source = _CONSENT_SOURCES[Source(person.columns["source"])]
    for channel, state, at in person.consents:
        yield shop_id, person.id, channel, state, moment(at), source, moment(at)


def _visitors(cast: Cast, crowd: list[Person], visits: int) -> Iterable[tuple[Any, ...]]:
    for one in crowd:
        day = (one.at - cast.begin) // 86_400
        columns = one.columns
        yield (
            one.id, one.place, one.orders, visits, one.at, cast.first_slots[day + 1], COUNTRIES.index(one.country) + 1,
            habits.CHANNELS.index(one.channel) + 1, one.is_business, columns["source"] == Source.ORDER,
            columns["source"], *_actor(cast, one), columns.get("email") or "", columns["phone"] or "",
            _shipping_address(one),
        )  # fmt: skip
        visits += one.orders


def _actor(cast: Cast, person: Person) -> tuple[str, int | None, str]:
    """Who brought this customer in, as the trail says it."""
    source = person.columns["source"]
    if source == Source.MANUAL:
        return ("staff", *cast.agents[person.place % len(cast.agents)])
    if source == Source.SIGNUP:
        return "customer", person.id, person.columns["name"]
    if source == Source.IMPORT:
        return "import", None, "customers.csv"
    return "api", None, cast.channel_names[person.channel]


def _shipping_address(person: Person) -> str | None:
    """The address as an order carries it, by the names of `customers.profile`."""
    if not (one := person.address):
        return None
    written = {
        "recipient": one.recipient, "address_company": one.company, "address1": one.line1, "ward": one.ward,
        "district": one.district, "city": one.city, "region": one.region, "postal_code": one.postal_code,
        "address_country": one.country, "address_phone": person.columns["phone"],
    }  # fmt: skip
    return json.dumps({key: value for key, value in written.items() if value}, ensure_ascii=False)


__all__ = ["BLOCK", "COLUMNS", "PEOPLE", "PEOPLE_SQL", "cell", "copy_block", "moment"]
