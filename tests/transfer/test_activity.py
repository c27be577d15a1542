"""Visits and viewed products out of files."""

import pytest

from regulars.catalog.activity_stats import check
from regulars.catalog.models import Activity, Product
from regulars.customers.models import Customer
from regulars.transfer.columns import ACTIVITY_COLUMNS
from regulars.transfer.commands import import_file
from regulars.transfer.errors import BadMapping
from regulars.transfer.formats import recognise
from regulars.transfer.models import RejectedRow
from regulars.transfer.own_ids import own_id
from regulars.transfer.templates import template
from tests.factories import create_customer

HEADER = "Event,Date,Email,SKU,Product name,Category"


@pytest.fixture
def bring(shop, tmp_path):
    def brought(*lines, header=HEADER, **options):
        path = tmp_path / "views.csv"
        path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        return import_file("activity", path, shop, **options)

    return brought


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com", phone="+639171234567", external_id="C-1")


def counts(answer):
    return answer["created"], answer["unchanged"], answer["rejected"]


class TestImportingActivity:
    def test_brings_views_visits_and_carts(self, shop, ann, bring):
        answer = bring(
            "product_viewed,01/03/2026 14:30,ann@example.com,T-1,Tea,Drinks",
            "Cart added,01/03/2026 14:35,ann@example.com,T-1,,",
            "visit,2026-03-02 09:00,ann@example.com,,,",
        )

        kinds = Activity.objects.of(shop).order_by("at").values_list("kind", "title", "category", "at")
        ann.refresh_from_db()
        assert counts(answer) == (3, 0, 0)
        assert [(kind, title, category) for kind, title, category, _at in kinds] == [
            (Activity.Kind.PRODUCT_VIEWED, "Tea", "Drinks"), (Activity.Kind.CART_ADDED, "Tea", "Drinks"),
            (Activity.Kind.VISIT, "", ""),
        ]  # fmt: skip
        assert kinds[0][3].isoformat() == "2026-01-03T06:30:00+00:00"  # the Philippines write the month first
        assert Product.objects.of(shop).get().sku == "T-1"
        assert ann.visits == 2
        assert check(shop) == []

    def test_brings_each_row_once(self, shop, ann, bring):
        rows = ["visit,2026-03-02 09:00,ann@example.com,,,", "visit,2026-03-02 09:01,ann@example.com,,,"]

        assert counts(bring(rows[0], rows[0])) == (1, 1, 0)
        assert counts(bring(*rows)) == (1, 1, 0)
        assert Activity.objects.of(shop).count() == 2

    def test_knows_rows_by_their_own_id(self, shop, ann, bring):
        header = "Event ID,At,E-mail"

        bring("7,2026-03-02 09:00,ann@example.com", header=header)

        assert counts(bring("7,2026-03-02 10:00,ann@example.com", header=header)) == (0, 1, 0)

    def test_takes_a_row_with_a_product_for_a_view(self, shop, ann, bring):
        bring("2026-03-02,ann@example.com,Tea", header="Date,Email,Product name")

        assert Activity.objects.of(shop).get().kind == Activity.Kind.PRODUCT_VIEWED

    def test_finds_customers_by_every_key(self, shop, ann, bring):
        answer = bring(
            "2026-03-01,,0917 123 4567,,,", "2026-03-02,,,C-1,,", f"2026-03-03,,,,{own_id(shop.pk, ann.pk)},",
            "2026-03-04,,,,,v-1",
            header="Date,Email,Phone,Customer ID,Regulars ID,Visitor",
        )  # fmt: skip

        assert counts(answer) == (4, 0, 0)
        assert Activity.objects.of(shop).filter(customer=ann).count() == 3

    def test_rejects_what_it_cannot_take_with_the_reason(self, shop, ann, bring):
        answer = bring(
            "visit,2026-03-02,nobody@example.com,,,",
            "dance,2026-03-02,ann@example.com,,,",
            "visit,,ann@example.com,,,",
            "visit,2126-03-02,ann@example.com,,,",
            "visit,2026-03-02,,,,",
            "visit,2026-03-02,ann@example.com,,,",
        )

        rejected = RejectedRow.objects.of(shop).order_by("line").values_list("line", "column")
        assert counts(answer) == (1, 0, 5)
        assert list(rejected) == [(2, ""), (3, "Event"), (4, "Date"), (5, "Date"), (6, "Email")]

    def test_tries_without_writing(self, shop, ann, bring):
        answer = bring("visit,2026-03-02,ann@example.com,,,", dry_run=True)

        assert counts(answer) == (1, 0, 0)
        assert not Activity.objects.of(shop).exists()
        assert Customer.objects.get(pk=ann.pk).visits == 0

    @pytest.mark.parametrize("header", ["Date,Product name", "Email,Product name"])
    def test_needs_somebody_and_a_time(self, shop, bring, header):
        with pytest.raises(BadMapping):
            bring("2026-03-02,x", header=header)

    def test_takes_its_own_template(self, shop, tmp_path):
        path = tmp_path / "template.csv"
        path.write_bytes(template("activity", shop))

        answer = import_file("activity", path, shop)

        assert answer["format"] == "regulars_activity"
        assert counts(answer) == (0, 0, 1)  # nobody here is called so

    def test_recognises_our_own_header(self):
        assert (
            recognise([column.header for column in ACTIVITY_COLUMNS.values()], "activity").name == "regulars_activity"
        )
