"""A shop, a manager who is signed in, and a customer."""

import pytest

from tests.factories import create_customer, create_shop, create_staff
from tests.web.signing import signed_in


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai Trần")


@pytest.fixture
def desk(manager):
    return signed_in(manager)


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com", phone="0912345678")
