"""Membership follows every change of a customer, through the worker."""

from datetime import timedelta

import pytest

from regulars.customers import operations as customers
from regulars.customers.anonymise import anonymise
from regulars.customers.bin import delete_customer, purge, restore_customer
from regulars.customers.bulk import create_many, tag_many, undo_batch
from regulars.customers.fields import where_q
from regulars.customers.models import Customer, Group, Tag
from regulars.customers.operations import ensure_tags
from regulars.customers.profile import read_profile
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.models import Order
from regulars.orders.operations import cancel_order, reassign_orders, record_order, record_refund
from regulars.orders.windows import expire_windows
from regulars.segments.jobs import ask_at_midnight
from regulars.segments.members import members
from regulars.segments.models import Override, SegmentSize
from regulars.segments.operations import change_segment, set_members
from regulars.segments.passes import is_due, start_pass
from regulars.shops.models import JobRun
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders import trade
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


def told(made, kind):
    return Event.objects.filter(shop_id=made.shop_id, about="segment", about_id=made.pk, kind=kind).count()


class TestLiving:
    def test_the_first_answer_is_found_in_the_background_and_tells_of_nobody(self, shop):
        create_customer(shop, name="Ann", tags="VIP")
        create_customer(shop, name="Bo")

        vip = segment(shop, "tags CONTAINS 'vip'", "Best")

        assert names_in(vip) == ["Ann"]
        assert vip.key == "best"
        assert vip.size == 1
        assert vip.evaluated_at is not None
        assert told(vip, "segment.entered") == 0

    def test_an_order_brings_its_buyer_in_and_its_cancelling_out(self, shop):
        ann = create_customer(shop, name="Ann")
        buyers = segment(shop, "orders >= 1", "Buyers")

        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)

        assert names_in(buyers) == ["Ann"]
        assert fresh(buyers).size == 1
        assert told(buyers, "segment.entered") == 1

        cancel_order(Order.objects.of(shop).get(), by=SYSTEM)

        assert names_in(buyers) == []
        assert fresh(buyers).size == 0
        assert told(buyers, "segment.left") == 1
        day = SegmentSize.objects.of(shop).get(segment=buyers)
        assert (day.size, day.entered, day.left) == (0, 1, 1)

    def test_a_report_that_changes_nothing_moves_nobody(self, shop):
        ann = create_customer(shop, name="Ann")
        buyers = segment(shop, "orders >= 1", "Buyers")
        for _time in range(3):
            record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
            run_waiting_jobs()

        assert told(buyers, "segment.entered") == 1

    def test_after_a_refund_the_live_one_loses_who_the_static_one_keeps(self, shop):
        ann = create_customer(shop, name="Ann")
        paid = trade.payment(500, order_external_id="a")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=500, payments=[paid]), by=SYSTEM)
        live = segment(shop, "total_spent >= 300", "Live")
        static = segment(shop, "total_spent >= 300", "Static", kind="static")

        record_refund(shop, trade.payment(400, order_external_id="a"), by=SYSTEM)

        assert names_in(live) == []
        assert names_in(static) == ["Ann"]

    def test_an_order_that_turns_out_to_be_a_test_counts_no_more(self, shop):
        ann = create_customer(shop, name="Ann")
        buyers = segment(shop, "orders >= 1", "Buyers")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=100, source_updated_at=trade.later(1)), by=SYSTEM)
        assert names_in(buyers) == ["Ann"]

        record_order(
            shop,
            trade.order("a", customer_id=ann.pk, total=100, is_test=True, source_updated_at=trade.later(2)),
            by=SYSTEM,
        )
        assert names_in(buyers) == []

    def test_moved_orders_move_both_customers(self, shop):
        ann, bo = create_customer(shop, name="Ann"), create_customer(shop, name="Bo")
        buyers = segment(shop, "orders >= 1", "Buyers")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
        reassign_orders(Order.objects.of(shop), bo, by=SYSTEM)

        assert names_in(buyers) == ["Bo"]


class TestByHand:
    def test_what_was_decided_goes_before_the_conditions_until_it_is_taken_back(self, shop):
        ann, bo = create_customer(shop, name="Ann", tags="VIP"), create_customer(shop, name="Bo")
        vip = segment(shop, "tags CONTAINS 'VIP'", "Best")

        assert set_members(vip, [ann.pk], False, staff=None, by=SYSTEM) == 1
        assert set_members(vip, [bo.pk, bo.pk], True, staff=None, by=SYSTEM) == 1
        assert set_members(vip, [bo.pk], True, staff=None, by=SYSTEM) == 0
        assert names_in(vip) == ["Bo"]

        tag = ensure_tags(shop, ["VIP", "new"])
        tag_many(shop, [ann.pk, bo.pk], [tag["new"].pk], by=SYSTEM)
        start_pass(shop, everything=True)
        assert names_in(vip) == ["Bo"]

        assert set_members(vip, [ann.pk, bo.pk], None, staff=None, by=SYSTEM) == 2
        assert names_in(vip) == ["Ann"]
        assert fresh(vip).size == 1

    def test_another_shops_customers_are_left_alone(self, shop):
        vip = segment(shop, "tags IS NOT NULL", "Best")
        stranger = create_customer(create_shop("There"))

        assert set_members(vip, [stranger.pk], True, staff=None, by=SYSTEM) == 0
        assert names_in(vip) == []


class TestTheBin:
    def test_who_is_in_the_bin_is_in_no_segment_and_comes_back_into_all(self, shop):
        ann = create_customer(shop, name="Ann", tags="VIP")
        live = segment(shop, "tags CONTAINS 'VIP'", "Live")
        static = segment(shop, "tags CONTAINS 'VIP'", "Static", kind="static")

        delete_customer(ann, by=SYSTEM)
        assert (names_in(live), names_in(static)) == ([], [])
        assert (fresh(live).size, fresh(static).size) == (0, 0)

        restore_customer(ann, by=SYSTEM)
        assert (names_in(live), names_in(static)) == (["Ann"], ["Ann"])
        assert (fresh(live).size, fresh(static).size) == (1, 1)
        assert Override.objects.of(shop).count() == 0

    def test_who_is_gone_for_good_is_counted_no_more(self, shop):
        ann = create_customer(shop, name="Ann", tags="VIP")
        live = segment(shop, "tags CONTAINS 'VIP'", "Live")

        delete_customer(ann, by=SYSTEM)
        ann.refresh_from_db()
        purge(ann, by=SYSTEM)

        assert names_in(live) == []
        assert fresh(live).size == 0

    def test_who_is_forgotten_leaves(self, shop):
        ann = create_customer(shop, name="Ann", tags="VIP")
        live = segment(shop, "", "Live")
        anonymise(ann, by=SYSTEM)

        assert names_in(live) == []
        assert fresh(live).size == 0

    def test_a_batch_is_undone_though_its_customers_entered_segments(self, shop):
        segment(shop, "", "All")
        run = JobRun.objects.create(shop=shop, kind="import", title="")
        create_many(
            shop,
            [read_profile({"name": "Di"}, country="VN", tz=shop.timezone)],
            by=SYSTEM,
            source="import",
            batch_id=run.pk,
        )
        run_waiting_jobs()

        assert undo_batch(shop, run.pk, by=SYSTEM).removed == 1


class TestLayers:
    def test_who_asks_for_others_is_asked_after_them(self, shop):
        ann = create_customer(shop, name="Ann")
        c = segment(shop, "NOT tags IS NULL OR orders >= 1", "C")
        b = segment(shop, "segment = 'c'", "B")
        a = segment(shop, "segment = 'b'", "A")

        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)

        assert [names_in(one) for one in (a, b, c)] == [["Ann"]] * 3

    def test_a_changed_question_reaches_those_who_ask_for_it(self, shop):
        create_customer(shop, name="Ann", tags="VIP")
        inner = segment(shop, "tags CONTAINS 'VIP'", "Inner")
        outer = segment(shop, "NOT segment = 'inner'", "Outer")
        assert names_in(outer) == []

        change_segment(inner, where="NOT tags CONTAINS 'VIP'", by=SYSTEM)
        assert names_in(outer) == ["Ann"]
        assert told(outer, "segment.entered") == 1
        assert told(inner, "segment.left") == 0


class TestFaults:
    def test_what_cannot_be_understood_any_more_keeps_its_members_and_says_why(self, shop):
        ann = create_customer(shop, name="Ann", tags="VIP;new")
        vip = segment(shop, "tags CONTAINS 'VIP'", "Best")
        other = segment(shop, "tags CONTAINS 'new'", "Other")
        Tag.objects.of(shop).filter(name="VIP").update(name="Gone", key="gone")

        tag_many(shop, [ann.pk], [], [Tag.objects.of(shop).get(key="new").pk], by=SYSTEM)

        assert names_in(other) == []
        assert names_in(vip) == ["Ann"]
        assert "VIP" in fresh(vip).fault

        Tag.objects.of(shop).filter(key="gone").update(name="VIP", key="vip")
        create_customer(shop, name="Bo", tags="VIP")

        assert names_in(vip) == ["Ann", "Bo"]
        assert fresh(vip).fault == ""
        assert fresh(vip).defined_at > vip.defined_at


class TestMidnight:
    def test_relative_dates_mean_other_days_after_the_shops_midnight(self, shop, monkeypatch):
        ann = create_customer(shop, name="Ann", created_at="2026-11-01")
        Customer.objects.filter(pk=ann.pk).update(created_at=trade.DAY)
        at(monkeypatch, trade.DAY + timedelta(days=3))
        young = segment(shop, "created_at >= -7d", "Young")
        ask_at_midnight()
        assert names_in(young) == ["Ann"]

        at(monkeypatch, trade.DAY + timedelta(days=4))
        ask_at_midnight()
        assert names_in(young) == ["Ann"]

        at(monkeypatch, trade.DAY + timedelta(days=9))
        assert is_due(shop)
        ask_at_midnight()
        assert names_in(young) == []
        assert not is_due(shop)
        assert told(young, "segment.left") == 1

    def test_windows_of_months_bring_out_who_bought_long_ago(self, shop, monkeypatch):
        ann = create_customer(shop, name="Ann")
        paid = trade.payment(500, order_external_id="a")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=500, payments=[paid]), by=SYSTEM)
        recent = segment(shop, "spent_3m > 0", "Recent")
        expire_windows(shop)
        assert names_in(recent) == ["Ann"]

        monkeypatch.setattr("regulars.orders.stats.now", lambda: trade.DAY + timedelta(days=120))
        expire_windows(shop)
        assert names_in(recent) == []


def at(monkeypatch, moment):
    """What the clock says where questions are asked."""
    monkeypatch.setattr("regulars.customers.fields.right_now", lambda: moment)


class TestCounting:
    def test_the_count_the_list_and_the_field_agree(self, shop):
        for number in range(5):
            create_customer(shop, name=f"Ann {number}", tags="VIP" if number % 2 else "")
        vip = segment(shop, "tags CONTAINS 'VIP'", "Best")

        found = Customer.objects.of(shop).filter(where_q(shop, "segment = 'best'"))

        assert found.count() == members(vip).count() == vip.size == 2
        assert set(found) == set(members(vip))

    def test_a_group_holds_only_its_own_whatever_segments_they_are_in(self, shop):
        business = Group.objects.of(shop).get(key="business")
        ann, bo = create_customer(shop, name="Ann", tags="VIP"), create_customer(shop, name="Bo", tags="VIP")
        segment(shop, "tags CONTAINS 'VIP'", "One")
        segment(shop, "", "Two")
        customers.set_group(ann, business, by=SYSTEM)

        firms = segment(shop, "group = 'business'", "Firms")
        both = Customer.objects.of(shop).filter(where_q(shop, "group = 'business' AND segment IN ('one', 'two')"))

        assert names_in(firms) == ["Ann"]
        assert [one.pk for one in both] == [ann.pk]
        assert bo.pk not in set(members(firms).values_list("pk", flat=True))
