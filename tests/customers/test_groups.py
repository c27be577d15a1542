"""The group of a customer: chosen by hand, left to rules, and what becomes of it when the group goes."""

import pytest

from regulars.customers import labels
from regulars.customers.actions import run_action, undo_run
from regulars.customers.bulk import Regroup, apply_changes, create_many, group_by_rules, group_many, plan_changes
from regulars.customers.errors import LabelIsBuiltIn
from regulars.customers.labels import customers_by_group, retire_group
from regulars.customers.models import Customer, Group
from regulars.customers.operations import (
    add_group,
    delete_customer,
    release_group,
    restore_customer,
    set_group,
    update_customer,
)
from regulars.customers.profile import read_profile
from regulars.customers.selection import Selection
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import JobRun
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def gold(shop):
    return add_group(shop, "Gold", by=SYSTEM)


def standard(shop):
    return Group.objects.of(shop).get(key="standard")


def state(customer):
    now = Customer.objects.select_related("group").get(pk=customer.pk)
    return now.group.key, now.group_by_hand


def told(customer):
    events = Event.objects.filter(customer_id=customer.pk, kind="customer.changed").order_by("id")
    return [data["changes"] for data in events.values_list("data", flat=True)]


def by_rule(shop, *customers, to):
    return group_by_rules(shop.pk, [Regroup(one.pk, to.pk) for one in customers], by=SYSTEM)


class TestAGroupIsChosenByHand:
    def test_on_the_customer_s_page(self, shop, gold):
        ann = create_customer(shop)

        set_group(ann, gold, by=SYSTEM)

        assert state(ann) == ("gold", True)
        assert told(ann)[-1] == {"group_id": [standard(shop).pk, gold.pk], "group_by_hand": [False, True]}

    def test_even_where_a_rule_had_put_the_customer_already(self, shop, gold):
        ann = create_customer(shop)
        by_rule(shop, ann, to=gold)

        set_group(ann, gold, by=SYSTEM)

        assert state(ann) == ("gold", True)

    def test_in_the_form_when_it_changes(self, shop, gold):
        ann = create_customer(shop)

        update_customer(ann, {"group": "Gold"}, by=SYSTEM)

        assert state(ann) == ("gold", True)

    def test_not_in_the_form_when_it_stays(self, shop, gold):
        ann = create_customer(shop)
        by_rule(shop, ann, to=gold)

        update_customer(ann, {"group": "Gold", "company": "Acme"}, by=SYSTEM)

        assert state(ann) == ("gold", False)

    def test_not_by_a_form_that_was_opened_before_the_rules_moved_the_customer(self, shop, gold):
        ann = create_customer(shop)
        opened = Customer.objects.get(pk=ann.pk).version
        by_rule(shop, ann, to=gold)

        update_customer(ann, {"group": "standard", "company": "Acme"}, by=SYSTEM, version=opened)

        assert state(ann) == ("gold", False)

    def test_for_a_selection_with_undo(self, shop, gold):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        by_rule(shop, ben, to=gold)
        manager = create_staff(shop)

        run = run_action(Selection.of_ids(shop, [ann.pk, ben.pk]), "group", {"group": gold.pk}, staff=manager)
        run_waiting_jobs()

        assert [state(ann), state(ben)] == [("gold", True), ("gold", True)]
        run.refresh_from_db()
        undo_run(run, staff=manager, by=actor(manager))
        run_waiting_jobs()
        assert [state(ann), state(ben)] == [("standard", False), ("gold", False)]

    def test_by_a_file_that_names_another(self, shop, gold):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        by_rule(shop, ben, to=gold)
        pairs = [(one.pk, read_profile({"name": one.name, "group": "Gold"}, country="VN")) for one in (ann, ben)]

        apply_changes(shop, plan_changes(shop, pairs, "overwrite", for_update=True), by=SYSTEM)

        assert [state(ann), state(ben)] == [("gold", True), ("gold", False)]

    def test_for_somebody_new_unless_it_is_the_standard_one(self, shop, gold):
        drafts = [read_profile({"name": "Ann", "group": name}, country="VN") for name in ("Gold", "Standard", "")]

        ids = create_many(shop, drafts, by=SYSTEM, source="import")

        people = [Customer.objects.get(pk=pk) for pk in ids]
        assert [state(one) for one in people] == [("gold", True), ("standard", False), ("standard", False)]


class TestAGroupIsLeftToTheRules:
    def test_of_one_customer(self, shop, gold):
        ann = create_customer(shop)
        set_group(ann, gold, by=SYSTEM)

        release_group(ann, by=SYSTEM)

        assert state(ann) == ("gold", False)
        assert told(ann)[-1] == {"group_by_hand": [True, False]}

    def test_of_a_selection(self, shop, gold):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        set_group(ann, gold, by=SYSTEM)
        manager = create_staff(shop)

        selection = Selection.of_ids(shop, [ann.pk, ben.pk])
        run = run_action(selection, "group", {"group": "rules"}, staff=manager)
        run_waiting_jobs()

        run.refresh_from_db()
        assert run.result == {"changed": 1}
        assert state(ann) == ("gold", False)

    def test_when_it_is_emptied(self, shop, gold):
        ann = create_customer(shop)
        set_group(ann, gold, by=SYSTEM)

        update_customer(ann, {"group": ""}, by=SYSTEM)

        assert state(ann) == ("standard", False)

    def test_which_never_touch_a_choice(self, shop, gold):
        ann, ben = create_customer(shop), create_customer(shop, name="Ben")
        set_group(ann, standard(shop), by=SYSTEM)

        assert by_rule(shop, ann, ben, to=gold) == 1
        assert [state(ann), state(ben)] == [("standard", True), ("gold", False)]
        assert by_rule(shop, ann, ben, to=gold) == 0

    def test_the_bin_keeps_what_it_was(self, shop, gold):
        ann = create_customer(shop)
        set_group(ann, gold, by=SYSTEM)
        delete_customer(ann, by=SYSTEM)

        assert group_many(shop, [ann.pk], None, by=SYSTEM) == 0
        restore_customer(ann, by=SYSTEM)
        assert state(ann) == ("gold", True)


class TestAGroupThatGoes:
    def test_leaves_its_members_in_the_standard_one(self, shop, gold):
        manager = create_staff(shop)
        ann, ben, binned = create_customer(shop), create_customer(shop, name="Ben"), create_customer(shop, name="Bin")
        set_group(ann, gold, by=SYSTEM)
        set_group(binned, gold, by=SYSTEM)
        by_rule(shop, ben, to=gold)
        delete_customer(binned, by=SYSTEM)

        run = retire_group(gold, staff=manager)

        assert (run.is_over, run.done) == (True, 2)
        assert {state(one) for one in (ann, ben, binned)} == {("standard", False)}
        assert told(ann)[-1] == {"group_id": [gold.pk, standard(shop).pk], "group_by_hand": [True, False]}
        assert not Group.objects.filter(pk=gold.pk).exists()
        assert Event.objects.filter(kind="group.removed", about_id=gold.pk).exists()

    def test_of_many_goes_in_the_background(self, shop, gold, monkeypatch):
        monkeypatch.setattr(labels, "AT_ONCE", 1)
        monkeypatch.setattr(labels, "BATCH", 1)
        people = [create_customer(shop, name=f"Guest {n}") for n in range(3)]
        group_many(shop, [one.pk for one in people], gold.pk, by=SYSTEM)

        run = retire_group(gold, staff=create_staff(shop))

        assert not run.is_over
        run_waiting_jobs()
        run = JobRun.objects.get(pk=run.pk)
        assert (run.state, run.done) == (JobRun.State.DONE, 3)
        assert not Group.objects.filter(pk=gold.pk).exists()

    def test_is_never_a_built_in_one(self, shop):
        with pytest.raises(LabelIsBuiltIn):
            retire_group(standard(shop), staff=create_staff(shop))


def test_a_person_limited_to_their_own_counts_only_those(shop, gold):
    agent = create_staff(shop, role="agent", only_own=True, name="Mai")
    mine = create_customer(shop, name="Ann", staff="Mai")
    group_many(shop, [mine.pk, create_customer(shop, name="Ben").pk], gold.pk, by=SYSTEM)

    assert customers_by_group(shop)[gold.pk] == 2
    assert customers_by_group(shop, agent)[gold.pk] == 1
