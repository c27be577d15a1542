"""Statements that are written once: the values of each time, whoever asked before."""

import pytest

from regulars.customers.models import Customer, Tag
from regulars.kit.query.paging import counts_up_to
from regulars.kit.query.prepared import fetched, loaded, prepared
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

    def test_loads_whole_rows_as_objects(self, shop):
        hoa = create_customer(shop, name="Hoa")
        hoa.custom = {"shoe_size": "38"}
        hoa.save()

        @prepared
        def customers(shop):
            return Customer.objects.of(shop)

        [found] = loaded(Customer, customers(shop.pk))
        assert found == hoa
        assert found.__dict__.keys() == Customer.objects.get(pk=hoa.pk).__dict__.keys()
        assert (found.custom, found.total_spent, found.created_at) == (hoa.custom, hoa.total_spent, hoa.created_at)

    def test_refuses_related_rows(self, shop):
        @prepared
        def grouped(shop):
            return Customer.objects.of(shop).select_related("group")

        with pytest.raises(TypeError, match="grouped asks for related rows"):
            grouped(shop.pk)

    def test_wants_every_id(self, shop):
        with pytest.raises(ValueError, match="shorter"):
            names(shop.pk)
