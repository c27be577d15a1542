"""Many customers put into a segment or kept out at once, and taken back."""

import pytest

from regulars.customers.actions import MayNot, run_action, undo_run
from regulars.customers.selection import Selection
from regulars.customers.timeline import timeline
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.errors import NotYourSegment
from regulars.segments.members import members
from regulars.segments.models import Override
from regulars.segments.operations import create_segment, set_members
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="owner", name="Lan")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", city="Hue")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob")


def segment(shop, where="city = 'Hue'", **facts):
    made = create_segment(shop, name="Hue", where=where, by=SYSTEM, **facts)
    run_waiting_jobs()
    return made


def put(one, people, lan, *, is_member):
    params = {"segment": one.pk, "is_member": is_member}
    return run_action(Selection.of_ids(one.shop, [each.pk for each in people]), "segment", params, staff=lan)


class TestPuttingIntoALiveSegment:
    def test_goes_before_the_conditions(self, shop, lan, ann, bob):
        hue = segment(shop)

        run = put(hue, [ann, bob], lan, is_member=True)

        assert set(members(hue)) == {ann, bob}
        assert run.result["changed"] == 2
        assert {one.by for one in Override.objects.of(shop)} == {lan}

    def test_is_taken_back_exactly(self, shop, lan, ann, bob):
        hue = segment(shop)
        set_members(hue, [ann.pk], False, staff=None, by=SYSTEM)

        undo_run(put(hue, [ann, bob], lan, is_member=True), staff=lan, by=actor(lan))

        assert set(members(hue)) == set()
        assert [(one.customer_id, one.is_member) for one in Override.objects.of(shop)] == [(ann.pk, False)]

    def test_leaves_what_was_decided_since(self, shop, lan, bob):
        hue = segment(shop)
        run = put(hue, [bob], lan, is_member=True)
        put(hue, [bob], lan, is_member=False)

        undone = undo_run(run, staff=lan, by=actor(lan))

        assert undone.result["conflicts"] == 1
        assert Override.objects.of(shop).get().is_member is False

    def test_twice_changes_nothing(self, shop, lan, bob):
        hue = segment(shop)
        put(hue, [bob], lan, is_member=True)

        assert put(hue, [bob], lan, is_member=True).result["changed"] == 0

    def test_stands_in_the_timeline(self, shop, lan, bob):
        put(segment(shop), [bob], lan, is_member=True)

        said = ["".join(part["text"] for part in entry["parts"]) for entry in timeline(bob, lan)]

        assert "Put into the segment Hue by hand" in said


class TestPuttingIntoAStaticSegment:
    def test_makes_members_and_undo_takes_them_out(self, shop, lan, ann, bob):
        chosen = segment(shop, kind="static")

        run = put(chosen, [ann, bob], lan, is_member=True)
        assert set(members(chosen)) == {ann, bob}
        assert run.result["changed"] == 1

        undo_run(run, staff=lan, by=actor(lan))
        assert set(members(chosen)) == {ann}

    def test_cannot_be_left_to_conditions(self, shop, lan, ann):
        chosen = segment(shop, kind="static")

        with pytest.raises(BadValue):
            put(chosen, [ann], lan, is_member=None)


def test_a_segment_of_another_shop_is_refused(shop, lan, ann):
    other = segment(create_shop("Other"))

    with pytest.raises(BadValue):
        run_action(Selection.of_ids(shop, [ann.pk]), "segment", {"segment": other.pk, "is_member": True}, staff=lan)


class TestWhoMayDecide:
    def test_nobody_puts_customers_into_the_segment_of_somebody_else(self, shop, ann):
        hue = segment(shop, where="city = 'Nowhere'")
        maya = create_staff(shop, role="agent", name="Maya")

        with pytest.raises(MayNot):
            put(hue, [ann], maya, is_member=True)
        with pytest.raises(NotYourSegment):
            set_members(hue, [ann.pk], True, staff=maya, by=actor(maya))

        assert not members(hue).exists()

    def test_everybody_does_with_their_own(self, shop, ann):
        maya = create_staff(shop, role="agent", name="Maya")
        own = segment(shop, where="city = 'Nowhere'", staff=maya)

        put(own, [ann], maya, is_member=True)

        assert set(members(own)) == {ann}
