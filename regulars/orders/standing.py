"""What some customers owe together, and what they paid too much: asked before something is done to all of them."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.functions import Greatest

from regulars.customers.models import Customer
from regulars.orders.models import Order
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Standing:
    """debtors, creditors: how many of them. owed, credit: together, in minor units of the shop's currency."""

    debtors: int
    owed: int
    creditors: int
    credit: int


def standing_of(shop: Shop, people: QuerySet[Customer]) -> Standing:
    """The open debts and credits of these customers of the shop."""
    people = people.order_by()
    debts = people.filter(debt__gt=0).aggregate(debtors=Count("pk"), owed=Sum("debt", default=0))
    overpaid = Order.objects.of(shop).overpaid().filter(customer_id__in=people.values("pk"))
    too_much = F("captured") - F("refunded") - Greatest(Value(0), F("total") - F("credited"))
    credits = overpaid.aggregate(creditors=Count("customer_id", distinct=True), credit=Sum(too_much, default=0))
    return Standing(**debts, **credits)
