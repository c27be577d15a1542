"""Whose orders they are: the customers that reports name, found or made."""

from collections.abc import Mapping, Sequence

from regulars.customers.drafts import Draft
from regulars.customers.leading import living
from regulars.customers.matching import MatchKeys, match_many, match_or_create_many
from regulars.customers.models import Source
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from regulars.orders.facts import OrderFacts, PaymentFacts
from regulars.shops.models import Shop

# What an address in an order says, by the names of `customers.profile`.
_PLACE = frozenset({
    "recipient", "address_company", "address1", "address2", "area", "ward", "district", "city", "region",
    "postal_code", "address_country", "address_phone",
})  # fmt: skip


def find_buyers(
    shop: Shop,
    facts: Sequence[OrderFacts | PaymentFacts],
    keys: Sequence[MatchKeys],
    *,
    by: Actor,
    batch_id: int | None = None,
) -> list[int | None]:
    """For each report its customer; None for a sale to nobody in particular.

    keys: the contact data of each, read already: whom it finds, of them no profile is read.
    Old ids of those who were merged mean whom they became. People nobody knows yet are created. Those we know are found
    without waiting for anybody; only who may have to make somebody new waits for others doing so.
    """
    given = [one.customer_id for one in facts]
    became = living(shop, filter(None, given))
    buyers: list[int | None] = [became.get(pk, pk) if pk else None for pk in given]
    _match(shop, buyers, {place: one for place, one in enumerate(keys) if one != MatchKeys() and not buyers[place]})
    named = {
        place: draft
        for place, one in enumerate(facts)
        if buyers[place] is None and (draft := draft_of(one, shop)) is not None
    }
    profiles = {place: MatchKeys.of(draft) for place, draft in named.items()}
    _match(shop, buyers, {place: one for place, one in profiles.items() if one != keys[place]})
    new = [place for place in named if buyers[place] is None]
    if new:
        drafts = [named[place] for place in new]
        made = match_or_create_many(shop, drafts, by=by, source=Source.ORDER, batch_id=batch_id)
        for place, customer_id in zip(new, made, strict=True):
            buyers[place] = customer_id
    return buyers


def _match(shop: Shop, buyers: list[int | None], keys: Mapping[int, MatchKeys]) -> None:
    """Fill in the customers that are meant at these places."""
    for place, customer_id in zip(keys, match_many(shop, list(keys.values())), strict=True):
        buyers[place] = customer_id


def draft_of(facts: OrderFacts | PaymentFacts, shop: Shop) -> Draft | None:
    """The profile a report brings, or the one its contact data and addresses make; None when it names nobody."""
    if facts.customer is not None or isinstance(facts, PaymentFacts):
        return facts.customer
    address = facts.shipping_address or facts.billing_address or {}
    named = facts.billing_address or address
    raw = {name: str(value) for name, value in address.items() if name in _PLACE and value}
    raw |= {
        "name": str(named.get("recipient") or address.get("recipient") or ""),
        "email": facts.email,
        "phone": facts.phone or str(address.get("address_phone") or ""),
    }
    if not (raw["name"] or raw["email"] or raw["phone"]):
        return None
    draft = read_profile(raw, country=shop.country, tz=shop.timezone)
    return None if draft.is_fatal else draft
