"""T-EXP-3: a file is what the shop was at one instant, whoever writes while it is written."""

import csv
from threading import Thread

import pytest
from django.db import InternalError, connection

from regulars.customers.models import Customer, Group
from regulars.customers.operations import update_customer
from regulars.events.record import Actor
from regulars.shops.queries import acting
from regulars.shops.work import carry_on
from regulars.transfer import exports
from regulars.transfer.exports import Asked
from regulars.transfer.files import private_path
from regulars.transfer.outgoing.snapshot import one_snapshot
from regulars.transfer.outgoing.statement import Copied
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import make_shop

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work):
    """Done by somebody else, on a connection of theirs, and committed."""

    def on_its_own():
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=on_its_own)
    thread.start()
    thread.join()


@pytest.mark.parametrize("way", ["csv", "xlsx", "jsonl"])
def test_rows_are_as_many_as_the_count_while_others_write(way, monkeypatch):
    shop = make_shop()
    owner = create_staff(shop, role="owner")
    people = [create_customer(shop, name=f"Ann {n}", group="Wholesale") for n in range(50)]
    log = exports.start_export(shop, Asked(format=way, fields=("name", "group")), staff=owner, by=acting(owner))
    rows_of_copy = Copied.__iter__

    def change_much():
        create_customer(shop, name="Late")
        update_customer(people[0], {"name": "Bo", "group": "New ones"}, by=Actor.system())
        gone = [one.pk for one in people[1:3]]
        Customer.objects.of(shop).filter(pk__in=gone).update(deleted_at="2026-01-01T00:00Z")

    def disturbed(self):
        beside(change_much)  # after the question was understood, before its rows are asked for
        yield from rows_of_copy(self)

    monkeypatch.setattr(Copied, "__iter__", disturbed)

    carry_on(shop_id=shop.pk, run_id=log.job_run_id)

    log.refresh_from_db()
    assert log.rows == log.job_run.total == log.job_run.result["rows"] == 50
    assert Group.objects.of(shop).filter(name="New ones").exists()
    if way == "csv":
        with private_path(log.stored_as).open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.DictReader(file))
        assert {(row["Name"], row["Group"]) for row in written} == {(f"Ann {n}", "Wholesale") for n in range(50)}


def test_nothing_can_be_written_in_it():
    shop = make_shop()

    with pytest.raises(InternalError, match="read-only"), one_snapshot():
        create_customer(shop, name="Ann")

    assert not Customer.objects.of(shop).exists()
