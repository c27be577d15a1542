"""What a customer's page tells of their visits and of the products they looked at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.catalog.models import Product
from regulars.catalog.viewed import SIZE
from tests.catalog.shopping import report, seen
from tests.factories import create_customer, create_shop, create_staff
from tests.house.asking import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return create_customer(create_shop(), name="Ann")


@pytest.fixture
def desk(ann):
    return signed_in(create_staff(ann.shop, role="viewer"))


def home(ann):
    return f"/s/{ann.shop.slug}/customers/{ann.pk}/"


def tab(desk, ann, address=""):
    return desk.get(address or f"{home(ann)}?tab=products").content.decode()


def look(ann, *products, **raw):
    now = timezone.now()
    report(ann.shop, *[
        seen("product_viewed", customer={"id": ann.pk}, product=product, **raw) | {"at": now.isoformat()}
        for product in products
    ], now=now)  # fmt: skip


class TestViewedProducts:
    def test_stand_once_with_how_often_and_their_category(self, desk, ann):
        look(ann, {"sku": "T-1", "name": "Green tea", "category": "Drinks"}, {"sku": "T-1"}, {"name": "Gone mug"})

        shown = tab(desk, ann)

        assert shown.count("Green tea") == 1 and "Drinks" in shown and "Gone mug" in shown
        assert '<td class="num strong" data-label="Times">2</td>' in shown
        assert 'Viewed products<span class="count">2</span>' in shown

    def test_keep_the_name_they_had(self, desk, ann):
        look(ann, {"sku": "T-1", "name": "Green tea"})
        Product.objects.of(ann.shop).update(name="Black tea", archived_at=timezone.now())

        assert "Green tea" in tab(desk, ann)

    def test_show_a_picture_of_our_own_server_only(self, desk, ann):
        look(
            ann,
            {"sku": "T-1", "name": "Tea", "image_url": "/media/tea.png"},
            {"sku": "C-1", "name": "Cup", "image_url": "https://elsewhere.example/cup.png"},
        )

        shown = tab(desk, ann)

        assert 'src="/media/tea.png"' in shown
        assert "elsewhere.example" not in shown

    def test_go_on_where_the_page_stopped(self, desk, ann):
        look(ann, *[{"sku": f"S-{number}", "name": f"Thing {number:03}"} for number in range(SIZE + 5)])

        first = tab(desk, ann)
        more = first.partition("before=")[2].partition('"')[0]
        rest = tab(desk, ann, f"{home(ann)}?tab=products&before={more}")

        assert first.count("Thing ") == SIZE
        assert rest.count("Thing ") == 5

    def test_are_asked_for_as_often_for_many_as_for_few(self, desk, ann):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                tab(desk, ann)
            return len(asked)

        look(ann, {"sku": "S-0", "name": "Thing"})
        tab(desk, ann)  # what is looked up once a process
        few = queries()
        look(ann, *[{"sku": f"S-{number}", "name": f"Thing {number}"} for number in range(20)])

        assert queries() == few

    def test_may_be_none(self, desk, ann):
        assert "No product was viewed yet" in tab(desk, ann)


class TestVisits:
    def test_stand_among_the_facts(self, desk, ann):
        look(ann, {"name": "Tea"}, {"name": "Cup"}, {"name": "Pot"}, {"name": "Jar"})

        shown = desk.get(home(ann)).content.decode()

        assert "Last access" in shown
        assert "1 · 1 in 30 days · Interaction: Medium" in shown

    def test_are_not_told_one_by_one(self, desk, ann):
        look(ann, {"name": "Tea"})

        assert "Tea" not in desk.get(f"{home(ann)}?tab=timeline").content.decode()

    def test_of_somebody_who_never_came_are_not_mentioned(self, desk, ann):
        assert "Last access" not in desk.get(home(ann)).content.decode()
