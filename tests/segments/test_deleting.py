"""Deleting segments, taking it back, and the end of them."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from regulars.customers.models import Customer, Group
from regulars.customers.operations import delete_customer, restore_customer, update_customer
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.errors import SegmentCycle, SegmentExists
from regulars.segments.jobs import DAYS, forget_deleted
from regulars.segments.models import GroupRule, Membership, Override, Segment, SegmentSize
from regulars.segments.operations import (
    create_segment,
    delete_segment,
    restore_segment,
    set_members,
)
from regulars.shops.models import Shop
from tests.factories import SYSTEM, create_customer, create_shop
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db

VIP = "tags CONTAINS 'VIP'"


@pytest.fixture
def shop() -> Shop:
    made = create_shop()
    create_customer(made, name="Ann", tags="VIP")
    create_customer(made, name="Bo", tags="VIP")
    create_customer(made, name="Cy")
    return made


def customer(shop: Shop, name: str) -> Customer:
    return Customer.objects.of(shop).get(name=name)


def deleted(made: Segment) -> Segment:
    """The same, deleted, and out of everybody's memberships."""
    delete_segment(made, by=SYSTEM)
    run_waiting_jobs()
    return Segment.objects.ever_of(made.shop_id).gone().get(pk=made.pk)


class TestADeletedSegment:
    def test_is_nowhere_and_nobody_is_in_it(self, shop):
        made = segment(shop, VIP)

        deleted(made)

        assert not Segment.objects.of(shop).exists()
        assert not Membership.objects.of(shop).exclude(segment_ids=[]).exists()
        assert Event.objects.filter(shop_id=shop.pk).latest("pk").kind == "segment.deleted"

    def test_leaves_its_name_free_but_not_its_key(self, shop):
        made = deleted(segment(shop, VIP, "Best"))

        other = segment(shop, VIP, "Best")

        assert other.key != made.key

    def test_is_not_deleted_twice(self, shop):
        made = segment(shop, VIP)
        for _time in range(2):
            delete_segment(made, by=SYSTEM)

        assert Event.objects.filter(shop_id=shop.pk, kind="segment.deleted").count() == 1

    def test_with_a_fault_sets_nothing_off(self, shop):
        made = segment(shop, VIP)
        Segment.objects.filter(pk=made.pk).update(fault="no such tag")
        deleted(made)
        before = Event.objects.filter(shop_id=shop.pk).count()

        update_customer(customer(shop, "Cy"), {"company": "Cy & Co"}, by=SYSTEM)
        run_waiting_jobs()

        assert Event.objects.filter(shop_id=shop.pk).count() == before + 1

    def test_is_gone_for_good_after_thirty_days(self, shop):
        young, old = segment(shop, VIP, "Young"), segment(shop, "", "Old", kind="static")
        set_members(young, [customer(shop, "Cy").pk], True, staff=None, by=SYSTEM)
        delete_segment(old, by=SYSTEM)
        Segment.objects.filter(pk=old.pk).update(deleted_at=now() - timedelta(days=DAYS, minutes=1))
        deleted(young)

        forget_deleted()

        assert list(Segment.objects.ever_of(shop)) == [young]
        assert not Override.objects.of(shop).filter(segment_id=old.pk).exists()
        assert not SegmentSize.objects.of(shop).filter(segment_id=old.pk).exists()
        assert not Membership.objects.of(shop).filter(segment_ids__contains=[old.pk]).exists()


class TestRestoring:
    def test_a_dynamic_one_finds_its_members_anew(self, shop):
        made = segment(shop, VIP)
        set_members(made, [customer(shop, "Cy").pk], True, staff=None, by=SYSTEM)
        gone = deleted(made)
        update_customer(customer(shop, "Bo"), {"tags": []}, by=SYSTEM)

        back = restore_segment(gone, by=SYSTEM)

        assert names_in(back) == ["Ann", "Cy"]
        assert fresh(back).size == 2
        assert fresh(back).evaluated_at
        assert not Event.objects.filter(shop_id=shop.pk, kind="segment.left").exists()

    def test_a_static_one_holds_whom_it_held(self, shop):
        made = segment(shop, VIP, kind="static")
        gone = deleted(made)
        create_customer(shop, name="Di", tags="VIP")

        back = restore_segment(gone, by=SYSTEM)

        assert names_in(back) == ["Ann", "Bo"]
        assert back.size == fresh(back).size == 2
        assert not Override.objects.of(shop).exists()

    def test_at_once_before_anybody_was_forgotten(self, shop):
        for kind in ("dynamic", "static"):
            made = segment(shop, VIP, kind, kind=kind)
            delete_segment(made, by=SYSTEM)

            back = restore_segment(made, by=SYSTEM)

            assert names_in(back) == ["Ann", "Bo"]
            assert fresh(back).size == 2

    def test_half_forgotten_is_whole_again(self, shop):
        made = segment(shop, VIP, kind="static")
        delete_segment(made, by=SYSTEM)
        ann = customer(shop, "Ann")
        Membership.objects.of(shop).filter(customer=ann).update(segment_ids=[])
        Override.objects.create(shop=shop, segment=made, customer=ann, is_member=True)

        assert names_in(restore_segment(made, by=SYSTEM)) == ["Ann", "Bo"]
        assert fresh(made).size == 2

    def test_who_went_into_the_bin_meanwhile_is_in_it_once_they_are_back(self, shop):
        gone = deleted(segment(shop, VIP, kind="static"))
        ann = delete_customer(customer(shop, "Ann"), by=SYSTEM)
        run_waiting_jobs()
        back = restore_segment(gone, by=SYSTEM)
        assert names_in(back) == ["Bo"]

        restore_customer(ann, by=SYSTEM)

        assert names_in(back) == ["Ann", "Bo"]

    def test_a_customer_out_of_the_bin_stays_out_of_what_is_deleted(self, shop):
        gone = segment(shop, VIP, kind="static")
        ann = delete_customer(customer(shop, "Ann"), by=SYSTEM)
        run_waiting_jobs()
        gone = deleted(gone)

        restore_customer(ann, by=SYSTEM)
        run_waiting_jobs()

        assert not Membership.objects.of(shop).filter(segment_ids__contains=[gone.pk]).exists()
        assert names_in(restore_segment(gone, by=SYSTEM)) == ["Ann", "Bo"]

    def test_one_that_is_there_changes_nothing(self, shop):
        made = segment(shop, VIP)

        assert restore_segment(made, by=SYSTEM).defined_at == made.defined_at

    def test_is_refused_while_another_one_is_called_so(self, shop):
        gone = deleted(segment(shop, VIP, "Best"))
        create_segment(shop, name="best", where=VIP, by=SYSTEM)

        with pytest.raises(SegmentExists):
            restore_segment(gone, by=SYSTEM)

        assert Segment.objects.of(shop).get().name == "best"

    def test_is_refused_where_it_would_ask_for_itself_by_now(self, shop):
        gone = deleted(segment(shop, "group = 'business'", "Firms"))
        group = Group.objects.of(shop).get(key="business")
        GroupRule.objects.create(shop=shop, group=group, where="segment IS NOT NULL")

        with pytest.raises(SegmentCycle):
            restore_segment(gone, by=SYSTEM)

        assert not Segment.objects.of(shop).exists()
