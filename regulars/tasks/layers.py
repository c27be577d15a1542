"""What a calendar shows, in layers that can be on or off. Other floors declare theirs with `@layer`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.kit.dates import day_start
from regulars.shops.models import Shop, Staff
from regulars.tasks.due import zone_of
from regulars.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and for which days, from `first` on up to but without `after`, by their clocks.

    most: how many entries one layer may answer.
    """

    staff: Staff
    first: date
    after: date
    most: int

    @property
    def shop(self) -> Shop:
        return self.staff.shop

    @property
    def tz(self) -> str:
        return zone_of(self.staff)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The same as instants."""
        return day_start(self.first, self.tz), day_start(self.after, self.tz)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a calendar.

    uid: stays the same for the same thing. day: of things without an hour; the others have instants. url: below the
    shop's address. task: what it is, where it is a task; is_to_come: a day of its rule that has no task yet.
    customer_id: whom it is about, for those who may be told. is_figures: the title is an amount and a number, no words
    of people, so that nothing in it is a phone number.
    """

    uid: str
    title: str
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    url: str = ""
    task: Task | None = None
    is_to_come: bool = False
    customer_id: int | None = None
    is_figures: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Entries of a layer; left: how many more there are than may be answered."""

    entries: Sequence[Entry] = ()
    left: int = 0


Find = Callable[[Asked], Found]


@dataclass(frozen=True, slots=True)
class Layer:
    """name: stable, for addresses. colour: one of the label colours. needs: permissions. is_on: from the start."""

    name: str
    label: Any
    colour: str
    needs: tuple[str, ...]
    is_on: bool
    find: Find


_layers: dict[str, Layer] = {}


def layer(name: str, label: Any, *, colour: str, needs: Iterable[str], is_on: bool = True) -> Callable[[Find], Find]:
    """Register `find(asked) -> Found` as a layer; the query count must not depend on how much there is."""

    def register(find: Find) -> Find:
        if name in _layers:
            raise ValueError(f"There is already a layer {name!r}.")
        _layers[name] = Layer(name, label, colour, tuple(needs), is_on, find)
        return find

    return register


def layers_for(staff: Staff) -> list[Layer]:
    """What this person may see, in the order of declaration."""
    return [one for one in _layers.values() if all(staff.may(permission) for permission in one.needs)]


def entries_of(asked: Asked, names: Iterable[str]) -> dict[str, Found]:
    """What the named layers hold, by name; those this person may not see are left out."""
    wanted = set(names)
    return {one.name: one.find(asked) for one in layers_for(asked.staff) if one.name in wanted}
