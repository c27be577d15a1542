"""The settings page of API keys: made, shown once, revoked."""

import re

import pytest

from regulars.shops.models import ApiKey
from regulars.shops.operations import create_api_key
from tests.factories import SYSTEM, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = re.compile(r"rg_(?:secret|public)_\d+_[0-9a-f]{8}_[0-9a-f]{64}")


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def manager(shop, client):
    """A manager, signed in."""
    staff = create_staff(shop, role="manager", name="Linh")
    client.force_login(staff.user, backend=BACKEND)
    return staff


def at(shop, path=""):
    return f"/s/{shop.slug}/settings/keys/{path}"


def text(response):
    return response.content.decode()


class TestAKey:
    def test_is_made_and_shown_once(self, client, manager, shop):
        given = {"name": "Till", "scopes": ["customers.read", "orders.read"]}

        page = text(client.post(at(shop, "new/"), given))

        [key] = ApiKey.objects.of(shop)
        [secret] = set(SECRET.findall(page))
        assert secret.startswith(key.prefix)
        assert (key.scopes, key.created_by_id) == (["customers.read", "orders.read"], manager.pk)
        listed = text(client.get(at(shop)))
        assert key.prefix in listed and secret not in listed
        answer = client.get("/api/v1/customers", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 200

    def test_for_a_website_is_made_with_its_addresses(self, client, manager, shop):
        given = {"name": "Site", "for": "website", "origins": "https://shop.example\r\n http://localhost:3000/"}

        page = text(client.post(at(shop, "new/"), given))

        [key] = ApiKey.objects.of(shop)
        assert (key.is_public, key.origins) == (True, ["https://shop.example", "http://localhost:3000"])
        assert SECRET.search(page)

    @pytest.mark.parametrize(
        "given",
        [
            {"name": "", "scopes": ["orders.read"]},
            {"name": "Till"},
            {"name": "Till", "scopes": ["everything"]},
            {"name": "Site", "for": "website", "origins": "shop.example"},
        ],
    )
    def test_that_makes_no_sense_is_refused_in_the_form(self, client, manager, shop, given):
        response = client.post(at(shop, "new/"), given)

        assert response.status_code == 422
        assert "field-error" in text(response)
        assert not ApiKey.objects.exists()

    def test_that_sees_more_than_who_makes_it_is_refused(self, client, shop):
        staff = create_staff(shop, role="manager", only_own=True)
        client.force_login(staff.user, backend=BACKEND)

        response = client.post(at(shop, "new/"), {"name": "Till", "scopes": ["customers.read"]})

        assert response.status_code == 422
        assert "only your own customers" in text(response)

    def test_is_revoked(self, client, manager, shop):
        key, _secret = create_api_key(shop, "Till", ["orders.read"], by=SYSTEM)

        page = text(client.post(at(shop, f"{key.pk}/revoke"), follow=True))

        key.refresh_from_db()
        assert key.revoked_at is not None
        assert "does not work any more" in page
        again = text(client.post(at(shop, f"{key.pk}/revoke"), follow=True))
        assert "has been revoked already" in again
