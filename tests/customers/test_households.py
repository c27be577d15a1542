"""Households: several customers who belong together, each with their own figures."""

import pytest

from regulars.customers.errors import InTheBin, TwoHouseholds
from regulars.customers.models import Customer, Household
from regulars.customers.operations import anonymise, delete_customer
from regulars.customers.operations.households import leave_household, link_household, rename_household
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def hoa(shop):
    return create_customer(shop, name="Trần Hoa")


@pytest.fixture
def anh(shop):
    return create_customer(shop, name="Lê Anh")


@pytest.fixture
def binh(shop):
    return create_customer(shop, name="Lê Bình")


def household_of(customer):
    return Customer.objects.get(pk=customer.pk).household_id


class TestLinking:
    def test_makes_one_household_of_two(self, shop, hoa, anh):
        assert sorted(link_household([anh, hoa], name="  The  Lês ", by=SYSTEM)) == [hoa.pk, anh.pk]

        assert household_of(hoa) == household_of(anh) == Household.objects.get(shop=shop, name="The Lês").pk

    def test_a_third_comes_into_the_household_there_is(self, hoa, anh, binh):
        link_household([hoa, anh], by=SYSTEM)

        assert link_household([binh, anh], by=SYSTEM) == [binh.pk]
        assert household_of(binh) == household_of(hoa)

    def test_twice_changes_nothing(self, hoa, anh):
        link_household([hoa, anh], by=SYSTEM)
        told = Event.objects.count()

        assert link_household([hoa, anh], by=SYSTEM) == []
        assert (Event.objects.count(), Household.objects.count()) == (told, 1)

    def test_two_households_do_not_become_one_by_accident(self, shop, hoa, anh, binh):
        minh = create_customer(shop, name="Minh")
        link_household([hoa, anh], by=SYSTEM)
        link_household([binh, minh], by=SYSTEM)

        with pytest.raises(TwoHouseholds):
            link_household([hoa, binh], by=SYSTEM)
        assert household_of(hoa) != household_of(binh)

    def test_leaves_who_is_in_the_bin_alone(self, hoa, anh):
        delete_customer(hoa, by=SYSTEM)

        with pytest.raises(InTheBin):
            link_household([hoa, anh], by=SYSTEM)
        assert Household.objects.count() == 0

    def test_people_of_two_shops_is_a_mistake_of_ours(self, hoa):
        with pytest.raises(ValueError, match="one shop"):
            link_household([hoa, create_customer(create_shop("Elsewhere"), name="Ann")], by=SYSTEM)

    def test_is_told_in_the_timeline_and_counts_up_the_version(self, shop, hoa, anh):
        link_household([hoa, anh], name="The Lês", by=SYSTEM)

        entry = timeline(hoa, create_staff(shop, role="owner"))[0]
        assert "".join(part["text"] for part in entry["parts"]) == "Came into a household"
        assert entry["changes"][0].new == "The Lês"
        assert Customer.objects.get(pk=hoa.pk).version == hoa.version + 1


class TestLeaving:
    def test_leaves_the_others_together(self, hoa, anh, binh):
        link_household([hoa, anh, binh], by=SYSTEM)

        leave_household(binh, by=SYSTEM)

        assert household_of(binh) is None
        assert household_of(hoa) == household_of(anh) is not None

    def test_a_household_of_one_dissolves(self, hoa, anh):
        link_household([hoa, anh], by=SYSTEM)

        leave_household(hoa, by=SYSTEM)

        assert household_of(anh) is None
        assert Household.objects.count() == 0

    def test_who_is_in_none_leaves_nothing(self, hoa):
        leave_household(hoa, by=SYSTEM)

        assert not Event.objects.filter(kind="customer.changed").exists()

    def test_who_is_erased_leaves_and_a_household_of_one_dissolves(self, hoa, anh):
        link_household([hoa, anh], by=SYSTEM)

        anonymise(hoa, by=SYSTEM)
        run_waiting_jobs()

        assert household_of(anh) is None
        assert Household.objects.count() == 0


class TestANameForIt:
    def test_is_told_to_every_member(self, shop, hoa, anh):
        link_household([hoa, anh], by=SYSTEM)

        rename_household(Household.objects.get(), "Nhà Lê", by=SYSTEM)

        entry = timeline(anh, create_staff(shop, role="owner"))[0]
        assert "".join(part["text"] for part in entry["parts"]) == "The household is called “Nhà Lê”"

    def test_the_same_again_is_told_to_nobody(self, hoa, anh):
        link_household([hoa, anh], name="Nhà Lê", by=SYSTEM)

        rename_household(Household.objects.get(), " Nhà Lê", by=SYSTEM)

        assert not Event.objects.filter(kind="customer.household_renamed").exists()
