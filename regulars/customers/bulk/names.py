"""What drafts call by name, found in the shop: groups, statuses, staff, channels, tags, referrers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.text import slugify

from regulars.customers.drafts import Draft
from regulars.customers.handlers import STANDARD
from regulars.customers.matching import MatchKeys, match_many
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.profile import tag_key
from regulars.customers.referrals import find_by_code
from regulars.events.record import Actor
from regulars.kit.emails import read_email
from regulars.kit.labels import split_labels
from regulars.kit.phones import read_phone
from regulars.kit.text import fold
from regulars.shops.models import Channel, Shop, Staff
from regulars.shops.operations import ensure_channels
from regulars.shops.scope import ShopModel

Named = TypeVar("Named", Group, Status)

key_of_tag = lru_cache(maxsize=10_000)(tag_key)  # files say the same few again and again


class Names:
    """Names → ids for one batch of drafts, a query a kind that is used at all."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.groups: dict[str, int] = {}
        self.statuses: dict[str, int] = {}
        self.staff: dict[str, list[int]] = {}
        self.channels: dict[str, int] = {}
        self.tags: dict[str, int] = {}
        self.referrers: dict[str, int] = {}

    @classmethod
    def adding(cls, shop: Shop, drafts: Sequence[Draft], *, by: Actor) -> Self:
        """The ids; groups, statuses, channels and tags the shop does not have yet are added to it."""
        names = cls(shop)
        names.groups = _by_name(Group, shop, _used(drafts, "group"), add=True)
        names.statuses = _by_name(Status, shop, _used(drafts, "status"), add=True)
        names.tags = _tags(shop, drafts, add=True)
        channels = ensure_channels(shop, _used(drafts, "source_channel"), by=by)
        names.channels = {name: channel.pk for name, channel in channels.items()}
        return names._with_people(drafts)

    @classmethod
    def existing(cls, shop: Shop, drafts: Sequence[Draft]) -> Self:
        """The ids of what the shop has; nothing is added. For a trial run."""
        names = cls(shop)
        names.groups = _by_name(Group, shop, _used(drafts, "group"), add=False)
        names.statuses = _by_name(Status, shop, _used(drafts, "status"), add=False)
        names.tags = _tags(shop, drafts, add=False)
        return names._with_people(drafts)

    def standard_group(self) -> int:
        """The group of those for whom none was named."""
        if STANDARD not in self.groups:
            self.groups[STANDARD] = Group.objects.of(self.shop).get(key=STANDARD).pk
        return self.groups[STANDARD]

    def used(self) -> dict[type[ShopModel], set[int]]:
        """The rows that a new customer may point at, by table."""
        return {
            Group: {self.standard_group(), *self.groups.values()},
            Status: set(self.statuses.values()),
            Staff: {pk for ids in self.staff.values() for pk in ids},
            Channel: set(self.channels.values()),
            Customer: set(self.referrers.values()),
        }

    def tag_ids(self, draft: Draft) -> list[int]:
        """Ids of a draft's tags, ascending; those the shop does not have are left out."""
        return sorted({self.tags[key] for name in draft.tags if (key := key_of_tag(name)) in self.tags})

    def _with_people(self, drafts: Sequence[Draft]) -> Self:
        if wanted := _used(drafts, "staff"):
            self.staff = _staff(self.shop, wanted)
        if wanted := _used(drafts, "referrer"):
            self.referrers = _referrers(self.shop, wanted)
        return self


def unknown_staff(shop: Shop, drafts: Sequence[Draft]) -> set[str]:
    """Names of staff in drafts who are nobody's e-mail address or name here, as they are written."""
    wanted = _used(drafts, "staff")
    return set(wanted) - _staff(shop, wanted).keys() if wanted else set()


def label_key(name: str) -> str:
    """What a group or status is known by, whatever way it is written."""
    return (slugify(fold(name)).replace("-", "_") or fold(name) or name.casefold())[:40]


def _used(drafts: Iterable[Draft], what: str) -> list[str]:
    return [name for name in dict.fromkeys(getattr(draft, what) for draft in drafts) if name]


def _by_name(model: type[Named], shop: Shop, wanted: list[str], *, add: bool) -> dict[str, int]:
    """Groups or statuses by their names as given: a key or a name of the shop's own, in any spelling."""
    if not wanted:
        return {}
    known = _labels(model, shop)
    missing = {key: name for name in wanted if (key := label_key(name)) not in known}
    if missing and add:
        model.objects.bulk_create(
            [model(shop=shop, key=key, name=name[:60], position=100) for key, name in missing.items()],
            ignore_conflicts=True,
        )
        known = _labels(model, shop)
    return {name: known[key] for name in wanted if (key := label_key(name)) in known}


def _labels(model: type[Named], shop: Shop) -> dict[str, int]:
    rows = list(model.objects.of(shop).order_by("-pk"))
    return {label_key(row.name): row.pk for row in rows} | {label_key(row.key): row.pk for row in rows}


def _tags(shop: Shop, drafts: Iterable[Draft], *, add: bool) -> dict[str, int]:
    """Tag key → id."""
    wanted: dict[str, str] = {}
    for name in dict.fromkeys(name for draft in drafts for name in draft.tags):
        wanted.setdefault(key_of_tag(name), name)
    if not wanted:
        return {}
    known = _tags_known(shop, wanted)
    missing = [Tag(shop=shop, key=key, name=name) for key, name in wanted.items() if key not in known]
    if missing and add:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)
        known = _tags_known(shop, wanted)
    return known


def _tags_known(shop: Shop, wanted: Mapping[str, str]) -> dict[str, int]:
    return dict(Tag.objects.of(shop).filter(key__in=list(wanted)).values_list("key", "pk"))


def _staff(shop: Shop, wanted: list[str]) -> dict[str, list[int]]:
    """Cells that name staff → their ids in that order, each once; a cell with somebody unknown is left out.

    Somebody is called by an e-mail address, or by a name that only one of them has.
    """
    members = list(Staff.objects.of(shop).active().select_related("user").order_by("pk"))
    by_email = {member.user.email: member.pk for member in members}
    by_name = _only_once(members, lambda member: fold(member.user.name))

    def found(cell: str) -> list[int | None]:
        each = [by_email.get(name.strip().lower()) or by_name.get(fold(name)) for name in (cell, *split_labels(cell))]
        return each[:1] if each[0] else list(dict.fromkeys(each[1:]))

    cells = {cell: found(cell) for cell in wanted}
    return {cell: [pk for pk in ids if pk] for cell, ids in cells.items() if ids and None not in ids}


def _only_once(rows: Iterable[models.Model], key: Callable[[Any], str]) -> dict[str, int]:
    """Key → id for the keys that one row alone has."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(key(row), []).append(row.pk)
    return {one: found[0] for one, found in ids.items() if one and len(found) == 1}


def _referrers(shop: Shop, wanted: list[str]) -> dict[str, int]:
    """Referrers who are customers, by their referral code, e-mail address or phone; others stay text."""
    keys = [MatchKeys(read_email(name).normal, read_phone(name, shop.country).e164) for name in wanted]
    found = match_many(shop, keys, by=("email", "phone"))
    by_contact = {name: customer_id for name, customer_id in zip(wanted, found, strict=True) if customer_id}
    return by_contact | find_by_code(shop.pk, wanted)
