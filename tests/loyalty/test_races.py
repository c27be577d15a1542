"""Many tills at once, each on a connection of its own."""

import pytest

from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.kit.errors import DomainError
from regulars.loyalty.errors import KeyUsed, NotEnoughPoints
from regulars.loyalty.figures import differences
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import Opening, adjust_many, state_openings
from tests.factories import SYSTEM, create_customer, create_shop
from tests.loyalty.giving import adjust, figures, ledger
from tests.meeting import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(*works):
    """What became of each: its answer, or the class of the refusal."""
    said = []

    def one(work):
        try:
            said.append(work())
        except DomainError as refusal:
            said.append(type(refusal))

    at_once(*(lambda work=work: one(work) for work in works))
    return said


class TestFiftyTills:
    def test_that_take_100_of_1000_each_succeed_ten_times(self):  # T107, T-CON-1
        ann = create_customer()
        adjust(ann, 1000)

        said = outcomes(*[lambda: adjust(ann, -100)] * 50)

        assert said.count(NotEnoughPoints) == 40
        assert sorted(one.balance_after for one in said if one is not NotEnoughPoints) == list(range(0, 1000, 100))
        assert (figures(ann), sum(ledger(ann)), len(ledger(ann))) == ((0, 1000, 0), 0, 11)
        assert Event.objects.filter(kind="points.added").count() == 11

    def test_that_take_the_last_100_succeed_once(self):  # T107
        for _round in range(10):
            ann = create_customer()
            adjust(ann, 100)

            said = outcomes(*[lambda ann=ann: adjust(ann, -100)] * 2)

            assert said.count(NotEnoughPoints) == 1
            assert figures(ann)[0] == 0


class TestOneKeyAtOnce:
    def test_is_one_movement(self):
        ann = create_customer()

        said = outcomes(*[lambda: adjust(ann, 50, key="till:7")] * 8)

        assert len({one.pk for one in said}) == 1
        assert ledger(ann) == [50]

    def test_for_two_customers_is_the_movement_of_one(self):
        shop = create_shop()
        people = [create_customer(shop, name=name) for name in ("Ann", "Bob")]

        said = outcomes(*(lambda one=one: adjust(one, 50, key="till:7") for one in people))

        assert said.count(KeyUsed) == 1
        assert PointsEntry.objects.count() == 1


class TestEverybodyAtOnce:
    def test_loses_nothing(self):
        shop = create_shop()
        people = [create_customer(shop, name=f"P{n}") for n in range(20)]
        ids = [one.pk for one in people]

        for _turn in range(3):
            at_once(
                lambda: adjust_many(shop, ids, 50, note="Gift", by=SYSTEM),
                lambda: adjust_many(shop, ids[::-1], -30, note="Fee", by=SYSTEM),
                lambda: state_openings(shop, [Opening(pk, 100) for pk in ids[::-1]], by=SYSTEM),
                lambda: [adjust(one, 1) for one in people[::-1]],
            )

        assert differences(shop, ids) == []
        assert PointsEntry.objects.filter(reason="opening").count() == 20
        assert min(figures(one)[0] for one in people) >= 0

    def test_finds_points_again_with_who_somebody_became(self):
        for _round in range(5):
            shop = create_shop()
            ann, bob = (create_customer(shop, name=name) for name in ("Ann", "Bob"))
            adjust(bob, 10)

            outcomes(
                lambda shop=shop, ann=ann, bob=bob: merge(shop, ann, [bob], by=SYSTEM),
                lambda bob=bob: adjust(bob, 5),
                lambda shop=shop, bob=bob: state_openings(shop, [Opening(bob.pk, 100)], by=SYSTEM),
                lambda shop=shop, bob=bob: adjust_many(shop, [bob.pk], 7, note="Gift", by=SYSTEM),
            )

            assert figures(bob) == (0, 0, 0)
            assert figures(ann)[0] in (110, 115, 117, 122)
            assert differences(shop, list(Customer.objects.of(shop).values_list("pk", flat=True))) == []
