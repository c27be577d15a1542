"""Balances of another programme."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.bulk import create_many, undo_batch
from regulars.customers.errors import InTheBin, NoSuchCustomer
from regulars.customers.merging import merge, unmerge
from regulars.customers.models import Customer, Merge
from regulars.customers.operations import delete_customer
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from regulars.loyalty.errors import BadPoints, NotEnoughPoints, SeveralBalances
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import Opening, state_openings
from tests.factories import SYSTEM, create_customer, create_shop
from tests.loyalty.giving import adjust, figures, ledger, today

pytestmark = pytest.mark.django_db
FILE, BATCH = Actor("import", 7, "points.csv"), 70


def state(shop, *openings):
    return state_openings(shop, [Opening(*one) for one in openings], by=SYSTEM)


class TestAnOpeningBalance:
    def test_is_an_entry_and_never_an_overwritten_balance(self):  # T71
        ann = create_customer()
        adjust(ann, 5)

        (done,) = state(ann.shop, (ann.pk, 120, "Smile"))

        assert (done.delta, done.entry.reason, done.entry.origin) == (120, "opening", "Smile")
        assert (ledger(ann), figures(ann)) == ([5, 120], (125, 125, 0))

    def test_stated_again_writes_nothing(self):  # T71
        ann = create_customer()
        state(ann.shop, (ann.pk, 120, "Smile"))

        (again,) = state(ann.shop, (ann.pk, 120, " Smile "))

        assert (again.delta, again.entry, again.refusal, ledger(ann)) == (0, None, None, [120])

    def test_of_another_number_writes_the_difference(self):
        ann = create_customer()
        state(ann.shop, (ann.pk, 120))

        (more,) = state(ann.shop, (ann.pk, 150))
        (less,) = state(ann.shop, (ann.pk, 100))

        assert (more.delta, less.delta, figures(ann)) == (30, -50, (100, 100, 0))

    def test_knows_nothing_of_what_was_spent_here(self):
        ann = create_customer()
        state(ann.shop, (ann.pk, 120))
        adjust(ann, -100)

        assert state(ann.shop, (ann.pk, 120))[0].delta == 0
        assert figures(ann)[0] == 20

    def test_of_two_programmes_is_two(self):
        ann = create_customer()

        state(ann.shop, (ann.pk, 120, "Smile"), (ann.pk, 30, "Yotpo"))

        assert figures(ann)[0] == 150

    def test_that_comes_twice_in_a_file_counts_as_it_was_said_last(self):
        ann = create_customer()

        first, last = state(ann.shop, (ann.pk, 120), (ann.pk, 130))

        assert (first.delta, last.delta, ledger(ann)) == (0, 130, [130])

    def test_of_nothing_is_no_entry(self):
        ann = create_customer()

        assert state(ann.shop, (ann.pk, 0))[0].delta == 0
        assert ledger(ann) == []

    def test_waits_and_expires_by_its_days(self):
        ann = create_customer()
        first, last = today(ann) + timedelta(days=3), today(ann) + timedelta(days=30)

        (done,) = state_openings(ann.shop, [Opening(ann.pk, 120, counts_on=first, expires_on=last)], by=SYSTEM)

        assert (done.entry.counts_on, done.entry.expires_on, figures(ann)) == (first, last, (0, 0, 120))


class TestACorrection:
    def test_that_takes_more_than_is_left_is_refused_alone(self):
        ann = create_customer()
        bob = create_customer(ann.shop, name="Bob")
        state(ann.shop, (ann.pk, 120), (bob.pk, 120))
        adjust(ann, -100)

        refused, done = state(ann.shop, (ann.pk, 50), (bob.pk, 50))

        assert isinstance(refused.refusal, NotEnoughPoints)
        assert refused.refusal.details == {"needed": 70, "balance": 20}
        assert (done.delta, figures(ann), figures(bob)) == (-70, (20, 120, 0), (50, 50, 0))


class TestWhatIsRefused:
    def test_is_said_row_by_row(self):
        ann, there = create_customer(), create_customer(create_shop("There"))
        gone = create_customer(ann.shop, name="Gone")
        delete_customer(gone, by=SYSTEM)

        said = state(ann.shop, (ann.pk, -5, "a"), (there.pk, 5), (gone.pk, 5), (ann.pk, 5, "o" * 41), (ann.pk, 7, "b"))

        assert [type(one.refusal) for one in said] == [BadPoints, NoSuchCustomer, InTheBin, BadPoints, type(None)]
        assert list(PointsEntry.objects.values_list("customer_id", "points")) == [(ann.pk, 7)]


class TestOfSomebodyWhoWasMerged:
    def test_goes_to_who_they_became(self):
        ann = create_customer()
        bob = create_customer(ann.shop, name="Bob")
        merge(ann.shop, ann, [bob], by=SYSTEM)

        assert state(ann.shop, (bob.pk, 80))[0].entry.customer_id == ann.pk

    def test_stated_again_is_known_one_by_one_and_together(self):
        ann, bob = two_who_become_one()

        said = [state(ann.shop, (who.pk, points, "Smile"))[0] for who in (ann, bob) for points in (120, 80, 200)]

        assert {(one.delta, one.refusal) for one in said} == {(0, None)}
        assert figures(ann)[0] == 200

    def test_of_another_number_is_nobodys(self):
        ann, _bob = two_who_become_one()

        (said,) = state(ann.shop, (ann.pk, 90, "Smile"))

        assert isinstance(said.refusal, SeveralBalances)
        assert "80 + 120" in str(said.refusal)
        assert figures(ann)[0] == 200

    def test_of_another_programme_is_written(self):
        ann, _bob = two_who_become_one()

        assert state(ann.shop, (ann.pk, 90, "Yotpo"))[0].delta == 90

    def test_through_several_merges_is_known_too(self):
        ann, _bob = two_who_become_one()
        cy = create_customer(ann.shop, name="Cy")
        state(ann.shop, (cy.pk, 7, "Smile"))
        merge(ann.shop, cy, [ann], by=SYSTEM)

        assert [one.delta for points in (7, 80, 120, 207) for one in state(ann.shop, (cy.pk, points, "Smile"))] == [
            0
        ] * 4

    def test_where_one_alone_had_a_balance_is_corrected_as_ever(self):
        ann = create_customer()
        bob = create_customer(ann.shop, name="Bob")
        state(ann.shop, (bob.pk, 80))
        merge(ann.shop, ann, [bob], by=SYSTEM)

        assert state(ann.shop, (ann.pk, 90))[0].delta == 10

    def test_is_their_own_again_when_the_merge_is_taken_back(self):
        ann, bob = two_who_become_one()
        unmerge(Merge.objects.get(), by=SYSTEM)

        assert [one.delta for one in state(ann.shop, (ann.pk, 130, "Smile"), (bob.pk, 80, "Smile"))] == [10, 0]


def two_who_become_one():
    ann = create_customer()
    bob = create_customer(ann.shop, name="Bob")
    state(ann.shop, (ann.pk, 120, "Smile"), (bob.pk, 80, "Smile"))
    merge(ann.shop, ann, [bob], by=SYSTEM)
    return ann, bob


class TestAFile:
    def test_asks_as_often_for_forty_as_for_two(self):
        shop = create_shop()
        people = [create_customer(shop, name=f"P{n}").pk for n in range(42)]
        counts = []

        for ids in (people[:2], people[2:]):
            with CaptureQueriesContext(connection) as asked:
                state(shop, *((pk, 5) for pk in ids))
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestUndoingAFile:
    """A file that brings customers with their balances."""

    def bring(self, shop, *names):
        drafts = [read_profile({"name": name}, country=shop.country) for name in names]
        ids = create_many(shop, drafts, by=FILE, source="import", batch_id=BATCH)
        state_openings(shop, [Opening(pk, 120, "Smile") for pk in ids], by=FILE, batch_id=BATCH)
        return [Customer.objects.get(pk=pk) for pk in ids]

    def test_takes_the_balances_back_with_the_customers(self):
        shop = create_shop()
        [ann] = self.bring(shop, "Ann")

        undone = undo_batch(shop, BATCH, by=SYSTEM, undo_id=BATCH + 1)

        assert undone.plain() == {
            "restored": 1, "removed": 1, "conflicts": 0, "named": [], "rows": {"points": [1, 0, 0]},
        }  # fmt: skip
        assert (ledger(ann), figures(ann)) == ([120, -120], (0, 0, 0))

    def test_lets_who_used_them_stay(self):
        shop = create_shop()
        ann, bob = self.bring(shop, "Ann", "Bob")
        adjust(ann, -100)

        undone = undo_batch(shop, BATCH, by=SYSTEM, undo_id=BATCH + 1)

        assert (undone.named, undone.rows, undone.removed) == ([ann.pk], {"points": [1, 0, 1]}, 1)
        assert (ledger(ann), ledger(bob)) == ([120, -100], [120, -120])

    def test_lets_the_file_state_them_anew(self):
        ann = create_customer()
        state_openings(ann.shop, [Opening(ann.pk, 120)], by=FILE, batch_id=BATCH)
        undo_batch(ann.shop, BATCH, by=SYSTEM, undo_id=BATCH + 1)

        assert state(ann.shop, (ann.pk, 120))[0].delta == 120
        assert figures(ann) == (120, 120, 0)
