"""Statements that are written once: the values of each time, whoever asked before."""

import pytest
from django.db.models import F

from regulars.customers.models import Customer, Tag
from regulars.kit.query.paging import counts_up_to
from regulars.kit.query.prepared import fetched, prepared
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@prepared
def names(shop, customer):
    return Customer.objects.of(shop).filter(pk=customer).values_list("pk", "name", "tag_ids")


@prepared
def everybody(shop):
    return Customer.objects.of(shop).order_by().values("pk")


@pytest.fixture
def shop():
    return create_shop()


class TestAPreparedStatement:
    def test_answers_the_ids_of_each_time(self, shop):
        hoa, minh = (create_customer(shop, name=name) for name in ("Hoa", "Minh"))

        assert fetched(names(shop.pk, hoa.pk)) == [(hoa.pk, "Hoa", [])]
        assert fetched(names(shop.pk, minh.pk)) == [(minh.pk, "Minh", [])]

    def test_keeps_shops_apart(self, shop):
        other = create_shop("Other")
        hoa = create_customer(shop, name="Hoa")

        assert fetched(names(other.pk, hoa.pk)) == []

    def test_is_written_once(self, shop, django_assert_num_queries):
        made = []

        @prepared
        def tags(shop):
            made.append(shop)
            return Tag.objects.of(shop).values_list("pk")

        fetched(tags(shop.pk))
        with django_assert_num_queries(1):
            fetched(tags(shop.pk))
        assert len(made) == 1

    def test_counts_beside_querysets(self, shop):
        for name in ("Hoa", "Minh", "Lan"):
            create_customer(shop, name=name)
        nobody = Customer.objects.of(shop).filter(name="Nobody")

        counts = counts_up_to({"all": everybody(shop.pk), "nobody": nobody, "none": nobody.none()}, 2)

        assert counts == {"all": 3, "nobody": 0, "none": 0}

    def test_refuses_columns_that_django_converts(self, shop):
        @prepared
        def custom(shop):
            return Customer.objects.of(shop).annotate(what=F("custom")).values_list("what")

        with pytest.raises(TypeError, match="custom answers columns that Django converts"):
            custom(shop.pk)

    def test_wants_every_id(self, shop):
        with pytest.raises(ValueError, match="shorter"):
            names(shop.pk)
