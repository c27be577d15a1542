"""The demo's segments, rules of groups and saved views."""

import pytest

from regulars.customers.models import Customer, Group
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.models import GroupRule, Override, SavedView, Segment
from tests.transfer.demo.loading import load

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(kept):
    """Its questions are answered."""
    shop = load()
    run_waiting_jobs()
    return shop


class TestItsQuestions:
    def test_are_answered_by_the_worker_like_everybody_s(self, shop):
        segments = Segment.objects.of(shop)

        assert segments.count() == 9
        assert {one.folder for one in segments} == {"Worth", "Rhythm", "Campaigns"}
        assert not segments.exclude(fault="").exists()
        assert not segments.filter(evaluated_at=None).exists()
        assert segments.get(template="best").size > 0
        assert [one.kind for one in segments if one.name.startswith("Guests")] == ["static"]

    def test_keep_some_in_and_somebody_out_by_hand(self, shop):
        chosen = Override.objects.of(shop).values_list("is_member", flat=True).order_by("is_member")

        assert list(chosen) == [False, True, True]

    def test_fill_gold_before_silver(self, shop):
        gold, silver = (Group.objects.of(shop).get(name=name) for name in ("Gold", "Silver"))
        rules = GroupRule.objects.of(shop)

        assert [rule.group_id for rule in rules] == [gold.pk, silver.pk]
        assert not rules.exclude(fault="").exists()
        assert gold.discount > silver.discount > 0
        assert Customer.objects.of(shop).filter(group=gold).exists()
        assert Customer.objects.of(shop).filter(group=silver).exists()

    def test_stand_as_tabs_above_both_lists(self, shop):
        views = SavedView.objects.of(shop)

        assert views.count() == 5
        for name in ("customers", "orders"):
            assert views.filter(list_name=name, is_team=True, is_pinned=True).count() == 1

    def test_are_saved_once_however_often_the_shop_is_filled(self, shop):
        load(seed=2, customers=20, orders=20)

        assert (Segment.objects.of(shop).count(), SavedView.objects.of(shop).count()) == (9, 5)
