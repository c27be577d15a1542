"""What customers and visitors do: read, recorded once, given to whom it belongs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.catalog.activity import read_activity, record_activity
from regulars.catalog.models import Activity, Product
from regulars.customers.operations import delete_customer
from regulars.events.handlers import _handlers, on
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from tests.catalog.shopping import API, NOW, report, seen
from tests.factories import SYSTEM, create_customer, create_shop

TEA = {"sku": "T-1", "name": "Tea", "category": "Drinks", "image_url": "/tea.png"}


class TestReadingAnActivity:
    def test_takes_what_a_storefront_reports(self):
        draft = read_activity(
            {
                "id": "e1", "type": "storefront.product_viewed", "at": "2026-11-20T10:00:00+07:00", "visitor": "v-1",
                "customer": {"email": "Ann@Example.com", "phone": "0912345678"}, "product": TEA,
                "url": "https://shop.example/tea?utm=1",
            },
            now=NOW, country="VN",
        )  # fmt: skip

        assert draft.kind == Activity.Kind.PRODUCT_VIEWED
        assert draft.at.isoformat() == "2026-11-20T03:00:00+00:00"
        assert draft.keys.email == "ann@example.com"
        assert draft.keys.phone == "+84912345678"
        assert (draft.title, draft.category, draft.product.sku) == ("Tea", "Drinks", "T-1")

    def test_happens_now_when_it_does_not_say_when(self):
        assert read_activity({"type": "visit", "visitor": "v"}, now=NOW).at == NOW

    def test_a_clock_that_is_ahead_is_set_right(self):
        ahead = (NOW + timedelta(hours=5)).isoformat()

        assert read_activity({"type": "visit", "visitor": "v", "at": ahead}, now=NOW).at == NOW

    def test_a_local_time_is_that_of_the_shop(self):
        draft = read_activity(
            {"type": "visit", "visitor": "v", "at": "2026-11-20 10:00"}, now=NOW, tz="Asia/Ho_Chi_Minh"
        )

        assert draft.at.isoformat() == "2026-11-20T03:00:00+00:00"

    def test_a_very_long_address_loses_its_question(self):
        draft = read_activity({"type": "visit", "visitor": "v", "url": f"https://x.vn/tea?{'a' * 600}"}, now=NOW)

        assert draft.url == "https://x.vn/tea"

    def test_an_outside_id_without_a_channel_is_the_shops_own(self):
        draft = read_activity({"type": "visit", "customer": {"external_id": "C-1"}}, now=NOW)

        assert draft.keys.identities == (("own", "C-1"),)

    @pytest.mark.parametrize(
        ("field", "raw"),
        [
            ("type", {"type": "dance"}),
            ("type", {"type": None}),
            ("type", {"type": 7}),
            ("at", {"at": "yesterday"}),
            ("at", {"at": "1999-12-31T00:00:00Z"}),
            ("at", {"at": (NOW + timedelta(days=1, minutes=1)).isoformat()}),
            ("id", {"id": "x" * 101}),
            ("visitor", {"visitor": "x" * 65}),
            ("visitor", {"visitor": ["x"]}),
            ("customer", {"visitor": ""}),
            ("customer", {"customer": "ann"}),
            ("customer.id", {"customer": {"id": "-5"}}),
            ("customer.id", {"customer": {"id": 2**63}}),
            ("customer.email", {"customer": {"email": "nobody"}}),
            ("customer.phone", {"customer": {"phone": "12"}}),
            ("product", {"type": "product_viewed"}),
            ("product.id", {"type": "product_viewed", "product": {"id": "tea"}}),
            ("product.image_url", {"product": {"image_url": "javascript:alert(1)"}}),
            ("collection", {"type": "collection_viewed"}),
            ("url", {"url": "javascript:alert(1)"}),
            ("url", {"url": "https://x.vn/" + "a" * 600}),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_and_where(self, field, raw):
        with pytest.raises(BadValue) as error:
            read_activity({"type": "visit", "visitor": "v-1", **raw}, now=NOW)

        assert error.value.field == field
        assert str(error.value)


@pytest.mark.django_db
class TestRecordingActivity:
    def test_finds_customers_and_adds_products(self):
        shop = create_shop()
        ann = create_customer(shop, email="ann@example.com")
        bob = create_customer(shop, external_id="C-7", channel="website", name="Bob")

        result = report(
            shop,
            seen("product_viewed", customer={"email": "ann@example.com"}, product=TEA),
            seen("product_viewed", customer={"external_id": "C-7", "channel": "website"}, product=TEA),
            seen("visit", customer={"id": ann.pk}),
            seen("visit", visitor="v-1"),
        )

        tea = Product.objects.of(shop).get()
        assert (result.accepted, result.duplicates, result.unknown_customers) == (4, 0, 0)
        assert (tea.name, tea.category, tea.image_url) == ("Tea", "Drinks", "/tea.png")
        assert set(Activity.objects.of(shop).values_list("customer_id", "product_id")) == {
            (ann.pk, tea.pk), (bob.pk, tea.pk), (ann.pk, None), (None, None),
        }  # fmt: skip

    def test_counts_a_double_delivery_once(self):
        shop = create_shop()
        ann = create_customer(shop, email="ann@example.com")
        view = seen("product_viewed", id="e-1", customer={"email": "ann@example.com"}, product=TEA)

        first, again = report(shop, view, view), report(shop, view, seen(id="e-2", customer={"id": ann.pk}))
        elsewhere = report(shop, view, source="import")

        assert (first.accepted, first.duplicates) == (1, 1)
        assert (again.accepted, again.duplicates) == (1, 1)
        assert elsewhere.accepted == 1

    def test_without_an_id_each_is_new(self):
        shop = create_shop()

        assert report(shop, seen(visitor="v"), seen(visitor="v")).accepted == 2

    def test_keeps_somebody_unknown_as_a_visitor_or_says_so(self):
        shop = create_shop()

        result = report(
            shop,
            seen(customer={"email": "no@example.com"}),
            seen(customer={"email": "no@example.com"}, visitor="v-1"),
            seen(customer={"id": 999_999}),
        )

        assert (result.accepted, result.unknown_customers, result.unknown_places) == (1, 2, (0, 2))
        assert Activity.objects.of(shop).get().visitor == "v-1"

    def test_knows_nobody_of_another_shop_or_in_the_bin(self):
        shop = create_shop()
        gone = create_customer(shop, email="gone@example.com")
        delete_customer(gone, by=SYSTEM)
        stranger = create_customer(create_shop("Other"), email="stranger@example.com")

        result = report(
            shop,
            seen(customer={"id": stranger.pk}),
            seen(customer={"email": "stranger@example.com"}),
            seen(customer={"id": gone.pk}),
        )

        assert result.unknown_customers == 3

    def test_another_shops_product_is_no_product(self):
        shop, other = create_shop(), create_shop("Other")
        report(other, seen("product_viewed", visitor="v", product=TEA))
        foreign = Product.objects.of(other).get()

        report(shop, seen("product_viewed", visitor="v", product={"id": foreign.pk, "name": "Something"}))

        assert list(Activity.objects.of(shop).values_list("product_id", "title")) == [(None, "Something")]

    def test_lets_nobody_fill_the_catalog_who_may_not(self):
        shop = create_shop()
        known = report(shop, seen("product_viewed", visitor="v", product=TEA))
        raws = [
            seen("product_viewed", visitor="v", product=one)
            for one in (TEA, {"sku": "X-1"}, {"sku": "X-2", "name": "Y"})
        ]

        record_activity(shop, [read_activity(raw, now=NOW) for raw in raws], by=API, adds_products=False)

        assert known.accepted == 1
        assert Product.objects.of(shop).count() == 1
        assert sorted(Activity.objects.of(shop).values_list("title", "product__sku"), key=str) == [
            ("Tea", "T-1"), ("Tea", "T-1"), ("X-1", None), ("Y", None),
        ]  # fmt: skip

    def test_remembers_what_a_product_was_called(self):
        shop = create_shop()
        report(shop, seen("product_viewed", visitor="v", product=TEA))
        report(shop, seen("product_viewed", visitor="v", product={"sku": "T-1"}))
        Product.objects.of(shop).update(name="Green tea", category="")

        assert set(Activity.objects.of(shop).values_list("title", "category")) == {("Tea", "Drinks")}

    def test_tells_upper_floors_once_and_leaves_the_trail_alone(self, monkeypatch):
        heard = []
        monkeypatch.setitem(_handlers, "customer.active", [])
        on("customer.active")(lambda **news: heard.append(news["customer_ids"]))
        shop = create_shop()
        ann, bob = create_customer(shop, name="Ann"), create_customer(shop, name="Bob")
        trail = Event.objects.count()

        report(shop, *[seen(customer={"id": who.pk}, id=f"{n}-{who.pk}") for n in range(5) for who in (ann, bob)])
        report(shop, seen(customer={"id": ann.pk}, id=f"0-{ann.pk}"), seen(visitor="v"))

        assert heard == [{ann.pk, bob.pk}]
        assert Event.objects.count() == trail

    def test_asks_as_often_for_many_as_for_few(self):
        shop = create_shop()
        people = [create_customer(shop, email=f"p{number}@example.com") for number in range(20)]

        def queries(count):
            raws = [
                seen("product_viewed", customer={"email": one.email}, visitor=f"v{one.pk}", product={"sku": f"S{n}"})
                for n, one in enumerate(people[:count])
            ]
            with CaptureQueriesContext(
                connection,
            ) as asked:
                report(shop, *raws)
            return len(asked)

        assert queries(2) == queries(20)

    def test_of_nothing_does_nothing(self):
        assert record_activity(create_shop(), [], by=API).accepted == 0


@pytest.mark.django_db
class TestAVisitorWhoIsIdentified:
    def test_brings_what_they_did_before(self):
        shop = create_shop()
        ann = create_customer(shop, name="Ann")
        report(
            shop,
            seen("product_viewed", visitor="v-1", days=2, product=TEA),
            seen("product_viewed", visitor="v-2", days=2, product=TEA),
            seen("visit", visitor="v-1", days=31),
        )

        report(shop, seen("visit", visitor="v-1", customer={"id": ann.pk}), seen("visit", visitor="v-1", minutes=5))

        ann.refresh_from_db()
        assert Activity.objects.of(shop).filter(customer=ann).count() == 3
        assert Activity.objects.of(shop).filter(customer=None).count() == 2
        assert ann.visits == 2

    def test_does_not_take_what_happened_afterwards_or_belongs_to_somebody(self):
        shop = create_shop()
        ann, bob = create_customer(shop, name="Ann"), create_customer(shop, name="Bob")
        report(shop, seen(visitor="v-1", customer={"id": bob.pk}, days=3), seen(visitor="v-1", minutes=0))

        report(shop, seen(visitor="v-1", customer={"id": ann.pk}, days=1))

        assert Activity.objects.of(shop).filter(customer=ann).count() == 1
        assert Activity.objects.of(shop).filter(customer=bob).count() == 1
