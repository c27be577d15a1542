"""Products that order lines name."""

import pytest

from regulars.catalog.models import Product
from regulars.catalog.operations import ProductFacts, ensure_products
from tests.factories import create_shop

pytestmark = pytest.mark.django_db


class TestEnsuringProducts:
    def test_adds_each_once_and_answers_in_order(self):
        shop = create_shop()
        tea = ProductFacts("website", "1", "T-1", "Tea")

        ids = ensure_products(shop, [tea, ProductFacts(sku="C-1", name="Cup"), ProductFacts(name="Service"), tea])

        assert ids[0] == ids[3] and ids[2] is None
        assert list(Product.objects.of(shop).order_by("name").values_list("name", "sku")) == [
            ("Cup", "C-1"), ("Tea", "T-1"),
        ]  # fmt: skip

    def test_known_ones_are_found_and_left_as_they_are(self):
        shop = create_shop()
        first = ensure_products(shop, [("website", "1", "T-1", "Tea"), ("", "", "C-1", "Cup")])

        again = ensure_products(shop, [("website", "1", "T-9", "Green tea"), ("", "", "C-1", "Mug")])

        assert again == first
        assert set(Product.objects.of(shop).values_list("name", flat=True)) == {"Tea", "Cup"}

    def test_takes_what_one_line_leaves_out_from_another(self):
        shop = create_shop()

        ensure_products(shop, [ProductFacts(sku="T-1"), ProductFacts(sku="T-1", name="Tea", category="Drinks")])

        tea = Product.objects.of(shop).get()
        assert (tea.name, tea.category) == ("Tea", "Drinks")

    def test_of_another_channel_or_shop_is_another_product(self):
        shop, other = create_shop(), create_shop("Other")

        ids = ensure_products(shop, [("shopee", "1", "", "A"), ("lazada", "1", "", "A")])

        assert len({*ids, *ensure_products(other, [("shopee", "1", "", "A")])}) == 3

    def test_a_sku_finds_the_oldest_product_that_has_it(self):
        shop = create_shop()
        known = ensure_products(shop, [("shopee", "1", "T-1", "Tea"), ("lazada", "1", "T-1", "Tea")])

        assert ensure_products(shop, [("", "", "T-1", "")]) == [min(known)]
