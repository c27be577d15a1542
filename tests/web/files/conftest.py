"""A shop with its own files, and a manager who is signed in."""

import pytest

from regulars.shops.permissions import Role
from tests.factories import create_shop, create_staff
from tests.web.files.sending import signed_in


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def ann(client, shop):
    """A manager, signed in."""
    return signed_in(client, create_staff(shop, role=Role.MANAGER, name="Ann"))
