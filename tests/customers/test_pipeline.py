"""Stages of the pipeline: paging, sums, histories."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from regulars.customers.merging import merge, unmerge
from regulars.customers.models import Customer, Status
from regulars.customers.operations import set_status
from regulars.customers.pipeline import SIZE, Cursor, MovedMeanwhile, move, stages, stays, totals
from regulars.events.models import Event
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def closing(shop):
    return Status.objects.of(shop).get(key="closing")


def people(shop):
    return Customer.objects.of(shop).alive()


class TestAStage:
    def test_is_walked_to_its_end_each_once_the_newest_first(self, shop, closing):
        moment = now()
        for number in range(2 * SIZE + 5):  # some at the same instant, some at none
            one = create_customer(shop, name=f"P{number}")
            at = None if number % 7 == 0 else moment - timedelta(days=number // 3)
            Customer.objects.filter(pk=one.pk).update(status=closing, status_at=at)

        seen, behind = [], None
        for _page in range(3):
            (stage,) = stages(people(shop), [closing.pk], behind)
            seen += stage.ids
            behind = stage.following and Cursor.read(str(stage.following))

        assert behind is None
        rows = list(people(shop))
        rows.sort(key=lambda one: (one.status_at is None, one.status_at and one.status_at.timestamp(), one.pk))
        nobody_knows = [one.pk for one in rows if one.status_at is None][::-1]
        assert seen == nobody_knows + [one.pk for one in rows if one.status_at is not None][::-1]

    def test_all_are_asked_in_one_query(self, shop, closing, django_assert_num_queries):
        set_status(create_customer(shop), closing, by=SYSTEM)
        ids = [*Status.objects.of(shop).values_list("pk", flat=True), None]

        with django_assert_num_queries(1):
            found = stages(people(shop), ids)

        assert [len(stage.ids) for stage in found] == [0, 0, 0, 0, 1, 0, 0]

    def test_says_how_many_and_how_much(self, shop, closing):
        ann, ben = create_customer(shop), create_customer(shop)
        set_status(ann, closing, by=SYSTEM)
        Customer.objects.filter(pk=ann.pk).update(total_spent=500)

        assert totals(people(shop)) == {closing.pk: (1, 500), None: (1, 0)}
        assert ben.status is None

    def test_another_address_is_no_place(self):
        assert Cursor.read("tomorrow,7") is None
        assert Cursor.read("") is None


class TestMoving:
    def test_needs_the_card_where_it_was_seen(self, shop, closing):
        contacted = Status.objects.of(shop).get(key="contacted")
        ann = set_status(create_customer(shop), contacted, by=SYSTEM)

        with pytest.raises(MovedMeanwhile):
            move(ann, closing, was=None, by=SYSTEM)
        move(ann, closing, was=contacted.pk, by=SYSTEM)
        move(ann, closing, was=contacted.pk, by=SYSTEM)  # twice the same is once

        ann.refresh_from_db()
        assert ann.status == closing
        assert Event.objects.filter(customer_id=ann.pk, kind="customer.changed").count() == 2


class TestTheHistory:
    def test_tells_each_stage_with_how_long_and_by_whom(self, shop, closing):
        contacted = Status.objects.of(shop).get(key="contacted")
        ann = create_customer(shop)
        for status, days in ((contacted, 10), (closing, 4), (None, 1)):
            set_status(ann, status, by=SYSTEM)
            last = Event.objects.filter(customer_id=ann.pk, kind="customer.changed").order_by("pk").last()
            Event.objects.filter(pk=last.pk).update(at=now() - timedelta(days=days))

        found = stays(ann)

        assert [stay.status_id for stay in found] == [None, closing.pk, contacted.pk]
        assert [((stay.until or now()) - stay.since).days for stay in found] == [1, 3, 6]
        assert [stay.until is None for stay in found] == [True, False, False]

    def test_goes_on_over_a_merge_and_back(self, shop, closing):
        contacted = Status.objects.of(shop).get(key="contacted")
        ann = set_status(create_customer(shop), contacted, by=SYSTEM)
        bea = set_status(create_customer(shop), closing, by=SYSTEM)

        made = merge(shop, ann, [bea], choices={"status": bea.pk}, by=SYSTEM)
        assert [stay.status_id for stay in stays(ann)] == [closing.pk, contacted.pk]

        unmerge(made, by=SYSTEM)
        assert [stay.status_id for stay in stays(ann)] == [contacted.pk, closing.pk, contacted.pk]

    def test_of_who_came_with_a_status_begins_then(self, shop):
        ann = create_customer(shop, name="Ann", status="Potential")

        (stay,) = stays(ann)

        assert stay.status_id == Status.objects.of(shop).get(key="potential").pk
        assert stay.since == ann.status_at
