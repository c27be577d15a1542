"""What happens to the rows behind a link when customers become one, and when they become several again.

Rows simply move. A floor whose rows cannot says so here, for its own tables: `rule(...)`. What a rule did it answers
as a trace, which the merge keeps and hands back: so that the way back knows exactly what there was.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from regulars.customers.merging import moving
from regulars.customers.merging.links import Link, uniques
from regulars.events.record import Actor

Trace = dict[str, Any]


class Family(NamedTuple):
    """Who becomes one: whose id stays, and the others in the order in which they were named."""

    shop_id: int
    survivor_id: int
    other_ids: tuple[int, ...]
    by: Actor

    @property
    def ids(self) -> tuple[int, ...]:
        return self.survivor_id, *self.other_ids


class Rule:
    """The usual one: all rows move to the survivor, and back those that are still there.

    chosen: which customer each field is taken from (`choosing`). rows: row id → customer id, of what came since.
    is_derived: rows follow from others, so nobody is asked about those that came since.
    """

    is_derived = False

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        return {"moved": moving.move(link, family.shop_id, family.survivor_id, family.other_ids)}

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        moving.take_back(link, family.shop_id, family.survivor_id, trace)

    def give(self, link: Link, family: Family, rows: Mapping[int, int]) -> None:
        moving.give(link, family.shop_id, rows)


class Stays(Rule):
    """Rows stay where they are: they speak of the row and not of the person, or another link's rule moves them."""

    is_derived = True

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        return {}


class MovesOnce(Rule):
    """Rows move unless the survivor has such a one; those stay with who was merged, unseen."""

    def __init__(self, *same: str) -> None:
        self.same = same

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        new = moving.new_to(link, family.shop_id, family.survivor_id, family.other_ids, self.same)
        return {"moved": moving.move(link, family.shop_id, family.survivor_id, family.other_ids, only=new)}


_rules: dict[str, Rule] = {}
_before: list[Callable[[int], None]] = []


def rule(name: str, its: Rule) -> None:
    """Say what happens to the rows behind the link of this name ("orders.Order.customer_id")."""
    if name in _rules:
        raise ValueError(f"{name} has a rule already")
    _rules[name] = its


def rule_of(link: Link) -> Rule:
    """The rule of a link; the usual one unless its floor gave another. Raises LookupError where that could fail."""
    if link.name not in _rules and uniques(link):
        raise LookupError(f"say in merging.rules what happens to {link.name}: {uniques(link)} must stay unique")
    return _rules.get(link.name, _USUAL)


_USUAL = Rule()


def before_merging(locks: Callable[[int], None]) -> Callable[[int], None]:
    """Register `locks(shop_id)`: what a floor takes before it locks customers, a merge takes before them, too."""
    _before.append(locks)
    return locks


def take_locks(shop_id: int) -> None:
    """Keep everybody out who writes rows first and locks their customers then."""
    for locks in _before:
        locks(shop_id)
