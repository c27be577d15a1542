"""The templates that people download: each imports as it is, wherever the shop is."""

import pytest

from regulars.customers.models import Customer
from regulars.transfer.columns import COLUMNS
from regulars.transfer.commands import import_file
from regulars.transfer.kinds import KINDS
from regulars.transfer.templates import template
from tests.transfer.conftest import make_shop

NEEDS_PEOPLE = {"notes", "consents", "activity", "points"}


@pytest.fixture(params=[("PH", "PHP"), ("VN", "VND"), ("ID", "IDR"), ("RO", "RON")], ids=lambda pair: pair[0])
def here(request, db):
    return make_shop("here", *request.param)


@pytest.fixture
def bring(tmp_path):
    def brought(kind, shop):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(template(kind, shop))
        return import_file(kind, path, shop)

    return brought


@pytest.mark.parametrize("kind", KINDS)
def test_import_without_an_error_or_a_doubt_and_only_once(here, bring, kind):
    """T73."""
    if kind in NEEDS_PEOPLE:
        bring("customers", here)

    first, again = bring(kind, here), bring(kind, here)

    assert first["format"] == f"regulars_{kind}"
    assert (first["created"], first["rejected"], first["errors"], first["warnings"]) == (1, 0, [], {})
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)
    assert not NEEDS_PEOPLE & {kind} or Customer.objects.of(here).count() == 1


def test_are_there_for_every_kind_of_file():
    assert KINDS.keys() == COLUMNS.keys()
