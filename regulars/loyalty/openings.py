"""Balances that another programme kept: what it states becomes entries, never an overwritten balance."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.customers.errors import Anonymised, InTheBin, NoSuchCustomer
from regulars.customers.figures import lock_customers
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.kit.errors import DomainError
from regulars.kit.text import one_line
from regulars.loyalty.entries import Movement, today_of, write_entries
from regulars.loyalty.errors import BadPoints, NotEnoughPoints, SeveralBalances
from regulars.loyalty.merging import whose_before
from regulars.loyalty.models import PointsEntry, Reason
from regulars.loyalty.reading import check_days, check_note, check_origin, check_points
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Opening:
    """What a programme says of one customer: points is the whole balance there, 0 or more.

    origin: the programme, up to 40 characters. counts_on, expires_on: as in `adjust_points`; of points that come on
    top of those stated before they are the new ones' own.
    """

    customer_id: int
    points: int
    origin: str = ""
    note: str = ""
    counts_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What became of an opening: the points that were written (0: known already), the entry, or why it was refused."""

    delta: int = 0
    entry: PointsEntry | None = None
    refusal: DomainError | None = None


Account = tuple[int, str]
"""(customer id, origin)."""


@transaction.atomic
def state_openings(shop: Shop, openings: Sequence[Opening], *, by: Actor, batch_id: int | None = None) -> list[Stated]:
    """Make the opening entries of each customer and programme add up to what is stated; answers in their order.

    The same again writes nothing, another number writes the difference. Of several openings of one customer and
    programme the last counts. A difference that takes more than is left is refused (NotEnoughPoints), as are bad
    numbers and days (BadPoints) and customers who are not there (NoSuchCustomer, InTheBin, Anonymised); the others
    are written. A constant number of statements for each thousand.

    Who was merged is who they became. Of several with balances of their own who became one, a statement that repeats
    the balance of one of them, or all together, is known; another is nobody's (SeveralBalances).
    """
    openings = _led_on(shop, openings)
    gone = _gone(shop, {one.customer_id for one in openings})
    known = Known.of(shop.pk, {one.customer_id for one in openings})
    last = {_account(one): place for place, one in enumerate(openings)}
    answers: list[Stated | None] = []
    movements: list[Movement] = []
    for place, one in enumerate(openings):
        try:
            if refusal := gone.get(one.customer_id):
                raise refusal
            movement = _movement(shop, one, known) if last[_account(one)] == place else None
        except DomainError as refusal:
            answers.append(Stated(refusal=refusal))
            continue
        answers.append(None if movement else Stated())
        movements += [movement] if movement else []
    return _written(shop, answers, movements, by=by, batch_id=batch_id)


def _account(one: Opening) -> Account:
    return one.customer_id, one_line(one.origin)


def _led_on(shop: Shop, openings: Sequence[Opening]) -> list[Opening]:
    """The openings with whom the customers became, who are locked in order."""
    became = lock_customers(shop.pk, sorted({one.customer_id for one in openings}))
    lock_customers(shop.pk, sorted(set(became.values())))
    return [replace(one, customer_id=became.get(one.customer_id, one.customer_id)) for one in openings]


def _gone(shop: Shop, ids: Iterable[int]) -> dict[int, DomainError]:
    """Why nothing can be written of some of these customers."""
    people = {row.pk: row for row in Customer.objects.of(shop).filter(pk__in=ids).only("deleted_at", "anonymised_at")}
    refused: dict[int, DomainError] = {}
    for pk in ids:
        row = people.get(pk)
        if row is None:
            refused[pk] = NoSuchCustomer(id=pk)
        elif row.anonymised_at:
            refused[pk] = Anonymised()
        elif row.deleted_at:
            refused[pk] = InTheBin()
    return refused


@dataclass(frozen=True, slots=True)
class Known:
    """What the opening entries of some customers add up to, with what was taken back of them.

    apart: the same for each of several customers who became one, where more than one had a balance.
    """

    totals: Mapping[Account, int]
    apart: Mapping[Account, Collection[int]]

    @classmethod
    def of(cls, shop_id: int, ids: Collection[int]) -> Self:
        """Locked customers alone."""
        before = whose_before(shop_id, ids)
        sums: dict[Account, dict[int, int]] = defaultdict(dict)
        with connection.cursor() as cursor:
            cursor.execute(_STATED, {"shop": shop_id, "ids": sorted(ids), "moved": list(before)})
            for pk, origin, entry_id, points in cursor.fetchall():
                of_each, whose = sums[pk, origin], before.get(entry_id, pk)
                of_each[whose] = of_each.get(whose, 0) + int(points)
        apart = {account: sorted(filter(None, of_each.values())) for account, of_each in sums.items()}
        totals = {account: sum(of_each.values()) for account, of_each in sums.items()}
        return cls(totals, {account: each for account, each in apart.items() if len(each) > 1})

    def missing(self, account: Account, points: int) -> int:
        """What a statement adds to what is known. Raises SeveralBalances."""
        delta, each = points - self.totals.get(account, 0), self.apart.get(account, ())
        if not delta or points in each:
            return 0
        if each:
            known = " + ".join(f"{one:,}" for one in each)
            raise SeveralBalances(origin=account[1], points=points, known=known)
        return delta


# What came by a merge is told apart by its entry; of all else one row an account is enough.
_STATED = """
SELECT e.customer_id, e.origin, coalesce(m.id, 0), sum(e.points) FROM loyalty_pointsentry e
LEFT JOIN loyalty_pointsentry r ON r.shop_id = e.shop_id AND r.id = e.reverses_id
LEFT JOIN unnest(%(moved)s::bigint[]) AS m (id) ON m.id = coalesce(r.id, e.id)
WHERE e.shop_id = %(shop)s AND e.customer_id = ANY(%(ids)s) AND 'opening' IN (e.reason, r.reason)
GROUP BY e.customer_id, e.origin, m.id
"""


def _movement(shop: Shop, one: Opening, known: Known) -> Movement | None:
    """What is missing to the statement, None when nothing is."""
    origin, note = check_origin(one.origin), check_note(one.note, is_needed=False)
    if one.points:
        check_points(one.points)
    if one.points < 0:
        raise BadPoints(_("A balance to begin with is 0 or more."), value=one.points, field="points")
    delta = known.missing((one.customer_id, origin), one.points)
    if not delta:
        return None
    movement = Movement(one.customer_id, delta, Reason.OPENING, earned=delta, note=note, origin=origin)
    if delta < 0:
        return movement
    check_days(delta, one.counts_on, one.expires_on, today=today_of(shop))
    return replace(movement, counts_on=one.counts_on, expires_on=one.expires_on)


def _written(
    shop: Shop, answers: Sequence[Stated | None], movements: Sequence[Movement], *, by: Actor, batch_id: int | None
) -> list[Stated]:
    """The answers, those that are missing from what was written."""
    coming = zip(movements, write_entries(shop, movements, by=by, batch_id=batch_id), strict=True)
    balances: Mapping[int, int] = {}
    if any(answer is None for answer in answers):
        ids = {one.customer_id for one in movements}
        balances = dict(Customer.objects.of(shop).filter(pk__in=ids).values_list("pk", "points"))
    return [answer or _answer(*next(coming), balances) for answer in answers]


def _answer(movement: Movement, entry: PointsEntry | None, balances: Mapping[int, int]) -> Stated:
    if entry is not None:
        return Stated(entry.points, entry)
    return Stated(refusal=NotEnoughPoints(needed=-movement.points, balance=balances[movement.customer_id]))
