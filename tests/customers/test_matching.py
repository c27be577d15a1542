"""Who is recognised, and who is not."""

import threading

import pytest
from django.db import connection, transaction

from regulars.customers.bulk import create_many, delete_many
from regulars.customers.matching import MatchKeys, first_of_each, match_many, match_or_create_many, wait_for_turn
from regulars.customers.models import Customer
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from tests.factories import SYSTEM, create_customer, create_shop

FILE = Actor("import")


@pytest.fixture
def shop(db):
    return create_shop("Tindahan", country="PH")


def keys(**raw):
    return MatchKeys.of(read_profile(raw, country="PH"))


def drafts(*raws):
    return [read_profile(raw, country="PH") for raw in raws]


class TestMatching:
    def test_by_email_phone_and_outside_id(self, shop):
        ann = create_customer(shop, email="ann@example.com")
        ben = create_customer(shop, phone="09171234567")
        cat = create_customer(shop, external_id="C-3", channel="shopee")

        wanted = [
            keys(email="ANN@example.com"),
            keys(phone="+63 917 123 4567"),
            keys(external_id="C-3", channel="shopee"),
        ]
        assert match_many(shop, wanted) == [ann.pk, ben.pk, cat.pk]

    def test_the_outside_id_counts_more_than_the_email_and_that_more_than_the_phone(self, shop):
        ann = create_customer(shop, email="ann@example.com")
        ben = create_customer(shop, phone="09171234567")
        cat = create_customer(shop, external_id="C-3")

        everything = {"email": "ann@example.com", "phone": "09171234567", "external_id": "C-3"}
        assert match_many(shop, [keys(**everything)]) == [cat.pk]
        assert match_many(shop, [keys(**everything)], by=("email", "phone")) == [ann.pk]
        assert match_many(shop, [keys(**everything)], by=("phone",)) == [ben.pk]

    def test_an_outside_id_of_another_channel_is_somebody_else(self, shop):
        create_customer(shop, external_id="C-3", channel="shopee")

        assert match_many(shop, [keys(external_id="C-3", channel="lazada")]) == [None]

    @pytest.mark.parametrize("outside_id", ["", "0", " 0 "])
    def test_nobodys_ids_match_nobody(self, shop, outside_id):
        ann = create_customer(shop, email="ann@example.com")

        assert match_many(shop, [MatchKeys(identities=(("own", outside_id),))]) == [None]
        assert ann.pk

    @pytest.mark.parametrize("phone", ["+63 917 xxx xxxx", "0812****7890", "000000000", "N/A", "12345", "-", "+"])
    def test_a_masked_or_invalid_phone_matches_nobody(self, shop, phone):
        create_customer(shop, name="Ann", phone=phone)
        create_customer(shop, name="Ben", phone="+639179999999")

        assert match_many(shop, [keys(name="Cat", phone=phone)]) == [None]

    def test_a_phone_two_customers_share_matches_neither(self, shop):
        create_customer(shop, email="ann@example.com", phone="09171234567")
        ben = create_customer(shop, email="ben@example.com", phone="09171234567")

        assert match_many(shop, [keys(phone="09171234567")]) == [None]
        assert match_many(shop, [keys(phone="09171234567", email="ben@example.com")]) == [ben.pk]

    def test_a_phone_never_joins_two_ids_of_one_channel(self, shop):
        mother = create_customer(shop, name="Mother", phone="09171234567", external_id="C-1", channel="shopee")

        daughter = keys(name="Daughter", phone="09171234567", external_id="C-2", channel="shopee")
        elsewhere = keys(name="Mother", phone="09171234567", external_id="9", channel="lazada")
        assert match_many(shop, [daughter, elsewhere]) == [None, mother.pk]
        assert match_many(shop, [daughter], by=("phone",)) == [mother.pk]

    def test_who_is_in_the_bin_is_nobody(self, shop):
        ann = create_customer(shop, email="ann@example.com", phone="09171234567", external_id="C-1")
        delete_many(shop, [ann.pk], by=SYSTEM)

        wanted = {"email": "ann@example.com", "phone": "09171234567", "external_id": "C-1"}
        assert match_many(shop, [keys(**{kind: value}) for kind, value in wanted.items()]) == [None, None, None]

    def test_people_of_another_shop_are_nobody(self, shop):
        create_customer(create_shop("Elsewhere"), email="ann@example.com", phone="+639171234567", external_id="C-1")

        wanted = keys(email="ann@example.com", phone="+639171234567", external_id="C-1")
        assert match_many(shop, [wanted]) == [None]

    def test_asks_once_for_each_kind_of_key_and_once_for_the_ids_behind_phones(self, shop, django_assert_num_queries):
        wanted = [keys(email=f"p{n}@example.com", phone=f"0917123{n:04}", external_id=f"C-{n}") for n in range(50)]
        with django_assert_num_queries(3):
            match_many(shop, wanted)

        ann = create_customer(shop, phone="09171230007")
        with django_assert_num_queries(4):
            assert match_many(shop, wanted)[7] == ann.pk


class TestMatchingOrCreating:
    def test_who_is_missing_is_created_once_however_often_they_come(self, shop):
        ann = create_customer(shop, email="ann@example.com")
        people = drafts(
            {"email": "ann@example.com"},
            {"name": "Ben", "phone": "09171234567"},
            {"name": "Ben again", "phone": "0917 123 4567", "email": "ben@example.com"},
            {"name": "By mail", "email": "ben@example.com"},
        )

        found = match_or_create_many(shop, people, by=FILE, source="order")

        assert found[0] == ann.pk
        assert found[1] == found[2] == found[3]
        assert Customer.objects.of(shop).count() == 2
        assert match_or_create_many(shop, people[:2], by=FILE, source="order") == found[:2]

    def test_people_without_any_key_are_never_the_same(self, shop):
        found = match_or_create_many(shop, drafts({"name": "Guest"}, {"name": "Guest"}), by=FILE, source="order")

        assert len(set(found)) == 2

    def test_rows_of_one_file_are_one_person_when_they_share_a_key(self):
        people = [
            keys(email="a@x.com"),
            keys(name="N"),
            keys(email="A@x.com", phone="09171234567"),
            keys(phone="09171234567"),
        ]

        assert first_of_each(people) == [0, 1, 0, 0]
        assert first_of_each(people, by=("email",)) == [0, 1, 0, 3]

    def test_rows_of_one_file_with_two_ids_are_two_people_though_they_share_a_phone(self):
        mother = keys(phone="09171234567", external_id="C-1", channel="shopee")
        daughter = keys(phone="09171234567", external_id="C-2", channel="shopee")
        again = keys(external_id="C-2", channel="shopee")

        assert first_of_each([mother, daughter, again]) == [0, 1, 1]


@pytest.mark.django_db(transaction=True)
class TestTwoImportsAtOnce:
    def test_make_no_customer_twice(self):
        shop = create_shop("Tindahan", country="PH")
        raws = [{"name": f"P {n}", "phone": f"0917123{n:04}"} for n in range(40)]
        raws += [{"name": f"E {n}", "email": f"p{n}@example.com"} for n in range(40)]
        errors: list[BaseException] = []

        def bring_in():
            try:
                for start in range(0, len(raws), 10):
                    match_or_create_many(shop, drafts(*raws[start : start + 10]), by=FILE, source="import")
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=bring_in) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert errors == []
        assert Customer.objects.of(shop).count() == 80

    def test_wait_for_each_other_only_within_a_shop(self):
        here, there = create_shop("Tindahan"), create_shop("Elsewhere")
        done = []

        def elsewhere():
            create_many(there, drafts({"name": "Ann"}), by=FILE, source="import")
            done.append(True)
            connection.close()

        with transaction.atomic():
            wait_for_turn(here.pk)
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(timeout=10)
        thread.join()

        assert done == [True]
