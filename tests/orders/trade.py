"""Orders for tests: each test states only what it depends on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.orders.facts import OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.models import Order, Payment, Return
from regulars.orders.operations import record_order
from regulars.shops.models import Shop

BY = Actor.system()
DAY = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
_numbers = count(1)


def order(external_id: str = "", **facts: Any) -> OrderFacts:
    """A report of an order on the website; whole numbers are amounts."""
    external_id = external_id or f"o{next(_numbers)}"
    facts = {name: _amount(value) if name in _AMOUNTS else value for name, value in facts.items()}
    return OrderFacts(**{"channel": "website", "external_id": external_id, "placed_at": DAY, **facts})


def payment(amount: int | str, external_id: str = "", **facts: Any) -> PaymentFacts:
    """A report of a payment on the website."""
    given = {"channel": "website", "at": DAY, "external_id": external_id or f"p{next(_numbers)}", **facts}
    return PaymentFacts(amount=Decimal(amount), **given)


def goods_back(external_id: str = "", **facts: Any) -> ReturnFacts:
    """A report of a return on the website."""
    facts = {name: _amount(value) if name in {"amount", "credited"} else value for name, value in facts.items()}
    return ReturnFacts(**{"channel": "website", "at": DAY, "external_id": external_id or f"r{next(_numbers)}", **facts})


def later(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


def fresh(customer: Customer) -> Customer:
    """The customer as stored now."""
    return Customer.objects.select_related("shop").get(shop_id=customer.shop_id, pk=customer.pk)


def kinds_of(customer: Customer) -> list[str]:
    """What happened to a customer's orders, oldest first."""
    events = Event.objects.filter(shop_id=customer.shop_id, customer_id=customer.pk)
    return [kind for kind in events.order_by("id").values_list("kind", flat=True) if not kind.startswith("customer.")]


def state_of(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """All a shop knows of orders, without what differs from run to run: to compare two histories."""
    order_columns = [
        "external_id", "number", "total", "captured", "refunded", "returned", "credited", "written_off", "placed_at",
        "cancelled_at", "financial_state", "fulfilment_state", "is_test", "currency", "source_updated_at",
        "items_returned", "customer__email",
    ]  # fmt: skip
    gone = Order.objects.of(shop).exclude(deleted_at=None).order_by("external_id")
    payments = Payment.objects.of(shop).order_by("external_id")
    returns = Return.objects.of(shop).order_by("external_id")
    people = Customer.objects.of(shop).order_by("email")
    return {
        "orders": list(Order.objects.of(shop).order_by("external_id").values_list(*order_columns)),
        "gone": list(gone.values_list("external_id")),
        "payments": list(
            payments.values_list("external_id", "kind", "state", "amount", "order__external_id", "customer__email")
        ),
        "returns": list(returns.values_list("external_id", "amount", "order__external_id", "customer__email")),
        "customers": list(
            people.values_list(
                "email", "orders_recorded", "orders_placed", "orders_paid", "orders_cancelled", "total_spent",
                "gross_spent", "refunded", "debt", "average_order", "first_order_at", "last_order_number",
            )
        ),
    }  # fmt: skip


def sold(customer: Customer, total: int = 1000, **facts) -> Order:
    """An order of the customer, paid unless said otherwise."""
    paid = facts.pop("paid", total)
    outcome = record_order(customer.shop, order(total=total, paid=paid, customer_id=customer.pk, **facts), by=BY)
    return Order.objects.of(customer.shop_id).get(pk=outcome.order_id)


_AMOUNTS = {"total", "subtotal", "discount", "shipping", "tax", "paid", "refunded", "rate"}


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
