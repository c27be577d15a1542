"""Files of products and services."""

import csv
import io

import pytest

from regulars.catalog.models import Product
from regulars.catalog.operations import ProductFacts, ensure_products
from regulars.catalog.products import CLEARABLE
from regulars.transfer import columns, imports
from regulars.transfer.commands import import_file
from regulars.transfer.errors import BadMapping
from regulars.transfer.trials import dry_run
from tests.transfer.conftest import make_shop

HEAD = ["Product ID", "SKU", "Name", "Category", "Tags", "Price", "Picture", "Service"]
COFFEE = ["P-1", "CB-1", "Coffee", "Drinks", "arabica, roast", "1,250.00", "https://example.com/c.jpg", "no"]
REPAIR = ["", "R-1", "Repair", "", "", "500", "", "oo"]


@pytest.fixture
def bring(tmp_path):
    def brought(shop, *rows, **told):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path = tmp_path / "goods.csv"
        path.write_text(text.getvalue(), "utf-8")
        policy = told.pop("policy", None)
        if policy is None:
            return import_file("products", path, shop, **told)
        run = imports.configure(imports.stage(shop, "products", [path.read_bytes()], path.name), policy=policy)
        return {"figures": dry_run(run)}

    return brought


def figures(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))


class TestProducts:
    def test_arrive_with_all_their_columns(self, shop, bring):
        answer = bring(shop, HEAD, COFFEE, REPAIR)

        coffee, repair = Product.objects.of(shop).order_by("sku")
        assert figures(answer) == (2, 0, 0, 0)
        assert (coffee.external_id, coffee.channel, coffee.name, coffee.category) == ("P-1", "own", "Coffee", "Drinks")
        assert (coffee.tags, coffee.price, coffee.image_url) == (
            ["arabica", "roast"],
            125000,
            "https://example.com/c.jpg",
        )
        assert (coffee.is_service, repair.is_service, repair.price) == (False, True, 50000)

    def test_change_nothing_when_they_come_again(self, shop, bring):
        bring(shop, HEAD, COFFEE, REPAIR)

        assert figures(bring(shop, HEAD, COFFEE, REPAIR)) == (0, 0, 2, 0)

    def test_are_brought_up_to_date(self, shop, bring):
        bring(shop, HEAD, COFFEE)

        answer = bring(shop, ["Product ID", "Price", "Category"], ["P-1", "990", ""])

        coffee = Product.objects.of(shop).get()
        assert figures(answer) == (0, 1, 0, 0)
        assert (answer["changed"], answer["replaced"]) == ({"price": 1}, {"price": 1})
        assert (coffee.price, coffee.category) == (99000, "Drinks")

    def test_only_fill_what_is_empty_when_told_so(self, shop, bring):
        bring(shop, HEAD, REPAIR)

        tried = bring(shop, ["SKU", "Price", "Category"], ["R-1", "990", "Services"], policy="fill_empty")

        assert tried["figures"].changed == {"category": 1}

    def test_empty_a_field_in_so_many_words_only(self, shop, bring):
        bring(shop, HEAD, COFFEE)

        answer = bring(shop, ["SKU", "Price", "Category", "Name"], ["CB-1", "__CLEAR__", "", "__CLEAR__"])

        coffee = Product.objects.of(shop).get()
        assert (coffee.price, coffee.category, coffee.name) == (None, "Drinks", "Coffee")
        assert answer["warnings"] == {"name": 1}

    def test_can_be_emptied_of_what_the_catalog_can_empty(self):
        assert set(CLEARABLE) == columns.CLEARABLE["products"]

    def test_that_order_lines_spoke_of_are_the_same_products(self, shop, bring):
        (pk,) = ensure_products(shop, [ProductFacts(sku="CB-1", name="Coffee beans")])

        answer = bring(shop, HEAD, COFFEE)

        coffee = Product.objects.of(shop).get()
        assert figures(answer) == (0, 1, 0, 0)
        assert (coffee.pk, coffee.external_id, coffee.name) == (pk, "P-1", "Coffee")

    def test_of_two_rows_are_one(self, shop, bring):
        answer = bring(shop, ["SKU", "Name"], ["CB-1", "Coffee"], ["CB-1", "Coffee beans"])

        assert figures(answer) == (1, 1, 0, 0)
        assert Product.objects.of(shop).get().name == "Coffee beans"

    def test_of_another_shop_are_others(self, shop, bring):
        other = make_shop("other")
        bring(other, HEAD, COFFEE)

        assert figures(bring(shop, HEAD, COFFEE)) == (1, 0, 0, 0)
        assert Product.objects.of(other).count() == Product.objects.of(shop).count() == 1

    def test_can_be_tried_without_writing(self, shop, bring):
        assert figures(bring(shop, HEAD, COFFEE, dry_run=True)) == (1, 0, 0, 0)
        assert not Product.objects.of(shop).exists()

    def test_without_a_key_are_rejected(self, shop, bring):
        answer = bring(shop, ["SKU", "Name"], ["", "Nameless"], ["9.17E+11", "Rounded"])

        assert figures(answer) == (0, 0, 0, 2)
        with pytest.raises(BadMapping, match="SKU"):
            bring(shop, ["Name", "Price"], ["Coffee", "5"])

    @pytest.mark.parametrize("price", ["NaN", "Infinity", "1_000", "-5", "(150.00)", "dear", '{"amount": 5}'])
    def test_with_a_price_that_is_none_are_kept_without_it(self, shop, bring, price):
        answer = bring(shop, ["SKU", "Price"], ["CB-1", price])

        assert (figures(answer), answer["warnings"]) == ((1, 0, 0, 0), {"price": 1})
        assert Product.objects.of(shop).get().price is None

    @pytest.mark.parametrize(
        ("country", "currency", "language", "written", "minor"),
        [
            ("ID", "IDR", "id", "Rp 3.000.000", 300000000),
            ("PH", "PHP", "en", "₱1,250.00", 125000),
            ("RO", "RON", "ro", "1.234.567,89", 123456789),
            ("VN", "VND", "vi", "150.000 ₫", 150000),
        ],
    )
    def test_have_prices_as_their_country_writes_them(self, db, bring, country, currency, language, written, minor):
        shop = make_shop("here", country, currency, language=language)

        bring(shop, ["SKU", "Price"], ["CB-1", written])

        assert Product.objects.of(shop).get().price == minor

    def test_of_woocommerce_arrive(self, shop, bring):
        header = ["ID", "Type", "SKU", "Name", "Is featured?", "Regular price", "Categories", "Tags", "Images"]

        answer = bring(shop, header, ["41", "simple", "MUG", "Mug", "0", "250", "Kitchen > Mugs, Gifts", "blue",
                                      "https://example.com/1.jpg, https://example.com/2.jpg"])  # fmt: skip

        mug = Product.objects.of(shop).get()
        assert (answer["format"], mug.channel, mug.external_id) == ("woocommerce_products", "woocommerce", "41")
        assert (mug.category, mug.image_url) == ("Mugs", "https://example.com/1.jpg")
