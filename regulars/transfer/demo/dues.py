"""What the staff of a demo shop agreed on debts: two weeks to pay, limits for a few, days put off, one debt given up.

Made by the operations that pages use.
"""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from regulars.customers.models import Customer
from regulars.customers.operations import set_credit_limit
from regulars.kit.money import to_decimal
from regulars.orders.debts import due_day
from regulars.orders.models import Order
from regulars.orders.operations import set_due_date, write_off
from regulars.shops.models import Shop, Staff
from regulars.shops.operations import change_shop
from regulars.shops.permissions import Role
from regulars.shops.queries import acting

DAYS_TO_PAY = 14
LIMITED = 6
"""Customers who owe the most and may owe only so much; every other one of them owes more than that."""
PUT_OFF = 3
MORE_TIME = timedelta(days=45)


@transaction.atomic
def agree_on_debts(shop: Shop) -> None:
    """Do all of it in a shop where nobody has a credit limit yet."""
    owner = Staff.objects.of(shop).active().filter(role=Role.OWNER).select_related("user", "shop").first()
    if owner is None or Customer.objects.of(shop).filter(credit_limit__isnull=False).exists():
        return
    by = acting(owner)
    shop = change_shop(shop, by=by, payment_days=DAYS_TO_PAY)
    owing = Customer.objects.of(shop).alive().filter(debt__gt=0).select_related("shop").order_by("-debt", "pk")
    for place, customer in enumerate(owing[:LIMITED]):
        debt = to_decimal(customer.debt, shop.currency)
        set_credit_limit(customer, _round(debt * Decimal("0.8") if place % 2 else debt * 2), by=by)
    orders = Order.objects.of(shop).owing().filter(customer__isnull=False).order_by("placed_at", "pk")
    oldest = orders.first()
    if oldest:
        half = _round(to_decimal(oldest.owed, shop.currency) / 2)
        write_off(oldest, half, reason="Agreed by phone: half now, the rest is forgiven", by=by)
    for order in orders.reverse()[:PUT_OFF]:
        set_due_date(order, due_day(order, shop) + MORE_TIME, by=by)


def _round(amount: Decimal) -> Decimal:
    """To whole thousands, as people agree on amounts; 1,000 at least."""
    return max(Decimal(1000), amount // 1000 * 1000)
