"""How a segment was, and in which segments somebody is."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from regulars.customers.bulk import tag_many
from regulars.customers.fields import context_for, customer_fields, where_q
from regulars.customers.models import Customer
from regulars.customers.operations import ensure_tags
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import compile_where, parse, sentence, write
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.orders.operations import record_order
from regulars.segments.errors import NoHistory
from regulars.segments.history import members_as_of, moves, sizes
from regulars.segments.members import customers_in, segments_of
from regulars.segments.models import Segment, SegmentSize
from regulars.segments.operations import change_segment, set_members
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.orders import trade
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def vip(shop):
    """Ann was there from the start; Bo came two days ago and left yesterday; Cy came an hour ago."""
    people = {
        name: create_customer(shop, name=name, tags="VIP" if name == "Ann" else "") for name in ("Ann", "Bo", "Cy")
    }
    made = segment(shop, "tags CONTAINS 'vip'", "Best")
    tag = ensure_tags(shop, ["VIP"])["vip"].pk
    moment = now()
    for name, add, ago in (("Bo", [tag], 48), ("Bo", [], 24), ("Cy", [tag], 1)):
        last = Event.objects.order_by("id").last().pk
        tag_many(shop, [people[name].pk], add, [] if add else [tag], by=SYSTEM)
        run_waiting_jobs()
        Event.objects.filter(pk__gt=last, about="segment").update(at=moment - timedelta(hours=ago))
    Segment.objects.filter(pk=made.pk).update(defined_at=moment - timedelta(days=3))
    return fresh(made)


class TestHistory:
    def test_tells_who_came_and_went_newest_first(self, vip):
        names = dict(Customer.objects.of(vip.shop).values_list("pk", "name"))
        all_moves = moves(vip)

        assert [(names[one.customer_id], one.entered) for one in all_moves] == [
            ("Cy", True),
            ("Bo", False),
            ("Bo", True),
        ]
        assert moves(vip, limit=1, before=all_moves[0].cursor) == all_moves[1:2]
        assert moves(vip, entered=False) == all_moves[1:2]

    def test_knows_its_members_of_a_past_time(self, vip):
        def then(**ago):
            ids = members_as_of(vip, now() - timedelta(**ago)).ids
            return sorted(Customer.objects.of(vip.shop).filter(pk__in=ids).values_list("name", flat=True))

        assert then(days=2, hours=12) == ["Ann"]
        assert then(hours=36) == ["Ann", "Bo"]
        assert then(hours=12) == ["Ann"]
        assert then(minutes=1) == ["Ann", "Cy"] == names_in(vip)
        assert members_as_of(vip, now()).reaches_back_to == vip.defined_at

    def test_refuses_what_nobody_knows(self, vip):
        with pytest.raises(NoHistory):
            members_as_of(vip, vip.defined_at - timedelta(seconds=1))
        changed = change_segment(vip, where="orders >= 1", by=SYSTEM)
        with pytest.raises(NoHistory):
            members_as_of(changed, now())
        assert moves(changed) == []

    def test_sizes_are_kept_for_days_on_which_nothing_happened(self, vip):
        today = sizes(vip, 1)[0]
        assert (today.size, today.entered, today.left) == (2, 2, 1)

        SegmentSize.objects.of(vip.shop).update(day=today.day - timedelta(days=3))
        assert [(one.size, one.entered) for one in sizes(vip, 10)] == [(2, 2), (2, 0), (2, 0), (2, 0)]
        assert [(one.size, one.entered) for one in sizes(vip, 2)] == [(2, 0), (2, 0)]

    def test_is_told_on_the_timeline(self, vip):
        cy = Customer.objects.of(vip.shop).select_related("shop").get(name="Cy")
        told = timeline(cy, create_staff(vip.shop))

        assert "Entered the segment Best" in ["".join(part["text"] for part in one["parts"]) for one in told]


class TestMembers:
    def test_since_when_somebody_is_in(self, vip):
        ann, cy = (Customer.objects.of(vip.shop).get(name=name) for name in ("Ann", "Cy"))
        [first], [late] = segments_of(ann), segments_of(cy)

        assert (first.segment, first.since, first.is_exact, first.by_hand) == (vip, vip.defined_at, False, False)
        assert late.is_exact
        assert late.since > vip.defined_at

        set_members(vip, [ann.pk], True, staff=None, by=SYSTEM)
        assert segments_of(ann)[0].by_hand
        assert segments_of(create_customer(vip.shop, name="Di")) == []

    def test_of_several_segments_each_once(self, shop, vip):
        other = segment(shop, "", "All")
        assert customers_in(shop, [vip.pk, other.pk]).count() == 3

    def test_no_shop_sees_anothers(self, vip):
        there = create_shop("There")
        create_customer(there, name="Zoe", tags="VIP")
        theirs = segment(there, "tags CONTAINS 'vip'", "Best")

        assert names_in(theirs) == ["Zoe"]
        assert names_in(vip) == ["Ann", "Cy"]
        assert customers_in(there, [vip.pk]).count() == 0


class TestTheField:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("segment = 'best'", ["Ann", "Cy"]),
            ("segment = 'Best'", ["Ann", "Cy"]),
            ("segments CONTAINS 'best'", ["Ann", "Cy"]),
            ("in_segment != 'best'", ["Bo", "Di"]),
            ("segment NOT CONTAINS 'best'", ["Bo", "Di"]),
            ("segment IN ('best', 'all')", ["Ann", "Bo", "Cy"]),
            ("segment NOT IN ('best', 'nobody')", ["Bo", "Di"]),
            ("segment CONTAINS ALL ('best', 'all')", ["Ann", "Cy"]),
            ("segment IS NULL", ["Di"]),
            ("segment IS NOT NULL", ["Ann", "Bo", "Cy"]),
        ],
    )
    def test_asks_each_way_alike_in_sql_and_of_one_row(self, shop, vip, text, names):
        segment(shop, "name != 'Di'", "All")
        segment(shop, "name = 'nobody'", "Nobody")
        create_customer(shop, name="Di")
        run_waiting_jobs()
        ctx, node = context_for(shop), parse(text)
        people = Customer.objects.of(shop)

        assert sorted(people.filter(where_q(shop, text)).values_list("name", flat=True)) == names
        assert sentence(node, customer_fields, ctx)
        canonical = write(customer_fields.canonical(node, ctx))
        assert sorted(people.filter(where_q(shop, canonical)).values_list("name", flat=True)) == names

    def test_shows_names(self, shop, vip):
        ctx = context_for(shop)
        [row] = customer_fields.fetch(Customer.objects.of(shop).filter(name="Ann"), ["segment"], ctx)

        assert customer_fields["segment"].value(row, ctx) == ["Best"]
        assert customer_fields["segment"].options(ctx) == [("best", "Best")]

    def test_orders_ask_for_their_customer(self, shop, vip):
        ann = Customer.objects.of(shop).get(name="Ann")
        record_order(shop, trade.order("a", customer_id=ann.pk), by=SYSTEM)
        record_order(shop, trade.order("b"), by=SYSTEM)
        ctx = context_for(shop)

        def found(text):
            orders = Order.objects.of(shop).filter(compile_where(parse(text), order_fields, ctx))
            return sorted(orders.values_list("external_id", flat=True))

        assert found("customer_segment = 'best'") == ["a"]
        assert found("customer_segment != 'best'") == ["b"]
        assert found("NOT customer_segment = 'best'") == ["b"]
        assert found("customer_segment IS NULL") == ["b"]
