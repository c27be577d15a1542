"""The demo shop as a whole: the same again for the same seed, and only where nobody has customers of their own."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from regulars.catalog.models import Activity
from regulars.customers.models import Customer, Group
from regulars.events.record import Actor
from regulars.loyalty.models import PointsEntry
from regulars.orders.models import Line, Order, Payment, Return
from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations import create_shop
from regulars.shops.permissions import Role
from regulars.transfer.demo.shopfront import NotADemoShop, NotInDong
from tests.transfer.demo.loading import load, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(kept):
    return load("first")


class TestADemoShop:
    def test_is_the_same_for_the_same_seed(self, shop):
        again = load("again")

        for model, columns in (
            (Customer, ("name", "email", "phone_raw", "tax_code", "city", "created_at", "total_spent", "debt")),
            (Order, ("number", "external_id", "total", "placed_at", "financial_state", "payment_method")),
            (Line, ("title", "quantity", "total", "service_on")),
            (Payment, ("external_id", "kind", "amount", "at", "reference")),
            (Return, ("external_id", "amount", "credited", "at")),
            (Activity, ("kind", "at", "title", "begins_visit")),
            (PointsEntry, ("points", "reason", "note", "counts_on", "expires_on", "balance_after")),
        ):
            assert rows(shop, model, *columns) == rows(again, model, *columns), model.__name__

    def test_is_another_for_another_seed(self):
        one, other = load("one", 200, 300), load("other", 200, 300, seed=2)

        assert rows(one, Customer, "name") != rows(other, Customer, "name")
        assert rows(one, Order, "total") != rows(other, Order, "total")

    def test_has_as_many_customers_and_orders_as_asked_for(self):
        shop = load(customers=300, orders=1234)

        assert (len(rows(shop, Customer, "pk")), len(rows(shop, Order, "pk"))) == (300, 1234)
        assert rows(shop, Order, "number")[0] == ("#1001",)

    def test_may_be_without_orders(self):
        shop = load(customers=10, orders=0)

        assert set(rows(shop, Customer, "orders_recorded")) == {(0,)}

    def test_ends_the_day_before_until(self, shop):
        end = dt.datetime(2026, 2, 28, 17, tzinfo=dt.UTC)  # midnight in Hồ Chí Minh City

        for model, moment in ((Customer, "created_at"), (Order, "placed_at"), (Payment, "at"), (Return, "at")):
            assert max(at for (at,) in rows(shop, model, moment)) < end, model.__name__

    def test_has_an_owner_and_staff_who_have_no_passwords(self):
        shop = load(customers=10, orders=0)
        staff = Staff.objects.of(shop).select_related("user")

        assert Counter(one.role for one in staff) == {Role.OWNER: 1, Role.MANAGER: 1, Role.AGENT: 2, Role.VIEWER: 1}
        assert not any(one.user.has_usable_password() for one in staff)

    def test_can_be_filled_again_with_other_people(self):
        load(customers=100, orders=200)
        shop = load(customers=150, orders=100)

        assert len(rows(shop, Customer, "pk")) == 250
        assert sorted(number for (number,) in rows(shop, Order, "number"))[-1] == "#1300"


class TestAShopThatIsNoDemo:
    def test_is_not_filled_when_it_has_customers(self):
        shop = create_shop("Ann's", country="VN", slug="anns", by=Actor.system())
        Customer.objects.create(shop=shop, name="Ann", group_id=standard_group(shop))

        with pytest.raises(NotADemoShop):
            load("anns")

        assert rows(shop, Customer, "name") == [("Ann",)]

    def test_is_filled_when_it_is_empty(self):
        create_shop("Ann's", country="VN", slug="anns", owner=new_owner(), by=Actor.system())

        assert len(rows(load("anns", 50, 50), Customer, "pk")) == 50

    def test_is_not_filled_when_it_sells_in_another_currency(self):
        shop = create_shop("Juan's", country="PH", slug="juans", by=Actor.system())

        with pytest.raises(NotInDong):
            load("juans")

        assert rows(shop, Customer, "pk") == []


def standard_group(shop: Shop) -> int:
    return Group.objects.of(shop).get(key="standard").pk


def new_owner() -> Any:
    return User.objects.create_user("ann@example.com", name="Ann")
