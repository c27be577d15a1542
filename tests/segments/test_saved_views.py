"""Saved views: whose they are, what they keep, in which order they stand."""

import pytest

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Group
from regulars.customers.operations import change_label
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.query import parse
from regulars.segments.errors import NotYourView, ViewExists, ViewShowsEverything
from regulars.segments.models import SavedView, Segment
from regulars.segments.saved_views import (
    Look,
    arrange_views,
    change_view,
    create_view,
    duplicate_view,
    may_change,
    remove_view,
    views_for,
)
from regulars.segments.uses import used_by
from tests.factories import SYSTEM, create_shop, create_staff

pytestmark = pytest.mark.django_db

SPENDERS = Look(where="total_spent > 0", sort="-total_spent", columns=("orders", "total_spent"), size=25)
DEBTORS = Look(where="debt > 0")


@pytest.fixture
def lan():
    """A manager."""
    return create_staff(create_shop(), name="Lan")


@pytest.fixture
def mai(lan):
    """An agent of the same shop."""
    return create_staff(lan.shop, role="agent", name="Mai")


def names(staff, list_name="customers"):
    return [view.name for view in views_for(staff, list_name)]


class TestAView:
    def test_keeps_what_the_list_shows(self, lan):
        view = create_view(lan, "customers", "  Big   spenders ", SPENDERS)

        view.refresh_from_db()
        assert (view.name, Look.kept_in(view)) == ("Big spenders", SPENDERS)
        assert (view.is_team, view.is_pinned, view.is_default) == (False, True, False)

    def test_keeps_its_question_in_words_that_outlive_renaming(self, lan):
        business = Group.objects.of(lan.shop).get(key="business")
        change_label(business, name="Firms", by=SYSTEM)
        node, ctx = parse("customer_group = Firms AND agent = me"), context_for(lan.shop, staff=lan)

        look = Look.of(node, customer_fields, ctx, sort="name")

        assert look == Look(where="group = 'business' AND staff = me", sort="name")

    def test_that_shows_what_the_list_shows_anyway_is_refused(self, lan):
        with pytest.raises(ViewShowsEverything):
            create_view(lan, "customers", "All", Look())

    @pytest.mark.parametrize("name", ["", "  ", "\n"])
    def test_needs_a_name(self, lan, name):
        with pytest.raises(BadValue):
            create_view(lan, "customers", name, DEBTORS)

    def test_asks_for_a_segment_as_its_user(self, lan):
        vip = Segment.objects.create(shop=lan.shop, key="vip", name="VIP", where="debt = 0")

        create_view(lan, "customers", "VIPs", Look(where="segment = 'vip'"))

        assert [use.label for use in used_by(vip, reader_id=lan.pk)] == ["VIPs"]

    def test_leaves_a_trail(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS)
        change_view(view, staff=lan, name="Owing")
        change_view(view, staff=lan, name="Owing")
        remove_view(view, staff=lan)

        events = Event.objects.filter(about="view").order_by("id")
        assert [event.kind for event in events] == ["view.added", "view.changed", "view.removed"]
        assert events[1].data == {"changes": {"name": ["Debtors", "Owing"]}}


class TestANameThatIsTaken:
    def test_is_refused_and_the_view_stays_as_it_is(self, lan):
        first = create_view(lan, "customers", "Debtors", DEBTORS)

        with pytest.raises(ViewExists) as refused:
            create_view(lan, "customers", "Debtors", SPENDERS)

        assert refused.value.details["view"] == first.pk
        assert Look.kept_in(SavedView.objects.get()) == DEBTORS

    def test_is_overwritten_on_demand(self, lan):
        first = create_view(lan, "customers", "Debtors", DEBTORS)

        again = create_view(lan, "customers", "Debtors", SPENDERS, overwrite=True)

        assert again.pk == first.pk
        assert Look.kept_in(SavedView.objects.get()) == SPENDERS

    def test_is_free_for_another_person_and_another_list(self, lan, mai):
        create_view(lan, "customers", "Debtors", DEBTORS)

        create_view(mai, "customers", "Debtors", DEBTORS)
        create_view(lan, "orders", "Debtors", Look(where="total > 0"))

        assert SavedView.objects.count() == 3

    def test_is_refused_when_renaming(self, lan):
        create_view(lan, "customers", "Debtors", DEBTORS)
        view = create_view(lan, "customers", "Spenders", SPENDERS)

        with pytest.raises(ViewExists):
            change_view(view, staff=lan, name="Debtors")


class TestAPrivateView:
    def test_is_seen_by_its_owner_alone(self, lan, mai):
        view = create_view(mai, "customers", "Mine", DEBTORS)

        assert (names(mai), names(lan)) == (["Mine"], [])
        assert not may_change(lan, view)
        with pytest.raises(NotYourView):
            change_view(view, staff=lan, name="Ours")
        with pytest.raises(NotYourView):
            remove_view(view, staff=lan)

    def test_of_another_shop_is_nobody_s_here(self, lan):
        view = create_view(lan, "customers", "Ours", DEBTORS, is_team=True)

        with pytest.raises(NotYourView):
            change_view(view, staff=create_staff(), name="Theirs")


class TestATeamView:
    def test_is_seen_by_everybody_after_their_own(self, lan, mai):
        create_view(lan, "customers", "Ours", DEBTORS, is_team=True)
        create_view(mai, "customers", "Mine", DEBTORS)

        assert names(mai) == ["Mine", "Ours"]

    def test_is_changed_by_its_owner_and_by_those_who_change_settings(self, lan, mai):
        view = create_view(mai, "customers", "Ours", DEBTORS, is_team=True)
        other = create_staff(lan.shop, role="agent")

        change_view(view, staff=lan, look=SPENDERS)
        with pytest.raises(NotYourView):
            change_view(view, staff=other, look=DEBTORS)

        assert Look.kept_in(SavedView.objects.get()) == SPENDERS

    def test_is_copied_by_whoever_wants_their_own(self, lan, mai):
        view = create_view(lan, "customers", "Ours", DEBTORS, is_team=True)

        copies = [duplicate_view(view, staff=mai) for _n in range(2)]

        assert [one.name for one in copies] == ["Ours (copy)", "Ours (copy 2)"]
        assert {one.owner_id for one in copies} == {mai.pk}
        assert not any(one.is_team for one in copies)


class TestTheDefault:
    def test_is_one_for_each_person_and_list(self, lan):
        first = create_view(lan, "customers", "First", DEBTORS, is_default=True)
        second = create_view(lan, "customers", "Second", SPENDERS, is_default=True)
        orders = create_view(lan, "orders", "First", Look(where="total > 0"), is_default=True)

        change_view(first, staff=lan, is_default=True)

        defaults = SavedView.objects.filter(is_default=True).values_list("pk", flat=True)
        assert set(defaults) == {first.pk, orders.pk}
        assert second.pk not in defaults

    def test_is_not_set_by_others(self, lan, mai):
        view = create_view(mai, "customers", "Ours", DEBTORS, is_team=True)

        change_view(view, staff=lan, is_default=True, name="Theirs")

        view.refresh_from_db()
        assert (view.name, view.is_default) == ("Theirs", False)


class TestTheOrder:
    def test_of_one_s_own_is_as_one_puts_them(self, lan):
        made = [create_view(lan, "customers", name, DEBTORS) for name in "ABC"]

        arrange_views(lan, "customers", [made[2].pk, made[0].pk])

        assert names(lan) == ["C", "A", "B"]

    def test_of_the_team_s_is_put_by_those_who_change_settings(self, lan, mai):
        made = [create_view(mai, "customers", name, DEBTORS, is_team=True) for name in "AB"]
        turned = [made[1].pk, made[0].pk]

        arrange_views(mai, "customers", turned)
        before = names(mai)
        arrange_views(lan, "customers", turned)

        assert (before, names(mai)) == (["A", "B"], ["B", "A"])

    def test_of_others_is_not_touched(self, lan, mai):
        theirs = [create_view(mai, "customers", name, DEBTORS) for name in "AB"]

        arrange_views(lan, "customers", [theirs[1].pk, theirs[0].pk])

        assert names(mai) == ["A", "B"]
