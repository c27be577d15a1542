"""Into the bin, out of it, and away for good."""

import pytest

from regulars.customers.anonymise import anonymise
from regulars.customers.models import Customer
from regulars.customers.operations import delete_customer
from tests.factories import SYSTEM, create_customer, create_staff
from tests.web.customers.desk import at, order, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


class TestTheBin:
    def test_deleting_offers_to_undo_and_goes_back_to_the_list(self, desk, ann):
        answer = desk.post(at(ann, "delete/?list=sort%3Dname"), follow=True)

        assert answer.redirect_chain[-1][0] == "/s/hoa-sen/customers/?sort=name"
        assert f'action="{at(ann, "restore/")}?list=sort%3Dname"' in text(answer)
        assert not Customer.objects.alive().exists()

        desk.post(at(ann, "restore/"), {"next": "/s/hoa-sen/customers/"})
        assert Customer.objects.alive().get() == ann

    def test_a_customer_in_it_says_so_and_cannot_be_changed(self, desk, ann):
        delete_customer(ann, by=SYSTEM)

        shown = text(desk.get(at(ann)))

        assert "This customer is in the bin" in shown and "Restore" in shown
        assert at(ann, "edit/") not in shown
        assert "in the bin" in text(desk.post(at(ann, "tags/"), {"tags": ["x"]}, follow=True))

    def test_lists_who_is_in_it(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)
        create_customer(shop, name="Ben Alive")

        shown = text(desk.get("/s/hoa-sen/customers/bin/"))

        assert "Ann Lê" in shown and "Ben Alive" not in shown
        assert "/s/hoa-sen/customers/__key__/purge/" in shown

    def test_a_taken_address_keeps_them_there_in_words(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)
        create_customer(shop, name="New", email="ann@example.com")

        assert "belongs to another customer" in text(desk.post(at(ann, "restore/"), follow=True))

    def test_removing_for_good(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)

        answer = desk.post(at(ann, "purge/"))

        assert answer.url == "/s/hoa-sen/customers/bin/"
        assert not Customer.objects.filter(pk=ann.pk).exists()

    def test_only_from_the_bin(self, desk, ann):
        assert "not in the bin" in text(desk.post(at(ann, "purge/"), follow=True))
        assert Customer.objects.alive().get() == ann

    def test_agents_neither_delete_nor_look_into_it(self, shop, ann):
        agent = signed_in(create_staff(shop, role="agent"))

        assert agent.post(at(ann, "delete/")).status_code == 403
        assert agent.get("/s/hoa-sen/customers/bin/").status_code == 403

    def test_whose_data_was_erased_is_told(self, desk, shop, ann):
        order(shop, ann, 1001)
        anonymise(ann, by=SYSTEM)

        shown = text(desk.get(at(ann), {"tab": "orders"}))

        assert "Personal data erased" in shown and "#1001" in shown
        assert "Ann Lê" not in shown
