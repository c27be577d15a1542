"""Points that staff give and take."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from regulars.customers.actions import MayNot, undo_run
from regulars.customers.errors import Anonymised, InTheBin, Merged
from regulars.customers.merging import merge
from regulars.customers.operations import anonymise, delete_customer
from regulars.events.models import Event
from regulars.loyalty.errors import BadPoints, KeyUsed, NotEnoughPoints
from regulars.loyalty.models import PointsEntry, Reason
from regulars.loyalty.operations import adjust_many
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.loyalty.giving import adjust, ask, figures, ledger, today

pytestmark = pytest.mark.django_db


class TestGivingPoints:
    def test_is_an_entry_and_a_new_balance(self):
        linh = create_staff(name="Linh")
        ann = create_customer(linh.shop)

        entry = adjust(ann, 120, note="  Sorry for\nthe wait ", by=actor(linh))

        assert (entry.points, entry.balance_after, entry.reason, entry.note) == (
            120, 120, Reason.ADJUSTED, "Sorry for the wait",
        )  # fmt: skip
        assert (entry.staff, entry.counts_on, entry.is_pending) == (linh, today(ann), False)
        assert figures(ann) == (120, 120, 0)

    def test_is_told_on_the_trail(self):
        ann = create_customer()

        entry = adjust(ann, 120, note="Thanks")

        event = Event.objects.get(kind="points.added")
        assert (event.about, event.about_id, event.customer_id) == ("points", entry.pk, ann.pk)
        assert event.data == {"entry": entry.pk, "points": 120, "reason": "adjusted", "note": "Thanks", "balance": 120}

    def test_from_a_later_day_on_waits(self):
        ann = create_customer()

        entry = adjust(ann, 120, counts_on=today(ann) + timedelta(days=3))

        assert (entry.is_pending, entry.balance_after) == (True, None)
        assert figures(ann) == (0, 0, 120)

    def test_from_an_earlier_day_on_keeps_the_day(self):
        ann = create_customer()

        entry = adjust(ann, 120, counts_on=today(ann) - timedelta(days=30))

        assert entry.counts_on == today(ann) - timedelta(days=30)
        assert figures(ann) == (120, 120, 0)


class TestTakingPoints:
    def test_lowers_the_balance_but_not_what_was_ever_earned(self):
        ann = create_customer()
        adjust(ann, 120)

        entry = adjust(ann, -50)

        assert (entry.balance_after, figures(ann)) == (70, (70, 120, 0))

    def test_never_takes_more_than_there_is(self):
        ann = create_customer()
        adjust(ann, 40)

        with pytest.raises(NotEnoughPoints) as refused:
            adjust(ann, -50)

        assert refused.value.details == {"needed": 50, "balance": 40}
        assert str(refused.value) == "50 points are needed, the balance is 40."
        assert (ledger(ann), figures(ann)) == ([40], (40, 40, 0))

    def test_does_not_count_on_what_waits(self):
        ann = create_customer()
        adjust(ann, 100, counts_on=today(ann) + timedelta(days=1))

        with pytest.raises(NotEnoughPoints):
            adjust(ann, -1)

    def test_may_leave_less_than_nothing_where_that_is_said(self):
        ann = create_customer()

        assert adjust(ann, -50, may_overdraw=True).balance_after == -50
        assert adjust(ann, 20).balance_after == -30

    def test_beyond_the_balance_is_refused_by_the_table_too(self):
        ann = create_customer()
        entry = adjust(ann, 40)

        with pytest.raises(IntegrityError), transaction.atomic():
            PointsEntry.objects.of(ann.shop).filter(pk=entry.pk).update(points=-1, balance_after=-1)


class TestAKey:
    def test_makes_the_same_movement_once(self):
        ann = create_customer()

        first, second = (adjust(ann, 50, key="till:7") for _time in range(2))

        assert (first.pk, figures(ann)[0]) == (second.pk, 50)

    def test_answers_also_when_the_points_are_spent_by_then(self):
        ann = create_customer()
        adjust(ann, 50)
        first = adjust(ann, -50, key="till:7")

        assert adjust(ann, -50, key="till:7") == first

    @pytest.mark.parametrize("other", [{"points": 60}, {"points": -50}])
    def test_of_another_movement_is_refused(self, other):
        ann = create_customer()
        adjust(ann, 50, key="till:7")

        with pytest.raises(KeyUsed):
            adjust(ann, other["points"], key="till:7")

        assert ledger(ann) == [50]

    def test_of_somebody_else_is_refused(self):
        ann = create_customer()
        adjust(ann, 50, key="till:7")

        with pytest.raises(KeyUsed):
            adjust(create_customer(ann.shop, name="Bob"), 50, key="till:7")

    def test_means_nothing_in_another_shop(self):
        adjust(create_customer(), 50, key="till:7")

        assert adjust(create_customer(create_shop("There")), 50, key="till:7").balance_after == 50

    def test_still_answers_after_a_merge(self):
        ann, bob = _two()
        first = adjust(bob, 50, key="till:7")
        merge(ann.shop, ann, [bob], by=SYSTEM)

        assert adjust(bob, 50, key="till:7") == first


class TestRefusing:
    @pytest.mark.parametrize("wrong", [
        {"points": 0}, {"points": 10**9 + 1}, {"points": -(10**9) - 1}, {"points": 1.5}, {"points": True},
        {"note": " "}, {"note": "x" * 301}, {"key": "k" * 121},
    ])  # fmt: skip
    def test_what_is_no_movement(self, wrong):
        ann = create_customer()

        with pytest.raises(BadPoints) as refused:
            adjust(ann, **({"points": 5} | wrong))

        assert refused.value.field == next(iter(wrong))
        assert ledger(ann) == []

    @pytest.mark.parametrize(("points", "counts", "expires", "field"), [
        (-5, 1, None, "counts_on"),  # taken in the future
        (5, 9000, None, "counts_on"),
        (5, -9000, None, "counts_on"),
        (-5, 0, 3, "expires_on"),  # what is taken cannot expire
        (5, 0, 0, "expires_on"),  # before it counts
        (5, 3, 2, "expires_on"),
        (5, -9, -1, "expires_on"),  # expired already
    ])  # fmt: skip
    def test_days_that_make_no_sense(self, points, counts, expires, field):
        ann = create_customer()
        adjust(ann, 50)
        days = {"counts_on": counts, "expires_on": expires}

        with pytest.raises(BadPoints) as refused:
            adjust(ann, points, **{name: today(ann) + timedelta(days=n) for name, n in days.items() if n is not None})

        assert (refused.value.field, ledger(ann)) == (field, [50])

    def test_somebody_in_the_bin_merged_or_forgotten(self):
        ann, bob = _two()
        cy = create_customer(ann.shop, name="Cy")
        delete_customer(ann, by=SYSTEM)
        with pytest.raises(InTheBin):
            adjust(ann, 5)
        anonymise(ann, by=SYSTEM)
        with pytest.raises(Anonymised):
            adjust(ann, 5)
        merge(bob.shop, cy, [bob], by=SYSTEM)
        with pytest.raises(Merged):
            adjust(bob, 5)

        assert not PointsEntry.objects.exists()


class TestMovingPointsOfMany:
    def test_leaves_out_and_names_who_has_not_enough(self):
        ann, bob = _two()
        adjust(ann, 100)
        adjust(bob, 30)

        done = adjust_many(ann.shop, [ann.pk, bob.pk], -50, note="Gift", by=SYSTEM)

        assert (done.changed, done.short) == (1, [bob.pk])
        assert (figures(ann)[0], figures(bob)[0]) == (50, 30)

    def test_leaves_out_the_bin(self):
        ann, bob = _two()
        delete_customer(bob, by=SYSTEM)

        assert adjust_many(ann.shop, [ann.pk, bob.pk], 50, note="Gift", by=SYSTEM).changed == 1
        assert ledger(bob) == []

    def test_asks_as_often_for_forty_as_for_two(self):
        shop = create_shop()
        people = [create_customer(shop, name=f"P{n}").pk for n in range(42)]
        counts = []
        for ids in (people[:2], people[2:]):
            with CaptureQueriesContext(connection) as asked:
                adjust_many(shop, ids, 5, note="Gift", by=SYSTEM)
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestTheActionForASelection:
    def test_is_one_run_that_can_be_taken_back(self):
        linh = create_staff(name="Linh")
        ann, bob = create_customer(linh.shop), create_customer(linh.shop, name="Bob")

        run = ask(linh, [ann, bob], points="50")
        assert (run.result["changed"], figures(ann), figures(bob)) == (2, (50, 50, 0), (50, 50, 0))
        undone = undo_run(run, staff=linh, by=actor(linh))

        assert undone.result["restored"] == 2
        assert (ledger(ann), figures(ann)) == ([50, -50], (0, 0, 0))

    def test_names_whom_it_left_out(self):
        linh = create_staff(name="Linh")
        ann, bob = create_customer(linh.shop), create_customer(linh.shop, name="Bob")
        adjust(ann, 100)

        run = ask(linh, [ann, bob], points=-50)

        assert run.result == {"changed": 1, "left_out": 1, "named": [bob.pk]}

    def test_taken_back_leaves_what_was_spent_since(self):
        linh = create_staff(name="Linh")
        ann, bob = create_customer(linh.shop), create_customer(linh.shop, name="Bob")
        run = ask(linh, [ann, bob], points=50)
        adjust(bob, -20)

        undone = undo_run(run, staff=linh, by=actor(linh))

        assert undone.result["rows"] == {"points": [1, 0, 1]}
        [stayed] = undone.result["stayed"]
        assert (stayed["customer_id"], stayed["about"], stayed["why"]) == (bob.pk, "+50", ["spent"])
        assert (ledger(bob), figures(bob)) == ([50, -20], (30, 50, 0))

    def test_taken_back_twice_is_taken_back_once(self):
        linh = create_staff(name="Linh")
        ann = create_customer(linh.shop)
        run = ask(linh, [ann], points=50)

        first, second = (undo_run(run, staff=linh, by=actor(linh)) for _time in range(2))

        assert (first, ledger(ann)) == (second, [50, -50])

    def test_taken_back_before_its_day_waits_no_more(self):
        linh = create_staff(name="Linh")
        ann = create_customer(linh.shop)
        run = ask(linh, [ann], points=50, counts_on=(today(ann) + timedelta(days=2)).isoformat())
        assert figures(ann) == (0, 0, 50)

        undo_run(run, staff=linh, by=actor(linh))

        assert figures(ann) == (0, 0, 0)

    def test_gives_back_what_was_taken(self):
        linh = create_staff(name="Linh")
        ann = create_customer(linh.shop)
        adjust(ann, 80)

        undo_run(ask(linh, [ann], points=-50), staff=linh, by=actor(linh))

        assert (ledger(ann), figures(ann)) == ([80, -50, 50], (80, 80, 0))

    def test_is_not_for_agents(self):
        huy = create_staff(role="agent")

        with pytest.raises(MayNot):
            ask(huy, [create_customer(huy.shop)], points=50)

    @pytest.mark.parametrize("wrong", [{"points": ""}, {"points": "many"}, {"note": ""}, {"expires_on": "soon"}])
    def test_refuses_what_makes_no_sense(self, wrong):
        linh = create_staff()

        with pytest.raises(BadPoints):
            ask(linh, [create_customer(linh.shop)], **({"points": 5} | wrong))


def _two():
    ann = create_customer()
    return ann, create_customer(ann.shop, name="Bob")
