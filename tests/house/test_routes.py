"""Every address × every role × another shop's staff and another shop's objects."""

import pytest
from django.conf import settings

from regulars.shops.permissions import ALLOWED, Role
from tests.factories import create_shop, create_staff
from tests.house.objects import NEEDS, NOT_OBJECTS, values_for
from tests.house.routes import routes_in_a_shop
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db

ROUTES = routes_in_a_shop()
METHODS = ["get", "post"]
ids = [route.name for route in ROUTES]


@pytest.fixture(scope="module")
def here(kept):
    return create_shop("Here")


@pytest.fixture(scope="module")
def there(kept):
    return create_shop("There")


@pytest.fixture(scope="module")
def ours(here):
    """Our objects: route → the values of its parameters."""
    return {route: values_for(route, here) for route in ROUTES}


@pytest.fixture(scope="module")
def theirs(there):
    """The same of another shop."""
    return {route: values_for(route, there) for route in ROUTES}


@pytest.fixture(scope="module")
def sessions(here, there):
    """Who is signed in where: (shop, role) → the key of a session."""
    desks = {(here, role): signed_in(create_staff(here, role=role)) for role in Role.values}
    desks[there, Role.OWNER] = signed_in(create_staff(there, role=Role.OWNER))
    return {who: desk.cookies[settings.SESSION_COOKIE_NAME].value for who, desk in desks.items()}


@pytest.fixture
def asked(client, sessions):
    """Asks an address as somebody of a shop; answers the status."""

    def ask(method, url, shop, role):
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[shop, role]
        return getattr(client, method)(url).status_code

    return ask


@pytest.mark.parametrize("route", ROUTES, ids=ids)
@pytest.mark.parametrize("method", METHODS)
class TestEveryAddressInAShop:
    def test_is_guarded(self, route, method):
        assert route.permissions, "wrap the view in @staff_may(…)"

    def test_sends_strangers_to_the_sign_in(self, client, here, ours, route, method):
        response = getattr(client, method)(route.url(here.slug, **ours[route]))

        assert response.status_code in (302, 405)
        if response.status_code == 302:
            assert response.url.startswith("/accounts/login/")

    def test_does_not_exist_for_another_shops_owner(self, asked, here, there, ours, route, method):
        url = route.url(here.slug, **ours[route])

        assert asked(method, url, there, Role.OWNER) in (404, 405)

    @pytest.mark.parametrize("role", Role.values)
    def test_asks_for_the_permission(self, asked, here, ours, route, method, role):
        needed = [*route.permissions, *filter(None, [NEEDS.get(route.name)])]
        allowed = all(permission in ALLOWED[role] for permission in needed)

        status = asked(method, route.url(here.slug, **ours[route]), here, role)

        assert status < 500
        assert (status == 403) is (not allowed) or status == 405


WITH_OBJECTS = [route for route in ROUTES if route.parameters and route.name not in NOT_OBJECTS]


@pytest.mark.parametrize("route", WITH_OBJECTS, ids=[route.name for route in WITH_OBJECTS])
@pytest.mark.parametrize("method", METHODS)
class TestAnotherShopsObject:
    def test_does_not_exist(self, asked, here, theirs, route, method):
        assert asked(method, route.url(here.slug, **theirs[route]), here, Role.OWNER) in (404, 405)
