"""Segments to begin with: questions of every shop with its own figures in them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import compile_where, parse, write
from regulars.segments.benchmarks import FEW, Benchmarks, benchmarks, usual
from regulars.segments.templates import SECTIONS, TEMPLATES, fill, fill_one
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

LIVELY = Benchmarks(900, Decimal(4_100_000), Decimal(900_000), Decimal("12.50"), 4, 31, "Hồ Chí Minh's")


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def buyers(shop, count):
    """So many buyers: the first spent 10,000 ₫, the next 20,000 ₫ …; each ordered twice, 30 days apart."""
    last = timezone.now()
    for n in range(1, count + 1):
        ann = create_customer(shop, name=f"Ann {n}", city="Huế" if n > count // 2 else "Đà Nẵng")
        figures = {"total_spent": n * 10_000, "average_order": n * 5_000, "orders_count": 2, "orders_placed": 2}
        days = {"first_order_at": last - timedelta(days=30), "last_order_at": last}
        Customer.objects.of(shop).filter(pk=ann.pk).update(**figures, **days)


class TestEveryTemplate:
    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
    @pytest.mark.parametrize("figures", [usual("VND"), LIVELY], ids=["young shop", "lively shop"])
    def test_is_a_question_that_can_be_asked(self, template, figures, shop):
        ctx = context_for(shop)

        node = customer_fields.check(parse(template.where(figures)), ctx)

        assert parse(write(node)) == node
        assert not Customer.objects.of(shop).filter(compile_where(node, customer_fields, ctx)).exists()

    def test_has_a_name_a_reason_and_a_place(self):
        assert len({one.key for one in TEMPLATES}) == len(TEMPLATES) >= 20
        assert {one.section for one in TEMPLATES} == set(SECTIONS)
        assert all(str(one.name) and str(one.idea)[-1] in ".?" for one in TEMPLATES)

    def test_says_its_question_as_a_sentence(self, shop):
        assert fill_one(shop, "best").sentence == "Total spent: at least ₫3,000,000"

    def test_is_not_offered_to_who_may_not_ask_it(self, shop, monkeypatch):
        staff = create_staff(shop)
        monkeypatch.setattr(type(staff), "may", lambda self, permission: permission != "orders.see")

        offered = {one.template.key for one in fill(shop, staff=staff)}

        assert "birthday" in offered
        assert not offered & {"best", "viewed_not_bought", "debt"}


class TestTheFiguresOfAShop:
    def test_are_the_usual_ones_while_it_has_few_buyers(self, shop):
        buyers(shop, 3)

        assert benchmarks(shop) == usual("VND", buyers=3)

    def test_come_from_its_own_buyers(self, shop):
        buyers(shop, FEW)

        found = benchmarks(shop)

        assert (found.spent_most, found.spent_good, found.basket_large) == (180_000, 100_000, 75_000)
        assert (found.orders_many, found.gap_days, found.best_city) == (2, 30, "Huế")

    def test_are_kept_for_a_day(self, shop, django_assert_max_num_queries):
        buyers(shop, FEW)
        found = benchmarks(shop)
        Customer.objects.of(shop).update(total_spent=1)

        assert benchmarks(shop) == found

    def test_leave_other_shops_and_the_bin_out(self, shop):
        buyers(create_shop("Other"), FEW)
        buyers(shop, FEW)
        Customer.objects.of(shop).update(deleted_at=timezone.now())

        assert benchmarks(shop).buyers == 0
