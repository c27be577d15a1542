"""What a program was given is written down, folded by key, day and kind of rows."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from regulars.transfer.models import ApiRead
from regulars.transfer.outgoing import reads
from tests.api.asking import create_order, program
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


def lines():
    return list(ApiRead.objects.order_by("id").values_list("what", "answers", "rows"))


def test_lists_and_single_rows_are_counted(shop):
    people = [create_customer(shop, name=f"Ann {n}") for n in range(3)]
    till = program(shop)

    till.ask("/customers")
    till.ask("/customers", limit=2)
    till.ask(f"/customers/{people[0].pk}")

    assert lines() == [("customers", 3, 6)]


def test_counts_and_refused_questions_read_nothing(shop):
    till = program(shop)

    till.ask("/customers/count")
    till.get("/customers", where="shoe = 1")

    assert lines() == []


def test_kinds_keys_and_days_stand_apart(shop, monkeypatch):
    create_order(create_customer(shop, name="Ann"), "100")
    till, other = program(shop), program(shop)
    for key in (till, other):
        key.ask("/customers")
    till.ask("/orders")
    monkeypatch.setattr(reads, "now", lambda: datetime(2031, 1, 1, 16, 30, tzinfo=UTC))
    till.ask("/customers")

    assert lines() == [("customers", 1, 1), ("customers", 1, 1), ("orders", 1, 1), ("customers", 1, 1)]
    assert ApiRead.objects.latest("id").on == date(2031, 1, 2)  # in Manila


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM transfer_apiread",
        "UPDATE transfer_apiread SET rows = 0, answers = answers + 1",
        "UPDATE transfer_apiread SET rows = rows + 1",
        "UPDATE transfer_apiread SET what = 'orders', answers = answers + 1",
        "UPDATE transfer_apiread SET \"on\" = '2020-01-01', answers = answers + 1",
    ],
)
def test_a_line_only_counts_on(shop, sql):
    create_customer(shop, name="Ann")
    till = program(shop)
    till.ask("/customers")

    refused = pytest.raises(IntegrityError, match="only ever added to")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    till.ask("/customers")

    assert lines() == [("customers", 2, 2)]
