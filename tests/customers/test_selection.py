"""Whom something is done to: exactly those who were counted."""

import pytest

from regulars.customers import selection
from regulars.customers.bulk import create_many, delete_many
from regulars.customers.models import Customer, SelectionPart
from regulars.customers.profile import read_profile
from regulars.customers.selection import (
    Selection,
    SelectionChanged,
    SelectionUnclear,
    forget_selection,
    part_of,
)
from regulars.kit.query import BadCondition
from regulars.shops.models import JobRun
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


@pytest.fixture
def run(shop):
    return JobRun.objects.create(shop=shop, kind="test", title="Test")


def many(shop, count, **raw):
    drafts = [read_profile({"name": f"N {n}", **raw}, country="PH") for n in range(count)]
    return create_many(shop, drafts, by=SYSTEM, source="import")


class TestAQuestion:
    def test_means_those_the_filter_and_the_search_mean_but_the_excluded(self, shop):
        ann, ben, _cat = (create_customer(shop, name=name, company="Acme").pk for name in ("Ann", "Anna Ben", "Cat"))
        create_customer(shop, name="Ann elsewhere")

        asked = Selection.of_question(shop, where="company = 'Acme'", search="ann", excluded=[ben], expected=1)

        assert list(asked.queryset(None)) == [Customer.objects.get(pk=ann)]
        assert asked.count(None) == 1

    def test_without_filter_and_search_means_the_whole_shop(self, shop):
        many(shop, 3)
        create_customer(create_shop("Elsewhere"), name="Not ours")

        assert Selection.of_question(shop, expected=3).count(None) == 3

    def test_that_cannot_be_understood_is_refused(self, shop):
        with pytest.raises(BadCondition):
            Selection.of_question(shop, where="no_such_field = 1").count(None)

    def test_about_a_field_one_may_not_see_is_refused(self, shop):
        viewer = create_staff(shop, role="viewer")

        with pytest.raises(BadCondition):
            Selection.of_question(shop, where="email = 'ann@example.com'").count(viewer)

    def test_means_only_own_customers_of_a_limited_agent(self, shop):
        agent = create_staff(shop, role="agent", name="Maria", only_own=True)
        mine = create_customer(shop, name="Mine", staff="Maria")
        other = create_customer(shop, name="Other")

        assert list(Selection.of_question(shop).queryset(agent)) == [mine]
        assert list(Selection.of_ids(shop, [mine.pk, other.pk]).queryset(agent)) == [mine]


class TestTaking:
    def test_keeps_the_ids_in_parts_in_order(self, shop, run, monkeypatch):
        monkeypatch.setattr(selection, "PART", 4)
        ids = many(shop, 10)

        assert Selection.of_question(shop, expected=10).take(run, None) == 10
        assert [part_of(run, number) for number in range(4)] == [ids[:4], ids[4:8], ids[8:], []]

    def test_refuses_when_more_match_than_were_shown(self, shop, run):
        many(shop, 3)

        with pytest.raises(SelectionChanged) as refusal:
            Selection.of_question(shop, expected=2).take(run, None)

        assert refusal.value.details == {"expected": 2, "found": 3}
        assert not SelectionPart.objects.of(shop).exists()

    def test_goes_on_when_fewer_match(self, shop, run):
        ids = many(shop, 3)
        delete_many(shop, ids[:1], by=SYSTEM)

        assert Selection.of_question(shop, expected=3).take(run, None) == 2
        assert part_of(run, 0) == ids[1:]

    def test_refuses_when_nobody_said_how_many(self, shop, run):
        with pytest.raises(SelectionUnclear):
            Selection.of_question(shop).take(run, None)

    def test_of_nobody_keeps_nothing(self, shop, run):
        assert Selection.of_ids(shop, []).take(run, None) == 0
        assert part_of(run, 0) == []

    def test_ids_of_another_shop_are_left_out(self, shop, run):
        theirs = create_customer(create_shop("Elsewhere"))

        assert Selection.of_ids(shop, [theirs.pk]).take(run, None) == 0

    def test_is_forgotten_with_its_run(self, shop, run):
        many(shop, 2)
        Selection.of_question(shop, expected=2).take(run, None)

        forget_selection(run)

        assert part_of(run, 0) == []


class TestAsJson:
    def test_comes_back_the_same(self, shop):
        for one in (
            Selection.of_ids(shop, [3, 1], in_bin=True),
            Selection.of_question(shop, where="company = 'A'", search="b", excluded=[4], expected=7),
        ):
            assert Selection.read(shop, one.plain()) == one

    def test_that_names_nobody_is_never_everybody(self, shop):
        with pytest.raises(SelectionUnclear):
            Selection.read(shop, {"expected": 10})
