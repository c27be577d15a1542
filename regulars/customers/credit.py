"""How much a customer may owe. It stops nobody from recording an order: pages warn, and filters find who is over it."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.customers.writing import change_columns, locked
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.kit.money import to_minor


@transaction.atomic
def set_credit_limit(customer: Customer, limit: Decimal | None, *, by: Actor) -> Customer:
    """Say how much a customer may owe. limit: in the shop's currency, 0 or more; None: no limit.

    Raises BadValue, InTheBin, Anonymised.
    """
    customer = locked(customer)
    minor = None if limit is None else to_minor(limit, customer.shop.currency)
    if minor is not None and minor < 0:
        raise BadValue(_("A credit limit is 0 or more."), value=limit, field="credit_limit")
    change_columns(customer, {"credit_limit": minor}, by=by)
    return customer


def is_over_limit(customer: Customer) -> bool:
    """Whether a customer owes more than they may."""
    return customer.credit_limit is not None and customer.debt > customer.credit_limit
