"""The shop's own groups, statuses and tags."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import Func, Max, Value
from django.utils.translation import gettext as _

from regulars.customers.bulk.names import label_key
from regulars.customers.bulk.sets import Retag, retag
from regulars.customers.errors import LabelExists, LabelInUse, LabelIsBuiltIn
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.profile import TAG_LENGTH, tag_key
from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.models import Shop

COLOURS = (
    "grey", "blue", "azure", "indigo", "purple", "pink", "red", "orange", "yellow", "lime", "green", "teal", "cyan",
)  # fmt: skip

Label = TypeVar("Label", Group, Status)


def add_group(shop: Shop, name: str, *, colour: str = "grey", by: Actor) -> Group:
    """A group of the shop's own, last in order. Raises BadValue, LabelExists."""
    return _add(Group, shop, name, colour, by)


def add_status(shop: Shop, name: str, *, colour: str = "grey", by: Actor) -> Status:
    """A stage more, last in order. Raises BadValue, LabelExists."""
    return _add(Status, shop, name, colour, by)


@transaction.atomic
def change_label(
    label: Label, *, name: str | None = None, colour: str | None = None, position: int | None = None, by: Actor
) -> Label:
    """Another name, colour or place of a group or status; the key stays. Raises BadValue, LabelExists."""
    wanted = {"name": name and _named(name), "colour": colour and _coloured(colour), "position": position}
    wanted = {field: new for field, new in wanted.items() if new is not None and new != getattr(label, field)}
    others = type(label).objects.of(label.shop_id).exclude(pk=label.pk)
    if "name" in wanted and others.filter(name__iexact=wanted["name"]).exists():
        raise LabelExists(name=wanted["name"])
    changes = {field: [getattr(label, field), new] for field, new in wanted.items()}
    for field, new in wanted.items():
        setattr(label, field, new)
    if changes:
        label.save(update_fields=list(changes))
        _record(label, "changed", {"changes": changes}, by)
    return label


@transaction.atomic
def set_benefits(
    group: Group, *, discount: Decimal, free_shipping_from: int | None, price_note: str, by: Actor
) -> Group:
    """What a group is promised on prices. Raises BadValue.

    discount: percent, 0 to 100, at most two decimals. free_shipping_from: minor units of the shop's currency, None for
    no promise. Price quotes read them; orders that are recorded are not changed by them.
    """
    if not 0 <= discount <= 100 or discount != round(discount, 2):
        raise BadValue(_("A discount is 0 to 100 percent, with two decimals at most."), field="discount")
    if free_shipping_from is not None and free_shipping_from < 0:
        raise BadValue(_("An amount below zero is no limit."), field="free_shipping_from")
    note = one_line(price_note)[:300]
    wanted = {"discount": round(discount, 2), "free_shipping_from": free_shipping_from, "price_note": note}
    changes = {field: [getattr(group, field), new] for field, new in wanted.items() if getattr(group, field) != new}
    if changes:
        for field, new in wanted.items():
            setattr(group, field, new)
        group.save(update_fields=list(changes))
        told = {field: [_told(old), _told(new)] for field, (old, new) in changes.items()}
        _record(group, "changed", {"changes": told}, by)
    return group


def _told(value: object) -> object:
    """As an event may hold it: decimals as text."""
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def arrange_labels(model: type[Label], shop: Shop, ids: Iterable[int], *, by: Actor) -> None:
    """Put groups or statuses in the order of these ids; others of the shop follow in the order they had."""
    labels: dict[int, Label] = {label.pk: label for label in model.objects.of(shop).select_for_update()}
    named: list[Label] = [labels.pop(pk) for pk in dict.fromkeys(ids) if pk in labels]
    for position, label in enumerate([*named, *labels.values()], start=1):
        change_label(label, position=position, by=by)


def remove_group(group: Group, *, by: Actor) -> None:
    """Remove a group that nobody is in (in the bin neither). Raises LabelIsBuiltIn, LabelInUse."""
    if group.is_builtin:
        raise LabelIsBuiltIn(name=group.name)
    _remove(group, "group_id", by)


def remove_status(status: Status, *, by: Actor, batch_id: int | None = None) -> None:
    """Remove a stage that nobody is at (in the bin neither); `labels.retire_status` moves them. Raises LabelInUse."""
    was = {name: getattr(status, name) for name in ("key", "name", "colour", "position")}
    _remove(status, "status_id", by, was=was, batch_id=batch_id)


@transaction.atomic
def ensure_tags(shop: Shop, names: Iterable[str]) -> dict[str, Tag]:
    """Tag key → tag for these names, those the shop does not have yet added; see `profile.tag_key`."""
    wanted: dict[str, str] = {}
    for name in names:
        if name := one_line(name)[:TAG_LENGTH]:
            wanted.setdefault(tag_key(name), name)
    Tag.objects.bulk_create([Tag(shop=shop, key=key, name=name) for key, name in wanted.items()], ignore_conflicts=True)
    return {tag.key: tag for tag in Tag.objects.of(shop).filter(key__in=wanted)}


@transaction.atomic
def add_tag(shop: Shop, name: str, *, colour: str = "grey", by: Actor) -> Tag:
    """A tag more, that nobody has yet. Raises BadValue, LabelExists."""
    name = _named(name)[:TAG_LENGTH]
    tag, is_new = Tag.objects.of(shop).get_or_create(
        key=tag_key(name), shop=shop, defaults={"name": name, "colour": _coloured(colour)}
    )
    if not is_new:
        raise LabelExists(name=tag.name)
    _record(tag, "added", {"name": name}, by)
    return tag


@transaction.atomic
def change_tag(tag: Tag, *, name: str | None = None, colour: str | None = None, by: Actor) -> Tag:
    """Another name or colour. Raises BadValue, LabelExists (another tag has the name already)."""
    wanted = {"name": name and one_line(name)[:TAG_LENGTH], "colour": colour and _coloured(colour)}
    wanted = {field: new for field, new in wanted.items() if new and new != getattr(tag, field)}
    changes = {field: [getattr(tag, field), new] for field, new in wanted.items()}
    if not changes:
        return tag
    for field, new in wanted.items():
        setattr(tag, field, new)
    tag.key = tag_key(tag.name)
    if Tag.objects.of(tag.shop_id).filter(key=tag.key).exclude(pk=tag.pk).exists():
        raise LabelExists(name=tag.name)
    tag.save(update_fields=[*changes, "key"])
    _record(tag, "changed", {"changes": changes}, by)
    return tag


@transaction.atomic
def remove_tag(tag: Tag, *, by: Actor) -> int:
    """Take a tag away from everybody and from the shop; says how many customers, those in the bin aside, had it.

    For a tag of very many have a job do it: everybody who has it is locked until the end.
    """
    tagged = Customer.objects.of(tag.shop_id).tagged(tag.pk)
    wanted = [Retag(pk, (), (tag.pk,)) for pk in tagged.alive().values_list("pk", flat=True)]
    had = retag(tag.shop_id, wanted, by=by)
    without = Func("tag_ids", Value(tag.pk), function="array_remove")
    tagged.update(tag_ids=without)  # of those in the bin
    _record(tag, "removed", {"name": tag.name}, by)
    tag.delete()
    return had


@transaction.atomic
def _add(model: type[Label], shop: Shop, name: str, colour: str, by: Actor) -> Label:
    name, labels = _named(name), model.objects.of(shop)
    if taken := labels.filter(name__iexact=name).first():  # those of every shop have keys of their own
        raise LabelExists(name=taken.name)
    last = labels.aggregate(last=Max("position"))["last"] or 0
    facts = {"name": name, "colour": _coloured(colour), "position": last + 1}
    label, is_new = labels.get_or_create(key=label_key(name), shop=shop, defaults=facts)
    if not is_new:
        raise LabelExists(name=label.name)
    _record(label, "added", {"name": name}, by)
    return label


@transaction.atomic
def _remove(
    label: Group | Status, column: str, by: Actor, *, was: dict | None = None, batch_id: int | None = None
) -> None:
    count = Customer.objects.of(label.shop_id).filter(**{column: label.pk}).count()
    if count:
        raise LabelInUse(name=label.name, count=count)
    data = {"name": label.name} | ({"was": was} if was else {})
    _record(label, "removed", data, by, batch_id)
    label.delete()


def _named(name: str) -> str:
    name = one_line(name)[:60]
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    return name


def _coloured(colour: str) -> str:
    if colour not in COLOURS:
        raise BadValue(_("“{value}” is not one of the colours."), value=colour, field="colour")
    return colour


def _record(label: Group | Status | Tag, what: str, data: dict, by: Actor, batch_id: int | None = None) -> None:
    about = type(label).__name__.lower()
    record(label.shop_id, f"{about}.{what}", about=(about, label.pk), by=by, data=data, batch_id=batch_id)
