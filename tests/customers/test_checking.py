"""Stored = derived: found where it is not, put right, and told."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from regulars.customers.checking import REPAIRED, runs_of, start_check
from regulars.customers.checks import all_checks, faults_of
from regulars.customers.models import Customer
from regulars.customers.operations import record_consent
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders import checks
from regulars.orders.facts import LineFacts
from regulars.orders.models import Line, Order
from regulars.orders.operations import reassign_orders, record_order, write_off
from regulars.shops.models import JobRun, Shop
from tests.factories import SYSTEM, create_customer
from tests.orders.trade import BY, fresh, order

pytestmark = pytest.mark.django_db

TEA = LineFacts(title="Tea", quantity=1, unit_price=Decimal(1000))


def debtor() -> Customer:
    """Somebody who owes 500 of 1,000, of which 100 were written off, and said yes to e-mail."""
    ann = create_customer(name="Ann")
    record_consent(ann, "email", 3, source="a form", by=SYSTEM, at=datetime(2026, 1, 1, tzinfo=UTC))
    made = record_order(ann.shop, order("a", total=1000, paid=400, customer_id=ann.pk, lines=[TEA]), by=BY)
    write_off(Order.objects.of(ann.shop).get(pk=made.order_id), Decimal(100), reason="a friend", by=BY)
    return ann


def checked(shop: Shop, *, repair: bool = False) -> dict[str, int]:
    """What is wrong by kind, as the latest check says."""
    start_check(shop, staff=None, repair=repair)
    run_waiting_jobs()
    run = runs_of(shop).first()
    assert run is not None and run.state == JobRun.State.DONE
    return {name: found["wrong"] for name, found in run.result.items()}


WELL = {check.name: 0 for check in all_checks()}

CORRUPTED = [
    ("figures", lambda ann: Customer.objects.of(ann.shop).filter(pk=ann.pk).update(debt=7)),
    ("order_sums", lambda ann: Order.objects.of(ann.shop).update(captured=900)),
    ("order_sums", lambda ann: Order.objects.of(ann.shop).update(written_off=0)),
    ("order_lines", lambda ann: Line.objects.of(ann.shop).update(is_counted=False)),
    ("activity", lambda ann: Customer.objects.of(ann.shop).filter(pk=ann.pk).update(visits=3)),
    ("consent", lambda ann: Customer.objects.of(ann.shop).filter(pk=ann.pk).update(consent_email=4)),
]


class TestCheckingStoredFigures:
    def test_finds_nothing_where_all_is_well(self):
        ann = debtor()

        assert checked(ann.shop) == WELL
        assert all(not faults_of(check, ann.shop) for check in all_checks())

    @pytest.mark.parametrize(("kind", "corrupt"), CORRUPTED)
    def test_finds_a_row_that_differs_and_repairs_it_and_nothing_else(self, kind, corrupt):
        ann = debtor()
        bob = create_customer(ann.shop, name="Bob")
        before = Customer.objects.filter(pk__in=[ann.pk, bob.pk]).order_by("pk").values()
        people, orders = list(before), list(Order.objects.of(ann.shop).values())
        corrupt(ann)

        assert checked(ann.shop)[kind] == 1
        assert checked(ann.shop, repair=True) == WELL

        assert list(before.all()) == people
        assert list(Order.objects.of(ann.shop).values()) == orders

    def test_changes_nothing_by_looking(self):
        ann = debtor()
        Customer.objects.filter(pk=ann.pk).update(debt=7)

        checked(ann.shop)

        assert fresh(ann).debt == 7
        assert not Event.objects.filter(shop_id=ann.shop_id, kind=REPAIRED).exists()

    def test_a_repair_tells_what_was_stored_and_what_is_now(self):
        ann = debtor()
        Customer.objects.filter(pk=ann.pk).update(debt=7)

        checked(ann.shop, repair=True)

        event = Event.objects.get(shop_id=ann.shop_id, kind=REPAIRED)
        assert (event.about, event.about_id, event.customer_id) == ("customer", ann.pk, ann.pk)
        assert event.data == {"figures": {"debt": [7, 500]}}

    def test_looks_at_no_other_shop(self):
        ann, other = debtor(), debtor()
        Customer.objects.filter(pk=other.pk).update(debt=7)

        assert checked(ann.shop) == WELL

    def test_reaches_whoever_has_an_order_when_its_turn_comes(self, monkeypatch):
        ann = debtor()
        bea, sold = create_customer(ann.shop), Order.objects.of(ann.shop).get()
        Order.objects.of(ann.shop).update(captured=900)

        def wait_while_it_moves(*_named):
            monkeypatch.undo()
            reassign_orders([sold], bea, by=SYSTEM)

        monkeypatch.setattr(checks, "lock_orders", wait_while_it_moves)
        checks.repair_sums(ann.shop, [sold.pk])

        assert (fresh(ann).debt, fresh(bea).debt) == (0, 500)
