"""Points of customers who become one, and several again; and of those who are forgotten."""

from datetime import timedelta

import pytest
from django.db import connection

from regulars.customers.actions import undo_run
from regulars.customers.merging import merge, unmerge
from regulars.customers.operations import anonymise, delete_customer, purge
from regulars.events.models import Event
from regulars.loyalty.figures import differences
from regulars.loyalty.lots import Expiring, expiring
from regulars.loyalty.merging import balances_after
from regulars.loyalty.models import PointsEntry
from tests.factories import SYSTEM, actor, create_customer, create_staff
from tests.loyalty.giving import adjust, ask, figures, ledger, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


@pytest.fixture
def ann(linh):
    return create_customer(linh.shop, name="Ann")


@pytest.fixture
def bob(linh):
    return create_customer(linh.shop, name="Bob")


def dump(shop):
    """All entries and figures, whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(e)::text FROM loyalty_pointsentry e WHERE shop_id = %(shop)s UNION ALL SELECT "
            "concat_ws(' ', id, points, points_earned, points_pending) FROM customers_customer "
            "WHERE shop_id = %(shop)s ORDER BY 1",
            {"shop": shop.pk},
        )
        return [text for (text,) in cursor.fetchall()]


def is_told(word):
    """Whether any trail has the word."""
    return any(word in str(data) for data in Event.objects.values_list("data", flat=True))


class TestMerging:
    def test_puts_both_ledgers_together(self, ann, bob):  # T89
        adjust(ann, 150)
        adjust(ann, -30)
        adjust(bob, 80)
        adjust(bob, 7, counts_on=today(bob) + timedelta(days=2))

        merge(ann.shop, ann, [bob], by=SYSTEM)

        assert sorted(ledger(ann)) == [-30, 7, 80, 150]
        assert (figures(ann), figures(bob)) == ((200, 230, 7), (0, 0, 0))

    def test_can_be_taken_back_exactly(self, ann, bob):
        for one in (ann, bob):
            adjust(one, 150, expires_on=today(one) + timedelta(days=5))
            adjust(one, -30)
            adjust(one, 9, counts_on=today(one) + timedelta(days=2))
        before = dump(ann.shop)

        unmerge(merge(ann.shop, ann, [bob], by=SYSTEM), by=SYSTEM)

        assert dump(ann.shop) == before

    def test_taken_back_leaves_what_came_since_with_the_survivor(self, ann, bob):
        adjust(ann, 120)
        adjust(bob, 80)
        made = merge(ann.shop, ann, [bob], by=SYSTEM)
        adjust(ann, -150)

        assert balances_after(made) == {ann.pk: -30, bob.pk: 80}
        unmerge(made, by=SYSTEM)

        assert (figures(ann)[0], figures(bob)[0]) == (-30, 80)
        assert differences(ann.shop, [ann.pk, bob.pk]) == []

    def test_taken_back_can_give_what_came_since_to_the_other(self, ann, bob):
        adjust(bob, 80)
        made = merge(ann.shop, ann, [bob], by=SYSTEM)
        since = adjust(ann, 50)

        unmerge(made, keep={"loyalty.PointsEntry.customer_id": {since.pk: bob.pk}}, by=SYSTEM)

        assert (figures(ann)[0], figures(bob)[0]) == (0, 130)

    def test_what_was_taken_back_in_between_goes_with_its_entry(self, linh, ann, bob):
        run = ask(linh, [bob], points=80)
        adjust(ann, 100)
        made = merge(ann.shop, ann, [bob], by=SYSTEM)
        undo_run(run, staff=linh, by=actor(linh))
        assert figures(ann)[0] == 100
        assert balances_after(made) == {ann.pk: 100, bob.pk: 0}

        unmerge(made, by=SYSTEM)

        assert (ledger(ann), ledger(bob)) == ([100], [80, -80])
        assert (figures(ann)[0], figures(bob)[0]) == (100, 0)

    def test_lets_what_expires_first_be_used_first(self, ann, bob):
        soon = today(ann) + timedelta(days=5)
        adjust(ann, 100, expires_on=soon + timedelta(days=9))
        adjust(bob, 80, expires_on=soon)
        merge(ann.shop, ann, [bob], by=SYSTEM)

        adjust(ann, -90)

        assert expiring(ann) == [Expiring(soon + timedelta(days=9), 90)]


class TestForgetting:
    def test_takes_the_words_and_leaves_the_numbers(self, ann):
        adjust(ann, 120, note="Ann's wedding")

        anonymise(ann, by=SYSTEM)

        assert list(PointsEntry.objects.values_list("points", "note")) == [(120, "")]
        assert figures(ann)[0] == 120
        assert not is_told("wedding")

    def test_takes_the_words_that_stand_on_another_trail(self, ann, bob):
        made = merge(ann.shop, ann, [bob], by=SYSTEM)
        since = adjust(ann, 50, note="Bob's wedding")
        unmerge(made, keep={"loyalty.PointsEntry.customer_id": {since.pk: bob.pk}}, by=SYSTEM)
        assert is_told("wedding")

        anonymise(bob, by=SYSTEM)

        assert not is_told("wedding")

    def test_for_good_takes_the_ledger_too(self, ann):
        adjust(ann, 120, note="Ann's wedding")

        purge(delete_customer(ann, by=SYSTEM), by=SYSTEM)

        assert not PointsEntry.objects.exists()
        assert not is_told("wedding")
