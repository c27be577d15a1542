"""One customer becomes several again."""

import pytest
from django.db import connection

from regulars.customers import operations as deeds
from regulars.customers.bin import purge
from regulars.customers.errors import InTheBin
from regulars.customers.merging import came_since, edits_since, merge, newest_merge, unmerge
from regulars.customers.merging.errors import (
    BadChoice,
    NewerMergeFirst,
    NotMerged,
)
from regulars.customers.models import (
    Customer,
    Merge,
    PossibleDuplicate,
    Tag,
)
from regulars.customers.operations import update_customer
from regulars.events.models import Event
from regulars.orders.models import Order, Payment
from regulars.orders.operations import record_payment
from tests.customers.merging.deeds import sell
from tests.factories import SYSTEM, create_customer
from tests.orders.trade import fresh, payment

pytestmark = pytest.mark.django_db


class TestTakingItBack:
    def test_keeps_what_came_since_with_the_survivor(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        sell(ann, "since", 70, paid=70)
        deeds.add_note(ann, "came since", by=SYSTEM)
        deeds.tag_customer(ann, add=deeds.ensure_tags(shop, ["new"]).values(), by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (70, 0)
        assert [note.text for note in ann.notes.all()] == ["came since"]
        names = {tag.name for tag in Tag.objects.of(shop).filter(pk__in=fresh(ann).tag_ids)}
        assert names == {"x", "new"}

    def test_gives_orders_that_came_since_to_who_was_chosen(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        since = sell(ann, "since", 70, paid=70).order_id
        assert came_since(made)["orders.Order.customer_id"] == [since]

        unmerge(made, by=SYSTEM, keep={"orders.Order.customer_id": {since: bea.pk}})

        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (0, 70)
        assert Order.objects.get(pk=since).payments.get().customer_id == bea.pk

    def test_refuses_to_give_away_what_did_not_come_since(self, shop, ann, bea):
        old = sell(ann, "old", 70).order_id
        made = merge(shop, ann, [bea], by=SYSTEM)

        with pytest.raises(BadChoice):
            unmerge(made, by=SYSTEM, keep={"orders.Order.customer_id": {old: bea.pk}})

        assert Order.objects.get(pk=old).customer_id == ann.pk

    def test_takes_no_payment_from_the_order_it_paid(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        since = sell(ann, "since", 70, paid=70).order_id
        paid = Payment.objects.of(shop).get()
        away = {"orders.Payment.customer_id": {paid.pk: bea.pk}}

        with pytest.raises(BadChoice):
            unmerge(made, by=SYSTEM, keep=away)
        assert newest_merge(shop, ann.pk) == made

        unmerge(made, by=SYSTEM, keep={**away, "orders.Order.customer_id": {since: bea.pk}})
        paid.refresh_from_db()
        assert (paid.customer_id, fresh(bea).total_spent) == (bea.pk, 70)

    def test_leaves_a_payment_with_the_order_it_had_waited_for(self, shop, ann, bea):
        record_payment(shop, payment(70, customer_id=bea.pk, order_external_id="since"), by=SYSTEM)
        made = merge(shop, ann, [bea], by=SYSTEM)
        sell(ann, "since", 70)

        unmerge(made, by=SYSTEM)

        assert Payment.objects.of(shop).get().customer_id == ann.pk == Order.objects.of(shop).get().customer_id
        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (70, 0)

    def test_makes_no_circle_of_those_who_were_sent_since(self, shop, ann, bea):
        dao, eve = create_customer(shop, name="Đào"), create_customer(shop, name="Eve")
        deeds.set_referrer(ann, f"#{dao.pk}", by=SYSTEM)
        deeds.set_referrer(bea, f"#{eve.pk}", by=SYSTEM)
        made = merge(shop, fresh(ann), [bea], choices={"referrer": bea.pk}, by=SYSTEM)
        deeds.set_referrer(dao, f"#{ann.pk}", by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(ann).referred_by_id, fresh(dao).referred_by_id) == (None, ann.pk)
        assert fresh(bea).referred_by_id == eve.pk
        told = Event.objects.filter(customer_id=ann.pk, kind="customer.unmerged").get().data["changes"]
        assert told["referred_by_id"] == [eve.pk, None]

    def test_forgets_a_likeness_to_somebody_who_was_removed_for_good(self, shop, ann, bea):
        dao, eve = create_customer(shop, name="Đào"), create_customer(shop, name="Eve")
        for other in (dao, eve):
            PossibleDuplicate.objects.create(shop=shop, first=ann, second=other, score=70, decision=1)
        made = merge(shop, ann, [bea], by=SYSTEM)
        deeds.delete_customer(dao, by=SYSTEM)
        purge(dao, by=SYSTEM)

        unmerge(made, by=SYSTEM)

        connection.check_constraints()
        assert [pair.second for pair in PossibleDuplicate.objects.of(shop).filter(first=ann, decision=1)] == [eve]

    def test_brings_a_payment_made_since_along_with_its_order(self, shop, ann, bea):
        sell(bea, "b", 100)
        made = merge(shop, ann, [bea], by=SYSTEM)
        record_payment(shop, payment(40, order_external_id="b"), by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(bea).total_spent, fresh(bea).debt, fresh(ann).total_spent) == (40, 60, 0)
        assert set(Order.objects.get(external_id="b").payments.values_list("customer_id", flat=True)) == {bea.pk}

    def test_restores_edited_fields_unless_the_edit_is_kept(self, shop, ann, bea):
        for edits, name in (((), "Ann Lê"), (("name",), "Anna")):
            made = merge(shop, ann, [bea], choices={"name": bea.pk}, by=SYSTEM)
            update_customer(ann, {"name": "Anna", "company": "Since Ltd"}, by=SYSTEM)
            assert [edit.name for edit in edits_since(Merge.objects.get(pk=made.pk))] == ["name"]

            unmerge(made, by=SYSTEM, edits=edits)

            assert (fresh(ann).name, fresh(ann).company, fresh(bea).name) == (name, "Since Ltd", "Bea Trần")

    def test_goes_back_step_by_step_the_newest_first(self, shop, ann, bea):
        dao = create_customer(shop, name="Đào")
        first = merge(shop, ann, [bea], by=SYSTEM)
        second = merge(shop, dao, [ann], by=SYSTEM)

        with pytest.raises(NewerMergeFirst) as told:
            unmerge(first, by=SYSTEM)
        assert told.value.details["merge_id"] == second.pk

        unmerge(second, by=SYSTEM)
        assert fresh(bea).merged_into_id == ann.pk
        assert newest_merge(shop, ann.pk) == first
        unmerge(first, by=SYSTEM)
        assert Customer.objects.of(shop).alive().count() == 3
        with pytest.raises(NotMerged):
            unmerge(first, by=SYSTEM)

    def test_says_no_while_the_survivor_is_in_the_bin(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        deeds.delete_customer(ann, by=SYSTEM)

        with pytest.raises(InTheBin):
            unmerge(made, by=SYSTEM)

    def test_leaves_nothing_personal_in_the_merge(self, shop, ann, bea):
        made = unmerge(merge(shop, ann, [bea], by=SYSTEM), by=SYSTEM)

        assert Merge.objects.get(pk=made.pk).snapshot == {}
