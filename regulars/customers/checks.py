"""Stored = derived: what can be checked of figures that are kept beside the records they follow from.

Each floor that stores such figures says once how they are derived again; the page, `regulars doctor` and the repair
all ask here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from regulars.customers.figures import all_customers
from regulars.customers.models import Customer
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored figure that is not what its records say. about, id: whose it is, for example ("order", 17)."""

    about: str
    id: int
    name: str
    stored: Any
    derived: Any
    customer_id: int | None = None

    def told(self, says: str) -> str:
        """In a line. says: who says otherwise, for example "its orders say"."""
        return f"{self.about} {self.id}: {self.name} is {self.stored}, {says} {self.derived}"

    @property
    def pair(self) -> list[Any]:
        """Stored and derived as events and results may hold them."""
        return [_plain(self.stored), _plain(self.derived)]


Differing = Callable[[Shop, Sequence[int]], list[Difference]]
Batches = Callable[[int, int], Iterator[list[int]]]


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of stored figures.

    differing: of some rows, what is not as derived. repair: store again what is derived, of these rows. batches: all
    rows of a shop from behind an id on, in ascending batches; count: how many there are. says: who says otherwise.
    """

    name: str
    label: Any
    says: str
    differing: Differing
    repair: Callable[[Shop, Sequence[int]], object]
    batches: Batches = all_customers
    count: Callable[[Shop], int] = lambda shop: Customer.objects.of(shop).count()


_checks: dict[str, Check] = {}


def add_check(check: Check) -> Check:
    """Let figures be checked everywhere; in the order in which floors add them, what others rest on first."""
    if check.name in _checks:
        raise ValueError(f"{check.name!r} is checked already")
    _checks[check.name] = check
    return check


def all_checks() -> list[Check]:
    """All kinds, in the order in which they are checked and repaired."""
    return list(_checks.values())


def check_named(name: str) -> Check | None:
    """The kind of that name, None when there is none any more."""
    return _checks.get(name)


def faults_of(check: Check, shop: Shop, *, limit: int = 100) -> list[str]:
    """What is wrong with a kind of figures, a line a row and figure; empty when all is well."""
    return faults(check.differing, check.says, shop, batches=check.batches, limit=limit)


def faults(
    differing: Differing, says: str, shop: Shop, *, batches: Batches = all_customers, limit: int = 100
) -> list[str]:
    """The same of figures that are no check of their own."""
    found: list[str] = []
    for ids in batches(shop.pk, 0):
        found += [one.told(says) for one in differing(shop, ids)]
        if len(found) >= limit:
            break
    return found[:limit]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
