"""A shop with a manager, an agent and two customers."""

import pytest
from django.core.cache import cache

from regulars.web import counts
from tests.factories import create_customer, create_shop, create_staff
from tests.web.signing import signed_in


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    counts._known.clear()


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai Trần")


@pytest.fixture
def agent(shop):
    return create_staff(shop, role="agent", name="Bảo Lê")


@pytest.fixture
def desk(manager):
    return signed_in(manager)


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", city="Huế", tags="VIP")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob Võ", city="Đà Lạt")
