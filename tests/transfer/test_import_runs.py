"""A run of an import: tried first, its rejected rows, its life, its undoing."""

import csv
import io

import pytest

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.orders.models import Order
from regulars.transfer import imports
from regulars.transfer.commands import import_file, list_imports, undo_import
from regulars.transfer.errors import NoSuchImport, NotStartable
from regulars.transfer.files import private_path
from regulars.transfer.models import ImportRun
from regulars.transfer.rejected import REASON, rejected_file
from regulars.transfer.templates import template
from regulars.transfer.trials import dry_run
from tests.transfer.conftest import BAGISTO, figures, one


class TestRejectedRows:
    """T66: one bad row stops no other, and comes back as a file that imports once mended."""

    ROWS = (
        ["Name", "Email", "Code"],
        ["Ann", "ann@example.com", "0012"],
        ["", "", "=1+1"],
        ["Bo", "bo@example.com"],
        ["Cy", "cy@example.com", "0044"],
    )

    def test_do_not_stop_the_others(self, shop, write):
        answer = import_file("customers", write(self.ROWS), shop)

        assert figures(answer) == (2, 0, 0, 2)
        assert answer["rows"] == 4
        assert [error["line"] for error in answer["errors"]] == [3, 4]
        assert "2 cells" in answer["errors"][1]["reason"]

    def test_come_back_as_a_file_that_imports_once_mended(self, shop, write):
        import_file("customers", write(self.ROWS), shop)
        run = ImportRun.objects.of(shop).get()

        data = b"".join(rejected_file(run)).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(data)))
        mended = [rows[0], ["Di", *rows[1][1:]], [*rows[2][:2], "0033", rows[2][3]]]
        answer = import_file("customers", write(mended), shop)

        assert rows[0] == ["Name", "Email", "Code", REASON]
        assert rows[1][:3] == ["", "", "'=1+1"]
        assert "2 cells" in rows[2][3]
        assert figures(answer) == (2, 0, 0, 0)

    def test_name_the_column_and_the_value(self, shop, write):
        path = write(
            [["Order", "Day", "Sum"], ["1", "2026-01-01", "abc"], ["2", "soon", "5"], ["3", "2026-01-03", "5"]]
        )
        with path.open("rb") as file:
            run = imports.stage(shop, "orders", [file.read()], "x.csv")
        imports.configure(run, mapping=["number", "placed_at", "total"])

        tried = dry_run(run)

        assert (tried.created, tried.rejected) == (1, 2)
        assert [(error["column"], error["value"]) for error in tried.errors] == [("Sum", "abc"), ("Day", "soon")]


class TestDryRuns:
    def test_say_what_will_happen_and_write_nothing(self, shop, write):
        path = write([
            ["Name", "Email", "Phone"],
            ["Ann", "ann@example.com", "0917 123 4567"],
            ["Ann", "ANN@example.com", "0917 123 4567"],
            ["", "", ""],
            ["John Doe", "john@example.com", ""],
            ["Jane", "jane@example.com", ""],
            ["", "", " - "],
        ])  # fmt: skip
        import_file("customers", BAGISTO, shop)
        before = Event.objects.count(), Customer.objects.count()

        tried = import_file("customers", path, shop, dry_run=True)
        untouched = Event.objects.count(), Customer.objects.count()
        real = import_file("customers", path, shop)

        assert untouched == before
        assert tried["id"] is None
        assert figures(tried) == figures(real) == (2, 1, 2, 0)
        assert tried["changed"] == real["changed"]
        assert not list(private_path("imports").glob("*")) or len(list(private_path("imports").glob("*"))) == 2

    def test_of_orders_are_taken_back(self, shop, write):
        path = write(template("orders", shop))

        tried = import_file("orders", path, shop, dry_run=True)

        assert figures(tried) == (1, 0, 0, 0)
        assert not Order.objects.of(shop).exists()
        assert not Customer.objects.of(shop).exists()


class TestTheLifeOfAnImport:
    def test_is_listed_newest_first(self, shop, write):
        import_file("customers", BAGISTO, shop)
        import_file("customers", write("Name\nAnn\n", "second.csv"), shop)

        listed = list_imports(shop)

        assert [run["file"] for run in listed] == ["second.csv", "bagisto_customers.csv"]
        assert {run["state"] for run in listed} == {"done"}

    def test_begins_once(self, shop):
        run = imports.stage(shop, "customers", [BAGISTO.read_bytes()], "b.csv")
        imports.start(run)

        with pytest.raises(NotStartable):
            imports.start(run)

    @pytest.mark.parametrize("tell", [{"policy": "leave"}, {"delimiter": ";"}])
    def test_is_told_nothing_more_once_it_began_in_another_window(self, shop, tell):
        run = imports.stage(shop, "customers", [BAGISTO.read_bytes()], "b.csv")
        elsewhere = ImportRun.objects.of(shop).get(pk=run.pk)
        imports.start(run)
        told = ImportRun.objects.of(shop).get(pk=run.pk).options

        with pytest.raises(NotStartable):
            imports.configure(elsewhere, **tell)

        assert ImportRun.objects.of(shop).get(pk=run.pk).options == told

    def test_is_told_of_two_windows_what_both_said(self, shop):
        run = imports.stage(shop, "customers", [BAGISTO.read_bytes()], "b.csv")
        elsewhere = ImportRun.objects.of(shop).get(pk=run.pk)

        imports.configure(run, policy="leave")
        imports.configure(elsewhere, twice="first")

        options = ImportRun.objects.of(shop).get(pk=run.pk).options
        assert (options["policy"], options["twice"]) == ("leave", "first")

    def test_every_customer_knows_where_they_came_from(self, shop):
        import_file("customers", BAGISTO, shop)
        run = ImportRun.objects.of(shop).get()

        created = Event.objects.filter(shop_id=shop.pk, kind="customer.created")

        assert created.count() == 3
        assert set(created.values_list("actor_kind", "actor_id", "batch_id")) == {("import", run.pk, run.job_run_id)}


class TestUndo:
    """T70: values come back, later edits stay and are counted."""

    def test_brings_back_what_was_and_keeps_what_was_changed_since(self, shop, write):
        header = ["Email", "Name", "Company"]
        import_file(
            "customers", write([header, ["ann@example.com", "Ann", "Acme"], ["bo@example.com", "Bo", "A"]]), shop
        )
        second = write(
            [header, ["ann@example.com", "Ann", "Apex"], ["bo@example.com", "Bo", "B"], ["cy@x.io", "Cy", ""]]
        )
        run_id = import_file("customers", second, shop)["id"]
        import_file("customers", write([header, ["bo@example.com", "Bo", "C"]]), shop)

        answer = undo_import(shop, run_id, by=Actor.system())

        assert (answer["restored"], answer["removed"], answer["conflicts"]) == (1, 1, 1)
        assert one(shop, email="ann@example.com").company == "Acme"
        assert one(shop, email="bo@example.com").company == "C"
        assert not Customer.objects.of(shop).alive().filter(email="cy@x.io").exists()

    def test_of_nothing_is_refused(self, shop):
        with pytest.raises(NoSuchImport):
            undo_import(shop, 77, by=Actor.system())
