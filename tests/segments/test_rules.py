"""Groups by rule: the first that holds decides, and never against somebody's choice."""

from decimal import Decimal

import pytest
from django.utils import timezone

from regulars.customers.errors import LabelIsBuiltIn
from regulars.customers.models import Customer, Group
from regulars.customers.operations import add_group, delete_customer, release_group, set_group, update_customer
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import BadCondition
from regulars.orders.facts import OrderFacts, PaymentFacts
from regulars.orders.operations import record_order
from regulars.segments import rules
from regulars.segments.errors import RuleAsksNothing, RuleOfTheStandardGroup, SegmentCycle
from regulars.segments.models import GroupRule, Segment
from regulars.segments.rules import apply_rules, arrange_rules, preview_rule, remove_rule, retire, set_rule
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


def ruled(shop, name, where, **options):
    """A group of that name, filled by a rule; the background work is not done yet."""
    group = add_group(shop, name, by=SYSTEM)
    set_rule(group, where, by=SYSTEM, **options)
    return group


def standard(shop):
    return Group.objects.of(shop).get(key="standard")


def group_of(customer):
    return Customer.objects.select_related("group").get(pk=customer.pk).group.name


def buys(customer, amount):
    """One more paid order."""
    number = Event.objects.filter(shop_id=customer.shop_id).count()
    facts = OrderFacts(
        channel="website",
        external_id=f"web-{number}",
        number=f"#{number}",
        placed_at=timezone.now(),
        currency=customer.shop.currency,
        total=Decimal(amount),
        payments=[PaymentFacts(external_id=f"pay-{number}", amount=Decimal(amount), at=timezone.now())],
        customer_id=customer.pk,
    )
    record_order(customer.shop, facts, by=SYSTEM)


class TestARule:
    def test_fills_its_group_with_whoever_answers(self, shop):
        ann, ben = create_customer(shop, city="Huế"), create_customer(shop, name="Ben", city="Hà Nội")

        ruled(shop, "Capital", "city = 'Hà Nội'")
        run_waiting_jobs()

        assert (group_of(ann), group_of(ben)) == ("Standard", "Capital")

    def test_keeps_its_question_in_words_that_outlive_renaming(self, shop):
        create_customer(shop, status="Potential")

        group = ruled(shop, "Chance", "customer_country = VN AND status = Potential")

        assert GroupRule.objects.get(group=group).where == "country = 'VN' AND status = 'potential'"

    def test_leaves_events_with_the_group_before_and_after(self, shop):
        ann = create_customer(shop, city="Huế")
        hue = ruled(shop, "Huế", "city = 'Huế'")

        assert apply_rules(shop, [ann.pk]) == 1

        event = Event.objects.get(customer_id=ann.pk, kind="customer.changed")
        assert event.data == {"changes": {"group_id": [standard(shop).pk, hue.pk]}}
        assert event.actor_kind == "system"

    def test_done_again_changes_nothing(self, shop):
        create_customer(shop, city="Huế")
        ruled(shop, "Huế", "city = 'Huế'")

        assert apply_rules(shop) == 1
        assert apply_rules(shop) == 0

    def test_lets_go_of_whom_it_no_longer_holds_for(self, shop):
        ann = create_customer(shop, city="Huế")
        ruled(shop, "Huế", "city = 'Huế'")
        apply_rules(shop)
        update_customer(ann, {"company": "Acme"}, by=SYSTEM)
        Customer.objects.filter(pk=ann.pk).update(city="Hà Nội")

        apply_rules(shop, [ann.pk])

        assert group_of(ann) == "Standard"

    def test_leaves_groups_without_a_rule_alone(self, shop):
        ann = create_customer(shop, city="Huế")
        wholesale = add_group(shop, "Wholesale", by=SYSTEM)
        Customer.objects.filter(pk=ann.pk).update(group=wholesale)
        ruled(shop, "Capital", "city = 'Hà Nội'")

        assert apply_rules(shop) == 0

    def test_never_moves_who_was_put_somewhere_by_hand(self, shop):
        ann = create_customer(shop, city="Huế")
        set_group(ann, standard(shop), by=SYSTEM)
        ruled(shop, "Huế", "city = 'Huế'")

        assert apply_rules(shop) == 0
        release_group(ann, by=SYSTEM)
        assert apply_rules(shop, [ann.pk]) == 1

    def test_leaves_the_bin_and_other_shops_alone(self, shop):
        ann, other = create_customer(shop, city="Huế"), create_customer(city="Huế")
        ruled(shop, "Huế", "city = 'Huế'")
        delete_customer(ann, by=SYSTEM)

        assert apply_rules(shop) == 0
        assert apply_rules(shop, [ann.pk, other.pk]) == 0

    def test_asks_only_those_it_is_given(self, shop):
        ann, ben = create_customer(shop, city="Huế"), create_customer(shop, name="Ben", city="Huế")
        ruled(shop, "Huế", "city = 'Huế'")

        apply_rules(shop, [ben.pk])

        assert (group_of(ann), group_of(ben)) == ("Standard", "Huế")

    def test_may_ask_about_events(self, shop):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        buys(ann, 500)
        ruled(shop, "Buyers", "orders_placed MATCHES (date >= -30d, sum_amount >= 500)")

        assert apply_rules(shop) == 1
        assert (group_of(ann), group_of(ben)) == ("Buyers", "Standard")
        assert apply_rules(shop, [ann.pk, ben.pk]) == 0

    def test_goes_in_batches(self, shop, monkeypatch):
        for n in range(5):
            create_customer(shop, name=f"Guest {n}", city="Huế")
        ruled(shop, "Huế", "city = 'Huế'")
        monkeypatch.setattr("regulars.customers.bulk.sets.BATCH", 2)

        assert apply_rules(shop) == 5


class TestSeveralRules:
    @pytest.fixture
    def tiers(self, shop):
        """Platinum before Gold before Silver."""
        named = {"Platinum": 1_000_000, "Gold": 500_000, "Silver": 100_000}
        return {name: ruled(shop, name, f"total_spent >= {least}") for name, least in named.items()}

    def test_the_first_that_holds_decides_as_a_customer_climbs(self, shop, tiers):
        ann = create_customer(shop)
        seen = []

        for amount in (50_000, 50_000, 400_000, 600_000):
            buys(ann, amount)
            apply_rules(shop, [ann.pk])
            seen.append(group_of(ann))

        assert seen == ["Standard", "Silver", "Gold", "Platinum"]

    def test_can_be_put_in_another_order(self, shop, tiers):
        ann = create_customer(shop)
        buys(ann, 2_000_000)

        arrange_rules(shop, [tiers["Silver"].pk], by=SYSTEM)
        run_waiting_jobs()

        assert group_of(ann) == "Silver"
        order = GroupRule.objects.of(shop).values_list("group__name", flat=True)
        assert list(order) == ["Silver", "Platinum", "Gold"]

    def test_take_over_from_one_that_is_removed(self, shop, tiers):
        ann = create_customer(shop)
        buys(ann, 2_000_000)
        run_waiting_jobs()

        remove_rule(tiers["Platinum"], by=SYSTEM)
        run_waiting_jobs()

        assert group_of(ann) == "Gold"

    def test_a_new_one_can_come_first(self, shop, tiers):
        ann = create_customer(shop, city="Huế")
        buys(ann, 2_000_000)

        ruled(shop, "Huế", "city = 'Huế'", position=0)
        run_waiting_jobs()

        assert group_of(ann) == "Huế"

    def test_one_that_cannot_be_understood_keeps_its_members_and_says_why(self, shop, tiers):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        buys(ann, 600_000)
        buys(ben, 200_000)
        apply_rules(shop)
        GroupRule.objects.filter(group=tiers["Gold"]).update(where="shoe_size > 40")
        buys(ben, 400_000)

        assert apply_rules(shop) == 0
        assert (group_of(ann), group_of(ben)) == ("Gold", "Silver")
        assert "shoe_size" in GroupRule.objects.get(group=tiers["Gold"]).fault
        buys(ann, 600_000)
        apply_rules(shop)
        assert group_of(ann) == "Platinum"

    def test_it_is_well_again_when_it_can_be_understood(self, shop, tiers):
        GroupRule.objects.filter(group=tiers["Gold"]).update(fault="There was no such field.")

        apply_rules(shop)

        assert GroupRule.objects.get(group=tiers["Gold"]).fault == ""


class TestARuleIsRefused:
    def test_when_it_asks_about_groups(self, shop):
        with pytest.raises(SegmentCycle):
            ruled(shop, "Odd", "group = 'business'")

    def test_when_a_segment_it_asks_for_does(self, shop):
        Segment.objects.create(shop=shop, key="firms", name="Firms", where="group = 'business'")

        with pytest.raises(SegmentCycle, match="Firms"):
            ruled(shop, "Odd", "segment = 'firms'")

        assert not GroupRule.objects.of(shop).exists()

    @pytest.mark.parametrize(
        ("where", "refusal"), [("", RuleAsksNothing), ("shoe_size > 40", BadCondition), ("city =", BadCondition)]
    )
    def test_when_it_asks_nothing_or_something_unknown(self, shop, where, refusal):
        with pytest.raises(refusal):
            ruled(shop, "Odd", where)

    def test_when_the_asker_may_not_ask_it(self, shop):
        viewer = create_staff(shop, role="viewer")

        with pytest.raises(BadCondition):
            ruled(shop, "Odd", "email IS NOT NULL", staff=viewer)

    def test_for_the_group_of_everybody_else(self, shop):
        with pytest.raises(RuleOfTheStandardGroup):
            set_rule(standard(shop), "city = 'Huế'", by=SYSTEM)


class TestAPreview:
    def test_says_whom_it_takes_from_where_and_who_stays(self, shop):
        ann, ben, chi = (create_customer(shop, name=name, city="Huế") for name in ("Ann", "Ben", "Chi"))
        wholesale, vip = add_group(shop, "Wholesale", by=SYSTEM), add_group(shop, "VIP", by=SYSTEM)
        set_group(ben, vip, by=SYSTEM)
        Customer.objects.filter(pk=chi.pk).update(group=wholesale)

        preview = preview_rule(shop, "city = 'Huế'")

        assert (preview.matching, preview.chosen) == (3, 1)
        assert preview.takes == {standard(shop).pk: 1, wholesale.pk: 1}
        assert group_of(ann) == "Standard"

    def test_says_who_leaves_when_a_rule_changes(self, shop):
        create_customer(shop, city="Huế")
        hue = ruled(shop, "Huế", "city = 'Huế'")
        apply_rules(shop)

        preview = preview_rule(shop, "city = 'Hà Nội'", group=hue)

        assert preview.leaves == {standard(shop).pk: 1}
        assert preview.takes == {}

    def test_knows_that_rules_before_it_keep_theirs(self, shop):
        create_customer(shop, city="Huế")
        hue = ruled(shop, "Huế", "city = 'Huế'")
        apply_rules(shop)

        assert preview_rule(shop, "country = VN OR city = 'Huế'").takes == {}
        assert preview_rule(shop, "country = VN OR city = 'Huế'", position=0).takes == {hue.pk: 1}

    def test_counts_only_whom_the_asker_sees(self, shop):
        manager = create_staff(shop, only_own=True)
        create_customer(shop, city="Huế")

        assert preview_rule(shop, "city = 'Huế'", staff=manager).matching == 0


class TestAGroupThatGoes:
    def test_takes_its_rule_along_and_leaves_its_members_to_the_others(self, shop):
        manager = create_staff(shop)
        ann, ben = create_customer(shop, city="Huế"), create_customer(shop, name="Ben", city="Huế", company="Acme")
        hue, firms = ruled(shop, "Huế", "city = 'Huế'"), ruled(shop, "Firms", "company = 'Acme'")
        apply_rules(shop)

        retire(hue, staff=manager, by=actor(manager))
        run_waiting_jobs()

        assert (group_of(ann), group_of(ben)) == ("Standard", "Firms")
        assert list(GroupRule.objects.of(shop)) == [rules.rule_of(firms)]

    def test_is_never_a_built_in_one(self, shop):
        manager = create_staff(shop)
        business = Group.objects.of(shop).get(key="business")
        set_rule(business, "company = 'Acme'", by=SYSTEM)

        with pytest.raises(LabelIsBuiltIn):
            retire(business, staff=manager, by=actor(manager))

        assert rules.rule_of(business)


def test_changing_rules_leaves_a_trail(shop):
    group = ruled(shop, "Huế", "city = 'Huế'")
    set_rule(group, "city = 'Hà Nội'", by=SYSTEM)
    set_rule(group, "city = 'Hà Nội'", by=SYSTEM)
    remove_rule(group, by=SYSTEM)
    remove_rule(group, by=SYSTEM)

    trail = Event.objects.filter(about="group", about_id=group.pk).order_by("id").values_list("kind", flat=True)
    assert list(trail) == ["group.added", "group.rule_set", "group.rule_set", "group.rule_removed"]
