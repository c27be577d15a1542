"""Finding customers by anything, in any spelling."""

import pytest
from django.db import connection

from regulars.customers.bulk import create_many
from regulars.customers.models import Customer
from regulars.customers.profile import read_profile
from regulars.customers.search import find, matching, search_q, search_source, search_text, sources, write_search_texts
from regulars.events.record import Actor
from regulars.shops.models import Shop, User
from regulars.shops.operations import add_staff, create_shop

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH", by=SYSTEM)


def add(shop, **raw):
    """A customer of the shop, as a file would bring it."""
    return create_many(shop, [read_profile(raw, country=shop.country)], by=SYSTEM, source="import")[0]


def listed(shop, text):
    """Whom a list shows for a search text, oldest first."""
    people = Customer.objects.of(shop).alive().filter(pk__in=matching(shop, text))
    return list(people.order_by("pk").values_list("pk", flat=True))


def found(shop, text, **options):
    """Whom the search box shows, best first."""
    return [hit.customer_id for hit in find(shop, text, **options)]


class TestPhones:
    @pytest.mark.parametrize(
        "typed",
        [
            "0917 123 4567", "+63 917 123 4567", "0063917-123-4567", "63917 1234567", "(0917)1234567",
            "9171234567", "1234567",
        ],
    )  # fmt: skip
    def test_every_spelling_of_a_number_finds_its_one_customer(self, shop, typed):
        ann = add(shop, name="Ann", phone="+639171234567")
        add(shop, name="Ben", phone="+639181234568")
        add(shop, name="Carl 917", phone="+639174567123")

        assert found(shop, typed) == [ann]
        assert listed(shop, typed) == [ann]
        assert find(shop, typed)[0].reason == "phone"

    @pytest.mark.parametrize(
        ("country", "stored", "typed"),
        [
            ("VN", "0912345678", "+84 91 234 56 78"),
            ("VN", "0381234567", "01681234567"),
            ("VN", "01681234567", "0381234567"),
            ("RO", "0722 123 456", "+40722123456"),
            ("RO", "+40722123456", "0722123456"),
            ("ID", "0812-3456-789", "+62812 3456 789"),
        ],
    )
    def test_numbers_of_each_market_are_found_in_both_forms(self, country, stored, typed):
        shop = create_shop("Kedai", country=country, by=SYSTEM)
        ann = add(shop, name="Ann", phone=stored)

        assert found(shop, typed) == listed(shop, typed) == [ann]

    def test_a_masked_number_is_found_as_the_text_it_is(self, shop):
        hidden = add(shop, name="Hidden", phone="+63 917 xxx xxxx")
        add(shop, name="Ann", phone="+639179999999")

        assert found(shop, "917 xxx xxxx") == [hidden]


class TestNames:
    @pytest.mark.parametrize("typed", ["nguyen", "NGUYEN", "Nguyễn", "Nguyễn", "dao", "đào thị"])
    def test_accents_case_and_composition_do_not_matter(self, shop, typed):
        dao = add(shop, name="Nguyễn Thị Đào")
        add(shop, name="Trần Văn Nam")

        assert found(shop, typed) == listed(shop, typed) == [dao]

    @pytest.mark.parametrize(
        ("name", "typed"), [("Ștefan Pop", "stefan"), ("Ştefan Pop", "stefan"), ("Łódź Kowalski", "lodz")]
    )
    def test_letters_without_decomposition_fold_too(self, shop, name, typed):
        one = add(shop, name=name)

        assert found(shop, typed) == listed(shop, typed) == [one]

    @pytest.mark.parametrize("typed", ["cruz juan", "dela", "cruz, juan", "juan dela cruz", "ruz"])
    def test_words_stand_in_any_order(self, shop, typed):
        juan = add(shop, name="Juan dela Cruz")
        add(shop, name="Juan Santos")

        assert found(shop, typed) == listed(shop, typed) == [juan]

    def test_exact_spelling_comes_first(self, shop):
        plain = add(shop, name="Dao")
        accented = add(shop, name="Đào")

        assert found(shop, "Đào") == [accented, plain]
        assert found(shop, "Dao") == [plain, accented]

    def test_a_name_without_its_apostrophe_is_found(self, shop):
        one = add(shop, name="Sean O'Brien")

        assert listed(shop, "obrien") == listed(shop, "o'brien") == [one]

    def test_two_letters_look_at_beginnings_only(self, shop):
        an = add(shop, name="An Tran")
        add(shop, name="Juan Santos")

        assert found(shop, "an") == listed(shop, "an") == [an]

    def test_a_short_word_beside_another_begins_a_word(self, shop):
        one = add(shop, name="Lê Văn An")
        add(shop, name="Levana Santos")

        assert found(shop, "an le") == listed(shop, "an le") == [one]

    @pytest.mark.parametrize(
        "name", ["100%", "a_b", "c\\d", "<script>alert(1)</script>", "'; DROP TABLE x", "()", "\u200b7"]
    )
    def test_naughty_names_are_found_and_nothing_is_a_wildcard(self, shop, name):
        one = add(shop, name=name)
        add(shop, name="Somebody Else")

        assert one in found(shop, name)
        assert listed(shop, name) == [one]

    def test_what_cannot_be_seen_finds_only_itself(self, shop):
        add(shop, name="Ann")
        unseen = add(shop, name="\u2800", email="unseen@example.com")
        Customer.objects.of(shop).filter(pk=unseen).update(name="\u200b", name_key="")

        assert listed(shop, "\u200b") == [unseen]
        assert found(shop, "  ") == []


class TestAddressesAndIds:
    @pytest.mark.parametrize("typed", ["ANN+TAG@gmail.com", "+tag", "@gmail.com", "ann+tag@gmail.com", "gmail"])
    def test_an_email_address_is_found_by_any_part(self, shop, typed):
        ann = add(shop, name="Somebody", email="Ann+tag@Gmail.com")
        add(shop, name="Other", email="other@example.com")

        assert found(shop, typed) == listed(shop, typed) == [ann]
        assert find(shop, typed)[0].reason == "e-mail"

    @pytest.mark.parametrize("typed", ["acme", "0101-234", "C-778"])
    def test_company_tax_code_and_outside_id_are_found(self, shop, typed):
        one = add(shop, name="Ann", company="Acme Trading", tax_code="0101-234-567", external_id="C-778")

        assert found(shop, typed) == listed(shop, typed) == [one]

    def test_people_of_one_name_say_what_tells_them_apart(self, shop):
        first = add(shop, name="Ann Lee", email="first@example.com")
        second = add(shop, name="Ann Lee", email="second@example.com")

        assert sorted(found(shop, "ann lee")) == [first, second]
        assert find(shop, "second")[0] == (second, "e-mail")


class TestTags:
    def test_a_word_that_is_a_tag_also_finds_those_who_have_it(self, shop):
        tagged = add(shop, name="Ann Lee", tags="VIP")
        named = add(shop, name="Vip Motors")
        other = add(shop, name="Ann Other")

        assert listed(shop, "vip") == [tagged, named]
        assert found(shop, "vip") == [named, tagged]
        assert listed(shop, "ann vip") == [tagged]
        assert other not in found(shop, "vip")

    def test_a_tag_of_several_words_is_found_whole(self, shop):
        tagged = add(shop, name="Ann", tags="Khách quen")

        assert listed(shop, "khach quen") == found(shop, "Khách quen") == [tagged]


class TestWhoMayBeFound:
    def test_an_agent_with_own_customers_finds_only_those(self, shop):
        user = User.objects.create_user("agent@example.com")
        agent = add_staff(shop, user, "agent", only_own=True, by=SYSTEM)
        mine = add(shop, name="Ann Mine", staff="agent@example.com")
        add(shop, name="Ann Other")

        assert found(shop, "ann", visible_to=agent) == [mine]
        assert found(shop, "ine", visible_to=agent) == [mine]

    def test_nobody_of_another_shop_is_found(self, shop):
        other = create_shop("Elsewhere", country="VN", by=SYSTEM)
        add(other, name="Ann", email="ann@example.com", phone="+639171234567")

        for typed in ("ann", "an", "ann@example.com", "09171234567"):
            assert found(shop, typed) == listed(shop, typed) == []

    def test_who_is_in_the_bin_is_not_found(self, shop):
        ann = add(shop, name="Ann Lee")
        Customer.objects.of(shop).filter(pk=ann).update(deleted_at="2026-01-01T00:00Z")

        assert found(shop, "ann") == found(shop, "lee") == []


class TestSources:
    def test_upper_floors_add_whom_they_know(self, shop, monkeypatch):
        monkeypatch.setattr(sources, "_sources", {})
        ann = add(shop, name="Ann")

        @search_source("orders")
        def orders(shop_id, text):
            return [(ann, "order 1001")] if text == "#1001" else []

        assert find(shop, "#1001") == [(ann, "order 1001")]
        assert listed(shop, "#1001") == [ann]
        assert find(shop, "#1002") == []


class TestTexts:
    def test_each_word_is_kept_once(self):
        text = search_text({"name": "Ann Lee", "name_key": "ann lee", "given_name": "Ann", "phone": "+639171234567"})

        assert text == " ann lee 09171234567 639171234567"

    def test_writing_again_writes_nothing(self, shop):
        ann = add(shop, name="Ann")
        before = self._versions(shop)

        write_search_texts(shop.pk, [ann])

        assert self._versions(shop) == before

    def test_a_changed_name_is_found(self, shop):
        ann = add(shop, name="Ann")
        Customer.objects.of(shop).filter(pk=ann).update(name="Berta", name_key="berta", given_name="Berta")

        write_search_texts(shop.pk, [ann])

        assert listed(shop, "berta") == [ann]
        assert listed(shop, "ann") == []

    @staticmethod
    def _versions(shop: Shop):
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text, ctid::text FROM customers_customersearch WHERE shop_id = %s", [shop.pk])
            return cursor.fetchall()


class TestSearchingWithoutSeeingContactData:
    """The search must not tell what the page hides."""

    @pytest.fixture
    def viewer(self, shop):
        return add_staff(shop, User.objects.create_user("viewer@example.com"), "viewer", by=SYSTEM)

    @pytest.fixture
    def ana(self, shop):
        return add(shop, name="Ana Reyes", email="secret@example.com", phone="0917 123 4567", company="Sari-sari")

    @pytest.mark.parametrize("text", ["secret", "secret@", "@example.com", "0917 123 4567", "1234567", "se"])
    def test_finds_nobody_by_what_is_hidden(self, shop, ana, viewer, text):
        add(shop, email="secret2@example.com")

        assert found(shop, text, visible_to=viewer) == []
        assert not Customer.objects.of(shop).filter(search_q(shop, text, seen_by=viewer)).exists()

    @pytest.mark.parametrize("text", ["ana", "reyes ana", "sari"])
    def test_finds_by_name_and_company(self, shop, ana, viewer, text):
        assert found(shop, text, visible_to=viewer) == [ana]
        assert Customer.objects.of(shop).filter(search_q(shop, text, seen_by=viewer)).exists()
