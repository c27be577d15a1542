"""Adding a customer by hand or by another system, and editing one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.customers.addresses import add_address
from regulars.customers.bulk.creating import create_or_find_many
from regulars.customers.bulk.names import Names, unknown_staff
from regulars.customers.citizen import citizen_index, sealed
from regulars.customers.conflicts import Since, changed_since, without_stale
from regulars.customers.consent import record_consent
from regulars.customers.custom import OwnFields, key_of
from regulars.customers.drafts import Draft, blank_of, responsible_columns
from regulars.customers.errors import DraftRefused, EmailTaken, IdentityTaken, ReferralCodeTaken
from regulars.customers.matching import MatchKeys, match_many
from regulars.customers.models import Customer, Identity, Source
from regulars.customers.operations.notes import add_note
from regulars.customers.operations.states import referrer_columns, retag
from regulars.customers.profile import read_profile
from regulars.customers.referrals import codes_taken
from regulars.customers.search import write_search_texts
from regulars.customers.writing import change_columns, locked, who_has
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.shops.models import Shop


@transaction.atomic
def create_customer(
    shop: Shop, draft: Draft, *, by: Actor, source: str = Source.MANUAL, batch_id: int | None = None
) -> Customer:
    """Add a customer with everything the draft says.

    Tags, groups, statuses and channels the shop does not have are added to it; a group is Standard unless named.
    Raises DraftRefused (a fatal problem), EmailTaken, IdentityTaken, BadValue (field "staff").
    """
    refuse_fatal(draft)
    _refuse_unknown_staff(shop, draft)
    _refuse_taken(shop, draft)
    _refuse_taken_code(shop, draft)
    arrival = create_or_find_many(shop, [draft], by=by, source=source, batch_id=batch_id)[0]
    if not arrival.is_new:  # somebody created them a moment ago
        _refuse_taken(shop, draft)
    customer = Customer.objects.of(shop).get(pk=arrival.customer_id)
    if draft.referrer:
        found = referrer_columns(customer, draft.referrer)
        Customer.objects.of(shop).filter(pk=customer.pk).update(**found)
        customer.refresh_from_db()
    return customer


@transaction.atomic
def update_customer(
    customer: Customer, changes: Draft | Mapping[str, str], *, by: Actor, version: int | None = None
) -> Customer:
    """Bring a profile up to date and return it as it is now.

    changes: a draft, or raw fields as `read_profile` takes them, in the customs of the shop. A field given empty is
    emptied; one not given stays; tags given replace all tags; a note, an address or an outside id is added.
    version: `customer.version` when the form was opened. What others changed since stays; where both changed one
    field differently, EditConflict tells both values and nothing is saved. Without a version the last word wins.
    Raises EditConflict, DraftRefused, EmailTaken, IdentityTaken, InTheBin, BadValue (field "staff").
    """
    customer = locked(customer)
    shop = customer.shop
    draft = changes if isinstance(changes, Draft) else read_changes(customer, changes)
    refuse_fatal(draft)
    _refuse_unknown_staff(shop, draft)
    _refuse_taken_code(shop, draft, customer.pk)
    names = Names.adding(shop, [draft], by=by)
    since = changed_since(customer, version)
    wanted = _cleared(draft, names) | _wanted(customer, draft, names)
    mine = without_stale(customer, wanted, since, customer.country or shop.country)
    if "group_id" not in mine:  # the group it names is not a choice but what stood there then
        mine.pop("group_by_hand", None)
    _keep_identities(customer, draft, mine)
    change_columns(customer, mine, by=by)
    _keep_tags(customer, draft, names, since, by=by)
    _keep_details(customer, draft, by=by)
    return customer


def refuse_fatal(draft: Draft) -> None:
    """Raises DraftRefused with all problems when one of them is fatal."""
    if not draft.is_fatal:
        return
    told = [{"field": one.field, "value": one.value, "reason": str(one.reason)} for one in draft.problems]
    reason = next(str(one.reason) for one in draft.problems if one.fatal)
    raise DraftRefused(reason=reason, problems=told)


# --- reading changes ------------------------------------------------------------------------------------------------


def read_changes(customer: Customer, raw: Mapping[str, str]) -> Draft:
    """Raw fields as a draft; a part of the name given alone is completed by the other part."""
    shop = customer.shop
    parts = {"given_name", "family_name"}
    if "name" not in raw and len(parts & raw.keys()) == 1:
        (missing,) = parts - raw.keys()
        raw = {**raw, missing: getattr(customer, missing)}
    own = OwnFields.of(shop) if any(map(key_of, raw)) else None
    return read_profile(raw, country=shop.country, tz=shop.timezone, partial=True, own=own)


def _cleared(draft: Draft, names: Names) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for field in draft.cleared:  # an empty account state or consent changes nothing
        columns |= blank_of(field)
    if "group" in draft.cleared:
        columns |= {"group_id": names.standard_group(), "group_by_hand": False}
    if draft.cleared & {"name", "given_name", "family_name"} and "name" not in draft.columns:
        columns |= {"name": "", "given_name": "", "family_name": ""}
    return columns


def _wanted(customer: Customer, draft: Draft, names: Names) -> dict[str, Any]:
    columns = {column: new for column, new in draft.columns.items() if column != "name_key"}
    if draft.group and customer.group_id != (group_id := names.groups[draft.group]):
        columns |= {"group_id": group_id, "group_by_hand": True}
    if draft.status:
        columns["status_id"] = names.statuses[draft.status]
    if draft.staff:
        columns |= responsible_columns(names.staff[draft.staff])
    if draft.source_channel in names.channels:
        columns["channel_first_id"] = names.channels[draft.source_channel]
    if draft.referrer:
        columns |= referrer_columns(customer, draft.referrer)
    if draft.citizen_id and customer.citizen_id_index != citizen_index(customer.shop_id, draft.citizen_id):
        columns |= sealed(customer.shop_id, customer.pk, draft.citizen_id)
    return columns


# --- what hangs on the row ------------------------------------------------------------------------------------------


def _keep_tags(customer: Customer, draft: Draft, names: Names, since: Since, *, by: Actor) -> None:
    """The tags added and taken away in the form, on top of what others did meanwhile."""
    if not draft.tags and "tags" not in draft.cleared:
        return
    mine = set(names.tag_ids(draft))
    retag(customer, add=mine - since.tag_ids, remove=since.tag_ids - mine, by=by)


def _keep_identities(customer: Customer, draft: Draft, mine: Mapping[str, Any]) -> None:
    """Outside ids are added; a Zalo id follows its column."""
    for channel, external_id in draft.identities:
        if channel == "zalo" and "zalo_id" not in mine:
            continue
        known, _is_new = Identity.objects.of(customer.shop_id).get_or_create(
            channel=channel,
            external_id=external_id,
            defaults={"shop_id": customer.shop_id, "customer": customer},
        )
        if known.customer_id != customer.pk:
            raise IdentityTaken(channel=channel, external_id=external_id, customer_id=known.customer_id)
    if "zalo_id" in mine and customer.zalo_id and customer.zalo_id != mine["zalo_id"]:
        old = Identity.objects.of(customer.shop_id).filter(customer=customer, channel="zalo")
        old.filter(external_id=customer.zalo_id).delete()
    if draft.identities:
        write_search_texts(customer.shop_id, [customer.pk])


def _keep_details(customer: Customer, draft: Draft, *, by: Actor) -> None:
    if draft.note:
        add_note(customer, draft.note, by=by)
    if draft.address and draft.address.is_place:
        add_address(customer, draft.address, by=by)
    for said in draft.consents:
        record_consent(customer, said.channel, said.state, at=said.at, source=said.source or _("Profile"), by=by)


# --- refusals -------------------------------------------------------------------------------------------------------


def _refuse_unknown_staff(shop: Shop, draft: Draft) -> None:
    if unknown_staff(shop, [draft]):
        raise BadValue(_("Nobody called “{value}” works here."), value=draft.staff, field="staff")


def _refuse_taken_code(shop: Shop, draft: Draft, customer_id: int | None = None) -> None:
    code = draft.columns.get("referral_code") or ""
    if codes_taken(shop.pk, [(customer_id, code)]):
        raise ReferralCodeTaken(code=code)


def _refuse_taken(shop: Shop, draft: Draft) -> None:
    email = draft.columns.get("email")
    if email and (other := who_has(shop.pk, email)):
        raise EmailTaken(email=email, customer_id=other)
    for identity in draft.identities:
        (other,) = match_many(shop, [MatchKeys(identities=(identity,))], by=("external_id",))
        if other:
            raise IdentityTaken(channel=identity[0], external_id=identity[1], customer_id=other)
