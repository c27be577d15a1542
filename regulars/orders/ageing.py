"""Debts by their age: what one order owes in SQL, since when it is late, and what a shop is owed in all.

The same rules as `orders.debts` in Python; tests hold both together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.timezone import now

from regulars.customers.models import Customer
from regulars.kit.periods import day_of, zone
from regulars.kit.query import Context
from regulars.orders.debts import LATEST, DebtAge
from regulars.orders.models import Order
from regulars.orders.queries import OWING
from regulars.shops.models import Shop, Staff

LEFT: CombinedExpression = F("total") - F("credited") - F("written_off") - F("captured")
"""What an order that owes has left to pay, in minor units; meaningless for others."""

BEYOND: CombinedExpression = F("captured") - F("refunded") - Case(
    When(total__gt=F("credited"), then=F("total") - F("credited")), default=Value(0)
)  # fmt: skip
"""What was paid beyond an overpaid order."""


def due_on(tz: str, payment_days: int) -> Expression:
    """When an order should be paid, as `debts.due_day`."""
    usual = TruncDate("placed_at", tzinfo=zone(tz)) + Value(payment_days)
    return Coalesce("due_on", ExpressionWrapper(usual, DateField()), output_field=DateField())


def lateness(today: date, tz: str, payment_days: int) -> Expression:
    """Days since an order should have been paid; 0 or less while it is not late."""
    days: Expression = Func(
        Value(today, DateField()), due_on(tz, payment_days), template="(%(expressions)s)", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip
    return days


def usual_days(ctx: Context) -> int:
    """The shop's usual days to pay within; 0 of no shop in particular, as references ask."""
    shops = Shop.objects.filter(pk=ctx.shop_id)
    days: int = ctx.once("payment days", lambda: shops.values_list("payment_days", flat=True).first() or 0)
    return days


def due_in(ctx: Context) -> Expression:
    """`due_on` of a question."""
    return due_on(ctx.tz, usual_days(ctx))


def late_in(ctx: Context) -> Expression:
    """`lateness` of a question."""
    return lateness(ctx.today, ctx.tz, usual_days(ctx))


def overdue_in(ctx: Context) -> Q:
    """Orders that owe and are late."""
    return OWING & Q(GreaterThan(late_in(ctx), 0))


def of_age(age: DebtAge, late: Expression) -> Q:
    """Orders that owe and are of an age."""
    question = OWING
    if age > DebtAge.NOT_DUE:
        question &= Q(GreaterThan(late, LATEST[DebtAge(age - 1)]))
    if age in LATEST:
        question &= Q(LessThanOrEqual(late, LATEST[age]))
    return question


@dataclass(frozen=True, slots=True)
class Aged:
    """Orders of one age: how many owe, and how much in minor units."""

    age: DebtAge
    orders: int
    owed: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What a shop is owed. ages: all of it by age, in their order; the others say of whom it is.

    customers: of those who are customers now, as many; former: of those in the bin, merged or anonymised;
    nobody: of orders without a customer. Amounts are minor units; the three add up to the ages.
    """

    ages: Sequence[Aged]
    customers: int
    customers_count: int
    former: int
    nobody: int

    @property
    def total(self) -> int:
        return sum(one.owed for one in self.ages)

    @property
    def orders(self) -> int:
        return sum(one.orders for one in self.ages)

    @property
    def late(self) -> int:
        """What of it is late."""
        return sum(one.owed for one in self.ages if one.age != DebtAge.NOT_DUE)


def owed_to(shop: Shop, staff: Staff | None = None) -> Owed:
    """What a shop is owed, as far as a member of staff may see it: who sees only their own customers, of these."""
    people = Customer.objects.of(shop)
    people = people.visible_to(staff) if staff else people
    orders = Order.objects.of(shop).owing().visible_to(staff)
    owing = people.filter(debt__gt=0)
    alive = owing.alive().aggregate(owed=Coalesce(Sum("debt"), 0), people=Count("pk"))
    former = owing.filter(deleted_at__isnull=False).aggregate(owed=Coalesce(Sum("debt"), 0))
    nobody = orders.filter(customer__isnull=True).aggregate(owed=Coalesce(Sum(LEFT), 0))
    return Owed(_ages(orders, shop), int(alive["owed"]), alive["people"], int(former["owed"]), int(nobody["owed"]))


def _ages(orders: "QuerySet[Any]", shop: Shop) -> list[Aged]:
    late = lateness(day_of(now(), shop.timezone), shop.timezone, shop.payment_days)
    whens = [When(LessThanOrEqual(late, last), then=Value(age.value)) for age, last in LATEST.items()]
    age = Case(*whens, default=Value(DebtAge.OLDER.value), output_field=IntegerField())
    found = orders.order_by().values(age=age).annotate(orders=Count("pk"), owed=Sum(LEFT))
    known = {row["age"]: row for row in found}
    return [_aged(one, known.get(one.value)) for one in DebtAge]


def _aged(age: DebtAge, row: dict[str, Any] | None) -> Aged:
    return Aged(age, row["orders"], int(row["owed"])) if row else Aged(age, 0, 0)
