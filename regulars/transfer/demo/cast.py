"""What the people of one load have in common: the shop they come to, their number, the days they came."""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from regulars.transfer.demo import habits

BLOCK = 1000
"""As many people are made at a time, from one state of chance, so that several processes can share the work."""


@dataclass(frozen=True)
class Cast:
    """One load, everything its people and orders follow from. Small enough to be handed to other processes.

    edition: how many loads the shop had before; keeps e-mail addresses and outside ids apart. until: the first day
    of which nothing is told any more. The ids are those of the shop: groups, statuses, channels (and what they are
    called) and tags by key, agents by who takes part in the work, with their names.
    """

    shop_id: int
    timezone: str
    customers: int
    orders: int
    seed: int
    edition: int
    until: dt.date
    first_customer_id: int
    first_order_id: int
    first_number: int
    groups: dict[str, int]
    statuses: dict[str, int]
    channels: dict[str, int]
    channel_names: dict[str, str]
    tags: dict[str, int]
    agents: tuple[tuple[int, str], ...]

    @property
    def opened(self) -> dt.date:
        """The day of the first customer."""
        return self.until - dt.timedelta(days=habits.DAYS)

    @cached_property
    def begin(self) -> int:
        """Midnight of `opened` in the shop, in seconds since 1970. Vietnam knows no summer time."""
        return int(dt.datetime.combine(self.opened, dt.time(), ZoneInfo(self.timezone)).timestamp())

    @cached_property
    def end(self) -> int:
        """The last second something may have happened in, since 1970."""
        return self.begin + habits.DAYS * 86_400 - 1

    @cached_property
    def order_slots(self) -> list[int]:
        """The day, counted from `opened`, of each equal share of the orders."""
        return habits.spread(habits.day_weights(self.opened), habits.SLOTS)

    @cached_property
    def joining_slots(self) -> list[int]:
        return habits.spread(habits.joining_weights(self.opened), habits.SLOTS)

    @cached_property
    def minutes(self) -> list[int]:
        return habits.hours(counter=False)

    @cached_property
    def first_slots(self) -> list[int]:
        """Day → its first place in `order_slots`, and one past the end."""
        first = [habits.SLOTS] * (habits.DAYS + 1)
        for slot in range(habits.SLOTS - 1, -1, -1):
            first[self.order_slots[slot]] = slot
        for day in range(habits.DAYS - 1, -1, -1):  # a quiet day may have no slot of its own
            first[day] = min(first[day], first[day + 1])
        return first

    @property
    def mark(self) -> str:
        """What sets this load's outside ids apart from those of others."""
        return f"{self.edition}-" if self.edition else ""

    def chance(self, what: str) -> random.Random:
        """A source of chance of its own for everything, the same for the same seed on every machine."""
        return random.Random(f"{self.seed}/{self.edition}/{what}")  # noqa: S311 (invented people, no secrets)

    def order_counts(self) -> list[int]:
        """How many orders each customer placed."""
        return habits.order_counts(self.customers, self.orders, self.chance("orders"))
