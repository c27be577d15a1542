"""The demo's points: of every kind, given once, and the figures stored beside them agree."""

import pytest
from django.db import models

from regulars.customers.models import Customer
from regulars.loyalty import figures
from regulars.loyalty.models import PointsEntry
from tests.transfer.demo.loading import load, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(kept):
    return load()


class TestItsPoints:
    def test_make_the_figures_that_are_stored(self, shop):
        people = Customer.objects.of(shop)

        assert figures.differences(shop, [pk for (pk,) in rows(shop, Customer, "pk")]) == []
        assert 150 < people.exclude(points_earned=0).count() < 250
        assert people.filter(points_pending__gt=0).exists()

    def test_are_of_every_kind(self, shop):
        entries = PointsEntry.objects.of(shop)

        assert entries.filter(reason="opening", origin="Stamp cards").exists()
        assert entries.filter(points__lt=0).exists()
        assert entries.filter(expires_on__isnull=False).exists()
        assert entries.filter(counts_on__lt=models.functions.TruncDate("created_at")).exists()

    def test_are_given_once_however_often_the_shop_is_filled(self, shop):
        before = PointsEntry.objects.of(shop).count()

        assert PointsEntry.objects.of(load(seed=2, customers=20, orders=20)).count() == before > 0
