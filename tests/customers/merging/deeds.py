"""What the tests of merging do and look at."""

from regulars.customers.models import Customer
from regulars.customers.timeline import timeline
from regulars.orders.operations import record_order
from tests.factories import SYSTEM, create_staff
from tests.orders.trade import fresh, order, payment


def sell(customer, name, total, *, paid=0, **facts):
    payments = [payment(paid)] if paid else []
    return record_order(
        customer.shop, order(name, total=total, payments=payments, customer_id=customer.pk, **facts), by=SYSTEM
    )


def words_of(shop, customer):
    staff = create_staff(shop)
    return ["".join(part["text"] for part in entry["parts"]) for entry in timeline(fresh(customer), staff)]


def home_of(customer):
    return Customer.objects.get(pk=customer.pk).household_id
