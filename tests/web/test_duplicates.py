"""The duplicates queue, the line on a customer's page, and the household beside it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers.likeness import start_finding
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.customers.operations.households import link_household
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="manager", name="Lan")


@pytest.fixture
def pair(shop):
    create_customer(shop, name="Nguyễn Thị Đào", phone="0912345678", email="dao@example.com")
    create_customer(shop, name="Đào Nguyễn Thị", phone="0912 345 678")
    start_finding(shop, at_once=True)
    return PossibleDuplicate.objects.of(shop).get()


def desk(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def url(shop, path=""):
    return f"/s/{shop.slug}/customers/duplicates/{path}"


def read(answer):
    return answer.content.decode()


class TestTheQueue:
    def test_shows_both_side_by_side_with_the_reasons_and_where_they_are_merged(self, lan, shop, pair):
        page = read(desk(lan).get(url(shop)))

        assert re.findall(r'<li class="tag[^"]*">([^<]+)', page) == ["same phone", "same name in another order"]
        assert "Nguyễn Thị Đào" in page
        assert "Đào Nguyễn Thị" in page
        assert f"merge/?ids={pair.first_id},{pair.second_id}" in page
        assert "1 pair to look at" in page

    def test_is_narrowed_to_a_reason_and_to_a_customer(self, lan, shop, pair):
        client = desk(lan)
        other = create_customer(shop, name="Minh")

        assert "data-pair " in read(client.get(url(shop, "?reason=phone")))
        assert "No such pair waits" in read(client.get(url(shop, "?reason=email")))
        assert "data-pair " in read(client.get(url(shop, f"?customer={pair.first_id}")))
        assert "No such pair waits" in read(client.get(url(shop, f"?customer={other.pk}")))

    def test_goes_on_behind_the_last_pair(self, lan, shop):
        for number in range(25):
            for _ in range(2):
                create_customer(
                    shop, name=f"Person {'abcdefghijklmnopqrstuvwxyz'[number] * 5}", phone=f"09123400{number:02}"
                )
        start_finding(shop, at_once=True)
        client = desk(lan)

        first = read(client.get(url(shop)))
        following = re.search(r'href="([^"]+after=[^"]+)"', first)[1].replace("&amp;", "&")
        second = read(client.get(following))

        assert [first.count("data-pair "), second.count("data-pair ")] == [20, 5]

    @pytest.mark.parametrize(
        "query", ["?after=x", "?after=1.", "?after=9999.99999999999999999", "?customer=x", "?reason=x"]
    )
    def test_survives_nonsense_in_the_address(self, lan, shop, query):
        assert desk(lan).get(url(shop, query)).status_code == 200

    def test_asks_as_often_for_many_pairs_as_for_one(self, lan, shop, pair):
        client = desk(lan)
        client.get(url(shop))
        with CaptureQueriesContext(connection) as for_one:
            client.get(url(shop))
        for number in range(10):
            for _ in range(2):
                create_customer(shop, name="Lê Văn Tám", phone=f"09123400{number:02}", tags="VIP")
        start_finding(shop, at_once=True)

        with CaptureQueriesContext(connection) as for_many:
            page = read(client.get(url(shop)))

        assert page.count("data-pair ") == 11
        assert len(for_many) <= len(for_one) + 1  # the names of the tags

    def test_teaches_before_the_first_search_and_starts_it(self, lan, shop):
        client = desk(lan)
        assert "Find who is here twice" in read(client.get(url(shop)))

        client.post(url(shop, "search"))

        assert "Comparing all customers" in read(client.get(url(shop)))

    def test_is_closed_to_who_may_not_see_contact_data(self, shop, pair):
        assert desk(create_staff(shop, role="viewer")).get(url(shop)).status_code == 403

    def test_shows_an_agent_only_pairs_of_their_own(self, shop, pair):
        agent = create_staff(shop, role="agent", only_own=True)
        Customer.objects.filter(pk=pair.first_id).update(staff=agent)
        client = desk(agent)

        assert "data-pair " not in read(client.get(url(shop)))
        assert client.post(url(shop, f"{pair.pk}/apart")).status_code == 404


class TestDeciding:
    def test_not_the_same_person_and_undo(self, lan, shop, pair):
        client = desk(lan)

        client.post(url(shop, f"{pair.pk}/apart"))
        assert "data-pair " not in read(client.get(url(shop)))

        client.post(url(shop, f"{pair.pk}/reopen"))
        assert "data-pair " in read(client.get(url(shop)))

    def test_household_and_undo(self, lan, shop, pair):
        client = desk(lan)

        client.post(url(shop, f"{pair.pk}/household"))
        assert Customer.objects.of(shop).exclude(household=None).count() == 2

        client.post(url(shop, f"{pair.pk}/reopen?leaving={pair.first_id},{pair.second_id}"))
        pair.refresh_from_db()
        assert pair.decision == Decision.OPEN
        assert Customer.objects.of(shop).exclude(household=None).count() == 0

    def test_another_shops_pair_does_not_exist(self, pair):
        stranger = create_staff(role="owner")

        assert desk(stranger).post(url(stranger.shop, f"{pair.pk}/apart")).status_code == 404
        pair.refresh_from_db()
        assert pair.decision == Decision.OPEN


class TestTheCustomersPage:
    def test_says_who_they_may_be_as_well(self, lan, shop, pair):
        page = read(desk(lan).get(f"/s/{shop.slug}/customers/{pair.first_id}/"))

        assert "Could be the same as" in page
        assert f"duplicates/?customer={pair.first_id}" in page

    def test_says_nothing_to_who_may_not_see_contact_data(self, shop, pair):
        page = read(desk(create_staff(shop, role="viewer")).get(f"/s/{shop.slug}/customers/{pair.first_id}/"))

        assert "Could be the same as" not in page

    def test_shows_the_household_and_what_it_comes_to(self, lan, shop):
        hoa, anh = create_customer(shop, name="Trần Hoa"), create_customer(shop, name="Lê Anh")
        link_household([hoa, anh], name="Nhà Lê", by=SYSTEM)
        Customer.objects.filter(pk__in=[hoa.pk, anh.pk]).update(orders_count=2, total_spent=150_000)

        page = read(desk(lan).get(f"/s/{shop.slug}/customers/{hoa.pk}/"))

        assert "Nhà Lê" in page
        assert "Lê Anh" in page
        assert "300,000" in page

    def test_an_agent_sees_only_their_own_members(self, shop):
        agent = create_staff(shop, role="agent", only_own=True)
        hoa, anh = create_customer(shop, name="Trần Hoa"), create_customer(shop, name="Lê Anh")
        Customer.objects.filter(pk=hoa.pk).update(staff=agent)
        link_household([hoa, anh], by=SYSTEM)

        page = read(desk(agent).get(f"/s/{shop.slug}/customers/{hoa.pk}/"))

        assert "Lê Anh" not in page

    def test_adds_somebody_names_the_household_and_takes_them_out(self, lan, shop):
        hoa, anh = create_customer(shop, name="Trần Hoa"), create_customer(shop, name="Lê Anh")
        client, home = desk(lan), f"/s/{shop.slug}/customers/"

        assert client.get(f"{home}{hoa.pk}/household/people?q=Anh").json()[0]["value"] == str(anh.pk)
        client.post(f"{home}{hoa.pk}/household/", {"member": anh.pk, "name": "Nhà Lê"})
        assert Customer.objects.get(pk=anh.pk).household.name == "Nhà Lê"

        client.post(f"{home}{anh.pk}/household/leave")
        assert Customer.objects.get(pk=hoa.pk).household is None
