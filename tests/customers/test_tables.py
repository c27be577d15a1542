"""Writing tables by the thousand leaves PostgreSQL as watchful as it was."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from regulars.customers.bulk import create_many, create_or_find_many
from regulars.customers.bulk.names import Names
from regulars.customers.bulk.tables import next_ids, pointing_at_known
from regulars.customers.models import Address, ConsentEntry, Customer, CustomerSearch, Group, Identity, Note
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from tests.factories import create_shop

pytestmark = pytest.mark.django_db
FILE = Actor("import", 7, "customers.csv")


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


def drafts(*names):
    return [read_profile({"name": name, "email": f"{name}@x.ph", "external_id": name}, country="PH") for name in names]


def role():
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        return cursor.fetchone()[0]


class TestPointingAtKnown:
    @pytest.mark.parametrize("model", [CustomerSearch, Identity, Address, Note, ConsentEntry])
    def test_is_for_tables_that_point_at_customers_whom_we_made(self, model):
        targets = {field.related_model for field in model._meta.concrete_fields if field.related_model}
        nullable = {field.related_model for field in model._meta.concrete_fields if field.null}

        assert {one for one in targets - nullable if one.__name__ != "Shop"} == {Customer}

    def test_is_told_of_everything_else_that_a_new_customer_points_at(self):
        """Household and merge: nobody new has one."""
        targets = {field.related_model for field in Customer._meta.concrete_fields if field.related_model}

        assert {one.__name__ for one in targets} - {"Shop", "Household"} == {
            one.__name__ for one in Names(create_shop("X")).used()
        }

    def test_keeps_what_is_pointed_at(self, shop):
        group = Group.objects.of(shop).first()

        with transaction.atomic(), pointing_at_known(shop.pk, {Group: {group.pk}}):
            assert role() == "replica"

    def test_looks_where_something_is_gone(self, shop):
        with transaction.atomic(), pointing_at_known(shop.pk, {Group: {10**9}}):
            assert role() == "origin"

    def test_looks_where_something_is_of_another_shop(self, shop):
        with transaction.atomic(), pointing_at_known(shop.pk, {Group: {Group.objects.of(create_shop("Y")).first().pk}}):
            assert role() == "origin"

    def test_ends_with_the_block(self, shop):
        create_many(shop, drafts("ann", "bea"), by=FILE, source="import")

        assert role() == "origin"
        with pytest.raises(IntegrityError), transaction.atomic():
            Identity.objects.create(shop=shop, customer_id=10**9, channel="own", external_id="nobody")
            connection.check_constraints()

    def test_ends_with_an_error_inside(self, shop):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), pointing_at_known(shop.pk, {}):
            raise ZeroDivisionError

        assert role() == "origin"

    def test_ends_where_somebody_was_here_already(self, shop):
        create_many(shop, drafts("ann"), by=FILE, source="import")
        arrivals = create_or_find_many(shop, drafts("ann", "bea"), by=FILE, source="import")

        assert [one.is_new for one in arrivals] == [False, True]
        assert role() == "origin"


class TestNextIds:
    def test_are_as_many_as_asked_in_ascending_order(self):
        ids = list(next_ids(Customer, 5))

        assert ids == sorted(set(ids))
        assert len(ids) == 5

    def test_follow_those_taken_before(self):
        assert next_ids(Customer, 2)[-1] < next_ids(Customer, 1)[0]

    def test_are_ours_alone_where_somebody_takes_some_in_between(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE customers_customer_id_seq INCREMENT BY 3")
            ids = list(next_ids(Customer, 4))
            cursor.execute("ALTER SEQUENCE customers_customer_id_seq INCREMENT BY 1")

        assert [later - sooner for sooner, later in pairwise(ids)] == [3, 3, 3]
