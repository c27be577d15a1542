"""What somebody who leaves a shop holds, and how it comes to a colleague: tasks, customers …

The floor that owns a sort of thing says so, in a module its app imports at start:

    @on_leaving("tasks", count=open_count, words=lambda n: ngettext("{n} open task", "{n} open tasks", n))
    def hand_over_tasks(leaver: Staff, successor: Staff, *, by: Actor) -> int: ...
"""

from collections.abc import Callable
from dataclasses import dataclass

from regulars.events.record import Actor
from regulars.shops.errors import CannotSucceed
from regulars.shops.models import Staff

HandOver = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Holding:
    """A sort of things people hold. count: how many one of them has. words(n): so many of them, with `{n}`."""

    count: Callable[[Staff], int]
    words: Callable[[int], str]
    hand_over: HandOver


_holdings: dict[str, Holding] = {}


def on_leaving(
    name: str, *, count: Callable[[Staff], int], words: Callable[[int], str]
) -> Callable[[HandOver], HandOver]:
    """Register `hand_over(leaver, successor, *, by)`, which says how many it gave; called when somebody leaves."""

    def register(hand_over: HandOver) -> HandOver:
        if name in _holdings:
            raise ValueError(f"It is already said what becomes of {name}.")
        _holdings[name] = Holding(count, words, hand_over)
        return hand_over

    return register


def held_by(staff: Staff) -> list[str]:
    """What they would leave behind, in words: "12 open tasks"; empty when there is nothing."""
    counted = ((holding, holding.count(staff)) for holding in _holdings.values())
    return [holding.words(count).format(n=count) for holding, count in counted if count]


def hand_over(leaver: Staff, successor: Staff, *, by: Actor) -> dict[str, int]:
    """Give everything they hold to a colleague, in the current transaction; how many of each sort.

    Raises CannotSucceed for somebody who does not work in the shop, or for the same person.
    """
    if successor.pk == leaver.pk or successor.shop_id != leaver.shop_id or not successor.is_active:
        raise CannotSucceed(person=str(successor.user))
    return {name: holding.hand_over(leaver, successor, by=by) for name, holding in _holdings.items()}
