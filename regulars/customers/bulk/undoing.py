"""Taking a batch back: exactly what it changed, as its events tell, and nothing that somebody changed since.

Newest first, so that several changes of one column end where the first began. Upper floors say with `@undoes` how
what they record is taken back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.shops.models import Shop

PART = 1000
MOST_NAMED = 200


@dataclass(slots=True)
class Undone:
    """restored: customers who are as before. removed: those the batch had created, now in the bin.

    conflicts: customers of whom something was changed since and stays; `named` are the first of them by id.
    """

    restored: int = 0
    removed: int = 0
    conflicts: int = 0
    named: list[int] = field(default_factory=list)

    def __iadd__(self, other: "Undone") -> "Undone":
        self.restored += other.restored
        self.removed += other.removed
        self.conflicts += other.conflicts
        self.named = (self.named + other.named)[:MOST_NAMED]
        return self

    def plain(self) -> dict[str, Any]:
        """As JSON for a run's result."""
        return {"restored": self.restored, "removed": self.removed, "conflicts": self.conflicts, "named": self.named}


@dataclass(frozen=True, slots=True)
class Undoing:
    """The batch that is taken back, by whom, and the batch its own events belong to."""

    shop: Shop
    batch_id: int
    by: Actor
    undo_id: int | None


@dataclass(slots=True)
class Outcome:
    """Customers (ids) by what became of them."""

    restored: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    conflicts: set[int] = field(default_factory=set)


Undoer = Callable[[Undoing, Sequence[Event], Outcome], None]
_undoers: dict[str, Undoer] = {}


def undoes(*kinds: str) -> Callable[[Undoer], Undoer]:
    """Register `undoer(undoing, events, outcome)` for kinds of events, which come newest first, some hundreds at once.

    It takes back what still is as the event left it, and adds the customers to the outcome.
    """

    def register(undoer: Undoer) -> Undoer:
        for kind in kinds:
            if kind in _undoers:
                raise ValueError(f"{kind} can be undone already")
            _undoers[kind] = undoer
        return undoer

    return register


@transaction.atomic
def undo_batch(shop: Shop, batch_id: int, *, by: Actor, undo_id: int | None = None) -> Undone:
    """Take a whole batch back in this transaction; for large ones see `undo_part`.

    undo_id: the batch of the undoing itself.
    """
    undone = Undone()
    place: Place | None = START
    while place is not None:
        part, place = undo_part(shop, batch_id, place, by=by, undo_id=undo_id)
        undone += part
    return undone


Place = tuple[int, int]
START: Place = (0, 2**63 - 1)


@transaction.atomic
def undo_part(
    shop: Shop, batch_id: int, place: Place, *, by: Actor, undo_id: int | None = None
) -> tuple[Undone, Place | None]:
    """Take back the next thousand events behind a place (`START` first); the place to go on from, None at the end.

    Customers the batch created go first: whoever is removed needs nothing else taken back.
    """
    is_second_round, before = place
    events = Event.objects.filter(shop_id=shop.pk, batch_id=batch_id, id__lt=before)
    is_creation = {"kind": "customer.created"}
    events = events.exclude(**is_creation) if is_second_round else events.filter(**is_creation)
    part = list(events.order_by("-id")[:PART])
    outcome = Outcome()
    undoing = Undoing(shop, batch_id, by, undo_id)
    for kind in Counter(event.kind for event in part):
        if undoer := _undoers.get(kind):
            undoer(undoing, [event for event in part if event.kind == kind], outcome)
    if len(part) == PART:
        following: Place | None = (is_second_round, part[-1].pk)
    else:
        following = None if is_second_round else (1, START[1])
    return _counted(outcome), following


def _counted(outcome: Outcome) -> Undone:
    restored = outcome.restored - outcome.removed
    return Undone(len(restored), len(outcome.removed), len(outcome.conflicts), sorted(outcome.conflicts)[:MOST_NAMED])
