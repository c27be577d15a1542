"""Fields that are worked out or lie in other tables, days of the shop's calendar, and names of other systems."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.operations import add_address, add_note, tag_customer
from regulars.customers.operations.labels import ensure_tags
from regulars.customers.profile import read_profile
from regulars.kit.query import BadCondition, compile_where, parse, sentence, write
from regulars.kit.query.evaluate import fetch_for, matches
from regulars.shops.operations import change_shop
from regulars.shops.permissions import Scope, scopes_may
from regulars.transfer.exports import Asked, export_to
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 15, 4, tzinfo=UTC)


@pytest.fixture
def shop():
    return create_shop()  # Asia/Ho_Chi_Minh, seven hours ahead


def person(shop, name, **raw):
    return create_customer(shop, name=name, **raw)


def lives(customer, **raw):
    draft = read_profile({"name": "X", "address1": "1 Main", **raw}, country="VN", tz="UTC")
    return add_address(customer, draft.address, by=SYSTEM)


def found(shop, text, now=NOW, **facts):
    """First letters of who answers, by SQL, after making sure that one by one it is the same, and without them it is
    everybody else.
    """
    ctx, tree = context_for(shop, now=now, **facts), parse(text)
    people = Customer.objects.of(shop)
    asked = people.filter(compile_where(tree, customer_fields, ctx))
    names = sorted(asked.values_list("name", flat=True))
    rows = fetch_for(tree, people, customer_fields, ctx)
    by_row = {row["id"] for row in rows if matches(tree, row, customer_fields, ctx)}
    others = people.filter(compile_where(parse(f"NOT ({text})"), customer_fields, ctx))
    assert by_row == set(asked.values_list("pk", flat=True))
    assert asked.count() + others.count() == people.count()
    canonical = customer_fields.canonical(tree, ctx)
    assert sorted(people.filter(compile_where(canonical, customer_fields, ctx)).values_list("name", flat=True)) == names
    assert parse(write(canonical)) == canonical
    assert sentence(tree, customer_fields, ctx)
    return "".join(name[0] for name in names)


def refusal(shop, text, **facts):
    with pytest.raises(BadCondition) as caught:
        customer_fields.check(parse(text), context_for(shop, **facts))
    return caught.value


class TestPlacesOfAllAddresses:
    @pytest.fixture
    def people(self, shop):
        ann = person(shop, "Ann")
        lives(ann, address_country="US", region="New York", city="New York City")
        lives(ann, address_country="VN", region="Đà Nẵng", city="Đà Nẵng", address1="2 Bach Dang")
        lives(person(shop, "Bob"), address_country="US", region="NY", city="Albany")
        lives(person(shop, "Cu"), address_country="VN", region="", city="Thành phố Hồ Chí Minh")
        person(shop, "Di")

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("customer_countries CONTAINS 'US'", "AB"),
            ("customer_countries NOT CONTAINS 'US'", "CD"),
            ("countries IN (VN, RO)", "AC"),
            ("countries = 'Vietnam' AND countries = US", "A"),
            ("countries != VN", "BD"),
            ("customer_countries IS NULL", "D"),
            ("customer_countries IS NOT NULL", "ABC"),
            ("customer_regions CONTAINS 'US-NY'", "AB"),
            ("regions = 'new york'", "AB"),
            ("regions CONTAINS 'VN-DN'", "A"),
            ("regions IS NULL", "CD"),
            ("customer_cities CONTAINS 'US-NY-NewYorkCity'", "A"),
            ("cities CONTAINS 'da nang'", "A"),
            ("cities NOT IN ('Da Nang', 'Ho Chi Minh')", "BD"),
            ("cities CONTAINS 'VN-SG-HoChiMinh'", "C"),
            ("cities = 'Atlantis'", ""),
            ("has_address = false", "D"),
        ],
    )
    def test_are_asked_by_name_and_by_code(self, shop, people, text, names):
        assert found(shop, text) == names

    def test_a_code_that_no_province_has_is_named(self, shop):
        fault = refusal(shop, "orders > 1 AND customer_regions CONTAINS 'US-ZZ'")

        assert "US-ZZ" in str(fault)
        assert fault.details["place"].column == 42

    def test_look_at_nobody_but_those_who_matter(self, shop, people):
        bob = Customer.objects.get(name="Bob")
        ctx = context_for(shop, now=NOW)
        narrow = replace(ctx, only=[bob.pk])

        asked = Customer.objects.of(shop).filter(compile_where(parse("regions = 'US-NY'"), customer_fields, narrow))

        assert [one.name for one in asked] == ["Bob"]

    def test_are_exported_as_names(self, shop, people, tmp_path):
        fields = ("name", "countries", "cities", "age", "spending_trend", "discount_only", "referred_count")

        export_to(tmp_path / "out.csv", shop, Asked(fields=fields, where="name = 'Ann'", encoding="utf-8"), by=SYSTEM)

        line = (tmp_path / "out.csv").read_text().splitlines()[1]
        assert line == 'Ann,"US, VN","New York City, Đà Nẵng",,none,false,0'


class TestAge:
    @pytest.fixture
    def people(self, shop):
        person(shop, "Ann", birthday="1990-12-15")
        person(shop, "Bob", birthday="1990-12-16")
        person(shop, "Cu", birthday="--12-15")
        person(shop, "Di")

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("age = 36", "A"),
            ("age = 35", "B"),
            ("age != 36", "BCD"),
            ("age >= 35", "AB"),
            ("age < 36", "B"),
            ("age > 35", "A"),
            ("age <= 35", "B"),
            ("age BETWEEN 30 AND 40", "AB"),
            ("age IS NULL", "CD"),
            ("age < 99999999999", "AB"),
        ],
    )
    def test_is_in_whole_years_of_the_shops_today(self, shop, people, text, names):
        assert found(shop, text) == names

    def test_of_a_leap_day_grows_when_the_shop_keeps_it(self, shop):
        person(shop, "Leap", birthday="2000-02-29")
        day = datetime(2027, 2, 28, 4, tzinfo=UTC)
        assert found(shop, "age = 27", day) == "L"

        shop = change_shop(shop, leap_birthdays="1 mar", by=SYSTEM)

        assert found(shop, "age = 26", day) == "L"


class TestAnniversaries:
    def test_of_the_next_30_days_go_over_new_year(self, shop):
        person(shop, "January", birthday="--01-10")
        person(shop, "March", birthday="1980-03-01")

        assert found(shop, "birthday BETWEEN today AND +30d") == "J"

    @pytest.mark.parametrize(("setting", "day"), [("28 feb", "2027-02-28"), ("1 mar", "2027-03-01")])
    def test_of_29_february_are_kept_as_the_shop_says(self, shop, setting, day):
        person(shop, "Leap", birthday="--02-29")
        shop = change_shop(shop, leap_birthdays=setting, by=SYSTEM)

        days = ["2027-02-27", "2027-02-28", "2027-03-01", "2027-03-02"]

        assert [one for one in days if found(shop, f"birthday = {one}")] == [day]
        assert found(shop, "birthday = 2028-02-29") == "L"

    def test_of_joining_are_days_of_the_shops_calendar(self, shop):
        ann = person(shop, "Ann")
        Customer.objects.filter(pk=ann.pk).update(created_at=datetime(2024, 12, 19, 17, 30, tzinfo=UTC))

        assert found(shop, "joined_anniversary = 2026-12-20") == "A"
        assert found(shop, "joined_anniversary BETWEEN today AND +4d") == ""
        assert found(shop, "joined_anniversary BETWEEN today AND +5d") == "A"

    @pytest.mark.parametrize(
        "text",
        [
            "anniversary(date: 'metafields.facts.birth_date') BETWEEN today AND +30d",
            "anniversary MATCHES (attribute = 'customer.birth_date', date BETWEEN today AND +30d)",
        ],
    )
    def test_are_asked_as_in_shopify(self, shop, text):
        person(shop, "Ann", birthday="--12-24")
        person(shop, "Bob", birthday="--06-24")
        ctx = context_for(shop, now=NOW)

        assert found(shop, text) == "A"
        assert write(customer_fields.canonical(parse(text), ctx)) == "birthday BETWEEN today AND +30d"

    def test_of_what_is_not_known_are_refused(self, shop):
        assert "wedding" in str(refusal(shop, "anniversary(date: 'wedding') = today"))
        assert "attribute" in str(refusal(shop, "anniversary MATCHES (date = today)"))


class TestDays:
    def test_begin_and_end_at_the_shops_midnight(self, shop):
        may, june = person(shop, "May"), person(shop, "June")
        Customer.objects.filter(pk=may.pk).update(created_at=datetime(2026, 5, 31, 16, 30, tzinfo=UTC))
        Customer.objects.filter(pk=june.pk).update(created_at=datetime(2026, 5, 31, 17, 30, tzinfo=UTC))
        in_june = datetime(2026, 6, 20, 4, tzinfo=UTC)

        assert found(shop, "created_at = last_month", in_june) == "M"
        assert found(shop, "created_at = this_month", in_june) == "J"
        assert found(shop, "created_at BETWEEN 2026-05-01 AND 2026-05-31", in_june) == "M"

    def test_between_holds_the_whole_last_day(self, shop):
        for name, hour in (("A", 0), ("B", 16), ("C", 17)):
            one = person(shop, name)
            Customer.objects.filter(pk=one.pk).update(created_at=datetime(2026, 1, 31, hour, 59, 59, tzinfo=UTC))

        assert found(shop, "created_at BETWEEN 2026-01-01 AND 2026-01-31") == "AB"


class TestNotBeingSo:
    """Complement-exact: everyone else, also those of whom nothing is known."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("tag != 'VIP'", "BC"),
            ("tag = 'vip'", "A"),
            ("gender != female", "BC"),
            ("last_order_date < -90d", ""),
            ("NOT last_order_date < -90d", "ABC"),
            ("email_domain != 'gmail.com'", "BC"),
            ("email_domain IS NULL", "C"),
            ("customer_email_domain IN ('gmail.com', '@Yahoo.com')", "AB"),
            ("basket != high", "ABC"),
            ("basket IS NULL", "ABC"),
            ("referred_count = 0", "ABC"),
            ("referred_count != 0", ""),
            ("note NOT CONTAINS 'tea'", "BC"),
        ],
    )
    def test_holds_for_everybody_else(self, shop, text, names):
        ann = person(shop, "Ann", tags="VIP", gender="female", email="ann@gmail.com")
        add_note(ann, "Loves green TEA", by=SYSTEM)
        person(shop, "Bob", email="bob@mail.yahoo.com")
        Customer.objects.filter(name="Bob").update(email="bob@yahoo.com")
        person(shop, "Cu")

        assert found(shop, text) == names


class TestTags:
    ODD = 'late, "often" | O\'Brien 🍵'

    @pytest.fixture
    def people(self, shop):
        for name, *tags in (("Ann", "VIP", self.ODD), ("Bob", " vip "), ("Cu", "New"), ("Di",)):
            tag_customer(person(shop, name), add=ensure_tags(shop, tags).values(), by=SYSTEM)

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("tags IN ('Vip', 'new')", "ABC"),
            ("tags CONTAINS ALL ('vip', 'late, \"often\" | O\\'Brien 🍵')", "A"),
            ("tags CONTAINS 'late, \"often\" | O''Brien 🍵'", "A"),
            ("tags NOT IN ('Vip', 'new')", "D"),
            ("tags NOT CONTAINS 'VIP'", "CD"),
            ("tags IS NULL", "D"),
        ],
    )
    def test_are_asked_by_any_all_and_none(self, shop, people, text, names):
        assert found(shop, text) == names


class TestValuesOfUsers:
    @pytest.mark.parametrize("field", ["company", "note", "cities", "name"])
    @pytest.mark.parametrize("value", ["O'Brien", "'; DROP TABLE customers_customer; --", "100%", "a_b", "\\"])
    def test_are_taken_literally(self, shop, field, value):
        ann = person(shop, value if field == "name" else "Ann", company=value)
        add_note(ann, value, by=SYSTEM)
        lives(ann, city=value, address_country="VN")
        other = person(shop, "Zed", company="Other")
        lives(other, city="Other", address_country="VN")
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")

        assert found(shop, f"{field} CONTAINS '{quoted}'") == ("Ann" if field != "name" else value)[0]


class TestNotes:
    def test_are_asked_by_the_team_alone(self, shop):
        add_note(person(shop, "Ann"), "Loves tea", by=SYSTEM)
        viewer = create_staff(shop, role="viewer")
        assert found(shop, "note CONTAINS 'tea'", staff=viewer) == "A"

        program = replace(context_for(shop, now=NOW), may=lambda name: scopes_may([Scope.CUSTOMERS], name))

        assert not customer_fields.may_ask(parse("note CONTAINS 'tea'"), program)


class TestReferrals:
    def test_count_those_who_are_not_in_the_bin(self, shop):
        ann, bob, cu = (person(shop, name) for name in ("Ann", "Bob", "Cu"))
        Customer.objects.filter(pk__in=[bob.pk, cu.pk]).update(referred_by=ann)
        assert found(shop, "referred_count >= 2") == "A"
        assert found(shop, "referred_count BETWEEN 0 AND 1") == "BC"

        Customer.objects.filter(pk=cu.pk).update(deleted_at=NOW)

        assert found(shop, "referrals = 1") == "A"


class TestNamesOfOtherSystems:
    @pytest.mark.parametrize(
        "text",
        [
            "customer_account_status = 'ENABLED'", "customer_account_status = 'INVITED'",
            "customer_account_status = 'DISABLED'", "email_subscription_status = 'SUBSCRIBED'",
            "email_subscription_status = 'NOT_SUBSCRIBED'", "email_subscription_status = 'PENDING'",
            "sms_subscription_status != 'UNSUBSCRIBED'", "accepts_marketing = true",
            "email_subscription_status IS NULL", "amount_spent BETWEEN 10.50 AND 100", "number_of_orders >= 5",
            "first_order_date IS NULL", "last_order_date IS NOT NULL", "customer_language = 'en'",
            "companies IS NOT NULL", "companies CONTAINS 'A'", "customer_email_domain = 'gmail.com'",
            "customer_added_date > -12m", "customer_added_date > 12_months_ago",
        ],
    )  # fmt: skip
    def test_are_understood(self, shop, text):
        found(shop, text)

    def test_enabled_is_whoever_has_an_account_that_works(self, shop):
        for name, state in (("Guest", 0), ("Registered", 2), ("Verified", 3), ("Disabled", 4)):
            Customer.objects.filter(pk=person(shop, name).pk).update(account_state=state)

        assert found(shop, "customer_account_status = 'ENABLED'") == "RV"

    @pytest.mark.parametrize(
        ("text", "word", "instead"),
        [
            ("abandoned_checkout_date > -7d", "abandoned_checkout_date", "in_app"),
            ("created_by_app_id = 12", "created_by_app_id", "source"),
            ("predicted_spend_tier = 'HIGH'", "predicted_spend_tier", "basket"),
            ("rfm_group = 'LOYAL'", "rfm_group", "last_order_date"),
            ("product_subscription_status = 'PAUSED'", "product_subscription_status", "products_purchased"),
            ("customer.points_balance > 10", "customer.points_balance", "by their key"),
            ("shopify_email.opened() = true", "shopify_email.opened", "consent_email"),
            ("shopify_email.clicked MATCHES (count > 1)", "shopify_email.clicked", "consent_email"),
            ("store_credit_accounts MATCHES (balance > 0)", "store_credit_accounts", "debt"),
            (
                "customer_within_distance MATCHES (coordinates = '1,2', distance_km = 25)",
                "customer_within_distance",
                "cities",
            ),
            ("customer_account_status = 'DECLINED'", "DECLINED", "invited"),
            ("email_subscription_status = 'INVALID'", "INVALID", "has_email"),
            ("email_subscription_status = 'REDACTED'", "REDACTED", "anonymised"),
        ],
    )
    def test_that_cannot_be_asked_are_told_with_their_place_and_what_to_ask_instead(self, shop, text, word, instead):
        before = "number_of_orders > 1 AND "

        fault = refusal(shop, before + text)

        place = fault.details["place"]
        assert (fault.details["word"], place.line) == (word, 1)
        assert (before + text)[place.column - 1 :].strip("'").startswith(word)
        assert instead in str(fault)
