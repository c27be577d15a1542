"""What the demo's invented customers and orders must be: the same again, well formed, and consistent."""

import datetime as dt
import random
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection, models, transaction

from regulars.catalog import activity_stats
from regulars.catalog.models import Activity
from regulars.customers.citizen import reveal_citizen_id
from regulars.customers.drafts import sort_key
from regulars.customers.models import Customer, CustomerSearch, Group
from regulars.customers.search import search_text
from regulars.customers.taxcodes import tax_code_problem
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.phones import read_phone
from regulars.loyalty import figures
from regulars.loyalty.models import PointsEntry
from regulars.orders import stats, sums
from regulars.orders.models import FinancialState, Line, Order, Payment, Return
from regulars.segments.models import GroupRule, Override, SavedView, Segment
from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations import create_shop
from regulars.shops.permissions import Role
from regulars.transfer import demo
from regulars.transfer.demo import browsing, bulk, habits, loading
from regulars.transfer.demo.shopfront import NotADemoShop, NotInDong
from regulars.transfer.demo.words import COUNTRIES

UNTIL = dt.date(2026, 3, 1)


def load(slug: str = "demo", customers: int = 600, orders: int = 2000, seed: int = 1, **more: Any) -> Shop:
    demo.load(slug, customers, orders, seed, lambda step, done, total: None, until=more.get("until", UNTIL))
    return Shop.objects.get(slug=slug)


def rows(shop: Shop, model: type[models.Model], *columns: str) -> list[tuple[Any, ...]]:
    """Columns of all rows in the order of their ids."""
    found = model._default_manager.filter(shop_id=shop.pk).order_by("pk")
    return list(found.values_list(*columns))


@pytest.mark.django_db
class TestADemoShop:
    def test_is_the_same_for_the_same_seed(self):
        one, again = load("one"), load("again")

        for model, columns in (
            (Customer, ("name", "email", "phone_raw", "tax_code", "city", "created_at", "total_spent", "debt")),
            (Order, ("number", "external_id", "total", "placed_at", "financial_state", "payment_method")),
            (Line, ("title", "quantity", "total", "service_on")),
            (Payment, ("external_id", "kind", "amount", "at", "reference")),
            (Return, ("external_id", "amount", "credited", "at")),
            (Activity, ("kind", "at", "title", "begins_visit")),
            (PointsEntry, ("points", "reason", "note", "counts_on", "expires_on", "balance_after")),
        ):
            assert rows(one, model, *columns) == rows(again, model, *columns), model.__name__

    def test_is_another_for_another_seed(self):
        one, other = load("one", 200, 300), load("other", 200, 300, seed=2)

        assert rows(one, Customer, "name") != rows(other, Customer, "name")
        assert rows(one, Order, "total") != rows(other, Order, "total")

    def test_has_as_many_customers_and_orders_as_asked_for(self):
        shop = load(customers=300, orders=1234)

        assert (len(rows(shop, Customer, "pk")), len(rows(shop, Order, "pk"))) == (300, 1234)
        assert rows(shop, Order, "number")[0] == ("#1001",)

    def test_may_be_without_orders(self):
        shop = load(customers=10, orders=0)

        assert set(rows(shop, Customer, "orders_recorded")) == {(0,)}

    def test_ends_the_day_before_until(self):
        shop = load()
        end = dt.datetime(2026, 2, 28, 17, tzinfo=dt.UTC)  # midnight in Hồ Chí Minh City

        for model, moment in ((Customer, "created_at"), (Order, "placed_at"), (Payment, "at"), (Return, "at")):
            assert max(at for (at,) in rows(shop, model, moment)) < end, model.__name__

    def test_has_an_owner_and_staff_who_have_no_passwords(self):
        shop = load(customers=10, orders=0)
        staff = Staff.objects.of(shop).select_related("user")

        assert Counter(one.role for one in staff) == {Role.OWNER: 1, Role.MANAGER: 1, Role.AGENT: 2, Role.VIEWER: 1}
        assert not any(one.user.has_usable_password() for one in staff)

    def test_can_be_filled_again_with_other_people(self):
        load(customers=100, orders=200)
        shop = load(customers=150, orders=100)

        assert len(rows(shop, Customer, "pk")) == 250
        assert sorted(number for (number,) in rows(shop, Order, "number"))[-1] == "#1300"


@pytest.mark.django_db
class TestItsPeople:
    def test_come_from_four_countries(self):
        shop = load(customers=2000, orders=0)
        found = Counter(country for (country,) in rows(shop, Customer, "country"))

        for country in COUNTRIES:
            assert abs(found[country.code] - 20 * country.share) < 120, country.code

    def test_have_e_mail_addresses_of_their_own(self):
        shop = load(customers=2000, orders=0)
        emails = [email for (email,) in rows(shop, Customer, "email") if email]

        assert len(emails) > 1400
        assert len(set(emails)) == len(emails)

    def test_have_valid_mobiles_but_for_a_few_that_are_kept_as_written(self):
        shop = load(customers=2000, orders=0)
        told = rows(shop, Customer, "phone", "phone_raw", "country")

        assert sum(phone is not None for phone, _raw, _country in told) > 1800
        assert any(raw and phone is None for phone, raw, _country in told)
        assert all(read_phone(raw, country).e164 == phone for phone, raw, country in told)

    def test_share_phones_only_within_a_household(self):
        shop = load(customers=2000, orders=0)
        by_phone: dict[str, set[str]] = {}
        for phone, family in rows(shop, Customer, "phone", "family_name"):
            by_phone.setdefault(phone, set()).add(family)
        del by_phone[None]  # type: ignore[arg-type]

        assert len(by_phone) < len([1 for (phone,) in rows(shop, Customer, "phone") if phone])
        assert all(len(families) == 1 for families in by_phone.values())

    def test_say_their_family_name_first_in_vietnam_only(self):
        shop = load(orders=0)
        for name, family, country in rows(shop, Customer, "name", "family_name", "country"):
            assert not family or (name.startswith(family) if country == "VN" else name.endswith(family))

    def test_have_tax_codes_that_pass_their_country_s_check(self):
        shop = load(customers=2000, orders=0)
        codes = [(code, country) for code, country in rows(shop, Customer, "tax_code", "country") if code]

        assert len(codes) > 40
        assert [code for code, country in codes if tax_code_problem(code, country)] == []

    def test_live_in_districts_only_until_vietnam_did_away_with_them(self):
        shop = load(customers=2000, orders=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT created_at < '2025-07-01 00:00+07', count(*) FILTER (WHERE district <> ''), count(*)"
                " FROM customers_address WHERE shop_id = %s AND country = 'VN' GROUP BY 1",
                [shop.pk],
            )
            told = {before: (with_district, every) for before, with_district, every in cursor.fetchall()}

        assert told[True][0] > 0.9 * told[True][1]  # who moves in later takes the household's older address along
        assert told[False][0] < 0.05 * told[False][1]

    def test_are_found_and_sorted_as_everybody_else(self):
        shop = load(customers=300, orders=0)
        texts = dict(rows(shop, CustomerSearch, "customer_id", "text"))

        for customer in Customer.objects.of(shop).prefetch_related("identities"):
            columns = {field.column: getattr(customer, field.column) for field in Customer._meta.concrete_fields}
            known = [(one.channel, one.external_id) for one in customer.identities.all()]
            assert texts[customer.pk] == search_text(columns, known)
            assert customer.name_key == sort_key(columns)

    def test_have_citizen_ids_that_can_be_revealed(self):
        shop = load(customers=1000, orders=0)
        known = Customer.objects.of(shop).exclude(citizen_id_sealed="")
        manager = Staff.objects.of(shop).get(role=Role.MANAGER)

        assert 3 < known.count() < 60
        assert all(re.fullmatch(r"\d{12}", reveal_citizen_id(one, staff=manager)) for one in known[:5])

    def test_said_what_their_consents_say(self):
        shop = load(customers=500, orders=0)
        for customer in Customer.objects.of(shop).prefetch_related("consents"):
            said = {one.channel: one.state for one in sorted(customer.consents.all(), key=lambda one: (one.at, one.pk))}
            stored = {name: getattr(customer, f"consent_{name}") for name in ("email", "sms", "zalo", "whatsapp")}
            assert said == {name: state for name, state in stored.items() if state}


@pytest.mark.django_db
class TestItsVisits:
    def test_make_the_figures_that_are_stored(self):
        shop = load()

        assert activity_stats.check(shop) == []
        assert 300 < Customer.objects.of(shop).filter(visits__gt=0).count() < 500

    def test_are_of_the_last_ninety_days_and_of_products_that_are_sold(self):
        shop = load()
        end = dt.datetime(2026, 2, 28, 17, tzinfo=dt.UTC)
        found = Activity.objects.of(shop)

        assert end - dt.timedelta(days=90) <= min(at for (at,) in rows(shop, Activity, "at"))
        assert max(at for (at,) in rows(shop, Activity, "at")) < end
        assert set(found.values_list("kind", flat=True)) >= {1, 2, 3, 4, 5}
        assert not found.filter(kind=Activity.Kind.PRODUCT_VIEWED, product=None).exists()
        assert not found.filter(customer=None).exists()
        assert not found.filter(at__lt=models.F("customer__created_at")).exists()

    def test_are_two_or_three_activities_a_customer_in_a_large_shop(self, monkeypatch):
        monkeypatch.setattr(browsing, "MANY", 1)

        shop = load(customers=1000, orders=0)

        assert 1500 < Activity.objects.of(shop).count() < 3000


@pytest.mark.django_db
class TestItsPoints:
    def test_make_the_figures_that_are_stored(self):
        shop = load()
        people = Customer.objects.of(shop)

        assert figures.differences(shop, [pk for (pk,) in rows(shop, Customer, "pk")]) == []
        assert 150 < people.exclude(points_earned=0).count() < 250
        assert people.filter(points_pending__gt=0).exists()

    def test_are_of_every_kind(self):
        entries = PointsEntry.objects.of(load())

        assert entries.filter(reason="opening", origin="Stamp cards").exists()
        assert entries.filter(points__lt=0).exists()
        assert entries.filter(expires_on__isnull=False).exists()
        assert entries.filter(counts_on__lt=models.functions.TruncDate("created_at")).exists()

    def test_are_given_once_however_often_the_shop_is_filled(self):
        before = PointsEntry.objects.of(load()).count()

        assert PointsEntry.objects.of(load(seed=2, customers=20, orders=20)).count() == before


@pytest.mark.django_db
class TestItsOrders:
    def test_make_the_figures_that_are_stored(self):
        assert stats.check(load()) == []

    def test_carry_the_sums_of_their_payments_and_returns(self):
        shop = load()
        every = [pk for (pk,) in rows(shop, Order, "pk")]

        assert sums.refresh_sums(shop, every) == []

    def test_add_up(self):
        shop = load()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM orders_order o, LATERAL (SELECT sum(total) AS total, sum(quantity) AS items"
                " FROM orders_line l WHERE l.shop_id = o.shop_id AND l.order_id = o.id) l WHERE o.shop_id = %s"
                " AND (o.subtotal <> l.total OR o.items_count <> l.items"
                " OR o.total <> o.subtotal - o.discount + o.shipping + o.tax"
                " OR round(o.total_original / CASE WHEN o.currency = 'VND' THEN 1 ELSE 100.0 END * o.rate) <> o.total)",
                [shop.pk],
            )
            assert cursor.fetchone()[0] == 0

    def test_know_every_end_an_order_can_have(self):
        shop = load(customers=1500, orders=8000)

        assert {state for (state,) in rows(shop, Order, "financial_state")} >= {
            FinancialState.PENDING, FinancialState.PARTLY_PAID, FinancialState.PAID, FinancialState.PARTLY_REFUNDED,
            FinancialState.REFUNDED, FinancialState.VOIDED,
        }  # fmt: skip
        cancelled = Order.objects.of(shop).exclude(cancelled_at=None).count()
        assert 0.05 < cancelled / 8000 < 0.07
        assert Order.objects.of(shop).filter(is_test=True).exists()
        assert Customer.objects.of(shop).filter(debt__gt=0).exists()
        assert Return.objects.filter(shop_id=shop.pk, credited__gt=0).exists()

    def test_are_all_told_on_the_timelines(self):
        shop = load()
        told = Counter(kind for (kind,) in rows(shop, Event, "kind"))

        assert told["customer.created"] == 600
        assert told["order.placed"] == 2000
        assert told["order.cancelled"] == Order.objects.of(shop).exclude(cancelled_at=None).count()
        assert told["return.recorded"] == len(rows(shop, Return, "pk"))


class TestHabits:
    @pytest.mark.parametrize(("customers", "orders"), [(1, 0), (1, 5), (10, 3), (5000, 30_000)])
    def test_share_out_exactly_the_orders_there_are(self, customers, orders):
        counts = habits.order_counts(customers, orders, chance())

        assert (len(counts), sum(counts)) == (customers, orders)

    def test_leave_a_third_without_orders_and_the_best_with_half_a_per_cent(self):
        counts = habits.order_counts(5000, 30_000, chance())

        assert counts.count(0) == 1750
        assert 100 <= max(counts) <= 150

    def test_make_the_eleventh_of_november_the_busiest_day(self):
        first = dt.date(2024, 1, 1)
        weights = habits.day_weights(first)
        busiest = max(range(366), key=weights.__getitem__)

        assert first + dt.timedelta(days=busiest) == dt.date(2024, 11, 11)


def chance() -> Any:
    return random.Random("habits")


@pytest.mark.django_db
class TestItsQuestions:
    @pytest.fixture
    def shop(self):
        shop = load()
        run_waiting_jobs()
        return shop

    def test_are_answered_by_the_worker_like_everybody_s(self, shop):
        segments = Segment.objects.of(shop)

        assert segments.count() == 9
        assert {one.folder for one in segments} == {"Worth", "Rhythm", "Campaigns"}
        assert not segments.exclude(fault="").exists()
        assert not segments.filter(evaluated_at=None).exists()
        assert segments.get(template="best").size > 0
        assert [one.kind for one in segments if one.name.startswith("Guests")] == ["static"]

    def test_keep_some_in_and_somebody_out_by_hand(self, shop):
        chosen = Override.objects.of(shop).values_list("is_member", flat=True).order_by("is_member")

        assert list(chosen) == [False, True, True]

    def test_fill_gold_before_silver(self, shop):
        gold, silver = (Group.objects.of(shop).get(name=name) for name in ("Gold", "Silver"))
        rules = GroupRule.objects.of(shop)

        assert [rule.group_id for rule in rules] == [gold.pk, silver.pk]
        assert not rules.exclude(fault="").exists()
        assert gold.discount > silver.discount > 0
        assert Customer.objects.of(shop).filter(group=gold).exists()
        assert Customer.objects.of(shop).filter(group=silver).exists()

    def test_stand_as_tabs_above_both_lists(self, shop):
        views = SavedView.objects.of(shop)

        assert views.count() == 5
        for name in ("customers", "orders"):
            assert views.filter(list_name=name, is_team=True, is_pinned=True).count() == 1

    def test_are_saved_once_however_often_the_shop_is_filled(self, shop):
        load(seed=2, customers=20, orders=20)

        assert (Segment.objects.of(shop).count(), SavedView.objects.of(shop).count()) == (9, 5)


@pytest.mark.django_db
class TestAShopThatIsNoDemo:
    def test_is_not_filled_when_it_has_customers(self):
        shop = create_shop("Ann's", country="VN", slug="anns", by=Actor.system())
        Customer.objects.create(shop=shop, name="Ann", group_id=standard_group(shop))

        with pytest.raises(NotADemoShop):
            load("anns")

        assert rows(shop, Customer, "name") == [("Ann",)]

    def test_is_filled_when_it_is_empty(self):
        create_shop("Ann's", country="VN", slug="anns", owner=new_owner(), by=Actor.system())

        assert len(rows(load("anns", 50, 50), Customer, "pk")) == 50

    def test_is_not_filled_when_it_sells_in_another_currency(self):
        shop = create_shop("Juan's", country="PH", slug="juans", by=Actor.system())

        with pytest.raises(NotInDong):
            load("juans")

        assert rows(shop, Customer, "pk") == []


def standard_group(shop: Shop) -> int:
    return Group.objects.of(shop).get(key="standard").pk


def new_owner() -> Any:
    return User.objects.create_user("ann@example.com", name="Ann")


def indexes() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
class TestABigLoad:
    @pytest.fixture(autouse=True)
    def small_is_big(self, monkeypatch):
        monkeypatch.setattr(loading, "BIG", 1)
        monkeypatch.setattr(bulk, "few_rows", lambda *_: True)

    def test_makes_the_same_rows_and_leaves_every_index(self, monkeypatch):
        before = indexes()
        big = load("big")
        monkeypatch.setattr(loading, "BIG", 10**9)
        small = load("small")

        assert indexes() == before
        assert stats.check(big) == []
        assert activity_stats.check(big) == []
        for model, columns in ((Customer, ("name", "email", "debt")), (Order, ("number", "total", "captured"))):
            assert rows(big, model, *columns) == rows(small, model, *columns)

    def test_that_fails_leaves_nothing_and_can_be_tried_again(self, monkeypatch):
        before = indexes()
        with monkeypatch.context() as broken:
            broken.setattr(loading, "_refresh", fail)
            with pytest.raises(ZeroDivisionError):
                load("big")

        assert indexes() == before
        for model in (Customer, Order, Line, Payment, Return, Activity):
            assert not model._default_manager.exists(), model.__name__
        assert len(rows(load("big"), Customer, "pk")) == 600

    def test_proves_that_no_reference_leads_nowhere(self):
        shop = load("big", 100, 100)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE orders_order SET customer_id = 0 WHERE shop_id = %s", [shop.pk])
            assert bulk.stray_references(cursor, Order, shop.pk) == ["orders_order_customer_id_shop_fk"]
            transaction.set_rollback(True)


def fail(*_: Any) -> None:
    raise ZeroDivisionError
