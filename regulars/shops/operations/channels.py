"""Where a shop sells."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import fold, one_line
from regulars.shops.errors import ChannelExists
from regulars.shops.models import Channel, Shop

# Marketplaces and networks keep their own spelling in every language.
DEFAULT_CHANNELS = {
    "website": gettext_noop("Website"),
    "counter": gettext_noop("Counter"),
    "shopee": "Shopee",
    "lazada": "Lazada",
    "tiktok": "TikTok Shop",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "zalo": "Zalo",
    "whatsapp": "WhatsApp",
    "phone": gettext_noop("Phone"),
}

# What files and other systems call them.
ALSO_CALLED = {
    "web": "website", "online": "website", "online-store": "website", "site": "website", "store": "counter",
    "pos": "counter", "in-store": "counter", "offline": "counter", "shop": "counter",
    "tiktok-shop": "tiktok", "tik-tok": "tiktok", "tik-tok-shop": "tiktok", "tiktokshop": "tiktok",
    "fb": "facebook", "messenger": "facebook", "ig": "instagram", "wa": "whatsapp", "call": "phone",
    "telephone": "phone", "zalo-oa": "zalo", "zalo-mini-app": "zalo",
}  # fmt: skip


def channel_key(name: str) -> str:
    """What a channel is known by, whatever way it is written: "TikTok Shop", "tiktok" → "tiktok"; "" for nothing."""
    key = slugify(fold(name))[:40].strip("-")
    return ALSO_CALLED.get(key, key)


def add_default_channels(shop: Shop) -> None:
    """Give a new shop the usual channels, named in its language."""
    with translation.override(shop.language):
        Channel.objects.bulk_create(
            Channel(shop=shop, key=key, name=_(name), position=position)
            for position, (key, name) in enumerate(DEFAULT_CHANNELS.items(), start=1)
        )


@transaction.atomic
def add_channel(shop: Shop, name: str, *, by: Actor) -> Channel:
    """A channel more, last in order. Raises BadValue, ChannelExists."""
    name = _named(name)
    channel, is_new = _get_or_add(shop, name)
    if not is_new:
        raise ChannelExists(name=channel.name)
    record(shop.pk, "channel.added", about=("channel", channel.pk), by=by, data={"name": name})
    return channel


@transaction.atomic
def ensure_channels(shop: Shop, names: Iterable[str], *, by: Actor) -> dict[str, Channel]:
    """Name as given → its channel, adding those the shop does not have yet. Names without a letter are left out.

    One query when nothing is new.
    """
    known = {channel.key: channel for channel in Channel.objects.of(shop)}
    found: dict[str, Channel] = {}
    for name in dict.fromkeys(names):
        key = channel_key(name)
        if not key:
            continue
        if key not in known:
            known[key], is_new = _get_or_add(shop, one_line(name)[:60])
            if is_new:
                about = ("channel", known[key].pk)
                record(shop.pk, "channel.added", about=about, by=by, data={"name": known[key].name})
        found[name] = known[key]
    return found


@transaction.atomic
def rename_channel(channel: Channel, name: str, *, by: Actor) -> Channel:
    """Another name for people; the key, by which files and systems know it, stays."""
    name, old = _named(name), channel.name
    if name != old:
        channel.name = name
        channel.save(update_fields=["name"])
        changes = {"name": [old, name]}
        record(channel.shop_id, "channel.changed", about=("channel", channel.pk), by=by, data={"changes": changes})
    return channel


def _named(name: str) -> str:
    name = one_line(name)
    if not channel_key(name):
        raise BadValue(_("A channel needs a name with letters or digits."), value=name, field="name")
    return name[:60]


def _get_or_add(shop: Shop, name: str) -> tuple[Channel, bool]:
    last = Channel.objects.of(shop).aggregate(last=Max("position"))["last"] or 0
    return Channel.objects.of(shop).get_or_create(
        key=channel_key(name), shop=shop, defaults={"name": name, "position": last + 1}
    )
