"""Who a new customer may be already."""

import pytest

from regulars.customers.bulk import delete_many
from regulars.customers.duplicates import possible_duplicates
from regulars.customers.profile import read_profile
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


def typed(**raw):
    return read_profile(raw, country="PH", partial=True)


def told(shop, draft, **options):
    return [(one.customer_id, one.reason) for one in possible_duplicates(shop, draft, **options)]


class TestPossibleDuplicates:
    def test_the_same_email_and_phone_in_any_spelling(self, shop):
        ann = create_customer(shop, name="Ann", email="ann@example.com").pk
        ben = create_customer(shop, name="Ben", phone="+639171234567").pk

        draft = typed(name="Somebody", email="Ann@Example.com", phone="0917 123 4567")
        assert told(shop, draft) == [(ann, "same e-mail, different names"), (ben, "same phone, different names")]

    def test_everybody_who_shares_the_phone(self, shop):
        family = [create_customer(shop, name=name, phone="09171234567").pk for name in ("Ann", "Ben")]

        assert [pk for pk, _reasons in told(shop, typed(phone="09171234567"))] == family

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("Juan dela Cruz", "same name"),
            ("JUAN DELA CRUS", "similar name"),
            ("Cruz, Juan dela", "same name in another order"),
            ("Juán de la Cruz", "similar name"),
        ],
    )
    def test_a_very_similar_name_in_the_same_city(self, shop, name, reason):
        juan = create_customer(shop, name="Juan dela Cruz", address1="1 Mabini", city="Quezon City").pk
        create_customer(shop, name="Juan Santos", address1="2 Mabini", city="Quezon City")

        draft = typed(name=name, address1="9 Rizal", city="quezon city")
        assert told(shop, draft) == [(juan, f"{reason}, same city")]

    def test_a_similar_name_in_the_same_company(self, shop):
        juan = create_customer(shop, name="Juan dela Cruz", company="Acme Trading").pk

        draft = typed(name="Juan dela Crus", company="ACME Trading")
        assert told(shop, draft) == [(juan, "similar name, same company")]

    def test_the_same_whole_name_comes_last(self, shop):
        juan = create_customer(shop, name="Juan dela Cruz", address1="1 Mabini", city="Cebu").pk
        near = create_customer(shop, name="Juan dela Crus", address1="1 Mabini", city="Manila").pk

        draft = typed(name="JUAN DELA CRUZ", address1="1 Mabini", city="Manila")
        assert told(shop, draft) == [(near, "similar name, same city"), (juan, "same name")]

    def test_a_name_that_is_only_similar_or_one_word_is_nobody(self, shop):
        create_customer(shop, name="Juan dela Cruz", address1="1 Mabini", city="Cebu")
        create_customer(shop, name="Ann")

        assert told(shop, typed(name="Juan dela Crus")) == []
        assert told(shop, typed(name="Ann")) == []

    def test_a_masked_phone_is_nobodys(self, shop):
        create_customer(shop, name="Ann", phone="+63 917 xxx xxxx")

        assert told(shop, typed(name="Ben", phone="+63 917 xxx xxxx")) == []

    def test_neither_oneself_nor_who_is_in_the_bin_nor_another_shops(self, shop):
        me = create_customer(shop, email="ann@example.com").pk
        gone = create_customer(shop, name="Gone", phone="09171234567").pk
        delete_many(shop, [gone], by=SYSTEM)
        create_customer(create_shop("Elsewhere"), email="ann@example.com", phone="+639171234567")

        assert told(shop, typed(email="ann@example.com", phone="09171234567"), but=me) == []

    def test_a_limited_agent_is_not_told_of_others(self, shop):
        agent = create_staff(shop, role="agent", name="Maria", only_own=True)
        create_customer(shop, email="ann@example.com")

        assert told(shop, typed(email="ann@example.com"), visible_to=agent) == []

    def test_nothing_typed_is_nobody(self, shop):
        create_customer(shop, name="Ann")

        assert told(shop, typed()) == []

    def test_only_the_surest_few(self, shop):
        for number in range(8):
            create_customer(shop, name=f"N {number}", phone="09171234567")

        assert len(told(shop, typed(phone="09171234567"))) == 5
