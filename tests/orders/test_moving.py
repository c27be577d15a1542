"""Orders that change hands: attached, detached, and back."""

import pytest

from regulars.customers.errors import InTheBin
from regulars.customers.models import Customer, OtherContact
from regulars.customers.operations import delete_customer
from regulars.orders import stats
from regulars.orders.lists import orders_related_to
from regulars.orders.models import Order, Payment, Return
from regulars.orders.operations import (
    attach_orders,
    detach_orders,
    reassign_orders,
    record_order,
    record_return,
    undo_moves,
)
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, goods_back, later, order, payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com", phone="0912345678")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob")


def bought(shop, name, **facts):
    found = record_order(shop, order(name, total=100, payments=[payment(100)], **facts), by=BY)
    return Order.objects.of(shop).get(pk=found.order_id)


def owners(shop):
    return dict(Order.objects.of(shop).values_list("external_id", "customer__name"))


class TestAGuestsOrder:
    def test_with_a_members_email_is_attached_by_staff_only(self, shop, ann, bob):
        """T95."""
        his = bought(shop, "guest", email="ann@example.com", customer_id=bob.pk)
        assert list(orders_related_to(ann)) == [his]
        assert fresh(ann).total_spent == 0

        assert attach_orders(ann, [his], by=BY) == 1

        assert (fresh(ann).total_spent, fresh(bob).total_spent) == (100, 0)
        assert not orders_related_to(ann).exists()

    def test_is_found_by_other_contacts_too(self, shop, ann, bob):
        OtherContact.objects.create(shop=shop, customer=ann, kind="email", value="old@example.com")
        OtherContact.objects.create(shop=shop, customer=ann, kind="phone", value="+84987654321")

        for name, contact in (("a", {"email": "old@example.com"}), ("b", {"phone": "0987654321"})):
            bought(shop, name, customer_id=bob.pk, **contact)

        assert {one.external_id for one in orders_related_to(ann)} == {"a", "b"}

    def test_of_another_shop_is_not_related(self, ann):
        elsewhere = create_shop()
        bought(elsewhere, "x", email="ann@example.com")

        assert not orders_related_to(ann).exists()


class TestUndoing:
    def test_brings_attached_orders_back_to_exactly_where_they_were(self, shop, ann, bob):
        nobodys, bobs = bought(shop, "nobody"), bought(shop, "bob", customer_id=bob.pk)
        record_return(shop, goods_back(order_external_id="bob", amount=5, quantity=1), by=BY)
        attach_orders(ann, [nobodys, bobs], by=BY)
        assert fresh(ann).total_spent == 200

        assert undo_moves(ann, [nobodys, bobs], by=BY) == 2

        assert owners(shop) == {"nobody": None, "bob": "Bob"}
        assert set(Payment.objects.of(shop).values_list("customer__name", flat=True)) == {None, "Bob"}
        assert Return.objects.of(shop).get().customer == bob
        assert (fresh(ann).orders_recorded, fresh(bob).total_spent) == (0, 100)
        assert stats.check(shop) == []

    def test_brings_a_detached_order_back(self, shop, ann):
        hers = bought(shop, "a", customer_id=ann.pk, email="ann@example.com")

        assert detach_orders(ann, [hers], by=BY) == 1
        assert (owners(shop), fresh(ann).total_spent) == ({"a": None}, 0)
        assert list(orders_related_to(ann)) == [hers]

        assert undo_moves(ann, [hers], by=BY) == 1
        assert fresh(ann).total_spent == 100

    def test_leaves_orders_that_moved_on(self, shop, ann, bob):
        hers = bought(shop, "a")
        attach_orders(ann, [hers], by=BY)
        reassign_orders([hers], bob, by=BY)

        assert undo_moves(ann, [hers], by=BY) == 1  # the move away from her is the last one
        assert undo_moves(ann, [bought(shop, "b", customer_id=bob.pk)], by=BY) == 0

    def test_leads_to_who_the_owner_was_merged_into(self, shop, ann, bob):
        cam = create_customer(shop, name="Cam")
        his = bought(shop, "a", customer_id=bob.pk)
        attach_orders(ann, [his], by=BY)
        Customer.objects.of(shop).filter(pk=bob.pk).update(merged_into=cam, deleted_at=DAY)

        undo_moves(ann, [his], by=BY)

        assert owners(shop) == {"a": "Cam"}


class TestAttaching:
    def test_to_somebody_in_the_bin_is_refused(self, shop, ann):
        one = bought(shop, "a")
        delete_customer(ann, by=BY)

        with pytest.raises(InTheBin):
            attach_orders(ann, [one], by=BY)

        assert owners(shop) == {"a": None}

    def test_leaves_alone_what_is_not_hers_when_detaching(self, shop, ann, bob):
        his = bought(shop, "a", customer_id=bob.pk)

        assert detach_orders(ann, [his], by=BY) == 0
        assert owners(shop) == {"a": "Bob"}


class TestWhatStaffDecided:
    """Reports name Ann; whoever a person gave the order to keeps it."""

    def report(self, shop, *, minutes=0, **facts):
        given = {"total": 100, "email": "ann@example.com", "source_updated_at": later(minutes), **facts}
        record_order(shop, order("a", **given), by=BY)
        return Order.objects.of(shop).get(external_id="a")

    def test_stands_when_the_source_reports_a_detached_order_again(self, shop, ann):
        detach_orders(ann, [self.report(shop)], by=BY)

        self.report(shop, minutes=5)
        now = self.report(shop, minutes=9, total=300, payments=[payment(300, "p")])

        assert (now.customer_id, now.total, now.captured) == (None, 300, 300)
        assert Payment.objects.of(shop).get().customer_id is None
        assert (fresh(ann).orders_recorded, fresh(ann).total_spent) == (0, 0)
        assert stats.check(shop) == []

    def test_stands_when_it_was_attached_to_somebody_else(self, shop, ann, bob):
        attach_orders(bob, [self.report(shop)], by=BY)

        now = self.report(shop, minutes=5, payments=[payment(100, "p")])

        assert now.customer == bob
        assert (fresh(ann).total_spent, fresh(bob).total_spent) == (0, 100)

    def test_makes_no_new_customer_of_a_detached_one(self, shop, ann):
        detach_orders(ann, [self.report(shop)], by=BY)

        self.report(shop, minutes=5, email="new@example.com", phone="0987654321")

        assert list(Customer.objects.of(shop)) == [ann]

    def test_is_decided_no_more_once_it_is_undone(self, shop, ann):
        hers = self.report(shop)
        detach_orders(ann, [hers], by=BY)
        undo_moves(ann, [hers], by=BY)
        Order.objects.of(shop).update(customer_id=None)  # as an import of strangers would have left it

        assert not Order.objects.of(shop).get().is_moved
        assert self.report(shop, minutes=5).customer == ann

    def test_is_decided_still_when_a_later_decision_is_undone(self, shop, ann, bob):
        hers = self.report(shop)
        detach_orders(ann, [hers], by=BY)
        attach_orders(bob, [hers], by=BY)

        undo_moves(bob, [hers], by=BY)

        assert self.report(shop, minutes=5).customer_id is None
