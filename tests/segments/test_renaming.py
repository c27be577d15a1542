"""A tag is renamed, and whatever asks for it goes on asking."""

import pytest

from regulars.customers.models import Customer, Group, Tag
from regulars.segments.models import GroupRule, SavedView
from regulars.segments.operations import create_segment
from regulars.segments.renaming import change_tag
from regulars.segments.rules import set_rule
from regulars.segments.uses import users_by_word
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop()
    create_customer(shop, name="Ann", tags="VIP")
    create_customer(shop, name="Bo", tags="new")
    return shop


def tag(shop, name):
    return Tag.objects.of(shop).get(name=name)


class TestRenamingATag:
    def test_rewrites_segments_rules_and_views(self, shop):
        dear = segment(shop, "tags CONTAINS 'vip' AND (orders >= 0 OR tags IN ('new', 'VIP'))", "Dear")
        set_rule(Group.objects.of(shop).get(key="business"), "NOT tags = 'VIP'", by=SYSTEM)
        SavedView.objects.create(shop=shop, name="Look", where="tags = 'VIP'", owner=create_staff(shop))
        since = fresh(dear).defined_at

        change_tag(tag(shop, "VIP"), name="Very dear", by=SYSTEM)
        create_customer(shop, name="Cy", tags="Very dear")

        told = fresh(dear)
        assert told.where == "tags CONTAINS 'Very dear' AND (orders >= 0 OR tags IN ('new', 'Very dear'))"
        assert (told.fault, told.defined_at) == ("", since)
        assert "Very dear" in GroupRule.objects.of(shop).get().where
        assert SavedView.objects.of(shop).get().where == "tags = 'Very dear'"
        assert names_in(dear) == ["Ann", "Cy"]

    def test_leaves_alone_what_asks_for_something_else(self, shop):
        others = segment(shop, "tags CONTAINS 'new' AND NOT name CONTAINS 'VIP'", "Others")

        change_tag(tag(shop, "VIP"), name="Dear", by=SYSTEM)

        assert fresh(others).where == "tags CONTAINS 'new' AND NOT name CONTAINS 'VIP'"

    def test_leaves_other_shops_alone(self, shop):
        elsewhere = create_shop("Elsewhere")
        create_customer(elsewhere, name="Di", tags="VIP")
        theirs = segment(elsewhere, "tags CONTAINS 'VIP'", "Theirs")

        change_tag(tag(shop, "VIP"), name="Dear", by=SYSTEM)

        assert fresh(theirs).where == "tags CONTAINS 'VIP'"
        assert names_in(theirs) == ["Di"]

    def test_another_colour_rewrites_nothing(self, shop):
        dear = segment(shop, "tags CONTAINS 'vip'", "Dear")

        change_tag(tag(shop, "VIP"), colour="red", by=SYSTEM)

        assert fresh(dear).where == "tags CONTAINS 'vip'"
        assert Customer.objects.of(shop).tagged(tag(shop, "VIP").pk).count() == 1


class TestWhatAsksForAWord:
    def test_is_named_however_the_word_is_written(self, shop):
        create_segment(shop, name="Dear", where="tags CONTAINS 'vip'", by=SYSTEM)

        assert [use.label for use in users_by_word(shop, "tags")["vip"]] == ["Dear"]
        assert "new" not in users_by_word(shop, "tags")
