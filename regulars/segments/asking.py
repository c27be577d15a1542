"""Asking all live segments of a shop about some customers at once, by one statement for each layer of them.

Building the SQL of a hundred segments costs Django far more than PostgreSQL needs to answer it. So the statements
are kept in the process, with the customers' ids as the only parameter that changes, until a definition, something a
definition names, or the shop's day is another.
"""

import graphlib
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import context_for, customer_fields
from regulars.kit.query import BadCondition, Context, Node, parse
from regulars.segments.models import GroupRule, Segment
from regulars.segments.questions import asks_segments, keys_named
from regulars.segments.statements import Layer, layer_of
from regulars.shops.models import Shop

UNANSWERED = _("The database could not work out an answer. Change the conditions, or wait for the next midnight.")
"""The fault of a segment or rule whose statement failed; unlike others it is remembered, as nothing else tells."""

KEPT_SHOPS = 100
"""Of how many shops a process keeps statements."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a shop's live segments are asked today.

    layers: those that ask for other segments come after them. faults: segment id → why it cannot be asked.
    readers: segment id → live segments that ask for it. rules_ask: whether a rule of a group asks for segments.
    """

    layers: tuple[Layer, ...]
    faults: Mapping[int, str]
    readers: Mapping[int, frozenset[int]]
    rules_ask: bool

    @property
    def segment_ids(self) -> set[int]:
        return {pk for layer in self.layers for pk in layer.segment_ids}

    def with_readers(self, segment_ids: Collection[int]) -> set[int]:
        """These segments and all live ones whose answer depends on theirs."""
        found, waiting = set(segment_ids), list(segment_ids)
        while waiting:
            new = self.readers.get(waiting.pop(), frozenset()) - found
            found |= new
            waiting += new
        return found


_kept: dict[int, tuple[tuple[Any, ...], dict[frozenset[int] | None, Asking]]] = {}


Fact = Callable[[int], Hashable]
_further: list[Fact] = []


def rests_on(fact: Fact) -> Fact:
    """Register a function from a shop's id to something that fields of upper floors build into their SQL.

    When its answer is another, statements are built anew. Whoever changes it announces "shop.figures", so that
    everybody is asked again.
    """
    _further.append(fact)
    return fact


def asking_of(shop: Shop, only: Collection[int] | None = None) -> Asking:
    """How all live segments (or `only` these) are asked now; built anew when anything it rests on has changed."""
    ctx = context_for(shop)
    key = (ctx.tz, ctx.currency, ctx.locale, ctx.leap_day, ctx.today, _signature(shop.pk), *_further_facts(shop.pk))
    kept_key, kept = _kept.get(shop.pk, ((), {}))
    if kept_key != key:
        kept = {}
        _kept.pop(shop.pk, None)
        if len(_kept) >= KEPT_SHOPS:
            _kept.pop(next(iter(_kept)))
        _kept[shop.pk] = (key, kept)
    wanted = None if only is None else frozenset(only)
    if wanted not in kept:
        kept[wanted] = _built(shop, ctx, wanted)
    return kept[wanted]


def set_aside(shop: Shop, segment_ids: Collection[int]) -> None:
    """Ask these no more: their statements fail."""
    with translation.override(shop.language):
        Segment.objects.of(shop).filter(pk__in=segment_ids).update(fault=str(UNANSWERED))


def try_again(shop: Shop) -> None:
    """Ask those again that were set aside, rules too; nobody knows what they missed meanwhile."""
    with translation.override(shop.language):
        aside = Segment.objects.of(shop).dynamic().filter(fault=str(UNANSWERED))
        aside.update(fault="", defined_at=now(), evaluated_at=None)
        GroupRule.objects.of(shop).filter(fault=str(UNANSWERED)).update(fault="")


def forget() -> None:
    """Forget all statements."""
    _kept.clear()


# --- how it is done ---------------------------------------------------------------------------------------

# What the meaning of a kept question rests on: the questions themselves, and whatever they name.
_SIGNATURE = """
    SELECT concat_ws(' ',
        (SELECT md5(string_agg(concat_ws('|', id, kind, fault, "where"), ' ' ORDER BY id))
         FROM segments_segment WHERE shop_id = %(shop)s AND deleted_at IS NULL),
        (SELECT md5(string_agg(concat_ws('|', id, "where"), ' ' ORDER BY id))
         FROM segments_grouprule WHERE shop_id = %(shop)s),
        (SELECT concat(count(*), ' ', sum(hashtext(concat_ws('|', id, name))))
         FROM customers_tag WHERE shop_id = %(shop)s),
        (SELECT sum(hashtext(concat_ws('|', id, key, name))) FROM customers_group WHERE shop_id = %(shop)s),
        (SELECT sum(hashtext(concat_ws('|', id, key, name))) FROM customers_status WHERE shop_id = %(shop)s),
        (SELECT sum(hashtext(concat_ws('|', id, key, name))) FROM shops_channel WHERE shop_id = %(shop)s),
        (SELECT sum(hashtext(concat_ws('|', id, user_id))) FROM shops_staff WHERE shop_id = %(shop)s),
        (SELECT concat(count(*), ' ', sum(hashtext(concat_ws('|', id, name, options))))
         FROM customers_customfield WHERE shop_id = %(shop)s AND removed_at IS NULL)
    )
"""


def _signature(shop_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_SIGNATURE, {"shop": shop_id})
        return str(cursor.fetchone()[0])


def _further_facts(shop_id: int) -> tuple[Hashable, ...]:
    return tuple(fact(shop_id) for fact in _further)


def _built(shop: Shop, ctx: Context, only: frozenset[int] | None) -> Asking:
    nodes: dict[int, Node] = {}
    faults: dict[int, str] = {}
    keys = dict(Segment.objects.of(shop).values_list("key", "pk"))
    with translation.override(shop.language):
        for segment in Segment.objects.of(shop).dynamic().order_by("pk"):
            if segment.fault == str(UNANSWERED):
                faults[segment.pk] = segment.fault
                continue
            try:
                nodes[segment.pk] = customer_fields.check(parse(segment.where), ctx)
            except BadCondition as fault:
                faults[segment.pk] = str(fault)
    asked = {pk: {keys[key] for key in keys_named(node) if key in keys} for pk, node in nodes.items()}
    readers = {pk: frozenset(one for one, named in asked.items() if pk in named) for pk in keys.values()}
    turns = _turns({pk: named for pk, named in asked.items() if only is None or pk in only})
    layers = tuple(layer_of(shop, {pk: nodes[pk] for pk in turn}, ctx) for turn in turns)
    return Asking(layers, faults, readers, _rules_ask(shop))


def _turns(asked: Mapping[int, set[int]]) -> list[list[int]]:
    """Segments in turns, each after those it asks for; one that cannot be asked keeps nobody waiting."""
    sorter = graphlib.TopologicalSorter({pk: named & asked.keys() for pk, named in asked.items()})
    sorter.prepare()
    turns = []
    while sorter.is_active():
        turns.append(sorted(sorter.get_ready()))
        sorter.done(*turns[-1])
    return turns


def _rules_ask(shop: Shop) -> bool:
    for where in GroupRule.objects.of(shop).values_list("where", flat=True):
        try:
            if asks_segments(parse(where)):
                return True
        except BadCondition:
            continue
    return False


def today_of(shop: Shop) -> date:
    """The shop's day."""
    return context_for(shop).today
