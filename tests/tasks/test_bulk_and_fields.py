"""A task for each of many customers, and what can be asked of customers by their tasks."""

from datetime import timedelta

import pytest

from regulars.customers.actions import run_action, undo_run
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.selection import Selection
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.query import compile_where, parse
from regulars.tasks.actions import RESPONSIBLE
from regulars.tasks.due import today_of
from regulars.tasks.models import Task
from regulars.tasks.operations import complete_task
from tests.factories import actor, create_customer, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


def ask(linh, people, **params):
    usual = {"title": "Show the new silk", "day": "2026-03-02", "assignee": linh.pk, "otherwise": linh.pk}
    selection = Selection.of_ids(linh.shop, [one.pk for one in people])
    return run_action(selection, "task", usual | params, staff=linh)


class TestATaskForEachOfMany:
    def test_is_one_run(self, linh):
        ann, bob = create_customer(linh.shop, name="Ann"), create_customer(linh.shop, name="Bob")

        run = ask(linh, [ann, bob])

        assert run.result["changed"] == 2
        assert set(Task.objects.values_list("customer_id", "assignee_id")) == {(ann.pk, linh.pk), (bob.pk, linh.pk)}
        assert Event.objects.filter(kind="task.added", batch_id=run.pk).count() == 2

    def test_goes_to_whoever_is_responsible(self, linh):
        quan = create_staff(linh.shop, name="Quân")
        ann, bob = create_customer(linh.shop, name="Ann"), create_customer(linh.shop, name="Bob")
        Customer.objects.filter(pk=ann.pk).update(staff_id=quan.pk)

        ask(linh, [ann, bob], assignee=RESPONSIBLE)

        assert dict(Task.objects.values_list("customer_id", "assignee_id")) == {ann.pk: quan.pk, bob.pk: linh.pk}

    def test_can_be_taken_back_but_for_what_was_done(self, linh):
        ann, bob = create_customer(linh.shop, name="Ann"), create_customer(linh.shop, name="Bob")
        run = ask(linh, [ann, bob])
        complete_task(Task.objects.get(customer=bob), by=actor(linh))

        undone = undo_run(run, staff=linh, by=actor(linh))

        assert (undone.result["restored"], undone.result["conflicts"]) == (1, 1)
        assert [task.customer_id for task in Task.objects.of(linh.shop).existing()] == [bob.pk]

    @pytest.mark.parametrize("wrong", [
        {"title": " "}, {"day": "soon"}, {"assignee": 0}, {"kind": "dance"}, {"priority": 7}, {"remind_before": -1},
    ])  # fmt: skip
    def test_refuses_what_makes_no_sense(self, linh, wrong):
        with pytest.raises(BadValue):
            ask(linh, [create_customer(linh.shop)], **wrong)

        assert not Task.objects.exists()


class TestAskingByTasks:
    def test_finds_who_waits(self, linh):
        ann, bob, cy = (create_customer(linh.shop, name=name) for name in ("Ann", "Bob", "Cy"))
        today = today_of(linh)
        create_task(linh, day=today - timedelta(days=3), customer=ann)
        create_task(linh, day=today + timedelta(days=3), customer=ann)
        create_task(linh, day=today + timedelta(days=2), customer=bob)
        complete_task(create_task(linh, day=today, customer=cy), by=actor(linh))

        assert names(linh, "open_tasks = 2") == {"Ann"}
        assert names(linh, "open_tasks = 0") == {"Cy"}
        assert names(linh, "overdue_tasks >= 1") == {"Ann"}
        assert names(linh, "next_task_date > today") == {"Bob"}
        assert names(linh, "next_task_date IS NULL") == {"Cy"}


def names(linh, text):
    question = compile_where(parse(text), customer_fields, context_for(linh.shop, staff=linh))
    return set(Customer.objects.of(linh.shop).filter(question).values_list("name", flat=True))
