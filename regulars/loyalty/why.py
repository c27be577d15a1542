"""Why a figure of points is what it is: the lines of the ledger behind it, which add up to it exactly."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.kit.errors import BadValue
from regulars.loyalty.figures import FIGURES
from regulars.loyalty.models import PointsEntry


@dataclass(frozen=True, slots=True)
class Part:
    """What one entry adds to a figure, in points; never 0."""

    entry: PointsEntry
    amount: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure and its parts, newest first; `total` is the figure."""

    figure: str
    parts: list[Part]

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.parts)


def explain(customer: Customer, figure: str) -> Explanation:
    """The entries behind one of a customer's figures, by its column name. Raises BadValue for another figure."""
    if figure not in _AMOUNTS:
        raise BadValue(_("“{value}” is not explained by points."), value=figure, field="figure")
    amount = _AMOUNTS[figure]
    entries = PointsEntry.objects.of(customer.shop_id).filter(customer=customer).for_list()
    return Explanation(figure, [Part(entry, found) for entry in entries if (found := amount(entry))])


_AMOUNTS: dict[str, Callable[[PointsEntry], int]] = {
    "points": lambda entry: 0 if entry.is_pending else entry.points,
    "points_earned": lambda entry: 0 if entry.is_pending else entry.earned,
    "points_pending": lambda entry: entry.points if entry.is_pending else 0,
}

EXPLAINED: tuple[str, ...] = FIGURES
"""Figures that have a why."""
