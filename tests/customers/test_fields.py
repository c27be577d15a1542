"""Questions about customers: SQL, the one-row evaluator and counts say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.fields import context_for, customer_fields, where_q
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.kit.query import BadCondition, compile_where, parse
from regulars.kit.query.evaluate import matches
from regulars.kit.text import fold, name_key
from regulars.shops.models import Shop

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def shop():
    return Shop.objects.create(
        slug="manila", name="Manila", country="PH", currency="PHP", timezone="Asia/Manila", language="en"
    )


@pytest.fixture
def people(shop):
    """Nine people, chosen so that every field is known of some and unknown of others."""
    standard = Group.objects.create(shop=shop, key="standard", name="Standard")
    business = Group.objects.create(shop=shop, key="business", name="Business")
    lead = Status.objects.create(shop=shop, key="potential", name="Potential")
    vip = Tag.objects.create(shop=shop, key="vip", name="VIP")
    odd = Tag.objects.create(shop=shop, key=fold('O\'Brien, "x"'), name='O\'Brien, "x"')
    day = timedelta(days=1)

    def person(name, **known):
        known.setdefault("group", standard)
        return Customer.objects.create(shop=shop, name=name, name_key=name_key(name), **known)

    return [
        person("Nguyễn Thị Đào", total_spent=300000, orders_count=5, tag_ids=[vip.pk], country="VN", gender=1),
        person("Ștefan Pop", total_spent=299999, tag_ids=[vip.pk, odd.pk], country="RO", gender=2, status=lead),
        person("Juan dela Cruz", group=business, country="PH", email="juan@gmail.com", last_order_at=NOW - 100 * day),
        person("", phone="+639171234567", registered_at=NOW - 20 * day, birth_md=229),
        person("Ana", last_order_at=NOW, consent_email=1, birth_md=1231, birth_year=1990),
        person("Ben", average_order=5000, debt=1, city="Cebu", created_at=NOW - 400 * day),
        person("Cy", oa_state=2, account_state=3, referrer_text="Facebook", birth_md=105),
        person("100%_sure", company="A & B", created_at=datetime(2026, 2, 28, 16, 0, tzinfo=UTC)),
        person("Eve", created_at=datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), staff=None),
    ]


def found(shop, text):
    return set(Customer.objects.of(shop).filter(where_q(shop, text, NOW)).values_list("name", flat=True))


class TestAsking:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("name CONTAINS 'dao'", {"Nguyễn Thị Đào"}),
            ("name CONTAINS 'STEFAN'", {"Ștefan Pop"}),
            ("name CONTAINS '%_'", {"100%_sure"}),
            ("tags CONTAINS 'vip'", {"Nguyễn Thị Đào", "Ștefan Pop"}),
            ("tags CONTAINS ALL ('VIP', 'O\\'Brien, \"x\"')", {"Ștefan Pop"}),
            ("country IN (VN, 'Romania')", {"Nguyễn Thị Đào", "Ștefan Pop"}),
            ("group = business", {"Juan dela Cruz"}),
            ("status = potential", {"Ștefan Pop"}),
            ("email CONTAINS '@GMAIL.com'", {"Juan dela Cruz"}),
            ("created_at BETWEEN 2026-03-01 AND 2026-03-01", {"100%_sure"}),
            ("created_at = 2026-02-28", {"Eve"}),
            ("created_at < -365d", {"Ben"}),
            ("birthday BETWEEN 2026-12-15 AND 2027-01-14", {"Ana", "Cy"}),
            ("birthday = 2027-02-28", {""}),
            ("has_phone = true", {""}),
            ("account_type = member", {"Cy"}),
            ("oa_follow = followed", {"Cy"}),
            ("consent_email = yes", {"Ana"}),
            ("referrer = 'facebook'", {"Cy"}),
        ],
    )
    def test_finds_exactly(self, shop, people, text, names):
        assert found(shop, text) == names

    @pytest.mark.parametrize(
        "text",
        [
            "gender = female",
            "tags CONTAINS 'VIP'",
            "status = potential",
            "email = 'juan@gmail.com'",
            "registered_at < -10d",
            "country = VN",
            "birthday = 2026-01-05",
            "consent_email = subscribed",
        ],
    )
    def test_not_means_everyone_else_also_those_of_whom_nothing_is_known(self, shop, people, text):
        everyone = {person.name for person in people}

        assert found(shop, f"NOT ({text})") == everyone - found(shop, text)

    def test_an_unknown_field_is_named_with_the_nearest_one(self, shop):
        with pytest.raises(BadCondition) as caught:
            where_q(shop, "country = VN AND contry = RO")

        assert "contry" in str(caught.value)
        assert "Did you mean country?" in str(caught.value)
        assert caught.value.details["place"].column == 18

    @pytest.mark.parametrize(
        "text",
        [
            "gender = purple",
            "tags CONTAINS 'nobody'",
            "created_at > 'soon'",
            "has_phone = maybe",
            "country > VN",
            "password = 'x'",
            "shop__name = 'x'",
            "name IS NULL AND _connector = 'OR'",
        ],
    )
    def test_what_cannot_be_understood_is_refused_never_ignored(self, shop, people, text):
        with pytest.raises(BadCondition):
            where_q(shop, text)


ATOMS = st.sampled_from(
    [
        "name CONTAINS 'a'",
        "name IS NULL",
        "email IS NULL",
        "email = 'juan@gmail.com'",
        "phone STARTS WITH '+63'",
        "gender = female",
        "gender != female",
        "gender IS NOT NULL",
        "tags CONTAINS 'VIP'",
        "tags NOT CONTAINS 'VIP'",
        "tags IS NULL",
        "tags NOT IN ('VIP')",
        "country IN (VN, PH)",
        "country NOT IN (VN)",
        "country IS NULL",
        "group = standard",
        "status IS NULL",
        "status != potential",
        "staff IS NULL",
        "city = 'cebu'",
        "created_at >= this_month",
        "created_at < -30d",
        "registered_at > -30d",
        "registered_at IS NOT NULL",
        "birthday BETWEEN today AND +300d",
        "birthday != 2026-12-31",
        "birthday IS NULL",
        "has_email = true",
        "has_phone != true",
        "account_type = without_account",
        "consent_email != subscribed",
        "oa_follow IS NULL",
        "referrer NOT CONTAINS 'face'",
        "company != 'A & B'",
        "phone_type = none",
    ]
)
QUESTIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"NOT ({text})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
    ),
    max_leaves=6,
)


class TestTheTwoEvaluators:
    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=QUESTIONS)
    def test_sql_and_one_row_agree_on_every_question(self, shop, people, text):
        ctx = context_for(shop, now=NOW)
        tree = parse(text)
        by_sql = set(
            Customer.objects.of(shop).filter(compile_where(tree, customer_fields, ctx)).values_list("pk", flat=True)
        )

        by_row = {row["id"] for row in Customer.objects.of(shop).values() if matches(tree, row, customer_fields, ctx)}

        assert by_row == by_sql
