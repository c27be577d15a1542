"""Tags are written by their names in kept questions; whoever renames one rewrites the questions with it."""

from typing import Any

from django.db import transaction

from regulars.customers import operations as customers
from regulars.customers.models import Tag
from regulars.customers.profile import tag_key
from regulars.events.record import Actor
from regulars.kit.query import Condition, write
from regulars.kit.query.conditions import Leaf, Literal, replaced
from regulars.segments.models import GroupRule, SavedView, Segment
from regulars.segments.moving import lock_members
from regulars.segments.questions import TAG_FIELD, words_named
from regulars.segments.uses import read_kept
from regulars.shops.models import Shop

KEPT: list[Any] = [Segment, GroupRule, SavedView]
"""Whatever keeps a question in `where`; upper floors add theirs."""


@transaction.atomic
def change_tag(tag: Tag, *, name: str | None = None, colour: str | None = None, by: Actor) -> Tag:
    """Another name or colour; segments, rules of groups and views that ask for the tag go on asking for it.

    Their questions are still the same, so no history begins anew. Raises BadValue, LabelExists.
    """
    lock_members(tag.shop_id)
    old = Tag.objects.of(tag.shop_id).values_list("name", flat=True).get(pk=tag.pk)
    changed = customers.change_tag(tag, name=name, colour=colour, by=by)
    if changed.name != old:
        _rewrite(changed.shop, old, changed.name)
    return changed


def _rewrite(shop: Shop, old: str, new: str) -> None:
    for model in KEPT:
        for pk, where in model.objects.of(shop).filter(where__contains=TAG_FIELD).values_list("pk", "where"):
            node = read_kept(where)
            if node is None or tag_key(old) not in map(tag_key, words_named(node, TAG_FIELD)):
                continue
            text = write(replaced(node, lambda leaf: _renamed(leaf, old, new)))
            model.objects.of(shop).filter(pk=pk).update(where=text)


def _renamed(leaf: Leaf, old: str, new: str) -> Leaf:
    if not isinstance(leaf, Condition) or leaf.field != TAG_FIELD:
        return leaf
    values = tuple(Literal("text", new) if tag_key(one.text) == tag_key(old) else one for one in leaf.values)
    return Condition(leaf.field, leaf.op, values)
