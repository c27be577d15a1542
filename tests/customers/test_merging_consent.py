"""Consent when several become one: the newer explicit word, and in doubt the stricter."""

from datetime import UTC, datetime

import pytest

from regulars.customers import consent_checks
from regulars.customers.merging import merge, newest_merge, unmerge
from regulars.customers.models import ConsentEntry, ConsentState, Customer
from regulars.customers.operations import record_consent
from regulars.events.record import Actor
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders.trade import fresh

pytestmark = pytest.mark.django_db

UNKNOWN, YES, PENDING, NO, NEVER = (
    ConsentState.UNKNOWN, ConsentState.SUBSCRIBED, ConsentState.PENDING, ConsentState.UNSUBSCRIBED,
    ConsentState.NOT_SUBSCRIBED,
)  # fmt: skip
JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
FILE = Actor("import", None, "old.csv")
DOUBT = [(YES, NO, NO), (YES, PENDING, PENDING), (PENDING, NO, NO), (NEVER, NO, NO), (YES, NEVER, NEVER)]


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann")


@pytest.fixture
def bea(shop):
    return create_customer(shop, name="Bea")


def say(customer, state, *, at=None, by=SYSTEM):
    return record_consent(customer, "email", state, source="form", by=by, at=at)


def ledger(shop):
    rows = ConsentEntry.objects.of(shop).order_by("id")
    return list(rows.values_list("id", "customer_id", "channel", "state", "at", "source"))


def together(shop, ann, bea):
    """Their state as one, of which the ledger must say the same."""
    merge(shop, ann, [bea], by=SYSTEM)
    assert consent_checks.differing(shop, [ann.pk]) == []
    return fresh(ann).consent_email


class TestTheNewerWordCounts:
    @pytest.mark.parametrize(("older", "newer"), [(YES, NO), (NO, YES), (PENDING, YES), (NO, PENDING)])
    @pytest.mark.parametrize("survivor_spoke_last", [True, False])
    def test_whoever_said_it(self, shop, ann, bea, older, newer, survivor_spoke_last):
        first, last = (bea, ann) if survivor_spoke_last else (ann, bea)
        say(first, older, at=JANUARY)
        say(last, newer, at=MARCH)

        assert together(shop, ann, bea) == newer

    def test_and_nothing_said_is_no_word(self, shop, ann, bea):
        say(bea, YES, at=JANUARY)

        assert together(shop, ann, bea) == YES

    def test_before_an_undated_yes(self, shop, ann, bea):
        say(ann, NO, at=JANUARY)
        say(bea, YES, by=FILE)

        assert together(shop, ann, bea) == NO


class TestInDoubtTheStricterCounts:
    @pytest.mark.parametrize(("lax", "strict", "result"), DOUBT)
    @pytest.mark.parametrize("survivor_is_strict", [True, False])
    @pytest.mark.parametrize("dated", [True, False])
    def test_of_one_moment_or_of_none(self, shop, ann, bea, lax, strict, result, survivor_is_strict, dated):
        words = ((ann, strict), (bea, lax)) if survivor_is_strict else ((ann, lax), (bea, strict))
        for one, state in words:
            say(one, state, at=JANUARY if dated else None, by=SYSTEM if dated else FILE)

        assert together(shop, ann, bea) == result

    @pytest.mark.parametrize("survivor_is_strict", [True, False])
    def test_when_only_the_withdrawal_is_undated(self, shop, ann, bea, survivor_is_strict):
        says_no, says_yes = (ann, bea) if survivor_is_strict else (bea, ann)
        say(says_no, NO, by=FILE)
        say(says_yes, YES, at=MARCH)

        assert together(shop, ann, bea) == NO

    def test_and_a_repair_does_not_turn_it_into_a_yes(self, shop, ann, bea):
        say(bea, NO, by=FILE)
        say(ann, YES, at=MARCH)
        merge(shop, ann, [bea], by=SYSTEM)

        consent_checks.repair(shop, [ann.pk])

        assert fresh(ann).consent_email == NO


class TestTakingItBack:
    @pytest.mark.parametrize(("lax", "strict", "_result"), DOUBT)
    def test_restores_both_states_and_both_ledgers(self, shop, ann, bea, lax, strict, _result):
        say(ann, lax, by=FILE)
        say(bea, strict, at=MARCH)
        before = [fresh(ann).consent_email, fresh(bea).consent_email, ledger(shop)]
        merge(shop, ann, [bea], by=SYSTEM)

        unmerge(newest_merge(shop, ann.pk), by=SYSTEM)

        assert [fresh(ann).consent_email, fresh(bea).consent_email, ledger(shop)] == before
        assert consent_checks.differing(shop, [ann.pk, bea.pk]) == []

    @pytest.mark.parametrize("said", [NO, YES])
    def test_keeps_what_was_said_since_even_if_it_is_the_same_word(self, shop, ann, bea, said):
        say(ann, YES, at=JANUARY)
        say(bea, NO, at=datetime(2026, 2, 1, tzinfo=UTC))
        merge(shop, ann, [bea], by=SYSTEM)
        say(Customer.objects.of(shop).get(pk=ann.pk), said, at=MARCH)

        unmerge(newest_merge(shop, ann.pk), by=SYSTEM)

        assert (fresh(ann).consent_email, fresh(bea).consent_email) == (said, NO)
        assert consent_checks.differing(shop, [ann.pk, bea.pk]) == []
