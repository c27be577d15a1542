"""Several customers become one: what becomes of those they lived with."""

import pytest

from regulars.customers.merging import merge, unmerge
from regulars.customers.models import (
    Customer,
    Household,
)
from regulars.customers.operations.households import leave_household, link_household
from tests.customers.merging.deeds import home_of, words_of
from tests.factories import SYSTEM, create_customer

pytestmark = pytest.mark.django_db


class TestHouseholds:
    @pytest.fixture
    def cam(self, shop):
        return create_customer(shop, name="Cam")

    @pytest.fixture
    def dao(self, shop):
        return create_customer(shop, name="Dao")

    def stored(self, shop):
        """Households and who lives in them, and the rows of customers."""
        rows = Customer.objects.of(shop).order_by("pk").values()
        people = [{name: value for name, value in row.items() if name != "version"} for row in rows]
        return list(Household.objects.of(shop).order_by("pk").values()), people

    def test_of_two_who_become_one_dissolve_and_are_there_again(self, shop, ann, bea):
        link_household([ann, bea], name="The Lês", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) is None and not Household.objects.exists()
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_of_others_too_stay(self, shop, ann, bea, cam):
        link_household([ann, bea, cam], by=SYSTEM)
        home = home_of(ann)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) == home_of(cam) == home
        leave_household(cam, by=SYSTEM)
        assert home_of(ann) is None and not Household.objects.exists()
        unmerge(made, by=SYSTEM)
        assert home_of(ann) is None and home_of(bea) is None

    def test_leave_nobody_alone_whose_mate_moved_out_by_it(self, shop, ann, bea, cam, dao):
        link_household([ann, cam], name="First", by=SYSTEM)
        link_household([bea, dao], name="Second", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) == home_of(cam) is not None
        assert home_of(dao) is None and Household.objects.get().name == "First"
        assert "household" in words_of(shop, dao)[0].lower()
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_of_which_one_dissolves_leave_the_other_to_live_in(self, shop, ann, bea, cam, dao):
        link_household([ann, bea], name="First", by=SYSTEM)
        link_household([cam, dao], name="Second", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea, cam], by=SYSTEM)

        assert home_of(ann) == home_of(dao) == Household.objects.get(name="Second").pk
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_come_back_step_by_step(self, shop, ann, bea, cam):
        link_household([ann, bea, cam], name="All", by=SYSTEM)
        before = self.stored(shop)

        first = merge(shop, ann, [bea], by=SYSTEM)
        between = self.stored(shop)
        second = merge(shop, ann, [cam], by=SYSTEM)
        assert not Household.objects.exists()

        unmerge(second, by=SYSTEM)
        assert self.stored(shop) == between
        unmerge(first, by=SYSTEM)
        assert self.stored(shop) == before

    def test_where_somebody_lives_since_count_more(self, shop, ann, bea, cam, dao):
        link_household([ann, cam], by=SYSTEM)
        link_household([bea, dao], by=SYSTEM)
        made = merge(shop, ann, [bea], by=SYSTEM)
        link_household([dao, cam], by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert home_of(dao) == home_of(cam) == home_of(ann) is not None
        assert home_of(bea) is None and Household.objects.count() == 1
