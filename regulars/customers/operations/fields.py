"""The fields of a shop's own: adding, changing, ordering and removing them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.custom import KEY
from regulars.customers.errors import LabelExists, TooManyFields
from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer, CustomField, CustomKind
from regulars.events.handlers import announce
from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.jobs import checkpoint, every
from regulars.kit.query import BadCondition, Condition, parse
from regulars.kit.text import fold, one_line
from regulars.shops.models import Shop

MOST = 50
"""Fields of one shop; those that were removed and can still be brought back are not counted."""
MOST_OPTIONS = 100
KEPT_DAYS = 30
"""How long a removed field can be brought back."""
DROPPED_AT_ONCE = 1000
KEY_LENGTH = 40
CHANGED = "shop.figures"
"""Announced: what is known of customers means something else now, so that segments are asked again."""


@transaction.atomic
def add_field(
    shop: Shop, name: str, kind: str, *, options: Sequence[str] = (), help: str = "", key: str = "", by: Actor
) -> CustomField:
    """A field more, last in order, of which nothing is known yet.

    kind: one of CustomKind; it stays. options: names, of a choice. key: its name in questions and files, made of the
    name without one; it stays too. Raises BadValue, LabelExists, TooManyFields.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)  # two at once would both be the fiftieth
    fields = CustomField.objects.of(shop)
    if kind not in CustomKind.values:
        raise BadValue(_("“{value}” is no kind of field."), value=kind, field="kind")
    if fields.in_use().count() >= MOST:
        raise TooManyFields(most=MOST)
    name = _named(shop, name)
    last = fields.aggregate(last=Max("position"))["last"] or 0
    field = CustomField(
        shop=shop,
        key=_key(shop, key or name, is_given=bool(key)),
        name=name,
        kind=kind,
        options=_options(options) if kind == CustomKind.CHOICE else [],
        help=one_line(help)[:200],
        position=last + 1,
    )
    field.save()
    _tell(field, "added", {"name": name, "key": field.key, "kind": kind}, by)
    return field


@transaction.atomic
def change_field(
    field: CustomField,
    *,
    name: str | None = None,
    help: str | None = None,
    options: Sequence[str] | None = None,
    by: Actor,
) -> CustomField:
    """Another name, explanation or list of choices; key and kind stay, as values are kept by them.

    options: names in their order. One that is called as before keeps its key and so its customers; who has one that is
    not there any more keeps it, and it is shown as not in the list. Raises BadValue, LabelExists.
    """
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = _named(field.shop, name, but=field.pk)
    if help is not None:
        wanted["help"] = one_line(help)[:200]
    if options is not None and field.kind == CustomKind.CHOICE:
        wanted["options"] = _options(options, field.options)
    changes = {one: [getattr(field, one), new] for one, new in wanted.items() if getattr(field, one) != new}
    if changes:
        for one, (_old, new) in changes.items():
            setattr(field, one, new)
        field.save(update_fields=list(changes))
        _tell(field, "changed", {"changes": changes}, by)
    return field


@transaction.atomic
def arrange_fields(shop: Shop, ids: Iterable[int], *, by: Actor) -> None:
    """Put fields in the order of these ids; others of the shop follow in the order they had."""
    fields = {field.pk: field for field in CustomField.objects.of(shop).select_for_update()}
    named = [fields.pop(pk) for pk in dict.fromkeys(ids) if pk in fields]
    for position, field in enumerate([*named, *fields.values()], start=1):
        if field.position != position:
            changes = {"position": [field.position, position]}
            field.position = position
            field.save(update_fields=["position"])
            _tell(field, "changed", {"changes": changes}, by)


@transaction.atomic
def remove_field(field: CustomField, *, by: Actor) -> CustomField:
    """Take a field from the shop. Its values stay for thirty days, in which it can be brought back.

    Who asks for it by name is not looked at here (`segments.uses.users_of_field` tells).
    """
    if field.removed_at is None:
        field.removed_at = now()
        field.save(update_fields=["removed_at"])
        _tell(field, "removed", {"name": field.name, "key": field.key}, by)
    return field


@transaction.atomic
def restore_field(field: CustomField, *, by: Actor) -> CustomField:
    """Bring a removed field back with its values. Raises TooManyFields, LabelExists (its name is another's by now)."""
    if field.removed_at is None:
        return field
    if CustomField.objects.of(field.shop_id).in_use().count() >= MOST:
        raise TooManyFields(most=MOST)
    _named(field.shop, field.name, but=field.pk)
    field.removed_at = None
    field.save(update_fields=["removed_at"])
    _tell(field, "restored", {"name": field.name, "key": field.key}, by)
    return field


def having(field: CustomField) -> int:
    """How many customers, those in the bin aside, have a value of it."""
    people: Any = Customer.objects.of(field.shop_id).alive()
    count: int = people.filter(custom__has_key=field.key).count()
    return count


def drop_what_is_due() -> int:
    """Drop the fields that were removed thirty days ago, with their values; says how many."""
    due = CustomField.objects.filter(removed_at__lt=now() - timedelta(days=KEPT_DAYS))
    for field in due:
        while _drop_values(field):
            checkpoint()
        field.delete()
    return len(due)


@every("17 20 * * *")
def drop_removed_fields() -> None:
    """Every day."""
    drop_what_is_due()


@transaction.atomic
def _drop_values(field: CustomField) -> int:
    """Of the next thousand customers, whether in the bin or not. Nothing is recorded: the field was removed before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH chosen AS (SELECT id FROM customers_customer WHERE shop_id = %s AND custom ? %s"
            " ORDER BY id LIMIT %s FOR NO KEY UPDATE)"
            " UPDATE customers_customer c SET custom = c.custom - %s FROM chosen"
            " WHERE c.shop_id = %s AND c.id = chosen.id",
            [field.shop_id, field.key, DROPPED_AT_ONCE, field.key, field.shop_id],
        )
        return int(cursor.rowcount)


# --- names and options ----------------------------------------------------------------------------------------------


def _named(shop: Shop, name: str, *, but: int = 0) -> str:
    name = one_line(name)[:60]
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    others = CustomField.objects.of(shop).in_use().exclude(pk=but)
    if any(fold(other.name) == fold(name) for other in others):
        raise LabelExists(name=name)
    return name


def _key(shop: Shop, text: str, *, is_given: bool) -> str:
    """A key that nobody has: "Shoe size" → shoe_size. Raises BadValue for a given one that cannot be one."""
    key = "_".join(_words(text))[: KEY_LENGTH - 3].strip("_")
    if is_given and key != text:
        reason = _("“{value}” cannot be a key: small letters, digits and single underscores, such as shoe_size.")
        raise BadValue(reason, value=text, field="key")
    if not KEY.fullmatch(key):
        key = f"field_{key}".strip("_")
    if key in customer_fields or not _can_be_asked(key):
        if is_given:
            raise BadValue(_("“{value}” means something else already."), value=text, field="key")
        key = f"custom_{key}"[: KEY_LENGTH - 3]
    taken = set(CustomField.objects.of(shop).values_list("key", flat=True))
    if is_given and key in taken:
        raise LabelExists(name=key)
    return next(one for one in (key, *(f"{key}_{n}" for n in range(2, 2000))) if one not in taken)


def _words(text: str) -> list[str]:
    return [word for word in "".join(c if c.isascii() and c.isalnum() else " " for c in fold(text)).split() if word]


def _can_be_asked(key: str) -> bool:
    """Whether the query language reads it as the name of a field, not as a word of its own."""
    try:
        node = parse(f"{key} = 1")
    except BadCondition:
        return False
    return isinstance(node, Condition) and node.field == key


def _options(names: Sequence[str], known: Sequence[dict[str, str]] = ()) -> list[dict[str, str]]:
    """Names as choices; one that is called as before keeps its key, a new one gets its own."""
    wanted: dict[str, str] = {}
    for name in names:
        if name := one_line(name)[:60]:
            wanted.setdefault(fold(name), name)
    if not wanted:
        raise BadValue(_("Name at least one choice."), field="options")
    if len(wanted) > MOST_OPTIONS:
        raise BadValue(_("At most {most} choices."), field="options", most=MOST_OPTIONS)
    before = {fold(one["name"]): one["key"] for one in known}
    taken, options = {one["key"] for one in known}, []
    for folded_name, name in wanted.items():
        key = before.get(folded_name) or _option_key(name, taken)
        taken.add(key)
        options.append({"key": key, "name": name})
    return options


def _option_key(name: str, taken: set[str]) -> str:
    key = "_".join(_words(name))[:KEY_LENGTH] or "option"
    return next(one for one in (key, *(f"{key}_{n}" for n in range(2, 2000))) if one not in taken)


_ONLY_SHOWN = frozenset({"name", "help", "position"})
"""Questions name a field by its key: what else it is called moves nobody into a segment or out of one."""


def _tell(field: CustomField, what: str, data: dict[str, Any], by: Actor) -> None:
    record(field.shop_id, f"field.{what}", about=("field", field.pk), by=by, data=data)
    if not data.get("changes") or not _ONLY_SHOWN.issuperset(data["changes"]):
        announce(field.shop_id, CHANGED, set())
