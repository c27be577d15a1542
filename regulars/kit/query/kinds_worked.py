"""Numbers and days that an expression works out from a row's own columns: what an order owes, when it is due.

One expression is asked in SQL and fetched with a row, so that both always say the same.
"""

from collections.abc import Callable
from math import ceil, floor
from typing import Any, ClassVar

from django.db.models import Case, Expression, F, Q, Value, When
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from regulars.kit.query.conditions import Op
from regulars.kit.query.context import Context
from regulars.kit.query.kinds import LARGEST, Count, Money
from regulars.kit.query.kinds_time import Day

Work = Callable[[Context], Expression | F]


class WorkedCount(Count):
    """A whole number of 0 or more that an expression over the row answers.

    of: the expression; it is more than 0 exactly where `only` holds, and 0 elsewhere. An index with the condition
    `only` is used by whatever does not ask for 0.
    """

    _LOOKUPS: ClassVar[dict[Op, type]] = {
        Op.EQ: Exact, Op.GTE: GreaterThanOrEqual, Op.LTE: LessThanOrEqual, Op.GT: GreaterThan, Op.LT: LessThan,
    }  # fmt: skip

    def __init__(self, name: str, label: Any, *, of: Work, only: Callable[[Context], Q], **options: Any) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, column=f"worked_{name}", **options)
        self._of, self._only = of, only

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        stored = [self.stored(value, ctx) for value in values]
        ends = ((Op.GTE, stored[0]), (Op.LTE, stored[1])) if op is Op.BETWEEN else ((op, stored[0]),)
        question = self._only(ctx)
        for end, value in ends:
            question &= self._compared(end, value, ctx)
        return question | ~self._only(ctx) if self.test(op, {self.column: 0}, values, ctx) else question

    def _compared(self, op: Op, value: Any, ctx: Context) -> Q:
        if op is Op.EQ and value != floor(value):
            return Q(pk__in=[])
        whole = ceil(value) if op in (Op.GTE, Op.LT) else floor(value)
        return Q(self._LOOKUPS[op](self._of(ctx), max(-LARGEST, min(LARGEST, whole))))

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        return {self.column: Case(When(self._only(ctx), then=self._of(ctx)), default=Value(0))}


class WorkedMoney(WorkedCount, Money):
    """An amount in minor units of the shop's currency that an expression over the row answers."""


class WorkedDay(Day):
    """A calendar day that an expression over the row answers; every row has one."""

    def __init__(self, name: str, label: Any, *, of: Work, **options: Any) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, column=f"worked_{name}", **options)
        self._of = of

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        first, after = self._range(op, values)
        question = Q()
        if first is not None:
            question &= Q(GreaterThanOrEqual(self._of(ctx), first))
        if after is not None:
            question &= Q(LessThan(self._of(ctx), after))
        return question

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        return {self.column: self._of(ctx)}  # type: ignore[dict-item]
