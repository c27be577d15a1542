"""Segments for programs."""

import pytest

from regulars.segments.models import Membership, Segment
from tests.api.asking import problem, program
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here")


def create_segment(shop, key, *members, **facts):
    """A segment as it is stored, with these members."""
    segment = Segment.objects.create(shop=shop, key=key, name=key.title(), size=len(members), **facts)
    for customer in members:
        Membership.objects.create(shop=shop, customer=customer, segment_ids=[segment.pk])
    return segment


class TestSegments:
    def test_are_listed_page_after_page(self, shop):
        keys = [create_segment(shop, f"s{n}", where="orders > 1").key for n in range(5)]

        rows = program(shop, "segments.read").all_of("/segments", "segments", limit=2)

        assert [row["key"] for row in rows] == keys
        assert rows[0]["where"] == "orders > 1"

    def test_are_found_by_key_or_number(self, shop):
        vip, seven = create_segment(shop, "vip"), create_segment(shop, "7")
        till = program(shop)

        assert till.ask("/segments/vip")["id"] == till.ask(f"/segments/{vip.pk}")["id"] == vip.pk
        assert till.ask("/segments/7")["id"] == seven.pk

    @pytest.mark.parametrize("reference", ["nobody", "0", "9" * 18, "9" * 60, "²", "vi%20p"])
    def test_that_are_not_there_are_not_found(self, shop, reference):
        problem(program(shop).get(f"/segments/{reference}"), 404, "api.not_there")

    def test_of_another_shop_do_not_exist(self, shop):
        there = create_shop("There")
        vip = create_segment(there, "vip", create_customer(there, name="Ann"))

        for reference in ("vip", vip.pk):
            problem(program(shop).get(f"/segments/{reference}"), 404, "api.not_there")
            problem(program(shop).get(f"/segments/{reference}/members"), 404, "api.not_there")

    def test_cannot_be_asked_about_without_their_scope(self, shop):
        create_segment(shop, "vip", create_customer(shop, name="Ann"))

        narrow, wide = program(shop, "customers.read"), program(shop, "customers.read", "segments.read")

        problem(narrow.get("/customers/count", where="segment = vip"), 422, "query.bad_condition")
        assert wide.ask("/customers/count", where="segment = vip") == {"count": 1}


class TestMembers:
    def test_are_told_and_paged_as_customers_are(self, shop):
        people = [create_customer(shop, name=f"Ann {n}") for n in range(5)]
        create_customer(shop, name="Outsider")
        create_segment(shop, "vip", *people)

        rows = program(shop).all_of("/segments/vip/members", "customers", limit=2, sort="name", fields="name")

        assert [row["name"] for row in rows] == [f"Ann {n}" for n in range(5)]

    def test_can_be_questioned_further(self, shop):
        ann, bob = create_customer(shop, name="Ann"), create_customer(shop, name="Bob")
        create_segment(shop, "vip", ann, bob)

        page = program(shop).ask("/segments/vip/members", where="name = 'bob'")

        assert [row["id"] for row in page["customers"]] == [bob.pk]
