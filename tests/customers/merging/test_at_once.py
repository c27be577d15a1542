"""Customers become one while others write to them."""

import pytest

from regulars.customers import operations as deeds
from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.customers.operations import update_customer
from regulars.kit.errors import DomainError
from regulars.orders.models import Order
from regulars.orders.operations import record_order, record_payment
from tests.customers.merging.deeds import sell
from tests.factories import SYSTEM, create_customer, create_shop
from tests.meeting import at_once
from tests.orders.trade import order, payment


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    ROUNDS = 20

    def test_each_into_the_other_leaves_exactly_one(self):
        for turn in range(self.ROUNDS):
            shop = create_shop()
            ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
            sell(ann, f"a{turn}", 10, paid=10)
            sell(bea, f"b{turn}", 20, paid=20)

            done = _all_at_once(
                lambda shop=shop, ann=ann, bea=bea: merge(shop, ann, [bea], by=SYSTEM),
                lambda shop=shop, ann=ann, bea=bea: merge(shop, bea, [ann], by=SYSTEM),
            )

            assert sorted(done) == ["Merge", "Merged"]
            survivor = Customer.objects.of(shop).alive().get()
            assert (survivor.orders_count, survivor.total_spent) == (2, 30)

    def test_while_edited_noted_sold_to_and_paid_nothing_is_lost(self):
        for turn in range(self.ROUNDS):
            shop = create_shop()
            ann = create_customer(shop, name="Ann")
            bea = create_customer(shop, name="Bea", email="bea@example.com")
            sell(bea, f"b{turn}", 100)

            done = _all_at_once(
                lambda shop=shop, ann=ann, bea=bea: merge(shop, ann, [bea], by=SYSTEM),
                lambda bea=bea, turn=turn: sell(bea, f"n{turn}", 5, paid=5),
                lambda shop=shop, turn=turn: record_order(
                    shop, order(f"e{turn}", total=7, email="bea@example.com"), by=SYSTEM
                ),
                lambda shop=shop, turn=turn: _pay(shop, f"b{turn}"),
                lambda bea=bea: deeds.add_note(bea, "met", by=SYSTEM),
                lambda ann=ann: update_customer(ann, {"company": "Hoa Sen"}, by=SYSTEM),
            )

            survivor = Customer.objects.of(shop).alive().get()
            assert survivor.pk == ann.pk, done
            assert set(Order.objects.of(shop).values_list("customer_id", flat=True)) == {ann.pk}
            assert (survivor.orders_count, survivor.total_spent, survivor.debt) == (3, 45, 67)
            assert survivor.company == "Hoa Sen"
            assert survivor.notes.count() == done.count("Note")
            assert set(done) <= {"Merge", "Outcome", "Payment", "Note", "Customer", "Merged"}


def _pay(shop, name):
    return record_payment(shop, payment(40, order_external_id=name), by=SYSTEM)


def _all_at_once(*works):
    """What each became: the name of its answer, or of its refusal."""
    done = []

    def told(work):
        try:
            done.append(type(work()).__name__)
        except DomainError as refusal:
            done.append(type(refusal).__name__)

    at_once(*(lambda work=work: told(work) for work in works))
    return done
