"""Fields of the shop's own in pages: settings, form, list, conflict, bulk, and the API."""

import pytest
from django.test import Client

from regulars.customers.models import Customer, CustomField
from regulars.customers.operations import add_field, update_customer
from regulars.segments.operations import create_segment
from regulars.segments.saved_views import Look, create_view
from regulars.shops.operations import create_api_key
from regulars.shops.permissions import Scope
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", slug="hoa-sen")


@pytest.fixture
def owner(shop):
    return create_staff(shop, role="owner", name="Linh")


@pytest.fixture
def desk(owner):
    return signed_in(owner)


@pytest.fixture
def size(shop):
    return add_field(shop, "Shoe size", "number", help="European", by=SYSTEM)


def signed_in(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def text(response):
    return response.content.decode()


def at(path):
    return f"/s/hoa-sen/{path}"


class TestSettings:
    def test_adds_orders_and_changes(self, desk, shop):
        answer = desk.post(at("settings/fields/"), {"name": "Skin", "kind": "choice", "options": "Dry\nOily\n\n"})
        assert answer.status_code == 302
        desk.post(at("settings/fields/"), {"name": "VIP", "kind": "flag"})
        skin, vip = CustomField.objects.of(shop)
        assert [one["key"] for one in skin.options] == ["dry", "oily"]
        page = text(desk.get(at("settings/fields/")))
        assert "Skin" in page
        assert ">skin<" in page
        desk.post(at("settings/fields/order"), {"ids": [skin.pk, vip.pk], "up": vip.pk})
        assert list(CustomField.objects.of(shop)) == [vip, skin]
        assert desk.get(at(f"settings/fields/{skin.pk}/")).status_code == 200
        desk.post(at(f"settings/fields/{skin.pk}/"), {"name": "Skin type", "options": "Oily\nNormal", "help": "Ask"})
        skin.refresh_from_db()
        assert (skin.name, [one["key"] for one in skin.options]) == ("Skin type", ["oily", "normal"])

    def test_refusals_stand_in_the_form(self, desk, size):
        for given in ({"name": "shoe size", "kind": "text"}, {"name": "X", "kind": "choice"}, {"name": ""}):
            answer = desk.post(at("settings/fields/"), given)
            assert answer.status_code == 422
            assert "field-error" in text(answer)

    def test_removing_is_refused_while_something_asks_for_it(self, desk, shop, owner, size):
        create_segment(shop, name="Big feet", where="shoe_size > 44", staff=owner, by=SYSTEM)
        answer = desk.post(at(f"settings/fields/{size.pk}/remove"))
        assert answer.status_code == 409
        assert "Big feet" in text(answer)
        assert CustomField.objects.of(shop).in_use().count() == 1

    def test_removing_is_refused_while_a_view_shows_it(self, desk, shop, owner, size):
        create_view(owner, "customers", "Feet", Look(columns=("shoe_size",)))
        assert "Feet" in text(desk.post(at(f"settings/fields/{size.pk}/remove")))

    def test_a_removed_one_is_brought_back(self, desk, shop, size):
        assert desk.post(at(f"settings/fields/{size.pk}/remove")).status_code == 302
        assert "Bring back" in text(desk.get(at("settings/fields/")))
        assert desk.get(at("customers/?where=shoe_size+%3E+1")).status_code in (400, 422)
        desk.post(at(f"settings/fields/{size.pk}/restore"))
        assert desk.get(at("customers/?where=shoe_size+%3E+1")).status_code == 200

    def test_another_shop_and_other_roles_cannot(self, shop, size):
        stranger = signed_in(create_staff(create_shop("Other", slug="other"), role="owner"))
        assert stranger.get(f"/s/other/settings/fields/{size.pk}/").status_code == 404
        assert stranger.post(f"/s/other/settings/fields/{size.pk}/remove").status_code == 404
        assert signed_in(create_staff(shop, role="agent")).get(at("settings/fields/")).status_code == 403


class TestPages:
    def test_the_form_keeps_and_refuses(self, desk, shop, size):
        add_field(shop, "VIP", "flag", by=SYSTEM)
        answer = desk.post(at("customers/new/"), {"name": "Ann", "custom.shoe_size": "big"})
        assert answer.status_code == 422
        assert "is not a number" in text(answer)
        desk.post(at("customers/new/"), {"name": "Ann", "custom.shoe_size": "40.5", "custom.vip": "false"})
        ann = Customer.objects.of(shop).get(name="Ann")
        assert ann.custom == {"shoe_size": "40.5", "vip": False}
        page = text(desk.get(at(f"customers/{ann.pk}/")))
        assert "Shoe size" in page
        assert "40.5" in page
        assert 'value="40.5"' in text(desk.get(at(f"customers/{ann.pk}/edit/")))
        opened = {"name": "Ann", "version": ann.version, "custom.shoe_size": "41", "custom.vip": "false"}
        desk.post(at(f"customers/{ann.pk}/edit/"), opened)
        ann.refresh_from_db()
        assert ann.custom == {"shoe_size": "41", "vip": False}

    def test_two_people_at_one_field_are_asked(self, desk, shop, size):
        ann = create_customer(shop, name="Ann")
        opened = {"name": "Ann", "version": ann.version, "custom.shoe_size": "41"}
        update_customer(ann, {"custom.shoe_size": "42"}, by=SYSTEM)
        answer = desk.post(at(f"customers/{ann.pk}/edit/"), opened)
        assert answer.status_code == 409
        assert "Shoe size" in text(answer)
        kept = {**opened, "version": ann.version + 1, "keep-custom.shoe_size": "mine"}
        desk.post(at(f"customers/{ann.pk}/edit/"), kept)
        assert Customer.objects.of(shop).get(pk=ann.pk).custom == {"shoe_size": "41"}

    def test_the_list_asks_shows_and_sorts(self, desk, shop, size):
        for name, value in (("Ann", "40.5"), ("Bob", "39"), ("Cem", "")):
            update_customer(create_customer(shop, name=name), {"custom.shoe_size": value}, by=SYSTEM)
        page = text(desk.get(at("customers/?where=shoe_size+%3E+39&columns=shoe_size&sort=-shoe_size")))
        assert "Ann" in page
        assert "40.5" in page
        assert ">Bob<" not in page
        assert "Shoe size" in text(desk.get(at("customers/columns/")))
        assert "Shoe size" in text(desk.get(at("customers/filter/")))
        answer = desk.get(at("customers/?where=shoe_sise+%3E+39"))
        assert "shoe_size" in text(answer)

    def test_many_at_once_with_undo(self, desk, shop, size):
        ann = create_customer(shop, name="Ann")
        opened = desk.post(at("customers/bulk/field/"), {"ids": [ann.pk]})
        assert "Shoe size" in text(opened)
        selection = f'{{"ids": [{ann.pk}], "expected": 1}}'
        given = {"selection": selection, "field": "shoe_size"}
        wrong = desk.post(at("customers/bulk/field/run"), {**given, "value": "big"})
        assert wrong.status_code == 422
        desk.post(at("customers/bulk/field/run"), {**given, "value": "44"})
        ann.refresh_from_db()
        assert ann.custom == {"shoe_size": "44"}

    def test_the_bar_has_no_button_without_fields(self, desk, shop):
        create_customer(shop, name="Ann")
        assert "Set field" not in text(desk.get(at("customers/")))


class TestTheApi:
    @pytest.fixture
    def program(self, shop, owner):
        _key, secret = create_api_key(shop, "Shop", [Scope.CUSTOMERS], by=actor(owner))
        return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def test_tells_asks_and_lists(self, shop, size, program):
        ann = update_customer(create_customer(shop, name="Ann"), {"custom.shoe_size": "40.5"}, by=SYSTEM)
        client = Client()
        fields = client.get("/api/v1/fields", **program).json()["customers"]["fields"]
        assert {"name": "shoe_size", "kind": "number", "label": "Shoe size"}.items() <= next(
            one for one in fields if one["name"] == "shoe_size"
        ).items()
        found = client.get("/api/v1/customers?where=shoe_size>40&fields=name,shoe_size", **program).json()
        assert found["customers"] == [{"id": ann.pk, "name": "Ann", "shoe_size": "40.5"}]
        assert client.get(f"/api/v1/customers/{ann.pk}", **program).json()["custom"]["shoe_size"] == "40.5"
        assert client.get("/api/v1/customers?where=shoe_sise>40", **program).status_code == 422
