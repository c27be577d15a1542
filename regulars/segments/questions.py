"""The texts of questions as they are kept: canonical, about customers, the same whoever opens them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from regulars.customers.fields import context_for, customer_fields
from regulars.kit.query import BadCondition, Condition, Context, Node, parse, write
from regulars.kit.query.conditions import Leaf, Literal, leaves_of, replaced
from regulars.kit.query.kinds import Person
from regulars.shops.models import Shop, Staff

SEGMENT_FIELDS = frozenset({"segment", "customer_segment"})
"""Fields of customers and of orders whose values are keys of segments."""

GROUP_FIELD, TAG_FIELD = "group", "tags"


def canonical_where(shop: Shop, text: str, *, staff: Staff | None = None) -> str:
    """The question as it is kept. Raises BadCondition, also for a field that this person may not ask about.

    `me` becomes whoever writes it down: what is kept has the same answer for everybody.
    """
    ctx = context_for(shop, staff=staff)
    node = customer_fields.canonical(parse(text), ctx)
    return write(replaced(node, lambda leaf: _settled(leaf, ctx)))


def keys_named(node: Node) -> set[str]:
    """Keys of the segments that a kept question asks about."""
    return {value.text for leaf in _asking(node, SEGMENT_FIELDS) for value in leaf.values}


def groups_named(node: Node) -> set[str]:
    """Keys of the groups that a kept question asks about."""
    return {value.text for leaf in _asking(node, {GROUP_FIELD}) for value in leaf.values}


def words_named(node: Node, field: str) -> set[str]:
    """What a kept question asks a field for: tags by their names, a status by its key."""
    return {value.text for leaf in _asking(node, {field}) for value in leaf.values}


def asks_field(node: Node, field: str) -> bool:
    """Whether a kept question asks about a field, by its own name."""
    return any(True for _leaf in _asking(node, {field}))


def asks_segments(node: Node) -> bool:
    """Whether a kept question asks about segments, named or not."""
    return any(True for _leaf in _asking(node, SEGMENT_FIELDS))


def asks_any_segment(node: Node) -> bool:
    """Whether a kept question asks if customers are in any segment at all."""
    return any(not leaf.values for leaf in _asking(node, SEGMENT_FIELDS))


def asks_groups(node: Node) -> bool:
    """Whether a kept question asks in which group customers are."""
    return any(True for _leaf in _asking(node, {GROUP_FIELD}))


def _asking(node: Node, names: frozenset[str] | set[str]) -> Iterator[Condition]:
    return (leaf for leaf in leaves_of(node) if isinstance(leaf, Condition) and leaf.field in names)


def _settled(leaf: Leaf, ctx: Context) -> Leaf:
    field = customer_fields.find(leaf.field, ctx) if isinstance(leaf, Condition) else None
    if not isinstance(leaf, Condition) or not isinstance(field, Person):
        return leaf
    values = tuple(_somebody(value, field, leaf, ctx) for value in leaf.values)
    return Condition(leaf.field, leaf.op, values, leaf.place, leaf.value_places)


def _somebody(value: Literal, field: Person, leaf: Condition, ctx: Context) -> Literal:
    if (value.kind, value.text.lower()) != ("word", "me"):
        return value
    meant = field.option_of(ctx.me, ctx)
    if meant is None:
        reason = _("Nobody is signed in whom “me” could mean. Name the staff member.")
        raise BadCondition(reason, word="me", place=leaf.place)
    return Literal("text", meant.word)
