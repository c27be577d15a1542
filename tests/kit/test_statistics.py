"""The planner is shown what it has not seen, and is not asked to look again at what it knows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.bulk import create_many
from regulars.customers.models import Customer, Identity, Note
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from regulars.kit.statistics import introduce, refresh_outdated, refresh_statistics
from tests.factories import create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = create_shop("Tindahan", country="PH")
    people = [read_profile({"name": f"Ann {n}", "external_id": str(n)}, country="PH") for n in range(300)]
    create_many(shop, people, by=Actor.system(), source="import")
    return shop


def looked_at(ask, *given):
    with CaptureQueriesContext(connection) as queries:
        ask(*given)
    said = [query["sql"] for query in queries if query["sql"].startswith("ANALYZE")]
    return {model for model in (Customer, Identity, Note) if any(f'"{model._meta.db_table}"' in one for one in said)}


def expected_rows(shop):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN SELECT FROM customers_identity WHERE shop_id = {shop.pk}")
        return int(cursor.fetchall()[0][0].split("rows=")[1].split(" ")[0])


def test_the_planner_learns_of_a_shop_that_this_transaction_filled(shop):
    introduce([Customer, Identity], "shop_id", shop.pk)

    assert expected_rows(shop) > 200


def test_a_shop_is_introduced_once(shop):
    assert looked_at(introduce, [Customer, Identity], "shop_id", shop.pk) == {Customer, Identity}
    assert looked_at(introduce, [Customer, Identity], "shop_id", shop.pk) == set()


def test_each_shop_is_introduced(shop):
    refresh_statistics([Customer, Identity])

    assert looked_at(introduce, [Customer, Identity], "shop_id", shop.pk + 1000) == {Customer, Identity}


def test_what_did_not_change_since_is_not_looked_at_again():
    refresh_statistics([Note])

    assert looked_at(refresh_outdated, [Note]) == set()


@pytest.mark.django_db(transaction=True)
def test_what_changed_since_is_looked_at_again():
    shop = create_shop("Tindahan", country="PH")
    refresh_statistics([Customer, Identity])
    people = [read_profile({"name": f"Ann {n}", "external_id": str(n)}, country="PH") for n in range(300)]
    create_many(shop, people, by=Actor.system(), source="import")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")

    assert looked_at(refresh_outdated, [Customer, Identity]) == {Customer, Identity}
