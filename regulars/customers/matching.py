"""Who is already here: the one rule by which files, orders and other systems recognise a customer.

Only identifiers that are surely somebody's count: an outside id of the same channel, a normalised e-mail address, an
E.164 phone; also those that a merge left as somebody's other ones. A phone recognises a customer only while exactly one
has it, because households share phones. Customers in the bin are recognised by nobody.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Self

from django.db import connection, transaction

from regulars.customers.drafts import Draft
from regulars.events.record import Actor
from regulars.shops.models import Shop

BY = ("external_id", "email", "phone")
"""What recognises a customer, strongest first."""

NOBODYS_IDS = frozenset({"", "0"})


class MatchKeys(NamedTuple):
    """What somebody may be recognised by; identities are (channel, outside id) pairs."""

    email: str | None = None
    phone: str | None = None
    identities: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, draft: Draft) -> Self:
        columns = draft.columns
        return cls(columns.get("email"), columns.get("phone"), tuple(draft.identities))


Key = str | tuple[str, str]


def match_many(shop: Shop, keys: Sequence[MatchKeys], by: Sequence[str] = BY) -> list[int | None]:
    """For each of `keys` the customer it means, or None; in the order of `by`, the first that finds somebody wins.

    Two ids of one channel are two people, who may share a phone: a phone never joins them.

    One query for each kind of key, however many there are.
    """
    found: list[int | None] = [None] * len(keys)
    for kind in by:
        wanted_of = _WANTED[kind]
        waiting = [
            (place, wanted) for place, one in enumerate(keys) if found[place] is None and (wanted := wanted_of(one))
        ]
        if not waiting:
            continue
        known = _FINDERS[kind](shop.pk, {key for _place, wanted in waiting for key in wanted})
        if not known:
            continue
        named = _channels_of(shop.pk, known.values()) if kind == "phone" and "external_id" in by else {}
        for place, wanted in waiting:
            own = {channel for channel, _id in _ids(keys[place])}
            found[place] = next(
                (known[key] for key in wanted if key in known and own.isdisjoint(named.get(known[key], ()))), None
            )
    return found


def first_of_each(keys: Sequence[MatchKeys], by: Sequence[str] = BY) -> list[int]:
    """For each place the first place that is the same person, so its own when it is the first.

    Two rows of one file are the same person when they share any key of `by`; a phone alone does not join two ids of
    one channel.
    """
    first: dict[tuple[str, Key], int] = {}
    ids: dict[int, dict[str, str]] = {}
    places = []
    for place, one in enumerate(keys):
        own = [(kind, key) for kind in by for key in _WANTED[kind](one)]
        named = dict(_ids(one)) if "external_id" in by else {}
        person = next((first[key] for key in own if key in first and _is_one(key, ids[first[key]], named)), place)
        ids[person] = named | ids.get(person, {})
        for key in own:
            first.setdefault(key, person)
        places.append(person)
    return places


def _is_one(key: tuple[str, Key], ids: dict[str, str], named: dict[str, str]) -> bool:
    """Whether a shared key makes two rows one person: a phone does not when a channel calls them by two ids."""
    return key[0] != "phone" or all(ids.get(channel, own) == own for channel, own in named.items())


@transaction.atomic
def match_or_create_many(
    shop: Shop, drafts: Sequence[Draft], *, by: Actor, source: str, batch_id: int | None = None
) -> list[int]:
    """For each draft the customer it means; who is not here yet is created, once however many drafts mean them.

    Customers found are not changed. Nobody else creates customers in this shop at the same time
    (`wait_for_turn`), so two systems reporting one new person make one customer.
    """
    from regulars.customers.bulk.creating import create_many  # which recognises those who came meanwhile by us

    wait_for_turn(shop.pk)
    keys = [MatchKeys.of(draft) for draft in drafts]
    found = match_many(shop, keys)
    firsts = first_of_each(keys)
    new = [place for place, first in enumerate(firsts) if first == place and found[place] is None]
    created = create_many(shop, [drafts[place] for place in new], by=by, source=source, batch_id=batch_id)
    for place, customer_id in zip(new, created, strict=True):
        found[place] = customer_id
    return [_known(found[place] or found[firsts[place]]) for place in range(len(drafts))]


def wait_for_turn(shop_id: int) -> None:
    """Wait until no other transaction that called this is creating customers of the shop; ours then ends it.

    For whoever looks for people in order to create the missing ones: call it first, before any row is locked.
    E-mail addresses are unique anyway; phones are not, and only this keeps two imports from doubling people.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"customers.new:{shop_id}"])


# --- one kind of key, one query -------------------------------------------------------------------------------------
#
# Each key is looked up by itself (LATERAL … LIMIT 1): for a shop that was filled a moment ago the planner has no
# figures yet, takes it for empty, and would else read all of its rows once a batch.


def _ids(keys: MatchKeys) -> list[tuple[str, str]]:
    """The outside ids that may recognise somebody."""
    return [one for one in keys.identities if one[1].strip() not in NOBODYS_IDS]


def _emails(keys: MatchKeys) -> list[str]:
    return [keys.email] if keys.email else []


def _phones(keys: MatchKeys) -> list[str]:
    return [keys.phone] if keys.phone and _is_e164(keys.phone) else []


_WANTED: dict[str, Callable[[MatchKeys], list[Any]]] = {"external_id": _ids, "email": _emails, "phone": _phones}


def _is_e164(phone: str) -> bool:
    return phone[0] == "+" and phone[1:].isdecimal() and phone.isascii() and 8 <= len(phone) <= 16


def _by_email(shop_id: int, emails: Iterable[str]) -> dict[Key, int]:
    return _asked(
        _EMAIL.format(others=_OTHERS.format(kind="email")), [json.dumps(sorted(emails)), shop_id, shop_id, shop_id]
    )


def _by_phone(shop_id: int, phones: Iterable[str]) -> dict[Key, int]:
    return _asked(
        _PHONE.format(others=_OTHERS.format(kind="phone")), [json.dumps(sorted(phones)), shop_id, shop_id, shop_id]
    )


# Most shops have none, which is asked once. Counting keeps the planner from looking for the lowest id in all rows.
_OTHERS = """
    SELECT min(o.customer_id) AS low, max(o.customer_id) AS high, count(*) AS many FROM customers_othercontact o
    JOIN customers_customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
    WHERE o.shop_id = %s AND o.kind = '{kind}' AND o.value = wanted.value
      AND EXISTS (SELECT FROM customers_othercontact WHERE shop_id = %s)
"""

# Whoever has it on the row goes before those who have it as another one.
_EMAIL = """
    SELECT wanted.value, coalesce(own.id, other.low) FROM json_array_elements_text(%s::json) AS wanted (value)
    LEFT JOIN LATERAL (
        SELECT c.id FROM customers_customer c
        WHERE c.shop_id = %s AND c.email = wanted.value AND c.email IS NOT NULL AND c.deleted_at IS NULL LIMIT 1
    ) AS own ON true
    LEFT JOIN LATERAL ({others}) AS other ON other.low = other.high
    WHERE coalesce(own.id, other.low) IS NOT NULL
"""

# Only while the lowest and the highest id of those who have it are one.
_PHONE = """
    SELECT wanted.value, least(own.low, other.low) FROM json_array_elements_text(%s::json) AS wanted (value)
    CROSS JOIN LATERAL (
        SELECT min(c.id) AS low, max(c.id) AS high, count(*) AS many FROM customers_customer c
        WHERE c.shop_id = %s AND c.phone = wanted.value AND c.phone IS NOT NULL AND c.deleted_at IS NULL
    ) AS own
    LEFT JOIN LATERAL ({others}) AS other ON other.many > 0
    WHERE own.many + coalesce(other.many, 0) > 0
      AND least(own.low, other.low) = greatest(own.high, other.high)
"""


def _by_identity(shop_id: int, identities: Iterable[tuple[str, str]]) -> dict[Key, int]:
    wanted = sorted(identities)
    rows = _rows(
        "SELECT wanted.channel, wanted.external_id, known.customer_id"
        " FROM ROWS FROM (json_array_elements_text(%s::json), json_array_elements_text(%s::json))"
        " AS wanted (channel, external_id)"
        " CROSS JOIN LATERAL (SELECT i.customer_id FROM customers_identity i WHERE i.shop_id = %s"
        " AND i.channel = wanted.channel AND i.external_id = wanted.external_id LIMIT 1) AS known"
        " JOIN LATERAL (SELECT FROM customers_customer c"
        " WHERE c.shop_id = %s AND c.id = known.customer_id AND c.deleted_at IS NULL LIMIT 1) AS alive ON true",
        [_told([one for one, _ in wanted]), _told([own for _, own in wanted]), shop_id, shop_id],
    )
    return {(channel, external_id): customer_id for channel, external_id, customer_id in rows}


def _channels_of(shop_id: int, customers: Iterable[int]) -> dict[int, set[str]]:
    """Customer → the channels that know them by an id."""
    rows = _rows(
        "SELECT customer_id, channel FROM customers_identity WHERE shop_id = %s AND customer_id = ANY(%s)",
        [shop_id, sorted(set(customers))],
    )
    channels: dict[int, set[str]] = {}
    for customer_id, channel in rows:
        channels.setdefault(customer_id, set()).add(channel)
    return channels


_FINDERS: dict[str, Callable[[int, Any], dict[Key, int]]] = {
    "external_id": _by_identity,
    "email": _by_email,
    "phone": _by_phone,
}


def _told(keys: list[str]) -> str:
    """Many texts as one parameter: JSON is written in a tenth of the time that the driver needs for an array."""
    return json.dumps(keys)


def _asked(sql: str, parameters: list[Any]) -> dict[Key, int]:
    return dict(_rows(sql, parameters))


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _known(customer_id: int | None) -> int:
    if customer_id is None:
        raise AssertionError("everybody was found or created")
    return customer_id
