"""A shop, a manager who is signed in, and a customer with points."""

import pytest

from tests.factories import create_customer, create_shop, create_staff
from tests.loyalty.giving import adjust
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
    ann = create_customer(shop, name="Ann Lê")
    adjust(ann, 120, note="Welcome")
    return ann
