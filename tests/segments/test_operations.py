"""What can be done with segments, and what is refused."""

import pytest

from regulars.customers.models import Customer, Group
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.query import BadCondition, parse
from regulars.segments.cycles import refuse_rule_cycle
from regulars.segments.errors import SegmentAsksNothing, SegmentCycle, SegmentExists, SegmentInUse
from regulars.segments.models import GroupRule, SavedView, Segment
from regulars.segments.operations import (
    change_segment,
    convert_segment,
    create_segment,
    delete_segment,
    duplicate_segment,
    set_members,
)
from regulars.segments.uses import used_by
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop()
    for name, tags in (("Ann", "VIP"), ("Bo", "VIP;new"), ("Cy", "")):
        create_customer(shop, name=name, tags=tags)
    return shop


def kinds(shop):
    events = Event.objects.filter(shop_id=shop.pk, kind__startswith="segment.").order_by("id")
    return list(events.values_list("kind", flat=True))


class TestCreating:
    def test_keeps_the_question_canonical_and_the_key_for_good(self, shop):
        made = segment(shop, "  customer_tags  contains 'vip'", "Best of all")

        assert (made.key, made.where) == ("best_of_all", "tags CONTAINS 'vip'")

        renamed = change_segment(made, name="Something else", by=SYSTEM)

        assert (renamed.key, renamed.name) == ("best_of_all", "Something else")
        assert kinds(shop) == ["segment.created", "segment.changed"]

    def test_names_are_free_keys_are_unique(self, shop):
        segment(shop, name="Best")

        with pytest.raises(SegmentExists):
            create_segment(shop, name="best", by=SYSTEM)
        with pytest.raises(BadValue):
            create_segment(shop, name="  ", by=SYSTEM)
        with pytest.raises(BadValue):
            create_segment(shop, name="New", colour="no colour", by=SYSTEM)
        assert create_segment(shop, name="Best!", by=SYSTEM).key == "best_2"

    def test_says_what_it_does_not_understand(self, shop):
        with pytest.raises(BadCondition):
            create_segment(shop, name="New", where="no_such_field = 1", by=SYSTEM)
        assert not Segment.objects.of(shop).exists()

    def test_me_is_whoever_writes_it_down(self, shop):
        mai = create_staff(shop, name="Mai")
        made = create_segment(shop, name="Mine", where="staff = me", staff=mai, by=SYSTEM)

        assert mai.user.email in made.where
        with pytest.raises(BadCondition):
            create_segment(shop, name="Whose", where="staff = me", by=SYSTEM)

    def test_a_viewer_cannot_ask_what_they_may_not_see(self, shop):
        viewer = create_staff(shop, role="viewer")

        with pytest.raises(BadCondition):
            create_segment(shop, name="New", where="email CONTAINS 'a'", staff=viewer, by=SYSTEM)

    def test_nobody_and_everybody_are_answers(self, shop):
        assert names_in(segment(shop, "", "All")) == ["Ann", "Bo", "Cy"]
        assert names_in(segment(shop, "NOT (tags CONTAINS 'VIP' OR NOT tags CONTAINS 'VIP')", "None")) == []


class TestStatic:
    def test_keeps_whom_it_was_made_of(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'", kind="static")
        create_customer(shop, name="Di", tags="VIP")

        assert names_in(made) == ["Ann", "Bo"]
        assert made.size == 2

    def test_is_made_of_chosen_customers(self, shop):
        ids = list(Customer.objects.of(shop).filter(name__in=["Ann", "Cy"]).values_list("pk", flat=True))
        stranger = create_customer(create_shop("There"))
        made = segment(shop, kind="static", customer_ids=[*ids, stranger.pk])

        assert names_in(made) == ["Ann", "Cy"]
        with pytest.raises(SegmentAsksNothing):
            convert_segment(made, "dynamic", by=SYSTEM)

    def test_is_changed_by_hand(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'", kind="static")
        ids = dict(Customer.objects.of(shop).values_list("name", "pk"))

        assert set_members(made, [ids["Cy"], ids["Ann"]], True, staff=None, by=SYSTEM) == 1
        assert set_members(made, [ids["Bo"]], False, staff=None, by=SYSTEM) == 1
        assert names_in(made) == ["Ann", "Cy"]
        assert fresh(made).size == 2
        assert kinds(shop)[-2:] == ["segment.entered", "segment.left"]

    def test_a_live_one_is_told_at_once_of_a_static_one_it_asks_for(self, shop):
        chosen = segment(shop, "tags CONTAINS 'new'", "Chosen", kind="static")
        others = segment(shop, "NOT segment = 'chosen'", "Others")
        ids = dict(Customer.objects.of(shop).values_list("name", "pk"))

        assert names_in(others) == ["Ann", "Cy"]
        set_members(chosen, [ids["Cy"]], True, staff=None, by=SYSTEM)
        assert names_in(others) == ["Ann"]


class TestConverting:
    def test_stays_as_it_is_and_follows_again(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'")
        made = convert_segment(made, "static", by=SYSTEM)
        create_customer(shop, name="Di", tags="VIP")
        assert names_in(made) == ["Ann", "Bo"]

        made = convert_segment(made, "dynamic", by=SYSTEM)
        assert names_in(made) == ["Ann", "Bo", "Di"]
        assert fresh(made).size == 3

    def test_one_without_an_answer_yet_keeps_whom_it_means(self, shop):
        made = create_segment(shop, name="New", where="tags CONTAINS 'VIP'", by=SYSTEM)
        made = convert_segment(made, "static", by=SYSTEM)

        assert names_in(made) == ["Ann", "Bo"]

    def test_a_copy_is_another_segment(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'")
        copy = duplicate_segment(made, staff=None, by=SYSTEM)
        fixed = duplicate_segment(convert_segment(made, "static", by=SYSTEM), staff=None, by=SYSTEM)

        assert (copy.name, fixed.name) == ("Some (copy)", "Some (copy) 2")
        assert names_in(copy) == names_in(fixed) == ["Ann", "Bo"]


class TestOfWhomSeesOnlyTheirOwn:
    def test_a_snapshot_keeps_their_own_customers_alone(self, shop):
        maya = create_staff(shop, role="agent", name="Maya", only_own=True)
        Customer.objects.of(shop).filter(name__in=("Ann", "Cy")).update(staff=maya)
        everyone = list(Customer.objects.of(shop).values_list("pk", flat=True))

        asked = segment(shop, "tags CONTAINS 'VIP'", "Asked", kind="static", staff=maya)
        chosen = segment(shop, "", "Chosen", kind="static", staff=maya, customer_ids=everyone)
        everybodys = segment(shop, "", "Everybody's", kind="static")
        copy = duplicate_segment(everybodys, name="Copy", staff=maya, by=SYSTEM)

        assert names_in(asked) == ["Ann"]
        assert names_in(chosen) == names_in(copy) == ["Ann", "Cy"]
        assert names_in(everybodys) == ["Ann", "Bo", "Cy"]


class TestChanging:
    def test_another_question_finds_others_and_begins_its_history_anew(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'")
        changed = change_segment(made, where="tags CONTAINS 'new'", by=SYSTEM)

        assert changed.defined_at > made.defined_at
        assert changed.evaluated_at is None
        assert names_in(changed) == ["Bo"]
        assert kinds(shop) == ["segment.created", "segment.changed"]

    def test_the_same_question_in_other_words_changes_nothing(self, shop):
        made = segment(shop, "tags CONTAINS 'VIP'")
        change_segment(made, where="customer_tags contains 'VIP'", name="Some", by=SYSTEM)

        assert kinds(shop) == ["segment.created"]


class TestUses:
    def test_deleting_is_blocked_by_whoever_asks_for_it(self, shop):
        vip = segment(shop, "tags CONTAINS 'VIP'", "Best")
        segment(shop, "segment = 'best' AND tags CONTAINS 'new'", "Newest")
        mai = create_staff(shop)
        SavedView.objects.create(shop=shop, name="Look", where="NOT segment = 'best'", owner=mai)
        group = Group.objects.of(shop).get(key="business")
        GroupRule.objects.create(shop=shop, group=group, where="segment = 'best'")

        with pytest.raises(SegmentInUse) as refusal:
            delete_segment(vip, by=SYSTEM)

        assert [(use.kind, use.label) for use in refusal.value.details["users"]] == [
            ("segment", "Newest"), ("private_view", str(mai)), ("group", group.name),
        ]  # fmt: skip
        assert "Newest" in str(refusal.value)
        assert Segment.objects.of(shop).count() == 2

    def test_a_private_view_is_named_to_its_owner_alone(self, shop):
        vip, mai = segment(shop, "tags CONTAINS 'VIP'", "Best"), create_staff(shop, name="Mai")
        SavedView.objects.create(shop=shop, name="Secret plan", where="segment = 'best'", owner=mai)
        SavedView.objects.create(shop=shop, name="Our plan", where="segment = 'best'", owner=mai, is_team=True)

        own, teams = used_by(vip, reader_id=mai.pk)
        theirs, still_teams = used_by(vip, reader_id=create_staff(shop).pk)

        assert (own.kind, own.label) == ("view", "Secret plan")
        assert (theirs.kind, theirs.label, theirs.url_path) == ("private_view", "Mai", "")
        assert teams == still_teams

    def test_renaming_keeps_the_links(self, shop):
        vip = segment(shop, "tags CONTAINS 'VIP'", "Best")
        newest = segment(shop, "segment = 'Best' AND tags CONTAINS 'new'", "Newest")
        change_segment(vip, name="Dearest", by=SYSTEM)
        create_customer(shop, name="Di", tags="VIP;new")

        assert newest.where == "segment = 'best' AND tags CONTAINS 'new'"
        assert names_in(newest) == ["Bo", "Di"]
        assert used_by(fresh(vip))


class TestCycles:
    def test_segments_that_would_ask_for_each_other(self, shop):
        a = segment(shop, "tags CONTAINS 'VIP'", "A")
        segment(shop, "segment = 'a'", "B")
        segment(shop, "segment IN ('b')", "C")

        with pytest.raises(SegmentCycle) as refusal:
            change_segment(a, where="NOT in_segment CONTAINS 'c'", by=SYSTEM)

        assert refusal.value.details["path"] == ["A", "C", "B", "A"]
        assert fresh(a).where == "tags CONTAINS 'VIP'"

    def test_in_no_segment_at_all_would_be_in_one_then(self, shop):
        with pytest.raises(SegmentCycle):
            create_segment(shop, name="Lonely", where="segment IS NULL", by=SYSTEM)

    def test_groups_by_rule_that_would_ask_for_themselves(self, shop):
        segment(shop, "group = 'business'", "Firms")
        with pytest.raises(SegmentCycle) as refusal:
            refuse_rule_cycle(shop, parse("segment = 'firms'"))
        assert refusal.value.details["path"] == ["groups by rule", "Firms", "groups by rule"]

        loyal = segment(shop, "tags CONTAINS 'VIP'", "Loyal")
        business = Group.objects.of(shop).get(key="business")
        GroupRule.objects.create(shop=shop, group=business, where="segment = 'loyal'")
        with pytest.raises(SegmentCycle):
            change_segment(loyal, where="group = 'standard'", by=SYSTEM)
