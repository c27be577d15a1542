"""What is said before customers with open debts or credits are deleted, removed for good, or become one."""

import html

import pytest
from django.test import Client

from regulars.customers.models import Customer
from regulars.customers.operations import delete_customer, set_staff
from regulars.orders.operations import record_order
from regulars.shops.models import Shop, Staff
from tests.factories import SYSTEM, create_customer, create_staff
from tests.house.asking import signed_in
from tests.orders.trade import BY, order

pytestmark = pytest.mark.django_db

STAYS = "Deleting changes nothing of it"


@pytest.fixture
def mai() -> Staff:
    return create_staff(role="manager")


def trading(shop: Shop, name: str, total: int, paid: int) -> Customer:
    """Somebody who bought for so much and paid so much of it."""
    ann = create_customer(shop, name=name)
    record_order(shop, order(total=total, paid=paid, customer_id=ann.pk), by=BY)
    return ann


@pytest.fixture
def people(mai) -> dict[str, Customer]:
    """Two who owe 1,200 together, one who paid 30 too much, and one who owes nothing."""
    facts = {"Ann": (1000, 0), "Bob": (500, 300), "Cleo": (100, 130), "Dan": (50, 50)}
    return {name: trading(mai.shop, name, *amounts) for name, amounts in facts.items()}


def said(desk: Client, staff: Staff, path: str) -> str:
    return html.unescape(desk.get(f"/s/{staff.shop.slug}/customers/{path}").content.decode())


def chosen(people: dict[str, Customer], *names: str) -> str:
    return "&".join(f"ids={people[name].pk}" for name in names)


class TestDeletingMany:
    def test_tells_who_of_them_owes_and_how_much(self, mai, people):
        asked = said(signed_in(mai), mai, f"bulk/delete/?{chosen(people, *people)}")

        assert "2 of them owe ₫1,200 together. 1 of them paid ₫30 too much, which is not paid back." in asked
        assert STAYS in asked

    def test_tells_it_of_all_who_match_but_the_unticked(self, mai, people):
        everyone = f"bulk/delete/?everyone=1&where=orders >= 1&without={people['Ann'].pk}"

        assert "1 of them owes ₫200." in said(signed_in(mai), mai, everyone)

    def test_says_nothing_of_those_who_owe_nothing(self, mai, people):
        asked = said(signed_in(mai), mai, f"bulk/delete/?{chosen(people, 'Dan')}")

        assert "1 customer" in asked and STAYS not in asked

    def test_says_it_of_one(self, mai, people):
        asked = said(signed_in(mai), mai, f"bulk/delete/?{chosen(people, 'Cleo')}")

        assert "This customer paid ₫30 too much" in asked and "of them" not in asked

    def test_tells_who_is_limited_to_their_own_of_their_own(self, mai, people):
        limited = create_staff(mai.shop, role="manager", only_own=True)
        set_staff(people["Bob"], [limited.pk], by=SYSTEM)

        asked = said(signed_in(limited), mai, f"bulk/delete/?{chosen(people, *people)}")

        assert "This customer owes ₫200." in asked and "1,200" not in asked

    def test_other_deeds_warn_of_nothing(self, mai, people):
        assert "owe" not in said(signed_in(mai), mai, f"bulk/status/?{chosen(people, 'Ann')}").partition("<main")[2]


class TestRemovingForGood:
    def test_asks_first_and_tells_what_is_owed(self, mai, people):
        desk, ann = signed_in(mai), people["Ann"]
        delete_customer(ann, by=SYSTEM)

        asked = said(desk, mai, f"{ann.pk}/purge/")

        assert "This customer owes ₫1,000." in asked
        assert Customer.objects.get(pk=ann.pk).anonymised_at is None


class TestMerging:
    def test_tells_what_whoever_stays_takes_over(self, mai, people):
        ids = ",".join(str(people[name].pk) for name in ("Ann", "Bob", "Cleo"))

        asked = said(signed_in(mai), mai, f"merge/?ids={ids}")

        assert "2 of them owe ₫1,200 together. Whoever stays takes it over." in asked
        assert "1 of them paid ₫30 too much" in asked
