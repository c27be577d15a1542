"""A load so large that indexes and references are put back afterwards."""

from typing import Any

import pytest
from django.db import connection, transaction

from regulars.catalog import activity_stats
from regulars.catalog.models import Activity
from regulars.customers.models import Customer
from regulars.orders import stats
from regulars.orders.models import Line, Order, Payment, Return
from regulars.transfer.demo import bulk, loading
from tests.transfer.demo.loading import load, rows


def indexes() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
class TestABigLoad:
    @pytest.fixture(autouse=True)
    def small_is_big(self, monkeypatch):
        monkeypatch.setattr(loading, "BIG", 1)
        monkeypatch.setattr(bulk, "few_rows", lambda *_: True)

    def test_makes_the_same_rows_and_leaves_every_index(self, monkeypatch):
        before = indexes()
        big = load("big")
        monkeypatch.setattr(loading, "BIG", 10**9)
        small = load("small")

        assert indexes() == before
        assert stats.check(big) == []
        assert activity_stats.check(big) == []
        for model, columns in ((Customer, ("name", "email", "debt")), (Order, ("number", "total", "captured"))):
            assert rows(big, model, *columns) == rows(small, model, *columns)

    def test_that_fails_leaves_nothing_and_can_be_tried_again(self, monkeypatch):
        before = indexes()
        with monkeypatch.context() as broken:
            broken.setattr(loading, "_refresh", fail)
            with pytest.raises(ZeroDivisionError):
                load("big")

        assert indexes() == before
        for model in (Customer, Order, Line, Payment, Return, Activity):
            assert not model._default_manager.exists(), model.__name__
        assert len(rows(load("big"), Customer, "pk")) == 600

    def test_proves_that_no_reference_leads_nowhere(self):
        shop = load("big", 100, 100)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE orders_order SET customer_id = 0 WHERE shop_id = %s", [shop.pk])
            assert bulk.stray_references(cursor, Order, shop.pk) == ["orders_order_customer_id_shop_fk"]
            transaction.set_rollback(True)


def fail(*_: Any) -> None:
    raise ZeroDivisionError
