"""Questions that would ask for their own answer: segment → segment, and segment → group → rule → segment.

A customer's group is decided by all rules together, so a segment that asks about groups asks what every rule asks.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from regulars.kit.query import Node
from regulars.segments.errors import SegmentCycle
from regulars.segments.models import GroupRule, Segment
from regulars.segments.questions import asks_any_segment, asks_groups, keys_named
from regulars.segments.uses import read_kept
from regulars.shops.models import Shop

GROUPS = ""
"""What all rules of groups together are called here; no segment has this key."""

Graph = Mapping[str, set[str]]


def refuse_segment_cycle(shop: Shop, key: str, name: str, node: Node) -> None:
    """Raises SegmentCycle when a segment that asks this would ask for itself."""
    keys = _keys(shop) | {key}
    graph = _graph(shop, keys) | {key: _asked(node, keys)}
    _refuse(shop, graph, key, {key: name})


def refuse_rule_cycle(shop: Shop, node: Node, *, instead_of: GroupRule | None = None) -> None:
    """Raises SegmentCycle when a rule that asks this would make groups depend on themselves."""
    keys = _keys(shop)
    graph = _graph(shop, keys, but=instead_of)
    graph[GROUPS] = graph[GROUPS] | _asked(node, keys)
    _refuse(shop, graph, GROUPS, {})


def _refuse(shop: Shop, graph: Graph, start: str, names: dict[str, str]) -> None:
    path = _way_back(graph, start)
    if path:
        known = dict(Segment.objects.of(shop).filter(key__in=path).values_list("key", "name")) | names
        raise SegmentCycle(path=[known.get(key, key) if key else _("groups by rule") for key in path])


def _keys(shop: Shop) -> set[str]:
    return set(Segment.objects.of(shop).dynamic().values_list("key", flat=True))


def _graph(shop: Shop, keys: set[str], but: GroupRule | None = None) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {GROUPS: set()}
    for key, where in Segment.objects.of(shop).dynamic().values_list("key", "where"):
        graph[key] = _asked(read_kept(where), keys)
    rules = GroupRule.objects.of(shop).exclude(pk=but.pk if but else 0)
    for where in rules.values_list("where", flat=True):
        graph[GROUPS] |= _asked(read_kept(where), keys)
    return graph


def _asked(node: Node | None, keys: set[str]) -> set[str]:
    """What a question asks for; who asks for any segment asks for all of them."""
    if node is None:
        return set()
    return keys_named(node) | (keys if asks_any_segment(node) else set()) | ({GROUPS} if asks_groups(node) else set())


def _way_back(graph: Graph, start: str) -> list[str]:
    """The way from a question back to itself, both ends included; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for asked in sorted(graph.get(way[-1], ())):
            if asked == start:
                return [*way, start]
            if asked not in seen:
                seen.add(asked)
                ways.append([*way, asked])
    return []
