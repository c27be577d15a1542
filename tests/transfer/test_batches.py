"""How a file is cut into batches: by records, but never more than fits into memory."""

import csv
import io

import pytest

from regulars.orders.models import Line, Order
from regulars.transfer import rows as machinery
from regulars.transfer.commands import import_file
from regulars.transfer.models import ImportRun, RejectedRow
from regulars.transfer.options import Options
from regulars.transfer.reading import Position, RowReader
from regulars.transfer.rows import CustomerRows, batches

pytestmark = pytest.mark.django_db
HEADER = ("Name", "Note")
OPTIONS = Options(",", HEADER, Position(0, 0), "generic_customers", ("name", "note"))


def cut(shop, text, at=None, size=1000):
    reader = RowReader(io.BytesIO(text), ",", columns=2, at=at)
    return list(batches(reader, CustomerRows(shop, OPTIONS, ""), OPTIONS, size))


class TestBatches:
    def test_of_long_rows_are_shorter(self, shop, monkeypatch):
        monkeypatch.setattr(machinery, "MOST_BYTES_OF_A_BATCH", 2 << 20)
        text = b"".join(b"Ann %d,%s\n" % (number, b"x" * 100_000) for number in range(100))

        made = cut(shop, text)

        assert sum(batch.count for batch in made) == 100
        assert all(batch.count <= 50 for batch in made)
        assert [batch.start for batch in made[1:]] == [batch.end for batch in made[:-1]]
        again = cut(shop, text, at=made[1].start)
        assert sum(batch.count for batch in again) == 100 - made[0].count

    def test_of_usual_rows_have_their_size(self, shop):
        made = cut(shop, b"Ann,\n" * 2500)

        assert [batch.count for batch in made] == [1000, 1000, 500]


@pytest.fixture
def bring(shop, tmp_path):
    """Import rows of orders."""

    def bring(*rows, header=("Order number", "Date", "Total", "Product")):
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path = tmp_path / "orders.csv"
        path.write_text(text.getvalue(), "utf-8")
        return ImportRun.objects.get(pk=import_file("orders", path, shop, template=None)["id"])

    return bring


class TestARecordOfTooManyRows:
    def test_is_rejected_and_the_others_are_taken(self, shop, bring, monkeypatch):
        monkeypatch.setattr(machinery, "MOST_ROWS_OF_A_RECORD", 3)
        day = "2026-03-01"

        run = bring(*(["1", day, "9", f"Mug {n}"] for n in range(9)), *(["2", day, "9", f"Cup {n}"] for n in range(3)))

        assert (run.state, run.rows, run.created, run.rejected) == ("done", 2, 1, 1)
        assert [order.number for order in Order.objects.of(shop)] == ["2"]
        assert Line.objects.of(shop).count() == 3
        first = RejectedRow.objects.of(shop).order_by("line").first()
        assert first.reason == (
            "More than 3 rows belong to this record: is the right column chosen for its number?"
        )  # fmt: skip


class TestNumbersThatAreNone:
    """Where a phone number or an id was taken for a number, its row is rejected, and no other one."""

    @pytest.mark.parametrize(
        ("quantity", "price"),
        [
            ("3000000000", "1"), ("-3000000000", "1"), ("2000000000", "999999999"), ("2", "90000000000000000"),
            ("1", "4111111111111111"),
        ],
    )  # fmt: skip
    def test_are_rejected_with_their_order(self, shop, bring, quantity, price):
        header, day = ("Order number", "Date", "Total", "Product", "Quantity", "Unit price"), "2026-03-01"

        run = bring(["1", day, "9", "Mug", quantity, price], ["2", day, "9", "Mug", "1", "9"], header=header)

        assert (run.state, run.created, run.rejected) == ("done", 1, 1)
        assert RejectedRow.objects.of(shop).get().line == 2

    def test_are_rejected_when_only_their_sum_is_too_large(self, shop, bring):
        header, day = ("Order number", "Date", "Total", "Product", "Quantity"), "2026-03-01"

        run = bring(*(["1", day, "9", "Mug", "1500000000"] for _ in range(2)), header=header)

        assert (run.state, run.created, run.rejected) == ("done", 0, 1)
        assert RejectedRow.objects.of(shop).order_by("line").first().column == "Quantity"
