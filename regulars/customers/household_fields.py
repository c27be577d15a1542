"""What can be asked of a customer's household."""

from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Expression, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer
from regulars.kit.query.among import Among
from regulars.kit.query.conditions import Op
from regulars.kit.query.context import Context
from regulars.kit.query.kinds import Count


class Housemates(Count):
    """How many live customers a customer's household has, the customer among them; 0 for who is in none."""

    def __init__(self, name: str, label: Any, **options: Any) -> None:
        super().__init__(name, label, column=f"count_of_{name}", sortable=False, **options)

    def _counted(self, **whose: Any) -> QuerySet:
        rows: QuerySet = Customer.objects.filter(deleted_at__isnull=True, household_id__isnull=False, **whose)
        return rows.order_by().values(key=F("household_id")).annotate(**{self.column: CountOf("pk")})

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        counted, having = self._counted(shop_id=ctx.shop_id), super().q(op, values, ctx)
        if self.test(op, {self.column: 0}, values, ctx):
            return ~Q(Among(counted.filter(~having).values("key"), "household_id"))
        return Q(Among(counted.filter(having).values("key"), "household_id"))

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        own = self._counted(shop_id=OuterRef("shop_id"), household_id=OuterRef("household_id"))
        return {self.column: Coalesce(Subquery(own.values(self.column)), Value(0))}


customer_fields.add(
    Housemates(
        "household", _("Household"), aliases=["household_size"], section="relation",
        help=_("How many people the household has; 0 for who is in none."),
    ),
)  # fmt: skip
