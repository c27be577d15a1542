"""Visits, last access and interaction: derived from activity, kept on the customer."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.catalog import activity_stats as stats
from regulars.catalog.jobs import move_activity_windows
from regulars.catalog.models import Activity, ActivityWindow
from regulars.catalog.windows import expire_activity
from regulars.customers.anonymise import anonymise
from regulars.customers.bin import delete_customer, purge
from regulars.customers.models import Customer, Interaction
from tests.catalog.shopping import NOW, figures, report, seen
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db

TEA = {"sku": "T-1", "name": "Tea"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(stats, "now", lambda: moment)

    set_to(NOW)
    return set_to


class TestAVisit:
    def test_goes_on_until_there_was_nothing_for_more_than_half_an_hour(self):
        ann = create_customer()

        def came(minutes):
            report(ann.shop, seen(minutes=minutes, customer={"id": ann.pk}))
            return figures(ann)[0]

        assert came(300) == 1
        assert came(270) == 1  # exactly half an hour
        assert came(239) == 2
        assert came(100) == 3

    def test_may_be_joined_by_what_is_reported_late(self):
        ann = create_customer()
        report(ann.shop, seen(minutes=100, customer={"id": ann.pk}), seen(minutes=50, customer={"id": ann.pk}))
        assert figures(ann)[0] == 2

        report(ann.shop, seen(minutes=75, customer={"id": ann.pk}))

        assert figures(ann)[0] == 1
        assert stats.check(ann.shop) == []

    def test_counts_as_recent_where_it_begins(self):
        ann = create_customer()

        report(ann.shop, seen(days=31, customer={"id": ann.pk}), seen(days=3, customer={"id": ann.pk}))

        ann.refresh_from_db()
        assert (ann.visits, ann.visits_30d) == (2, 1)
        assert ann.last_access_at == NOW - timedelta(days=3)


class TestInteraction:
    @pytest.mark.parametrize(
        ("types", "level"),
        [
            ([], Interaction.NONE),
            (["visit"], Interaction.LOW),
            (["visit"] * 9, Interaction.LOW),  # one visit, however many pages
            (["product_viewed"] * 3, Interaction.LOW),
            (["product_viewed"] * 4, Interaction.MEDIUM),
            (["cart_added", "product_viewed"], Interaction.MEDIUM),
            (["checkout_started", "cart_added", "message_sent", "collection_viewed"], Interaction.MEDIUM),
            (["checkout_started", "cart_added", "message_sent", "task_completed"], Interaction.HIGH),
        ],
    )
    def test_grows_with_points(self, types, level):
        ann = create_customer()

        report(ann.shop, *[
            seen(one, customer={"id": ann.pk}, product=TEA, collection="Teas") for one in types
        ])  # fmt: skip

        assert figures(ann)[2] == level

    def test_forgets_what_is_older_than_thirty_days(self):
        ann = create_customer()

        report(ann.shop, seen("checkout_started", days=31, customer={"id": ann.pk}))

        assert figures(ann) == (1, 0, Interaction.NONE)


class TestMidnight:
    def test_moves_the_windows_of_those_who_cross_the_border(self, today):
        shop = create_shop()  # +07:00
        ann, bob = create_customer(shop, name="Ann"), create_customer(shop, name="Bob")
        first_day = datetime(2026, 10, 21, 5, tzinfo=UTC)  # 30 days before NOW, shop time
        report(
            shop,
            seen("checkout_started", customer={"id": ann.pk}) | {"at": first_day.isoformat()},
            seen("checkout_started", customer={"id": bob.pk}),
        )
        expire_activity(shop)
        assert figures(ann) == (1, 1, Interaction.MEDIUM)
        assert expire_activity(shop) == 0

        today(datetime(2026, 11, 20, 17, tzinfo=UTC))  # midnight in Vietnam
        assert stats.check(shop) != []
        move_activity_windows()

        assert figures(ann) == (1, 0, Interaction.NONE)
        assert figures(bob) == (1, 1, Interaction.MEDIUM)
        assert stats.check(shop) == []
        assert ActivityWindow.objects.of(shop).get().since == datetime(2026, 10, 21, 17, tzinfo=UTC)


class TestChecking:
    def test_names_every_figure_that_is_wrong_and_repairs_it(self):
        ann = create_customer()
        report(ann.shop, seen(customer={"id": ann.pk}))
        Customer.objects.of(ann.shop).update(visits=7)
        Activity.objects.of(ann.shop).update(begins_visit=False)

        assert len(stats.check(ann.shop)) == 4  # the beginning; visits, visits_30d, interaction
        assert stats.refresh_activity(ann.shop, [ann.pk]) == 1
        assert stats.check(ann.shop) == []
        assert stats.refresh_activity(ann.shop, [ann.pk]) == 0


class TestForgettingACustomer:
    def test_leaves_activity_that_is_nobodys(self):
        ann = create_customer()
        report(
            ann.shop,
            seen("product_viewed", id="ann-1", customer={"id": ann.pk}, visitor="v-1", product=TEA, url="/tea?ann"),
            seen("visit", id="ann-2", visitor="v-1", days=40),
        )

        anonymise(ann, by=SYSTEM)

        left = Activity.objects.of(ann.shop).values_list("customer_id", "visitor", "url", "source_id")
        assert list(left) == [(None, "", "", "")] * 2
        assert figures(ann) == (0, 0, Interaction.NONE)
        assert stats.check(ann.shop) == []

    def test_leaves_nothing_of_somebody_who_is_removed(self):
        ann = create_customer()
        report(ann.shop, seen("product_viewed", customer={"id": ann.pk}, product=TEA))
        delete_customer(ann, by=SYSTEM)
        ann.refresh_from_db()

        assert purge(ann, by=SYSTEM)
        assert not Activity.objects.of(ann.shop).exists()
