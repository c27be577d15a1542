"""Customers who wait are found in their turn, however many came at once, and nobody is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.in_turn import all_of, done_with, is_longer, next_of, put_in
from regulars.customers.models import ToCompare
from tests.factories import create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop("Tindahan", country="PH")
    ToCompare.objects.of(shop).delete()
    return shop


def put(shop, *ids, by=3):
    put_in(ToCompare, shop.pk, ids, by=by)


def worked_off(shop, most):
    """Whom each turn names, until nobody waits."""
    while (waiting := next_of(ToCompare, shop.pk, most)).places:
        done_with(ToCompare, shop.pk, waiting.places)
        yield waiting.customer_ids


def test_whoever_came_first_is_next(shop):
    put(shop, 9)
    put(shop, 1)

    assert list(worked_off(shop, most=1)) == [[9], [1]]


def test_many_single_ones_are_one_turn(shop):
    for pk in (5, 3, 5, 8):
        put(shop, pk)

    assert list(worked_off(shop, most=4)) == [[3, 5, 8]]


def test_many_at_once_are_several_turns(shop):
    put(shop, *range(1, 8))

    assert list(worked_off(shop, most=3)) == [[1, 2, 3], [4, 5, 6], [7]]


def test_who_waited_longer_than_a_turn_is_one_anyhow(shop):
    put(shop, *range(1, 8), by=7)

    assert list(worked_off(shop, most=3)) == [[1, 2, 3, 4, 5, 6, 7]]


def test_how_many_wait(shop):
    put(shop, 1, 2, 3, 4)
    put(shop, 4)

    assert is_longer(ToCompare, shop.pk, 4)
    assert not is_longer(ToCompare, shop.pk, 5)


def test_nobody_waits(shop):
    assert not is_longer(ToCompare, shop.pk, 0)
    assert next_of(ToCompare, shop.pk, 5) == ([], [])


def test_other_shops_wait_by_themselves(shop):
    other = create_shop("Magasin")
    ToCompare.objects.of(other).delete()
    put(other, 7)

    assert not next_of(ToCompare, shop.pk, 5).places
    done_with(ToCompare, shop.pk, all_of(ToCompare, other.pk))
    assert list(worked_off(other, most=5)) == [[7]]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    coming=st.lists(st.sets(st.integers(1, 50), min_size=1), max_size=8), by=st.integers(1, 9), most=st.integers(1, 20)
)
def test_nobody_is_lost(shop, coming, by, most):
    for ids in coming:
        put(shop, *ids, by=by)
    turns = list(worked_off(shop, most))

    assert {pk for turn in turns for pk in turn} == set().union(*coming)
    assert all(len(turn) <= max(most, by) for turn in turns)
