"""Several customers become one: one transaction, everything that hangs on them included."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from regulars.customers.drafts import places_of
from regulars.customers.errors import Anonymised, InTheBin, Merged
from regulars.customers.figures import lock_customers
from regulars.customers.merging import consents, homes, moving, own_rules  # noqa: F401  the rules of this floor
from regulars.customers.merging.choosing import HAS_ACCOUNT, columns_after, sources_of
from regulars.customers.merging.errors import OtherShop, WrongNumber
from regulars.customers.merging.links import links
from regulars.customers.merging.rows import Change, count_version, told_changes, whole, write
from regulars.customers.merging.rules import Family, rule_of, take_locks
from regulars.customers.models import Address, ContactKind, Customer, Merge, OtherContact
from regulars.customers.search import write_search_texts
from regulars.events.record import Actor, Happening, record, record_many
from regulars.shops.models import Shop

MOST = 5
"""Customers one merge makes one of."""


@transaction.atomic
def merge(
    shop: Shop,
    survivor: Customer,
    others: Sequence[Customer],
    *,
    choices: Mapping[str, int] | None = None,
    by: Actor,
) -> Merge:
    """Make one customer of two to five; the survivor keeps the id, and the others' ids lead to it.

    choices: field (`choosing.FIELDS`, "custom.<key>") → the customer whose value stays; of a field that is not
    chosen the survivor's stays, or the first that is filled. E-mails and phones that are not chosen still find and
    match the survivor. Tags and responsible staff unite; of consent the newer word counts, in doubt the stricter.
    Raises WrongNumber, OtherShop, Merged, InTheBin, Anonymised, AccountUnclear, BadChoice. Safe against others who
    merge, edit or order at the same time.
    """
    ids = _asked(shop, survivor, others)
    take_locks(shop.pk)
    lock_customers(shop.pk, homes.touched(shop.pk, ids))
    people = _people(shop, ids)
    family = Family(shop.pk, ids[0], tuple(ids[1:]), by)
    choices = dict(choices or {})
    sources = sources_of(people, choices)
    before = {str(one.pk): whole(one) for one in people}
    marks = moving.last_ids(sorted({link.table for link in links()}), shop.pk)
    after = columns_after(people, sources, choices)
    empty = homes.leave_empty(people, after, family)
    traces = {link.name: rule_of(link).join(link, family, sources) for link in links()}
    away = {str(one.pk): _send_away(one, family, after, empty) for one in people[1:]}
    after |= _places(people[0], "country" in choices)
    changes = write(people[0], {**after, "updated_at": timezone.now()})
    homes.remove(shop.pk, empty)
    traces["customers.OtherContact.customer_id"]["made"] = _keep_contacts(people[0], before.values())
    traces[consents.LINK]["made"] = consents.keep_words(people[0], ids)
    write_search_texts(shop.pk, [family.survivor_id])
    made = Merge.objects.create(
        shop=shop,
        survivor=people[0],
        merged_ids=list(family.other_ids),
        snapshot={"rows": before, "survivor": changes, "away": away, "links": traces, "marks": marks, "homes": empty},
        by_id=by.id if by.kind == "staff" else None,
        by_name=by.name[:120],
    )
    _tell(made, changes, sources["account"], by)
    return made


# --- refusals -------------------------------------------------------------------------------------------------------


def _asked(shop: Shop, survivor: Customer, others: Iterable[Customer]) -> list[int]:
    """The ids, the survivor's first."""
    people = [survivor, *others]
    ids = list(dict.fromkeys(one.pk for one in people))
    if any(one.shop_id != shop.pk for one in people):
        raise OtherShop
    if len(ids) != len(people) or not 2 <= len(ids) <= MOST:
        raise WrongNumber
    return ids


def _people(shop: Shop, ids: Sequence[int]) -> list[Customer]:
    """The locked rows as they are now, in the order asked."""
    rows = Customer.objects.of(shop).in_bulk(ids)
    people = [rows[pk] for pk in ids if pk in rows]
    if len(people) != len(ids):
        raise OtherShop
    for one in people:
        if one.anonymised_at:
            raise Anonymised
        if one.merged_into_id:
            raise Merged(customer_id=one.merged_into_id)
        if one.deleted_at:
            raise InTheBin
    return people


# --- what is written ------------------------------------------------------------------------------------------------


def _send_away(customer: Customer, family: Family, after: Mapping[str, Any], empty: homes.Homes) -> dict[str, Change]:
    """Into the bin, for good unless it is taken back; a referral code that the survivor gets is free for it."""
    moment = timezone.now()
    columns: dict[str, Any] = {"deleted_at": moment, "merged_into_id": family.survivor_id, "updated_at": moment}
    columns |= homes.without_home(customer, empty)
    if customer.referral_code and customer.referral_code == after["referral_code"]:
        columns |= {"referral_code": ""}
    return write(customer, columns)


def _places(survivor: Customer, is_country_chosen: bool) -> dict[str, str]:
    """Country, city and province of the default address they have together."""
    rows = Address.objects.of(survivor.shop_id).filter(customer=survivor)
    address = rows.order_by("-is_default_shipping", "-is_default_billing", "id").first()
    if address is None:
        return {}
    places = places_of(address)
    return {name: value for name, value in places.items() if name != "country" or (value and not is_country_chosen)}


def _keep_contacts(survivor: Customer, before: Iterable[Mapping[str, Any]]) -> list[int]:
    """E-mails and phones that are not the survivor's own any more still are their other ones; ids of the new rows."""
    rows = OtherContact.objects.of(survivor.shop_id).filter(customer=survivor)
    known = {("email", survivor.email), ("phone", survivor.phone), *rows.values_list("kind", "value")}
    had = [(kind, row[kind]) for row in before for kind in ContactKind.values if row[kind]]
    made = [
        OtherContact(shop_id=survivor.shop_id, customer=survivor, kind=kind, value=value)
        for kind, value in dict.fromkeys(had)
        if (kind, value) not in known
    ]
    return [one.pk for one in OtherContact.objects.bulk_create(made)]


# --- what is told ---------------------------------------------------------------------------------------------------


def _tell(made: Merge, changes: Mapping[str, Change], account: int, by: Actor) -> None:
    """One event for the survivor, announced for all; one for each of the others, for their own trail.

    account: whose account stays. Of two accounts the event says which one ended: nobody mails customers, so the team
    must see that this one has to be told.
    """
    shop_id, survivor_id, others = made.shop_id, made.survivor_id, made.merged_ids
    count_version(shop_id, survivor_id)
    old, new = changes.get("tag_ids", [[], []])
    data: dict[str, Any] = {
        "merge": made.pk,
        "merged": others,
        "changes": told_changes(changes),
        "added": sorted(set(new) - set(old)),
    }
    rows = made.snapshot["rows"]
    ended = [pk for pk in (survivor_id, *others) if rows[str(pk)]["account_state"] in HAS_ACCOUNT and pk != account]
    if ended and rows[str(account)]["account_state"] in HAS_ACCOUNT:
        data["account"] = {"kept": account, "ended": ended}
    away = [Happening("customer.merged_away", "customer", pk, data={"into": survivor_id}) for pk in others]
    record_many(shop_id, away, by=by)
    record(shop_id, "customer.merged", about=("customer", survivor_id), by=by, data=data, also=others)
