"""The pages of merging, and where old ids lead."""

import pytest
from django.test import Client

from regulars.customers.merging import merge
from regulars.customers.models import Customer, Identity
from regulars.loyalty.operations import adjust_points
from regulars.shops.operations import create_api_key
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


def desk_of(shop, role="manager"):
    client = Client()
    client.force_login(
        create_staff(shop, role=role).user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


class TestOldIds:
    def test_lead_to_whom_they_became_with_the_same_tab(self, shop):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        merge(shop, ann, [bea], by=SYSTEM)

        answer = desk_of(shop).get(f"/s/{shop.slug}/customers/{bea.pk}/?tab=notes")

        assert (answer.status_code, answer["Location"]) == (302, f"/s/{shop.slug}/customers/{ann.pk}/?tab=notes")

    def test_answer_the_survivor_with_its_own_id_to_other_systems(self, shop):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        merge(shop, ann, [bea], by=SYSTEM)
        _key, token = create_api_key(shop, "Till", ["customers.read"], by=SYSTEM)

        answer = Client().get(f"/api/v1/customers/{bea.pk}", headers={"authorization": f"Bearer {token}"})

        assert (answer.status_code, answer.json()["id"]) == (200, ann.pk)


class TestThePages:
    def test_are_for_those_who_may(self, shop):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")

        for role, status in (("manager", 200), ("agent", 403), ("viewer", 403)):
            answer = desk_of(shop, role).get(f"/s/{shop.slug}/customers/merge/?ids={ann.pk},{bea.pk}")
            assert answer.status_code == status

    def test_call_channels_by_their_names(self, shop):
        people = [create_customer(shop, name="Ann") for _n in range(2)]
        for ann in people:
            Identity.objects.create(shop=shop, customer=ann, channel="tiktok", external_id=f"t{ann.pk}")
        ids = ",".join(str(ann.pk) for ann in people)
        desk = desk_of(shop)

        merging = desk.get(f"/s/{shop.slug}/customers/merge/?ids={ids}").content.decode()
        assert "TikTok Shop knows them by several ids" in merging
        account = desk.get(f"/s/{shop.slug}/customers/{people[0].pk}/?tab=account").content.decode()
        assert "Id at TikTok Shop" in account

    def test_add_points_up(self, shop):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        adjust_points(ann, 1120, note="Gift", by=SYSTEM)
        adjust_points(bea, 80, note="Gift", by=SYSTEM)

        page = desk_of(shop).get(f"/s/{shop.slug}/customers/merge/?ids={ann.pk},{bea.pk}").content.decode()

        assert "1,200" in page

    def test_say_whose_points_were_used_by_another_meanwhile(self, shop):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        adjust_points(bea, 80, note="Gift", by=SYSTEM)
        made = merge(shop, ann, [bea], by=SYSTEM)
        desk, url = desk_of(shop), f"/s/{shop.slug}/customers/merges/{made.pk}/"
        said = "Ann will have -50 points"
        assert said not in desk.get(url).content.decode()
        adjust_points(ann, -50, note="Mug", by=SYSTEM)

        assert said in desk.get(url).content.decode()

    def test_know_nobody_of_another_shop(self, shop):
        ann, stranger = create_customer(shop, name="Ann"), create_customer(name="Stranger")
        url = f"/s/{shop.slug}/customers/merge/"

        assert desk_of(shop).get(f"{url}?ids={ann.pk},{stranger.pk}").status_code == 404
        assert desk_of(shop).post(url, {"ids": f"{ann.pk},{stranger.pk}"}).status_code == 404
        assert Customer.objects.filter(merged_into__isnull=False).count() == 0
