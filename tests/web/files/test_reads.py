"""What programs read, on its page."""

import pytest

from regulars.shops.operations import create_api_key
from regulars.shops.permissions import Scope
from regulars.transfer.outgoing.reads import note_read
from tests.factories import SYSTEM
from tests.web.files.sending import home, text_of

pytestmark = pytest.mark.django_db


def test_every_kind_of_rows_that_programs_read_has_a_name(client, shop, ann):
    key, _secret = create_api_key(shop, "Till", [Scope.CUSTOMERS], by=SYSTEM)
    for what in ("customers", "orders", "points", "tasks", "duplicates"):
        note_read(key, what, 3)

    page = text_of(client.get(f"{home(shop)}files/api/"))

    assert all(name in page for name in ("Customers", "Orders", "Points", "Tasks", "Possible duplicates"))
