"""Every address × every role × another shop's staff and another shop's objects."""

import pytest

from regulars.shops.permissions import ALLOWED, Role
from tests.factories import create_shop, create_staff
from tests.house.objects import NEEDS, NOT_OBJECTS, values_for
from tests.house.routes import routes_in_a_shop

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROUTES = routes_in_a_shop()
METHODS = ["get", "post"]
ids = [route.name for route in ROUTES]


@pytest.fixture
def shop():
    return create_shop("Here")


def as_staff(client, shop, role):
    staff = create_staff(shop, role=role)
    client.force_login(staff.user, backend=BACKEND)
    return staff


def asked(client, method, url):
    return getattr(client, method)(url).status_code


@pytest.mark.parametrize("route", ROUTES, ids=ids)
@pytest.mark.parametrize("method", METHODS)
class TestEveryAddressInAShop:
    def test_is_guarded(self, route, method):
        assert route.permissions, "wrap the view in @staff_may(…)"

    def test_sends_strangers_to_the_sign_in(self, client, shop, route, method):
        response = getattr(client, method)(route.url(shop.slug, **values_for(route, shop)))

        assert response.status_code in (302, 405)
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/")

    def test_does_not_exist_for_another_shops_owner(self, client, shop, route, method):
        url = route.url(shop.slug, **values_for(route, shop))
        as_staff(client, create_shop("There"), Role.OWNER)

        assert asked(client, method, url) in (404, 405)

    @pytest.mark.parametrize("role", Role.values)
    def test_asks_for_the_permission(self, client, shop, route, method, role):
        url = route.url(shop.slug, **values_for(route, shop))
        as_staff(client, shop, role)
        needed = [*route.permissions, *filter(None, [NEEDS.get(route.name)])]
        allowed = all(permission in ALLOWED[role] for permission in needed)

        status = asked(client, method, url)

        assert status < 500
        assert (status == 403) is (not allowed) or status == 405


WITH_OBJECTS = [route for route in ROUTES if route.parameters and route.name not in NOT_OBJECTS]


@pytest.mark.parametrize("route", WITH_OBJECTS, ids=[route.name for route in WITH_OBJECTS])
@pytest.mark.parametrize("method", METHODS)
class TestAnotherShopsObject:
    def test_does_not_exist(self, client, shop, route, method):
        foreign = values_for(route, create_shop("There"))
        as_staff(client, shop, Role.OWNER)

        assert asked(client, method, route.url(shop.slug, **foreign)) in (404, 405)
