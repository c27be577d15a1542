"""Two customers of a shop who are about to become one."""

import pytest

from tests.factories import create_customer, create_shop


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com", phone="0912345678", tags="x")


@pytest.fixture
def bea(shop):
    return create_customer(shop, name="Bea Trần", email="bea@example.com", phone="0987654321", tags="X,y")
