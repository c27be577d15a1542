"""Statements that PostgreSQL keeps with their plans."""

import pytest
from django.db import IntegrityError, connection, transaction

from regulars.kit.planning import FEW, planned_once
from regulars.shops.models import Shop

pytestmark = pytest.mark.django_db


def kept(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{text}%"])
        return cursor.fetchone()[0]


class TestAPlannedStatement:
    def test_is_kept_without_its_values(self):
        for number in (700, 900):
            with planned_once() as cursor:
                cursor.execute("SELECT %s::bigint AS kept_for_later", [number])
                assert cursor.fetchone() == (number,)

        assert kept("kept_for_later") == 1

    def test_of_many_rows_is_planned_each_time(self):
        with planned_once(FEW + 1) as cursor:
            cursor.execute("SELECT %s::bigint AS kept_of_many", [1])

        assert kept("kept_of_many") == 0

    def test_leaves_all_others_as_they_are(self):
        with planned_once() as cursor:
            cursor.execute("SELECT 1")
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s AS kept_never", [1])

        assert kept("kept_never") == 0
        assert connection.connection.prepare_threshold is None

    def test_is_counted_and_told_as_any_other(self, django_assert_num_queries):
        for _time in range(2):
            with django_assert_num_queries(1) as asked, planned_once() as cursor:
                cursor.execute("SELECT 1 AS counted")

            assert asked[0]["sql"] == "SELECT 1 AS counted"

    def test_ends_with_the_same_errors(self):
        with pytest.raises(IntegrityError), transaction.atomic(), planned_once() as cursor:
            cursor.execute("INSERT INTO shops_shop (id) VALUES (%s)", [1])

        assert not Shop.objects.exists()
