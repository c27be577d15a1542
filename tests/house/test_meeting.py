"""Writers of different floors who meet over the same people: nobody waits in a circle, nobody falls over."""

from contextlib import suppress

import pytest
from django.utils import timezone

from regulars.customers.bin import purge
from regulars.customers.errors import Anonymised, InTheBin
from regulars.customers.likeness.decisions import join_as_household
from regulars.customers.merging import merge, unmerge
from regulars.customers.merging.errors import Forgotten
from regulars.customers.models import Customer, Household, PossibleDuplicate
from regulars.customers.operations import add_note, anonymise, delete_customer, edit_note
from regulars.customers.operations.households import leave_household, link_household
from regulars.tasks.due import Due
from regulars.tasks.giving import reassign_tasks
from regulars.tasks.models import Task
from regulars.tasks.operations import Facts, add_task, complete_task
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.meeting import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_leave_a_household_at_once_dissolve_it():
    for _turn in range(10):
        shop = create_shop()
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        link_household([ann, bea], by=SYSTEM)

        at_once(*(lambda who=who: leave_household(who, by=SYSTEM) for who in (ann, bea)))

    assert not Household.objects.exists()


def test_forgetting_meets_the_way_back():
    """Who was merged into somebody may have the lower id."""
    for _turn in range(20):
        shop = create_shop()
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        merged = merge(shop, bea, [ann], by=SYSTEM)

        def part(merged=merged):
            with suppress(Anonymised, Forgotten):
                unmerge(merged, by=SYSTEM)

        at_once(part, lambda bea=bea: anonymise(bea, by=SYSTEM))

        assert Customer.objects.get(pk=bea.pk).name == ""


def test_two_are_called_a_household_while_one_is_removed_for_good():
    for _turn in range(20):
        shop = create_shop()
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        pair = PossibleDuplicate.objects.create(shop=shop, first=ann, second=bea, score=60)
        delete_customer(bea, by=SYSTEM)

        def join(pair=pair):
            with suppress(InTheBin, PossibleDuplicate.DoesNotExist):
                join_as_household(pair, by=SYSTEM)

        at_once(join, lambda bea=bea: purge(bea, by=SYSTEM))

        assert not Customer.objects.filter(pk=bea.pk).exists()


def test_a_note_is_edited_while_its_customer_becomes_another():
    for turn in range(20):
        shop = create_shop()
        linh, ann, bea = create_staff(shop, role="owner"), create_customer(shop), create_customer(shop)
        note = add_note(bea, "likes tea", by=actor(linh))

        at_once(
            lambda given=(note, f"likes coffee {turn}", linh): edit_note(*given[:2], staff=given[2]),
            lambda given=(shop, ann, [bea]): merge(*given, by=SYSTEM),
        )

        note.refresh_from_db()
        assert (note.text, note.customer_id) == (f"likes coffee {turn}", ann.pk)


def test_tasks_change_hands_while_some_are_done_and_some_forgotten():
    for _turn in range(8):
        shop = create_shop()
        linh, mai = create_staff(shop, role="owner"), create_staff(shop)
        ann, today = create_customer(shop), timezone.localdate()
        tasks = [
            add_task(shop, Facts("Call", Due(today), mai, customer=ann if n % 2 else None), by=SYSTEM)
            for n in range(10)
        ]

        at_once(
            lambda given=(shop, mai, linh): reassign_tasks(*given, by=SYSTEM),
            lambda ann=ann: anonymise(ann, by=SYSTEM),
            lambda tasks=tasks: [complete_task(one, by=SYSTEM) for one in tasks[::2]],
        )

        assert not Task.objects.of(shop).open().filter(assignee=mai).exists()
