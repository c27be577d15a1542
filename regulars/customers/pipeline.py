"""The pipeline: customers by the stage they are at, each for how long, and how they came there."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Self

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer, Status
from regulars.customers.operations.states import set_status
from regulars.customers.writing import locked
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.kit.errors import DomainError

SIZE = 12
"""Cards of a stage that are shown at once."""

_ORDER = ("-status_id", "-status_at", "-id")  # whole, so that one index walks it, also for those without a status


class MovedMeanwhile(DomainError):
    code = "customers.moved_meanwhile"
    sentence = _("Somebody else has moved {name} to “{status}” meanwhile.")


class Cursor(NamedTuple):
    """Where a stage is gone on with: behind this customer, who came to it at `at` (None: nobody knows when)."""

    at: datetime | None
    pk: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """As `str` writes it; None for anything else."""
        at, _comma, pk = text.partition(",")
        try:
            return cls(datetime.fromisoformat(at) if at else None, int(pk))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.at.isoformat() if self.at else ''},{self.pk}"

    @property
    def rest(self) -> Q:
        """Whoever comes behind: the newest at a stage stand first, and those without a date before them."""
        if self.at is None:
            return Q(status_at__isnull=False) | Q(status_at__isnull=True, pk__lt=self.pk)
        return Q(status_at__lte=self.at) & (Q(status_at__lt=self.at) | Q(pk__lt=self.pk))


class Stage(NamedTuple):
    """The next cards of one stage: customers (ids), newest there first, and where it goes on (None: nowhere)."""

    status_id: int | None
    ids: list[int]
    following: Cursor | None


class Total(NamedTuple):
    """So many customers at a stage, who spent `spent` (minor units of the shop's currency) together."""

    customers: int
    spent: int


def stages(people: QuerySet, status_ids: Sequence[int | None], behind: Cursor | None = None) -> list[Stage]:
    """The first cards of each stage, or those behind a place, in one query however many stages."""
    parts = [_of_stage(people, status_id, behind) for status_id in status_ids]
    if not parts:
        return []
    found = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    return [_stage(one, [row for row in found if row[1] == one]) for one in status_ids]


def _of_stage(people: QuerySet, status_id: int | None, behind: Cursor | None) -> QuerySet:
    here = people.filter(status_id__isnull=True) if status_id is None else people.filter(status_id=status_id)
    here = here.filter(behind.rest) if behind else here
    return here.order_by(*_ORDER).values_list("pk", "status_id", "status_at")[: SIZE + 1]


def _stage(status_id: int | None, rows: list[tuple[int, int | None, datetime | None]]) -> Stage:
    rows.sort(key=lambda row: (row[2] is None, row[2].timestamp() if row[2] else 0, row[0]), reverse=True)
    shown = rows[:SIZE]
    following = Cursor(shown[-1][2], shown[-1][0]) if len(rows) > SIZE else None
    return Stage(status_id, [row[0] for row in shown], following)


def totals(people: QuerySet) -> dict[int | None, Total]:
    """How many are at each stage and what they spent together; None: at no stage. One query over all of them."""
    grouped = people.order_by().values_list("status_id").annotate(Count("pk"), Sum("total_spent"))
    return {status_id: Total(count, int(spent or 0)) for status_id, count, spent in grouped}


@transaction.atomic
def move(customer: Customer, status: Status | None, *, was: int | None, by: Actor) -> Customer:
    """Put a card into another stage. was: the stage (id) it was taken from.

    Raises MovedMeanwhile when it is not there any more, InTheBin, Anonymised; nothing changes then.
    """
    current = locked(customer)
    if current.status_id not in (was, status.pk if status else None):
        raise MovedMeanwhile(name=str(current), status=str(current.status or _("No status")))
    return set_status(current, status, by=by)


class Stay(NamedTuple):
    """A time at one stage (id; None: at none). until None: still there. since None: from before the trail begins."""

    status_id: int | None
    since: datetime | None
    until: datetime | None
    by: str


_MOVING = ("customer.changed", "customer.merged", "customer.unmerged")
"""News that may tell of another stage: a merge can take it from the other customer."""


def stays(customer: Customer) -> list[Stay]:
    """Every stage the customer has been at, newest first, from the trail. by: who brought them there."""
    return list(_stays(customer))[::-1]


def _stays(customer: Customer) -> Iterator[Stay]:
    trail = Event.objects.filter(shop_id=customer.shop_id, customer_id=customer.pk, kind__in=_MOVING)
    moves = list(trail.filter(data__changes__has_key="status_id").order_by("at", "id"))
    if not moves:
        if customer.status_id is not None:
            yield Stay(customer.status_id, customer.status_at, None, "")
        return
    first = moves[0].data["changes"]["status_id"][0]
    if first is not None:
        yield Stay(first, None, moves[0].at, "")
    for move_, following in zip(moves, [*moves[1:], None], strict=True):
        _old, new = move_.data["changes"]["status_id"]
        yield Stay(new, move_.at, following.at if following else None, move_.actor_name)
