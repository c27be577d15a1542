"""What can be asked, shown and exported of a customer by the tasks about them."""

from typing import Any

from django.db.models import Exists, Expression, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields
from regulars.kit.query import Context, Op
from regulars.kit.query.among import Among, OneOf
from regulars.kit.query.kinds_linked import RelatedCount
from regulars.kit.query.kinds_time import Day
from regulars.shops.permissions import Permission
from regulars.tasks.models import State, Task

SECTION = "activity"
_OPEN = Q(state=State.OPEN, deleted_at__isnull=True)


class OverdueCount(RelatedCount):
    """How many tasks are late now."""

    def _rows(self, ctx: Context) -> QuerySet:
        return super()._rows(ctx).filter(late_at__lte=ctx.now)


class NextTaskDay(Day):
    """The first day of all open tasks about a customer."""

    def __init__(self, name: str, label: Any, **options: Any) -> None:
        super().__init__(name, label, column=f"day_of_{name}", nullable=True, sortable=False, **options)

    def _next(self, **whose: Any) -> QuerySet:
        rows: QuerySet = Task.objects.filter(_OPEN, **whose).order_by()
        return rows.values("customer_id").annotate(**{self.column: Min("due_on")})

    def _all(self, ctx: Context) -> QuerySet:
        rows = self._next(shop_id=ctx.shop_id, customer_id__isnull=False)
        return rows if ctx.only is None else rows.filter(OneOf("customer_id", ctx.only))

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        return Q(Among(self._all(ctx).filter(super().q(op, values, ctx)).values("customer_id")))

    def empty_q(self) -> Q:
        own = Task.objects.filter(_OPEN, shop_id=OuterRef("shop_id"), customer_id=OuterRef("pk"))
        return ~Q(Exists(own))

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        own = self._next(shop_id=OuterRef("shop_id"), customer_id=OuterRef("pk"))
        column: Any = Subquery(own.values(self.column))
        return {self.column: column}


customer_fields.add(
    RelatedCount(
        "open_tasks", _("Open tasks"), aliases=["tasks"], table=Task, link="customer_id", where=_OPEN,
        section=SECTION, needs=Permission.TASKS, help=_("Tasks about the customer that are still to be done."),
    ),
    OverdueCount(
        "overdue_tasks", _("Overdue tasks"), table=Task, link="customer_id", where=_OPEN, section=SECTION,
        needs=Permission.TASKS, help=_("Open tasks whose day, or hour, is over by the clocks of whoever does them."),
    ),
    NextTaskDay(
        "next_task_date", _("Next task"), aliases=["next_task"], section=SECTION, needs=Permission.TASKS,
        help=_("The day of the first open task about the customer; it may be over already."),
    ),
)  # fmt: skip
