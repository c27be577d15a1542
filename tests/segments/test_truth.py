"""Whatever happens, membership is what a fresh look says: after random changes, with several at once, after a kill."""

import random
import threading
from decimal import Decimal

import pytest
from django.db import connection

from regulars.customers.bin import delete_customer, restore_customer
from regulars.customers.bulk import tag_many
from regulars.customers.fields import where_q
from regulars.customers.models import Customer, Group
from regulars.customers.operations import ensure_tags, set_group
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.facts import LineFacts
from regulars.orders.models import Order
from regulars.orders.operations import cancel_order, record_order, record_refund
from regulars.segments import passes
from regulars.segments.jobs import refresh_pending
from regulars.segments.members import members
from regulars.segments.models import Pending, Segment
from regulars.segments.operations import create_segment
from regulars.segments.passes import pass_step, start_pass
from regulars.shops.models import JobRun
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders import trade
from tests.segments.asked import fresh, segment

QUESTIONS = [
    "tags CONTAINS 'vip'",
    "NOT tags CONTAINS 'vip' OR orders >= 2",
    "total_spent >= 300",
    "group = 'business' AND orders >= 1",
    "orders_placed MATCHES (date >= 2026-10-01, amount >= 200)",
    "orders_placed MATCHES (count >= 2, sum_amount < 900)",
    "orders_placed MATCHES (count = 0)",
    "orders_placed MATCHES (amount >= 100, count < 2) OR orders_placed MATCHES (sum_amount <= 50)",
    "orders_placed NOT MATCHES (amount >= 100)",
    "products_purchased MATCHES (sum_quantity >= 3)",
    "segment = 's0' AND NOT segment = 's2'",
    "segment IN ('s1', 's10')",
    "",
]


def untrue(shop):
    """Segments whose stored members or size are not what their question says now."""
    wrong = []
    for one in Segment.objects.of(shop):
        stored = set(members(one).values_list("pk", flat=True))
        people = Customer.objects.of(shop).alive()
        asked = set(people.filter(where_q(shop, one.where)).values_list("pk", flat=True))
        if stored != asked or one.size != len(stored):
            wrong.append((one.where, stored ^ asked, one.size, len(stored)))
    return wrong


def change(dice, shop, people, tags):
    """Anything that may happen to a customer."""
    one = dice.choice(people)
    some = [each.pk for each in dice.sample(people, 3)]
    orders = list(Order.objects.of(shop).filter(cancelled_at=None))
    match dice.randrange(8):
        case 0 | 1 | 2:
            lines = [LineFacts(title="Tea", quantity=dice.randrange(1, 4), unit_price=Decimal(50))]
            total = dice.choice([50, 150, 400])
            paid = [trade.payment(total)]
            facts = trade.order(customer_id=one.pk, total=total, payments=paid, lines=lines)
            record_order(shop, facts, by=SYSTEM)
        case 3:
            tag_many(shop, some, [tags["vip"].pk], by=SYSTEM)
        case 4:
            tag_many(shop, some, [], [tags["vip"].pk], by=SYSTEM)
        case 5:
            fresh_one = Customer.objects.get(pk=one.pk)
            if fresh_one.deleted_at is None:
                set_group(fresh_one, dice.choice(list(Group.objects.of(shop))), by=SYSTEM)
        case 6 if orders:
            order = dice.choice(orders)
            refund = trade.payment(50, order_external_id=order.external_id)
            record_refund(shop, refund, by=SYSTEM)
            if dice.random() < 0.5:
                cancel_order(order, by=SYSTEM)
        case _:
            gone = Customer.objects.get(pk=one.pk)
            (restore_customer if gone.deleted_at else delete_customer)(gone, by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_after_random_changes_membership_is_what_a_fresh_look_says(seed):
    dice, shop = random.Random(seed), create_shop()
    people = [create_customer(shop, name=f"Ann {number}") for number in range(12)]
    tags = ensure_tags(shop, ["vip"])
    for number, where in enumerate(QUESTIONS):
        create_segment(shop, name=f"S{number}", where=where, by=SYSTEM)

    for _round in range(12):
        for _change in range(dice.randrange(1, 4)):
            change(dice, shop, people, tags)
        run_waiting_jobs()
        assert untrue(shop) == []

    start_pass(shop, everything=True)
    run_waiting_jobs()
    assert untrue(shop) == []
    assert not Pending.objects.of(shop).exists()


@pytest.mark.django_db
def test_a_pass_that_was_killed_goes_on_where_it_was(monkeypatch):
    shop = create_shop()
    monkeypatch.setattr(passes, "PART", 2)
    for number in range(7):
        create_customer(shop, name=f"Ann {number}", tags="vip")
    run_waiting_jobs()
    made = create_segment(shop, name="Best", where="tags CONTAINS 'vip'", by=SYSTEM)
    run = JobRun.objects.of(shop).get(kind=passes.KIND, state="waiting")
    for _step in range(2):
        assert pass_step(run)
    run.save()
    assert fresh(made).size == 4

    run_waiting_jobs()

    run.refresh_from_db()
    assert run.state == "done"
    assert run.done == run.total == 7
    assert fresh(made).size == 7
    assert fresh(made).evaluated_at


@pytest.mark.django_db
def test_a_question_changed_while_its_members_are_found_is_asked_again(monkeypatch):
    from regulars.segments.operations import change_segment

    shop = create_shop()
    monkeypatch.setattr(passes, "PART", 1)
    for number in range(3):
        create_customer(shop, name=f"Ann {number}", tags="vip" if number else "")
    made = create_segment(shop, name="Best", where="tags CONTAINS 'vip'", by=SYSTEM)
    run = JobRun.objects.of(shop).get(kind=passes.KIND)
    pass_step(run)
    run.state = "running"
    run.save()
    change_segment(made, where="NOT tags CONTAINS 'vip'", by=SYSTEM)

    run_waiting_jobs()

    assert untrue(shop) == []
    assert fresh(made).evaluated_at


@pytest.mark.django_db(transaction=True)
def test_orders_and_passes_at_the_same_time_end_in_the_truth():
    shop = create_shop()
    people = [create_customer(shop, name=f"Ann {number}") for number in range(6)]
    for number, where in enumerate(["orders >= 3", "total_spent >= 300", "orders_placed MATCHES (count >= 2)"]):
        segment(shop, where, f"S{number}")

    def work(offset):
        try:
            for number in range(6):
                one = people[(number + offset) % len(people)]
                paid = trade.payment(100)
                record_order(shop, trade.order(customer_id=one.pk, total=100, payments=[paid]), by=SYSTEM)
                refresh_pending(shop_id=shop.pk)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    faults = []
    threads = [threading.Thread(target=work, args=[offset]) for offset in (0, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_waiting_jobs()

    assert faults == []
    assert untrue(shop) == []
    assert not Pending.objects.of(shop).exists()
