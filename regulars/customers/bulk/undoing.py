"""Taking a batch back: exactly what it changed, as its events and footprints tell, and nothing changed since.

Newest first, so that several changes of one column end where the first began. Upper floors say with `@undoes` how
what they record is taken back, with `@takes_back` how the rows are of which they keep footprints, and with `@holds`
what keeps a row that a batch made from going.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from regulars.events.models import Event, Footprint
from regulars.events.record import Actor
from regulars.shops.models import JobRun, Shop

PART = 1000
MOST_NAMED = 200
LAST = 2**63 - 1


class Stayed(NamedTuple):
    """A row that stays, and why: words of the floor that keeps it. about: what people call it, when it has a name."""

    what: str
    row_id: int
    why: tuple[str, ...]
    about: str = ""
    customer_id: int | None = None


@dataclass(slots=True)
class Undone:
    """restored: customers and rows that are as before. removed: those the batch had made, now in the bin or gone.

    conflicts: those of which something was changed since and stays; `named` are the first customers of them by id,
    `stayed` the first rows. rows: what of it were rows, as what → [restored, removed, conflicts].
    """

    restored: int = 0
    removed: int = 0
    conflicts: int = 0
    named: list[int] = field(default_factory=list)
    stayed: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def __iadd__(self, other: "Undone") -> "Undone":
        self.restored += other.restored
        self.removed += other.removed
        self.conflicts += other.conflicts
        self.named = (self.named + other.named)[:MOST_NAMED]
        self.stayed = (self.stayed + other.stayed)[:MOST_NAMED]
        for what, counts in other.rows.items():
            known = self.rows.get(what, [0, 0, 0])
            self.rows[what] = [one + another for one, another in zip(known, counts, strict=True)]
        return self

    @property
    def people(self) -> list[int]:
        """The counts without the rows: of customers alone."""
        rows = self.rows.values()
        counts = (self.restored, self.removed, self.conflicts)
        return [count - sum(one[place] for one in rows) for place, count in enumerate(counts)]

    def plain(self) -> dict[str, Any]:
        """As JSON for a run's result."""
        counts: dict[str, Any] = {"restored": self.restored, "removed": self.removed, "conflicts": self.conflicts}
        of_rows = {name: value for name in ("stayed", "rows") if (value := getattr(self, name))}
        return counts | {"named": self.named} | of_rows


@dataclass(frozen=True, slots=True)
class Undoing:
    """The batch that is taken back, by whom, and the batch its own events belong to."""

    shop: Shop
    batch_id: int
    by: Actor
    undo_id: int | None

    @property
    def ours(self) -> list[int]:
        """The batches whose events keep nothing here: this one and its undoing, and what was taken back before it."""
        is_ours = Q(pk=self.batch_id, undone_by__isnull=False)  # it was taken back in part
        taken_back = JobRun.objects.of(self.shop).filter(is_ours | Q(undone_by__state=JobRun.State.DONE))
        others = {pk for pair in taken_back.values_list("pk", "undone_by_id") for pk in pair}
        return sorted({self.batch_id, *others, *([] if self.undo_id is None else [self.undo_id])})


@dataclass(slots=True)
class Outcome:
    """Customers (ids) by what became of them, and rows: how many of each kind, and which stay."""

    restored: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    conflicts: set[int] = field(default_factory=set)
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    stayed: list[Stayed] = field(default_factory=list)

    def count(self, what: str, *, restored: int = 0, removed: int = 0) -> None:
        """Rows that are as before, and rows that are gone."""
        self.rows[what][0] += restored
        self.rows[what][1] += removed

    def stay(self, rows: Collection[Stayed]) -> None:
        """Rows that stay."""
        for one in rows:
            self.rows[one.what][2] += 1
        self.stayed += rows


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


Taker = Callable[[Undoing, Sequence[Footprint], Outcome], None]
_takers: dict[str, tuple[int, Taker]] = {}


def takes_back(what: str, *, turn: int) -> Callable[[Taker], Taker]:
    """Register `taker(undoing, footprints, outcome)` for a kind of rows; they come newest first, some hundreds at once.

    It takes back what still is as the footprint says, and counts the rows. turn: whoever holds others goes first, so
    orders before the products in their lines; customers come after all rows.
    """

    def register(taker: Taker) -> Taker:
        if what in _takers:
            raise ValueError(f"Footprints of {what} are taken back already")
        _takers[what] = (turn, taker)
        return taker

    return register


Holder = Callable[[Undoing, Collection[int]], set[int]]
_holders: dict[str, list[Holder]] = defaultdict(list)


def holds(what: str) -> Callable[[Holder], Holder]:
    """Register `holder(undoing, ids)`: which of these customers or rows, made by the batch, something keeps here.

    What the batch itself made and what is going does not count, also while undoing is only tried.
    """

    def register(holder: Holder) -> Holder:
        _holders[what].append(holder)
        return holder

    return register


def held(undoing: Undoing, what: str, ids: Collection[int]) -> set[int]:
    """Which of these are kept by something above."""
    return {pk for holder in _holders[what] for pk in holder(undoing, ids)} if ids else set()


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


@transaction.atomic
def try_undoing(
    shop: Shop, batch_id: int, place: "Place", *, by: Actor, undo_id: int, whole: bool
) -> tuple[Undone, "Place | None"]:
    """What `undo_part` would do, or with `whole` all from a place on; nothing of it stays."""
    undone, following = undo_part(shop, batch_id, place, by=by, undo_id=undo_id)
    while whole and following is not None:
        part, following = undo_part(shop, batch_id, following, by=by, undo_id=undo_id)
        undone += part
    transaction.set_rollback(True)
    return undone, following


Place = tuple[int, int]
START: Place = (0, LAST)


@transaction.atomic
def undo_part(
    shop: Shop, batch_id: int, place: Place, *, by: Actor, undo_id: int | None = None
) -> tuple[Undone, Place | None]:
    """Take back the next thousand rows or events behind a place (`START` first); the place to go on from, or None.

    First the rows of which there are footprints, kind by kind. Then customers the batch created, unless something
    holds them; whoever is removed needs nothing else taken back. In the end all other events.
    """
    undoing, outcome = Undoing(shop, batch_id, by, undo_id), Outcome()
    turn, before = place
    rounds = _rounds()
    while turn < len(rounds):
        last = rounds[turn](undoing, before, outcome)
        if last is not None:
            return _counted(outcome), (turn, last)
        turn, before = turn + 1, LAST
        if outcome.rows or outcome.removed or outcome.conflicts:
            break
    return _counted(outcome), (turn, before) if turn < len(rounds) else None


# --- how it is done ---------------------------------------------------------------------------------------------


Round = Callable[[Undoing, int, Outcome], int | None]
"""Takes back the next part before an id; the id to go on before, None when that was the last."""


def _rounds() -> list[Round]:
    """What is taken back, one after the other; the end of the list is the same whatever floors add."""
    kinds = sorted(_takers, key=lambda what: (_takers[what][0], what))
    return [*(_round_of(what) for what in kinds), _creations, _other_events]


def _round_of(what: str) -> Round:
    def take(undoing: Undoing, before: int, outcome: Outcome) -> int | None:
        prints = Footprint.objects.filter(shop_id=undoing.shop.pk, batch_id=undoing.batch_id, what=what)
        part = list(prints.filter(row_id__lt=before).order_by("-row_id")[:PART])
        if part:
            _takers[what][1](undoing, part, outcome)
        return part[-1].row_id if len(part) == PART else None

    return take


def _creations(undoing: Undoing, before: int, outcome: Outcome) -> int | None:
    return _take_events(undoing, before, outcome, is_creation=True)


def _other_events(undoing: Undoing, before: int, outcome: Outcome) -> int | None:
    return _take_events(undoing, before, outcome, is_creation=False)


def _take_events(undoing: Undoing, before: int, outcome: Outcome, *, is_creation: bool) -> int | None:
    events = Event.objects.filter(shop_id=undoing.shop.pk, batch_id=undoing.batch_id, id__lt=before)
    kind = {"kind": "customer.created"}
    part = list((events.filter(**kind) if is_creation else events.exclude(**kind)).order_by("-id")[:PART])
    for kind_of_event in dict.fromkeys(event.kind for event in part):
        if undoer := _undoers.get(kind_of_event):
            undoer(undoing, [event for event in part if event.kind == kind_of_event], outcome)
    return part[-1].pk if len(part) == PART else None


def _counted(outcome: Outcome) -> Undone:
    restored = outcome.restored - outcome.removed
    rows = {what: list(counts) for what, counts in outcome.rows.items()}
    sums = [sum(counts[place] for counts in rows.values()) for place in range(3)]
    stayed = sorted(outcome.stayed, key=lambda one: (one.what, one.row_id))[:MOST_NAMED]
    return Undone(
        len(restored) + sums[0], len(outcome.removed) + sums[1], len(outcome.conflicts) + sums[2],
        sorted(outcome.conflicts)[:MOST_NAMED], [one._asdict() | {"why": list(one.why)} for one in stayed], rows,
    )  # fmt: skip
