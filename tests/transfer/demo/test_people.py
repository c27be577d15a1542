"""The demo's invented customers: of four countries, well formed, and stored as everybody else."""

import re
from collections import Counter

import pytest
from django.db import connection

from regulars.customers.citizen import reveal_citizen_id
from regulars.customers.drafts import sort_key
from regulars.customers.models import Customer, CustomerSearch
from regulars.customers.search import search_text
from regulars.customers.taxcodes import tax_code_problem
from regulars.kit.phones import read_phone
from regulars.shops.models import Staff
from regulars.shops.permissions import Role
from regulars.transfer.demo.words import COUNTRIES
from tests.transfer.demo.loading import load, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shop(kept):
    return load(customers=2000, orders=0)


class TestItsPeople:
    def test_come_from_four_countries(self, shop):
        found = Counter(country for (country,) in rows(shop, Customer, "country"))

        for country in COUNTRIES:
            assert abs(found[country.code] - 20 * country.share) < 120, country.code

    def test_have_e_mail_addresses_of_their_own(self, shop):
        emails = [email for (email,) in rows(shop, Customer, "email") if email]

        assert len(emails) > 1400
        assert len(set(emails)) == len(emails)

    def test_have_valid_mobiles_but_for_a_few_that_are_kept_as_written(self, shop):
        told = rows(shop, Customer, "phone", "phone_raw", "country")

        assert sum(phone is not None for phone, _raw, _country in told) > 1800
        assert any(raw and phone is None for phone, raw, _country in told)
        assert all(read_phone(raw, country).e164 == phone for phone, raw, country in told)

    def test_share_phones_only_within_a_household(self, shop):
        by_phone: dict[str, set[str]] = {}
        for phone, family in rows(shop, Customer, "phone", "family_name"):
            by_phone.setdefault(phone, set()).add(family)
        del by_phone[None]  # type: ignore[arg-type]

        assert len(by_phone) < len([1 for (phone,) in rows(shop, Customer, "phone") if phone])
        assert all(len(families) == 1 for families in by_phone.values())

    def test_say_their_family_name_first_in_vietnam_only(self, shop):
        for name, family, country in rows(shop, Customer, "name", "family_name", "country"):
            assert not family or (name.startswith(family) if country == "VN" else name.endswith(family))

    def test_have_tax_codes_that_pass_their_country_s_check(self, shop):
        codes = [(code, country) for code, country in rows(shop, Customer, "tax_code", "country") if code]

        assert len(codes) > 40
        assert [code for code, country in codes if tax_code_problem(code, country)] == []

    def test_live_in_districts_only_until_vietnam_did_away_with_them(self, shop):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT created_at < '2025-07-01 00:00+07', count(*) FILTER (WHERE district <> ''), count(*)"
                " FROM customers_address WHERE shop_id = %s AND country = 'VN' GROUP BY 1",
                [shop.pk],
            )
            told = {before: (with_district, every) for before, with_district, every in cursor.fetchall()}

        assert told[True][0] > 0.9 * told[True][1]  # who moves in later takes the household's older address along
        assert told[False][0] < 0.05 * told[False][1]

    def test_are_found_and_sorted_as_everybody_else(self, shop):
        texts = dict(rows(shop, CustomerSearch, "customer_id", "text"))

        for customer in Customer.objects.of(shop).prefetch_related("identities"):
            columns = {field.column: getattr(customer, field.column) for field in Customer._meta.concrete_fields}
            known = [(one.channel, one.external_id) for one in customer.identities.all()]
            assert texts[customer.pk] == search_text(columns, known)
            assert customer.name_key == sort_key(columns)

    def test_have_citizen_ids_that_can_be_revealed(self, shop):
        known = Customer.objects.of(shop).exclude(citizen_id_sealed="")
        manager = Staff.objects.of(shop).get(role=Role.MANAGER)

        assert 6 < known.count() < 120
        assert all(re.fullmatch(r"\d{12}", reveal_citizen_id(one, staff=manager)) for one in known[:5])

    def test_said_what_their_consents_say(self, shop):
        for customer in Customer.objects.of(shop).prefetch_related("consents"):
            said = {one.channel: one.state for one in sorted(customer.consents.all(), key=lambda one: (one.at, one.pk))}
            stored = {name: getattr(customer, f"consent_{name}") for name in ("email", "sms", "zalo", "whatsapp")}
            assert said == {name: state for name, state in stored.items() if state}
