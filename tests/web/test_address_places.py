"""Addresses of the countries with lists of places: completed, doubted quietly, and shown as they are written there."""

import html
import json
import re

import pytest
from django.test import Client

from regulars.customers.models import Address
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def desk(shop):
    return signed_in(create_staff(shop, role="manager"))


def signed_in(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def text(response):
    return html.unescape(response.content.decode())


def asked(desk, part, typed, country="VN", **said):
    """What is suggested: the answer to htmx."""
    given = {"address_country": country, "part": part, **said, part: typed}
    headers = {"HX-Request": "true", "HX-Target": "ul#place-options"}
    return text(desk.post("/s/hoa-sen/customers/places/", given, headers=headers))


def remarks(desk, country="VN", **said):
    headers = {"HX-Request": "true", "HX-Target": "div#place-notes"}
    return desk.post("/s/hoa-sen/customers/places/notes/", {"address_country": country, **said}, headers=headers)


def told(desk, country="VN", **said):
    return text(remarks(desk, country, **said))


class TestSuggestions:
    def test_a_ward_with_its_province_to_fill(self, desk):
        shown = asked(desk, "ward", "ben tha")

        assert 'data-value="Phường Bến Thành"' in shown
        fills = re.findall(r'data-value="Phường Bến Thành" data-fills="([^>]*)"', shown)
        assert json.loads(fills[0]) == {"region": "Thành phố Hồ Chí Minh"}

    def test_a_ward_of_the_province_that_is_written(self, desk):
        assert 'data-value="Phường Sài Gòn"' in asked(desk, "ward", "s", region="TP.HCM")
        assert "Phường Sài Gòn" not in asked(desk, "ward", "s", region="Hà Nội")
        assert "Phường Sài Gòn" not in asked(desk, "ward", "s", city="Hà Nội")
        assert 'data-fills="{}"' in asked(desk, "ward", "sai gon", city="TP.HCM")

    def test_a_ward_of_today_for_a_province_of_before(self, desk):
        assert 'data-value="Phường Thủ Dầu Một"' in asked(desk, "ward", "thu dau", region="Bình Dương")

    def test_an_old_district(self, desk):
        assert 'data-value="Quận 1"' in asked(desk, "district", "q1", region="TP.HCM")

    def test_other_countries(self, desk):
        assert 'data-value="City of Makati"' in asked(desk, "city", "maka", "PH", region="Metro Manila")
        assert 'data-value="Coblong"' in asked(desk, "district", "cob", "ID", region="Jawa Barat", city="Kota Bandung")
        assert 'data-value="Cluj-Napoca"' in asked(desk, "city", "cluj n", "RO")

    def test_twenty_at_most_and_nothing_where_there_is_no_list(self, desk):
        assert asked(desk, "ward", "").count("<li") == 20
        assert asked(desk, "city", "Par", "FR") == asked(desk, "nonsense", "x") == asked(desk, "address1", "x") == ""

    def test_are_for_those_who_may_edit(self, shop):
        viewer = signed_in(create_staff(shop, role="viewer"))

        assert viewer.post("/s/hoa-sen/customers/places/", {"part": "ward"}).status_code == 403
        assert viewer.post("/s/hoa-sen/customers/places/notes/").status_code == 403


class TestNotes:
    @pytest.mark.parametrize(
        ("country", "said", "words"),
        [
            ("VN", {"region": "Hà Nội", "ward": "Sài Gòn"}, "We do not know “Sài Gòn” in Hà Nội"),
            ("VN", {"region": "Atlantis"}, "We do not know “Atlantis”"),
            ("VN", {"region": "Hà Nội", "district": "Quận 1"}, "We do not know “Quận 1” in Hà Nội"),
            ("VN", {"region": "Hà Nội", "district": "Ba Đình", "ward": "Đakao"}, "We do not know “Đakao” in Ba Đình"),
            ("PH", {"region": "Cebu", "city": "Makati"}, "We do not know “Makati” in Cebu"),
            ("ID", {"city": "Bandung", "district": "Kuta"}, "We do not know “Kuta” in Bandung"),
            ("RO", {"region": "Cluj", "city": "Iași"}, "We do not know “Iași” in Cluj"),
            ("RO", {"postal_code": "4000"}, "has 6 digits"),
        ],
    )
    def test_say_what_does_not_belong_together(self, desk, country, said, words):
        assert words in told(desk, country, **said)

    @pytest.mark.parametrize(
        ("country", "said"),
        [
            ("VN", {"region": "TP.HCM", "ward": "P. Sài Gòn"}),
            ("VN", {"city": "Hà Nội", "ward": "Hồng Hà", "postal_code": "100000"}),
            ("VN", {"ward": "Anything"}),
            ("PH", {"region": "Cebu", "city": "Cebu City", "postal_code": "6000"}),
            ("PH", {"region": "Central Visayas", "city": "Carcar"}),
            ("ID", {"region": "Jawa Barat", "city": "Bandung", "district": "Coblong", "postal_code": "40132"}),
            ("RO", {"region": "Jud. Cluj", "city": "Cluj Napoca", "postal_code": "400001"}),
            ("FR", {"region": "Atlantis", "postal_code": "1"}),
            ("", {}),
        ],
    )
    def test_are_silent_about_what_is_right_or_cannot_be_known(self, desk, country, said):
        assert told(desk, country, **said).strip() == ""

    def test_an_old_address_of_vietnam_is_right_and_something_else_today(self, desk):
        shown = told(desk, region="TP.HCM", district="Quận 1", ward="Bến Nghé")

        assert "We do not know" not in shown
        assert "Today: Phường Sài Gòn, Thành phố Hồ Chí Minh" in shown

    def test_nothing_raises(self, desk):
        for odd in ("'\"<b>{0}%s", "{text}" * 50, "🏠" * 120):
            for country in ("VN", "PH", "ID", "RO", "zz"):
                shown = remarks(desk, country, region=odd, city=odd, district=odd, ward=odd, postal_code=odd)
                assert shown.status_code == 200
                assert b"<b>" not in shown.content


class TestTheForm:
    def test_completes_what_the_country_has_a_list_for(self, desk, shop):
        ann = create_customer(shop, name="Ann")
        page = f"/s/hoa-sen/customers/{ann.pk}/addresses/"

        assert text(desk.get(page)).count("data-places") == 4
        assert text(desk.post(page, {"redraw": "1", "address_country": "RO"})).count("data-places") == 2
        assert text(desk.post(page, {"redraw": "1", "address_country": "FR"})).count("data-places") == 0
        assert text(desk.get("/s/hoa-sen/customers/new/")).count("data-places") == 4

    def test_what_we_do_not_know_is_saved_as_written(self, desk, shop):
        ann = create_customer(shop, name="Ann")
        given = {"address_country": "VN", "address1": "1 Lê Lợi", "ward": "Phường Chưa Có", "region": "Hà Nội"}

        desk.post(f"/s/hoa-sen/customers/{ann.pk}/addresses/", given)

        home = ann.addresses.get()
        assert (home.ward, home.region) == ("Phường Chưa Có", "Hà Nội")
        page = text(desk.get(f"/s/hoa-sen/customers/{ann.pk}/addresses/{home.pk}/"))
        assert "We do not know “Phường Chưa Có”" in page


class TestShown:
    @pytest.mark.parametrize(
        ("written", "lines"),
        [
            (
                {"country": "VN", "address1": "1 Lê Lợi", "ward": "Bến Nghé", "district": "Quận 1", "region": "TP.HCM"},
                ["1 Lê Lợi", "Bến Nghé, Quận 1", "TP.HCM"],
            ),
            (
                {"country": "PH", "address1": "5 Mabini", "ward": "Poblacion", "city": "Makati",
                 "region": "Metro Manila", "postal_code": "1210"},
                ["5 Mabini", "Poblacion", "1210 Makati, Metro Manila"],
            ),
            (
                {"country": "ID", "address1": "Jl. Dago 1", "district": "Coblong", "city": "Kota Bandung",
                 "region": "Jawa Barat", "postal_code": "40132"},
                ["Jl. Dago 1", "Coblong", "Kota Bandung, Jawa Barat 40132"],
            ),
            (
                {"country": "RO", "address1": "Str. Horea 1", "city": "Cluj-Napoca", "region": "Cluj",
                 "postal_code": "400001"},
                ["Str. Horea 1", "400001 Cluj-Napoca, Cluj"],
            ),
        ],
    )  # fmt: skip
    def test_as_their_country_writes_them(self, desk, shop, written, lines):
        ann = create_customer(shop, name="Ann", **written)

        page = text(desk.get(f"/s/hoa-sen/customers/{ann.pk}/", {"tab": "addresses"}))

        assert "".join(f"<span>{line}</span>" for line in lines) in page

    def test_with_what_they_are_today_and_the_text_untouched(self, desk, shop):
        ann = create_customer(
            shop, name="Ann", country="VN", address1="1 Lê Lợi", ward="Bến Nghé", district="Quận 1", region="TP.HCM"
        )

        page = text(desk.get(f"/s/hoa-sen/customers/{ann.pk}/", {"tab": "addresses"}))

        assert "Today: Phường Sài Gòn, Thành phố Hồ Chí Minh" in page
        assert Address.objects.of(shop).get().ward == "Bến Nghé"
