"""Credit limits come in and go out with the customers."""

from decimal import Decimal

import pytest

from regulars.customers.bulk import undo_batch
from regulars.customers.models import Customer
from regulars.customers.operations import set_credit_limit
from regulars.events.record import Actor
from regulars.shops.work import carry_on
from regulars.transfer.commands import export_rows
from regulars.transfer.imports import configure, stage, start
from regulars.transfer.options import Options
from regulars.transfer.previews import read_rows
from tests.factories import create_customer
from tests.transfer.conftest import make_shop

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def staged(shop, text):
    return stage(shop, "customers", [text.encode()], "people.csv")


def brought(shop, text, policy="overwrite"):
    run = staged(shop, text)
    configure(run, policy=policy)
    job = start(run)
    carry_on(shop_id=shop.pk, run_id=job.pk)
    run.refresh_from_db()
    return run


def limit_of(shop, name):
    return Customer.objects.of(shop).get(name=name).credit_limit


def known(shop, limit):
    return set_credit_limit(create_customer(shop, name="Ann", email="ann@x.io"), Decimal(limit), by=SYSTEM)


class TestACreditLimit:
    def test_comes_in_in_the_shops_currency(self, shop):
        brought(shop, 'Name,Credit limit\nAnn,"₱12,500.50"\nBob,\nCai,0\n')

        assert [limit_of(shop, name) for name in ("Ann", "Bob", "Cai")] == [1_250_050, None, 0]

    def test_is_read_as_the_shop_writes_amounts(self):
        shop = make_shop("toko", "ID", "IDR", language="id")

        brought(shop, "Nama,Batas kredit\nSiti,1.250\n")

        assert limit_of(shop, "Siti") == 125_000

    @pytest.mark.parametrize("cell", ["-5", "much"])
    def test_that_is_no_amount_is_left_out_and_said(self, shop, cell):
        run = brought(shop, f"Name,Credit limit\nAnn,{cell}\n")

        assert limit_of(shop, "Ann") is None
        assert (run.created, run.report["warnings"]) == (1, {"credit_limit": 1})

    def test_is_shown_before_it_is_written(self, shop):
        run = staged(shop, "Name,Credit limit\nAnn,100\n")

        assert read_rows(run, Options.of(run.options))[0].values["credit_limit"] == 10_000

    def test_of_nothing_is_a_limit_that_is_not_filled_in(self, shop):
        known(shop, 0)

        brought(shop, "E-mail,Credit limit\nann@x.io,100\n", policy="fill_empty")

        assert limit_of(shop, "Ann") == 0

    def test_is_lifted_in_so_many_words_and_comes_back_by_undo(self, shop):
        known(shop, 100)

        run = brought(shop, "E-mail,Credit limit\nann@x.io,__CLEAR__\n")
        lifted = limit_of(shop, "Ann")
        undo_batch(shop, run.job_run_id, by=SYSTEM)

        assert (lifted, limit_of(shop, "Ann")) == (None, 10_000)

    def test_goes_out_as_a_plain_amount(self, shop, tmp_path):
        known(shop, "1250.5")

        export_rows(shop, output=tmp_path / "a.csv", by=SYSTEM, fields=["name", "credit_limit"], format="csv")

        assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines() == ["Name,Credit limit", "Ann,1250.50"]
