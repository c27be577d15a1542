"""Undoing a batch after what it should bring back is gone, or somebody else's: that stays, the rest goes back."""

import pytest
from django.db import connection

from regulars.customers.bin import delete_customer, purge
from regulars.customers.bulk import tag_many, undo_batch
from regulars.customers.merging import merge
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.operations import update_customer
from regulars.customers.operations.labels import remove_group, remove_status, remove_tag
from regulars.customers.referrals import set_referral_code
from tests.customers.test_undoing import BATCH, UNDOING, bring, create, fresh
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


def undo(shop):
    """Undo, and have PostgreSQL look at once at what it else looks at when a transaction ends."""
    undone = undo_batch(shop, BATCH, by=SYSTEM, undo_id=UNDOING)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return undone


def stays(shop, customer, column):
    """Whether the batch is undone but for one column, and says so."""
    given = getattr(fresh(customer), column)
    undone = undo(shop)
    ann = fresh(customer)
    return (getattr(ann, column), ann.company, undone.named) == (given, "", [customer.pk])


class TestWhatWasRemoved:
    def test_a_status(self, shop):
        ann = create_customer(shop, name="Ann", status="Potential")
        bring(shop, ann, status="Customer", company="Acme")
        remove_status(Status.objects.get(name="Potential"), by=SYSTEM)

        assert stays(shop, ann, "status_id")

    def test_a_group(self, shop):
        ann = create_customer(shop, name="Ann", group="Bronze")
        bring(shop, ann, group="Gold", company="Acme")
        remove_group(Group.objects.get(name="Bronze"), by=SYSTEM)

        assert stays(shop, ann, "group_id")
        assert fresh(ann).group_by_hand

    def test_who_sent_them_and_was_removed_for_good(self, shop):
        bo, _cy = (create_customer(shop, name=one, email=f"{one}@example.com") for one in ("bo", "cy"))
        ann = create_customer(shop, name="Ann", referrer="bo@example.com")
        bring(shop, ann, referrer="cy@example.com", company="Acme")
        purge(delete_customer(bo, by=SYSTEM), by=SYSTEM)

        assert stays(shop, ann, "referred_by_id")

    def test_who_sent_them_and_was_merged(self, shop):
        bo, cy = (create_customer(shop, name=one, email=f"{one}@example.com") for one in ("bo", "cy"))
        ann = create_customer(shop, name="Ann", referrer="bo@example.com")
        bring(shop, ann, referrer="cy@example.com", company="Acme")
        merge(shop, create_customer(shop, name="Dee"), [bo], by=SYSTEM)

        assert stays(shop, ann, "referred_by_id")
        assert fresh(ann).referred_by_id == cy.pk

    def test_a_tag(self, shop):
        ann = create_customer(shop, name="Ann", tags="vip")
        vip = Tag.objects.get(name="vip")
        tag_many(shop, [ann.pk], [], [vip.pk], by=SYSTEM, batch_id=BATCH)
        remove_tag(vip, by=SYSTEM)

        undo(shop)

        assert fresh(ann).tag_ids == []


class TestWhatIsAnothers:
    @pytest.mark.parametrize("first", ["ann", "bo"])
    def test_addresses_that_were_passed_on_all_go_back(self, shop, first):
        names = sorted(("ann", "bo"), key=lambda name: name != first)
        people = {name: create_customer(shop, name=name, email=f"{name}@example.com") for name in names}
        bring(shop, people["bo"], email="new@example.com")
        bring(shop, people["ann"], email="bo@example.com")

        undo(shop)

        assert {name: fresh(one).email for name, one in people.items()} == {
            "ann": "ann@example.com", "bo": "bo@example.com",
        }  # fmt: skip

    @pytest.mark.parametrize("first", ["ann", "bo"])
    def test_an_address_is_not_given_back_while_who_got_it_keeps_it(self, shop, first):
        names = sorted(("ann", "bo"), key=lambda name: name != first)
        people = {name: create_customer(shop, name=name, email=f"{name}@example.com") for name in names}
        bring(shop, people["bo"], email="new@example.com")
        bring(shop, people["ann"], email="bo@example.com")
        create_customer(shop, name="Cy", email="ann@example.com")

        undone = undo(shop)

        assert (fresh(people["ann"]).email, fresh(people["bo"]).email) == ("bo@example.com", "new@example.com")
        assert undone.named == sorted(one.pk for one in people.values())

    def test_an_address_that_stays_is_sorted_by(self, shop):
        ann = create_customer(shop, email="ann@example.com")
        bring(shop, ann, email="new@example.com")
        create_customer(shop, name="Cy", email="ann@example.com")

        undo(shop)

        assert (fresh(ann).email, fresh(ann).name_key) == ("new@example.com", "new example com")

    def test_the_address_of_somebody_the_file_brought_goes_back(self, shop):
        bo = create_customer(shop, name="Bo", email="bo@example.com")
        bring(shop, bo, email="new@example.com")
        create(shop, {"name": "New", "email": "bo@example.com"})

        undo(shop)

        assert fresh(bo).email == "bo@example.com"
        assert Customer.objects.of(shop).alive().count() == 1

    def test_a_referral_code(self, shop):
        ann = create_customer(shop, name="Ann", referral_code="ANN1")
        bring(shop, ann, referral_code="ANN2", company="Acme")
        set_referral_code(create_customer(shop, name="Bo"), "ANN1", by=SYSTEM)

        assert stays(shop, ann, "referral_code")


class TestACircle:
    def test_is_not_closed(self, shop):
        bo, cy = (create_customer(shop, name=one, email=f"{one}@example.com") for one in ("bo", "cy"))
        ann = create_customer(shop, name="Ann", email="ann@example.com", referrer="bo@example.com")
        bring(shop, ann, referrer="cy@example.com", company="Acme")
        update_customer(bo, {"referrer": "ann@example.com"}, by=SYSTEM)

        assert stays(shop, ann, "referred_by_id")
        assert fresh(ann).referred_by_id == cy.pk
