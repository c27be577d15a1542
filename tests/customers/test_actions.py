"""Actions on many customers: exactly once, exactly those, and taken back exactly."""

import pytest

from regulars.customers import actions, selection
from regulars.customers.actions import CannotUndo, MayNot, NoSuchAction, actions_for, run_action, undo_needs, undo_run
from regulars.customers.bulk import create_many, delete_many, tag_many
from regulars.customers.models import Customer, Group, SelectionPart, Status, Tag
from regulars.customers.operations import ensure_tags
from regulars.customers.profile import read_profile
from regulars.customers.selection import Selection, SelectionChanged
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting
from regulars.shops.work import cancel_job
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai")


@pytest.fixture
def in_background(monkeypatch):
    """Even two customers are a job, in parts of two."""
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    monkeypatch.setattr(selection, "PART", 2)


def many(shop, count, **raw):
    drafts = [read_profile({"name": f"N {n}", **raw}, country="PH") for n in range(count)]
    return create_many(shop, drafts, by=SYSTEM, source="import")


def tagged(shop, name):
    (tag,) = ensure_tags(shop, [name]).values()
    return set(Customer.objects.of(shop).tagged(tag.pk).values_list("pk", flat=True))


def alive(shop):
    return set(Customer.objects.of(shop).alive().values_list("pk", flat=True))


class TestActing:
    def test_on_all_that_match_but_two_touches_exactly_those(self, shop, manager):
        """T83."""
        matching = many(shop, 1240, company="Acme")
        others = many(shop, 5)
        unticked = matching[7:9]
        asked = Selection.of_question(shop, where="company = 'Acme'", excluded=unticked, expected=1238)

        run = run_action(asked, "delete", {}, staff=manager)
        run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.total, run.done, run.result) == ("done", 1238, 1238, {"changed": 1238})
        assert alive(shop) == {*unticked, *others}
        assert Event.objects.filter(shop_id=shop.pk, kind="customer.deleted", batch_id=run.pk).count() == 1238
        assert not SelectionPart.objects.of(shop).exists()

    def test_on_a_few_is_done_at_once(self, shop, manager):
        ids = many(shop, 3)

        run = run_action(Selection.of_ids(shop, ids[:2]), "tag", {"add": ["VIP"]}, staff=manager)

        assert run.state == "done"
        assert run.title == "Add the tag VIP"
        assert tagged(shop, "vip") == set(ids[:2])

    def test_changes_what_the_filter_asks_for_and_still_reaches_everybody(self, shop, manager, in_background):
        ids = many(shop, 7, tags="old")
        asked = Selection.of_question(shop, where="tags CONTAINS 'old'", expected=7)

        run_action(asked, "tag", {"remove": ["old"], "add": ["new"]}, staff=manager)
        run_waiting_jobs()

        assert tagged(shop, "old") == set()
        assert tagged(shop, "new") == set(ids)

    def test_does_not_reach_those_who_came_later(self, shop, manager, in_background):
        ids = many(shop, 3)
        run_action(Selection.of_question(shop, expected=3), "tag", {"add": ["VIP"]}, staff=manager)
        many(shop, 2)

        run_waiting_jobs()

        assert tagged(shop, "VIP") == set(ids)

    def test_on_more_than_were_shown_is_refused_and_changes_nothing(self, shop, manager):
        ids = many(shop, 3)

        with pytest.raises(SelectionChanged):
            run_action(Selection.of_question(shop, expected=2), "delete", {}, staff=manager)

        assert alive(shop) == set(ids)
        assert not JobRun.objects.of(shop).exists()

    def test_twice_with_one_key_is_done_once(self, shop, manager, in_background):
        ids = many(shop, 3)
        wish = {"staff": manager, "key": "click-1"}

        first = run_action(Selection.of_ids(shop, ids), "tag", {"add": ["VIP"]}, **wish)
        again = run_action(Selection.of_ids(shop, ids), "tag", {"add": ["VIP"]}, **wish)
        run_waiting_jobs()

        assert again.pk == first.pk
        assert Event.objects.filter(shop_id=shop.pk, kind="customer.tagged").count() == 3

    def test_that_changes_nobody_leaves_no_event(self, shop, manager):
        ids = many(shop, 3, tags="VIP")

        run = run_action(Selection.of_ids(shop, ids), "tag", {"add": ["vip"]}, staff=manager)

        assert run.result == {"changed": 0}
        assert not Event.objects.filter(kind="customer.tagged").exists()

    def test_cancelled_in_the_middle_leaves_whole_parts_and_can_be_undone(
        self, shop, manager, in_background, monkeypatch
    ):
        ids = many(shop, 6)
        run = run_action(Selection.of_ids(shop, ids), "tag", {"add": ["VIP"]}, staff=manager)
        perform = actions.find_action("tag").perform

        def cancelled_meanwhile(*args, **kwargs):
            cancel_job(run)
            return perform(*args, **kwargs)

        monkeypatch.setitem(
            actions._actions, "tag", actions.Action(*_but(actions.find_action("tag"), perform=cancelled_meanwhile))
        )
        run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.done, run.result) == ("cancelled", 2, {"changed": 2})
        assert tagged(shop, "vip") == set(ids[:2])
        assert not SelectionPart.objects.of(shop).exists()
        undo_run(run, staff=manager, by=acting(manager))
        run_waiting_jobs()
        assert tagged(shop, "vip") == set()


def _but(action, **changes):
    return [changes.get(name, getattr(action, name)) for name in action.__slots__]


class TestWhoMayAct:
    def test_a_limited_agent_touches_only_own_customers(self, shop):
        agent = create_staff(shop, role="agent", name="Maria", only_own=True)
        mine = create_customer(shop, name="Mine", staff="Maria").pk
        other = create_customer(shop, name="Other").pk

        run_action(Selection.of_ids(shop, [mine, other]), "tag", {"add": ["VIP"]}, staff=agent)

        assert tagged(shop, "vip") == {mine}

    def test_what_was_given_away_meanwhile_is_not_touched(self, shop, in_background):
        agent = create_staff(shop, role="agent", name="Maria", only_own=True)
        mine = create_customer(shop, name="Mine", staff="Maria").pk
        run_action(Selection.of_ids(shop, [mine]), "tag", {"add": ["VIP"]}, staff=agent)
        Customer.objects.filter(pk=mine).update(staff=None)

        run_waiting_jobs()

        assert tagged(shop, "vip") == set()

    def test_who_lacks_the_permission_is_refused(self, shop):
        agent, viewer = create_staff(shop, role="agent"), create_staff(shop, role="viewer")
        ids = many(shop, 1)

        with pytest.raises(MayNot):
            run_action(Selection.of_ids(shop, ids), "delete", {}, staff=agent)

        assert alive(shop) == set(ids)
        assert actions_for(viewer) == []
        expected = {"tag", "group", "status", "staff", "segment", "task", "field"}
        assert {one.name for one in actions_for(agent)} == expected

    def test_staff_of_another_shop_are_refused(self, shop):
        stranger = create_staff(create_shop("Elsewhere"), role="owner")

        with pytest.raises(MayNot):
            run_action(Selection.of_ids(shop, many(shop, 1)), "delete", {}, staff=stranger)

    def test_an_unknown_action_is_refused_by_name(self, shop, manager):
        with pytest.raises(NoSuchAction, match="explode"):
            run_action(Selection.of_ids(shop, []), "explode", {}, staff=manager)


class TestColumns:
    @pytest.mark.parametrize("name", ["group", "status", "staff"])
    def test_are_set_told_and_taken_back(self, shop, manager, name):
        ids = many(shop, 2)
        value = {
            "group": Group.objects.of(shop).get(key="business").pk,
            "status": Status.objects.of(shop).first().pk,
            "staff": manager.pk,
        }[name]
        before = set(Customer.objects.filter(pk__in=ids).values_list(name, flat=True))

        run = run_action(Selection.of_ids(shop, ids), name, {name: value}, staff=manager)
        assert set(Customer.objects.filter(pk__in=ids).values_list(name, flat=True)) == {value}

        undo_run(run, staff=manager, by=acting(manager))
        assert set(Customer.objects.filter(pk__in=ids).values_list(name, flat=True)) == before

    @pytest.mark.parametrize(
        ("name", "params"), [("group", {"group": None}), ("status", {}), ("staff", {"staff": 0}), ("tag", {"add": []})]
    )
    def test_a_value_that_is_not_the_shops_is_refused(self, shop, manager, name, params):
        with pytest.raises(BadValue):
            run_action(Selection.of_ids(shop, many(shop, 1)), name, params, staff=manager)

    def test_a_group_of_another_shop_is_refused(self, shop, manager):
        theirs = Group.objects.of(create_shop("Elsewhere")).first()

        with pytest.raises(BadValue):
            run_action(Selection.of_ids(shop, many(shop, 1)), "group", {"group": theirs.pk}, staff=manager)


class TestUndoing:
    def test_takes_back_exactly_what_was_changed(self, shop, manager):
        had, new = many(shop, 2, tags="VIP"), many(shop, 2)
        run = run_action(Selection.of_ids(shop, had + new), "tag", {"add": ["VIP"]}, staff=manager)

        undo = undo_run(run, staff=manager, by=acting(manager))

        assert tagged(shop, "vip") == set(had)
        assert undo.result == {"restored": 2, "removed": 0, "conflicts": 0, "named": []}

    def test_leaves_what_was_changed_since(self, shop, manager):
        ann, ben = many(shop, 2)
        run = run_action(Selection.of_ids(shop, [ann, ben]), "tag", {"add": ["VIP"]}, staff=manager)
        vip = Tag.objects.of(shop).get(key="vip").pk
        tag_many(shop, [ann], [], [vip], by=SYSTEM)
        tag_many(shop, [ann], [vip], by=SYSTEM)

        undo = undo_run(run, staff=manager, by=acting(manager))

        assert tagged(shop, "vip") == {ann}
        assert undo.result == {"restored": 1, "removed": 0, "conflicts": 1, "named": [ann]}

    def test_brings_the_deleted_back(self, shop, manager, in_background):
        ids = many(shop, 5)
        run = run_action(Selection.of_ids(shop, ids), "delete", {}, staff=manager)
        run_waiting_jobs()
        run.refresh_from_db()

        undo_run(run, staff=manager, by=acting(manager))
        run_waiting_jobs()

        assert alive(shop) == set(ids)

    def test_is_done_once(self, shop, manager):
        run = run_action(Selection.of_ids(shop, many(shop, 1)), "delete", {}, staff=manager)

        first = undo_run(run, staff=manager, by=acting(manager))

        assert undo_run(run, staff=manager, by=acting(manager)).pk == first.pk
        with pytest.raises(CannotUndo):
            undo_run(first, staff=manager, by=acting(manager))

    def test_of_a_running_run_is_refused(self, shop, manager, in_background):
        run = run_action(Selection.of_ids(shop, many(shop, 1)), "delete", {}, staff=manager)

        with pytest.raises(CannotUndo):
            undo_run(run, staff=manager, by=acting(manager))

    def test_needs_the_permission_of_the_action(self, shop, manager):
        run = run_action(Selection.of_ids(shop, many(shop, 1)), "delete", {}, staff=manager)

        with pytest.raises(MayNot):
            agent = create_staff(shop, role="agent")
            undo_run(run, staff=agent, by=acting(agent))

    def test_restoring_from_the_bin_is_an_action_too(self, shop, manager):
        ids = many(shop, 2)
        delete_many(shop, ids, by=SYSTEM)

        run = run_action(Selection.of_ids(shop, ids, in_bin=True), "restore", {}, staff=manager)
        assert alive(shop) == set(ids)

        undo_run(run, staff=manager, by=acting(manager))
        assert alive(shop) == set()

    def test_of_another_kind_of_run_is_possible_once_it_is_declared(self, shop, manager, monkeypatch):
        monkeypatch.setattr(actions, "_undo_needs", {})
        run = JobRun.objects.create(shop=shop, kind="test.import", title="Import", state="done", can_undo=True)
        create_many(shop, [read_profile({"name": "Ann"}, country="PH")], by=SYSTEM, source="import", batch_id=run.pk)

        with pytest.raises(CannotUndo):
            undo_run(run, staff=manager, by=acting(manager))
        undo_needs("test.import", Permission.IMPORT)
        undo = undo_run(run, staff=None, by=SYSTEM)

        assert undo.result["removed"] == 1
        assert alive(shop) == set()
