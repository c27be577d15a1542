"""Programs that merge customers, and read who may be the same."""

import pytest

from regulars.customers.merging import newest_merge, unmerge
from regulars.customers.models import Customer, PossibleDuplicate
from regulars.customers.operations import delete_customer
from regulars.shops.permissions import Scope
from tests.api.asking import create_order, problem, program
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com")


@pytest.fixture
def bea(shop):
    return create_customer(shop, name="Bea", email="bea@example.com", company="Tea House")


@pytest.fixture
def till(shop):
    return program(shop)


def pair(shop, first, second, score=70):
    return PossibleDuplicate.objects.create(shop=shop, first=first, second=second, score=score, reasons=["name"])


class TestMerging:
    def test_makes_one_of_several_as_it_was_chosen(self, shop, till, ann, bea):
        create_order(bea, 100)

        made = till.post(f"/customers/{ann.pk}/merge", {"ids": [bea.pk], "choices": {"name": bea.pk}})

        assert made.status_code == 200, made.content
        told = made.json()["customer"]
        assert (told["id"], told["name"], told["email"]) == (ann.pk, "Bea", "ann@example.com")
        assert (told["company"], told["orders"]) == ("Tea House", 1)
        assert made.json()["merge_id"] == newest_merge(shop, ann.pk).pk

    def test_leads_old_numbers_to_the_survivor_through_chains(self, shop, till, ann, bea):
        """T91: A into B, B into C; a program that knows A or B gets C, in whatever way it asks."""
        cam = create_customer(shop, name="Cam")
        till.post(f"/customers/{bea.pk}/merge", {"ids": [ann.pk]})
        till.post(f"/customers/{cam.pk}/merge", {"ids": [bea.pk]})

        for old in (ann, bea, cam):
            assert till.ask(f"/customers/{old.pk}")["id"] == cam.pk
        assert [row["id"] for row in till.ask("/customers")["customers"]] == [cam.pk]

    def test_can_be_taken_back_by_staff(self, shop, till, ann, bea):
        till.post(f"/customers/{ann.pk}/merge", {"ids": [bea.pk]})

        unmerge(newest_merge(shop, ann.pk), by=SYSTEM)

        assert till.ask(f"/customers/{bea.pk}")["name"] == "Bea"

    @pytest.mark.parametrize(
        ("sent", "code"),
        [({"ids": []}, "api.not_valid"), ({"ids": ["ann"]}, "api.not_valid"), ({"id": 3}, "api.not_valid")],
    )
    def test_of_nobody_is_refused(self, till, ann, sent, code):
        problem(till.post(f"/customers/{ann.pk}/merge", sent), 422, code)

    def test_with_oneself_six_or_wrong_choices_is_refused(self, shop, till, ann, bea):
        crowd = [create_customer(shop, name=f"C{n}").pk for n in range(5)]
        address = f"/customers/{ann.pk}/merge"

        problem(till.post(address, {"ids": [ann.pk]}), 422, "customers.merge_wrong_number")
        problem(till.post(address, {"ids": crowd}), 422, "customers.merge_wrong_number")
        for choices in ({"shoe": ann.pk}, {"name": crowd[0]}):
            problem(till.post(address, {"ids": [bea.pk], "choices": choices}), 422, "customers.merge_bad_choice")
        assert Customer.objects.of(shop).alive().count() == 7

    def test_never_reaches_into_another_shop(self, shop, till, ann):
        """T93."""
        stranger = create_customer(create_shop("There"), name="Stranger")

        problem(till.post(f"/customers/{ann.pk}/merge", {"ids": [stranger.pk]}), 404, "api.not_there")
        problem(till.post(f"/customers/{stranger.pk}/merge", {"ids": [ann.pk]}), 404, "api.not_there")
        assert Customer.objects.alive().count() == 2

    def test_needs_its_scope(self, shop, ann, bea):
        clerk = program(shop, Scope.CUSTOMERS, Scope.EDIT_CUSTOMERS)

        problem(clerk.post(f"/customers/{ann.pk}/merge", {"ids": [bea.pk]}), 403, "api.scope_missing")
        problem(clerk.get("/duplicates"), 403, "api.scope_missing")


class TestDuplicates:
    def test_are_told_page_by_page(self, shop, till, ann, bea):
        cam = create_customer(shop, name="Cam")
        pairs = [pair(shop, ann, bea), pair(shop, ann, cam), pair(shop, bea, cam)]

        rows = till.all_of("/duplicates", "duplicates", limit=1)

        assert [row["id"] for row in rows] == [one.pk for one in pairs]
        assert rows[0] == {
            "id": pairs[0].pk, "customer_ids": [ann.pk, bea.pk], "score": 70, "reasons": ["name"],
        }  # fmt: skip
        mine = till.ask("/duplicates", customer=cam.pk)["duplicates"]
        assert [row["id"] for row in mine] == [pairs[1].pk, pairs[2].pk]

    def test_of_who_is_gone_or_elsewhere_are_not(self, shop, till, ann, bea):
        there = create_shop("There")
        pair(there, create_customer(there), create_customer(there))
        pair(shop, ann, bea)
        delete_customer(bea, by=SYSTEM)

        assert till.ask("/duplicates") == {"duplicates": [], "next": None}
