"""Why a customer is in a segment, or is not."""

import pytest

from regulars.customers.models import Customer
from regulars.segments.models import Membership, Override, Segment
from regulars.segments.why import explain
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def lan(shop):
    return create_staff(shop, name="Lan")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", city="Hue", tags="VIP")


def segment(shop, where, **facts):
    return Segment.objects.create(shop=shop, key="test", name="Test", where=where, **facts)


def join(one, customer):
    Membership.objects.create(shop=one.shop, customer=customer, segment_ids=[one.pk])


class TestWhy:
    def test_tells_of_every_condition_whether_it_holds_and_what_the_customer_has(self, shop, lan, ann):
        found = explain(segment(shop, "orders >= 5 AND tags CONTAINS 'VIP'"), ann, staff=lan)

        told = [(part.text, part.holds, part.value) for part in found.tree.parts]
        assert told == [("Orders: at least 5", False, "0"), ("Tags: VIP", True, "VIP")]
        assert (found.is_member, found.tree.kind, found.tree.holds) == (False, "all", False)

    def test_follows_groups_inside_groups(self, shop, lan, ann):
        found = explain(segment(shop, "city = 'Hue' AND NOT (orders >= 1 OR total_spent > 0)"), ann, staff=lan)

        _city, negated = found.tree.parts
        assert (negated.kind, negated.holds) == ("not", True)
        assert [part.holds for part in negated.parts[0].parts] == [False, False]

    def test_says_how_often_something_happened(self, shop, lan, ann):
        found = explain(segment(shop, "orders_placed MATCHES (date >= -90d, count >= 2)"), ann, staff=lan)

        assert found.tree.value == "How many orders: 0"

    def test_says_that_the_membership_is_about_to_follow(self, shop, lan, ann):
        vip = segment(shop, "tags CONTAINS 'VIP'")

        assert explain(vip, ann, staff=lan).is_late

        join(vip, ann)
        assert not explain(vip, ann, staff=lan).is_late

    def test_names_who_decided_by_hand(self, shop, lan, ann):
        vip = segment(shop, "orders >= 5")
        join(vip, ann)
        Override.objects.create(shop=shop, segment=vip, customer=ann, is_member=True, by=lan)

        found = explain(vip, ann, staff=lan)

        assert (found.is_member, found.is_late, found.override.by) == (True, False, lan)

    def test_hides_what_the_reader_may_not_know(self, shop, ann):
        viewer = create_staff(shop, role="viewer")
        Customer.objects.filter(pk=ann.pk).update(email="ann@example.com")

        found = explain(segment(shop, "email CONTAINS 'ann@'"), ann, staff=viewer)

        assert (found.tree.is_hidden, found.tree.text, found.tree.value) == (True, "", "")

    def test_says_why_conditions_cannot_be_asked(self, shop, lan, ann):
        found = explain(segment(shop, "tags CONTAINS 'Gone'"), ann, staff=lan)

        assert (found.tree, found.is_late) == (None, False)
        assert "Gone" in found.fault
