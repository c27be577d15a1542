"""What a customer is to the shop: stage, group, staff, account, follower, tags, who sent them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.customers.drafts import responsible_columns
from regulars.customers.errors import ReferralCircle, SelfReferral
from regulars.customers.leading import leads_to
from regulars.customers.matching import MatchKeys, match_many
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.referrals import find_by_code, referrals_locked, would_circle
from regulars.customers.writing import change_columns, locked
from regulars.events.record import Actor, record
from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.phones import read_phone
from regulars.kit.text import one_line
from regulars.shops.models import Staff


@transaction.atomic
def set_status(customer: Customer, status: Status | None, *, by: Actor) -> Customer:
    """Move to a stage; `status_at` says since when. Dragging a card on the board is this."""
    return _set(customer, {"status_id": _pk(customer, status)}, by=by)


@transaction.atomic
def set_group(customer: Customer, group: Group, *, by: Actor) -> Customer:
    """Put into a group by hand, and so under its prices; rules leave the customer there."""
    return _set(customer, {"group_id": _pk(customer, group), "group_by_hand": True}, by=by)


@transaction.atomic
def release_group(customer: Customer, *, by: Actor) -> Customer:
    """Let the rules decide about the group from now on."""
    return _set(customer, {"group_by_hand": False}, by=by)


@transaction.atomic
def set_staff(customer: Customer, staff_ids: Sequence[int], *, by: Actor) -> Customer:
    """Make these members of staff responsible, the first one first; nobody when there are none.

    Raises BadValue (field "staff") for somebody who is not of this shop.
    """
    known = set(Staff.objects.of(customer.shop_id).filter(pk__in=staff_ids).values_list("pk", flat=True))
    for pk in staff_ids:
        if pk not in known:
            raise BadValue(_("“{value}” is not one of this shop's."), value=pk, field="staff")
    return _set(customer, responsible_columns(staff_ids), by=by)


def assign_staff(customer: Customer, staff: Staff | None, *, by: Actor) -> Customer:
    """Make one person alone responsible, or nobody."""
    return set_staff(customer, [] if (pk := _pk(customer, staff)) is None else [pk], by=by)


@transaction.atomic
def set_account_state(customer: Customer, state: int, *, by: Actor) -> Customer:
    """Guest, invited, registered, verified, disabled. The first registration is dated now unless it has a date."""
    return _set(customer, {"account_state": int(state)}, by=by)


@transaction.atomic
def set_oa_state(customer: Customer, state: int, *, by: Actor) -> Customer:
    """Whether the official account is followed; `oa_at` says since when."""
    return _set(customer, {"oa_state": int(state)}, by=by)


@transaction.atomic
def set_referrer(customer: Customer, referrer: str, *, by: Actor) -> Customer:
    """Who sent them: a customer by "#id", referral code, e-mail or phone, or else the text itself; "" forgets it.

    Raises SelfReferral, ReferralCircle, InTheBin.
    """
    customer = locked(customer)
    change_columns(customer, referrer_columns(customer, referrer), by=by)
    return customer


@transaction.atomic
def tag_customer(customer: Customer, *, add: Iterable[Tag] = (), remove: Iterable[Tag] = (), by: Actor) -> Customer:
    """Add and remove tags; a tag in both is removed."""
    customer = locked(customer)
    retag(customer, add=[_known(customer, tag) for tag in add], remove=[tag.pk for tag in remove], by=by)
    return customer


def retag(customer: Customer, *, add: Collection[int], remove: Collection[int], by: Actor) -> None:
    """Add and remove tags by id, of a customer who is locked; what really changed is one event."""
    had = set(customer.tag_ids)
    has = (had | set(add)) - set(remove)
    if has == had:
        return
    customer.tag_ids = sorted(has)
    customer.version += 1
    customer.updated_at = timezone.now()
    customer.save(update_fields=["tag_ids", "version", "updated_at"])
    data = {"added": sorted(has - had), "removed": sorted(had - has)}
    record(customer.shop_id, "customer.tagged", about=("customer", customer.pk), by=by, data=data)


def referrer_columns(customer: Customer, text: str) -> dict[str, Any]:
    """The two columns that say who sent a customer; the shop's referrals stay locked until the transaction ends.

    Raises SelfReferral, ReferralCircle.
    """
    text = one_line(text)[:200]
    found = _referring(customer, text)
    if found == customer.pk:
        raise SelfReferral
    if found:
        referrals_locked(customer.shop_id)
        if would_circle(customer.shop_id, customer.pk, found):
            name = Customer.objects.of(customer.shop_id).values_list("name", flat=True).get(pk=found)
            raise ReferralCircle(referrer=name or f"#{found}")
    return {"referred_by_id": found, "referrer_text": text}


def _referring(customer: Customer, text: str) -> int | None:
    number = text.removeprefix("#")
    if text.startswith("#") and number.isascii() and number.isdigit() and len(number) < 19:
        found = leads_to(customer.shop_id, int(number)) or int(number)
        known = Customer.objects.of(customer.shop_id).alive().filter(pk=found)
        return known.values_list("pk", flat=True).first()
    shop = customer.shop
    if by_code := find_by_code(shop.pk, [text]):
        return by_code[text]
    keys = MatchKeys(read_email(text).normal, read_phone(text, shop.country).e164)
    return match_many(shop, [keys], by=("email", "phone"))[0]


def _set(customer: Customer, columns: dict[str, Any], *, by: Actor) -> Customer:
    customer = locked(customer)
    change_columns(customer, columns, by=by)
    return customer


def _pk(customer: Customer, row: Group | Status | Staff | None) -> int | None:
    return None if row is None else _known(customer, row)


def _known(customer: Customer, row: Group | Status | Staff | Tag) -> int:
    if row.shop_id != customer.shop_id:
        raise ValueError("this belongs to another shop")
    return row.pk
