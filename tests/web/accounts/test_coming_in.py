"""How people come in for the first time: the first run, another shop, one-time links, invitations."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations import deactivate_staff, invite
from regulars.web.accounts import links
from tests.factories import SYSTEM, create_shop, create_staff, create_user
from tests.web.accounts.signing import BACKEND, PASSWORD, is_signed_in, sign_in, text

pytestmark = pytest.mark.django_db


def shop_facts(**changes):
    facts = {"name": "Ana’s Teas", "country": "RO", "currency": "RON", "timezone": "Europe/Bucharest", "language": "ro"}
    return {**facts, **changes}


class TestTheFirstRun:
    ANA = {"name": "Ana", "email": "Ana@Example.com", "password": PASSWORD}

    def test_leads_from_the_link_to_a_shop_with_an_owner(self, client):
        assert "Nobody has an account yet" in text(client.get("/"))

        assert client.get(links.first_run_link()).url == "/start/owner/"
        assert client.post("/start/owner/", self.ANA).url == "/start/shop/"
        assert client.post("/start/shop/", shop_facts()).url == "/start/anas-teas/customers/"
        assert "Bring your customers" in text(client.get("/start/anas-teas/customers/"))

        ana = Staff.objects.get()
        assert (ana.role, ana.user.email, ana.shop.currency) == ("owner", "ana@example.com", "RON")
        assert is_signed_in(client)

    def test_is_only_for_whoever_has_the_link(self, client):
        for path in ("/start/owner/", "/start/first/guess/", "/start/first/start:x:y/"):
            assert client.get(path).status_code in (404, 410)
        assert client.post("/start/owner/", self.ANA).status_code == 404

        assert not User.objects.exists()

    def test_is_over_when_somebody_exists(self, client):
        link = links.first_run_link()
        client.get(link)
        create_user()

        assert client.get(link).status_code == 410
        assert client.post("/start/owner/", self.ANA).status_code == 404

    def test_refuses_a_weak_password_in_the_form(self, client):
        client.get(links.first_run_link())

        response = client.post("/start/owner/", {**self.ANA, "password": "password12"})

        assert response.status_code == 422
        assert "too common" in text(response)
        assert not User.objects.exists()

    def test_can_be_gone_on_with_after_the_browser_was_closed(self, client):
        ana = create_user(password=PASSWORD)
        sign_in(client, ana.email)

        assert client.get("/").url == "/start/shop/"
        assert client.get("/start/shop/").status_code == 200

    @pytest.mark.parametrize(
        ("languages", "country"),
        [("ro", "RO"), ("en-PH,en;q=0.9", "PH"), ("en-US,en,id", "ID"), ("", "VN"), ("xx", "VN")],
    )
    def test_proposes_the_country_of_the_browser(self, client, languages, country):
        client.force_login(create_user(), backend=BACKEND)

        page = text(client.get("/start/shop/", headers={"Accept-Language": languages}))

        assert f'<option value="{country}" selected>' in page

    def test_proposes_what_is_usual_in_the_chosen_country(self, client):
        client.force_login(create_user(), backend=BACKEND)
        asked = {"HX-Request": "true", "HX-Target": "div#shop-usual"}

        part = text(client.get("/start/shop/?country=ID", headers=asked))

        assert "<html" not in part
        assert '<option value="IDR" selected>' in part and '<option value="Asia/Jakarta" selected>' in part


class TestAnotherShop:
    def test_is_opened_by_owners_only(self, client):
        owner, agent = create_staff(role="owner"), create_staff(role="agent")

        for staff, status in ((owner, 302), (agent, 404)):
            client.force_login(staff.user, backend=BACKEND)
            assert client.post("/start/shop/", shop_facts()).status_code == status

        assert Shop.objects.filter(name="Ana’s Teas").count() == 1

    def test_is_one_click_away(self, client):
        ana = create_staff(create_shop("Here"), role="owner")
        there = create_staff(create_shop("There"), role="viewer", user=ana.user)
        client.force_login(ana.user, backend=BACKEND)

        page = text(client.get("/s/here/customers/"))

        assert f'href="/s/{there.shop.slug}/"' in page
        assert client.get("/s/there/customers/").status_code == 200
        assert 'href="/start/shop/"' in page


class TestWhoWorksNowhere:
    def test_is_told_where_to_turn_and_opens_no_shop(self, client):
        mai = create_staff(role="agent", name="Mai")
        client.force_login(mai.user, backend=BACKEND)
        deactivate_staff(mai, by=SYSTEM)

        page = client.get("/")

        assert page.status_code == 200
        assert "work in no shop" in text(page)
        assert client.get("/start/shop/").status_code == 404


class TestAOneTimeLink:
    def test_is_not_used_up_by_looking(self, client):
        link = links.one_time_link(create_user(name="Ana"))

        for ask in (client.get, client.head, client.get):
            assert ask(link).status_code == 200

        assert not is_signed_in(client)
        assert client.post(link).status_code == 302
        assert is_signed_in(client)

    def test_works_once(self, client):
        link = links.one_time_link(create_user(), "/me/")

        assert client.post(link).url == "/me/"
        assert (Client().post(link).status_code, Client().get(link).status_code) == (410, 410)

    def test_dies_within_the_second_of_another_sign_in(self, client):
        ana = create_user(password=PASSWORD)
        sign_in(client, ana.email)
        ana.refresh_from_db()
        link = links.one_time_link(ana)

        client.post(link)

        assert Client().post(link).status_code == 410

    def test_dies_when_its_person_signs_in_otherwise(self, client):
        ana = create_user(password=PASSWORD)
        link = links.one_time_link(ana)

        sign_in(client, ana.email)

        assert Client().post(link).status_code == 410

    def test_dies_after_a_day_and_with_its_person(self, client, monkeypatch):
        ana, bo = create_user(), create_user()
        late, gone = links.one_time_link(ana), links.one_time_link(bo)
        User.objects.filter(pk=bo.pk).update(is_active=False)
        monkeypatch.setattr(links, "VALID_FOR", timedelta(seconds=-1))

        assert client.post(late).status_code == 410
        monkeypatch.undo()
        assert client.post(gone).status_code == 410

    @pytest.mark.parametrize(
        "there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_stays_on_this_site(self, client, there):
        assert client.post(links.one_time_link(create_user(), there)).url == "/"

    def test_is_not_forged(self, client):
        ana = create_user()
        link = links.one_time_link(ana)

        assert client.post(link[:-3] + "xx/").status_code == 410


class TestAnInvitation:
    @pytest.fixture
    def link(self):
        _made, token = invite(create_shop("Hoa Sen"), "mai@example.com", "agent", by=SYSTEM)
        return f"/join/{token}/"

    def test_makes_somebody_new_who_is_signed_in_at_once(self, client, link):
        response = client.post(link, {"name": "Mai", "password": PASSWORD})

        assert response.url == "/s/hoa-sen/customers/"
        assert client.get(response.url).status_code == 200
        assert Staff.objects.get(user__email="mai@example.com").role == "agent"

    def test_works_once(self, client, link):
        client.post(link, {"name": "Mai", "password": PASSWORD})

        assert Client().post(link, {"name": "Eve", "password": PASSWORD}).status_code == 410

    def test_is_not_used_up_by_looking_or_by_a_wrong_form(self, client, link):
        client.get(link)
        client.head(link)

        assert client.post(link, {"name": "Mai", "password": "short"}).status_code == 422
        assert client.post(link, {"name": "Mai", "password": PASSWORD}).status_code == 302

    def test_lets_somebody_known_join_after_signing_in(self, client, link):
        create_user("mai@example.com", password=PASSWORD)
        page = text(client.get(link))

        back = re.search(r'href="(/accounts/login/\?next=[^"]+)"', page)[1]
        assert client.post(back, {"login": "mai@example.com", "password": PASSWORD}).url == link
        assert client.post(link).url == "/s/hoa-sen/customers/"

    def test_takes_no_password_for_an_account_that_exists(self, client, link):
        create_user("mai@example.com", password=PASSWORD)

        response = client.post(link, {"name": "Eve", "password": "another horse battery"})

        assert response.status_code == 422
        assert not is_signed_in(client)

    def test_is_not_for_whoever_is_signed_in(self, client, link):
        client.force_login(create_user(), backend=BACKEND)

        assert "Sign out, then open the link again" in text(client.get(link))
        assert client.post(link).status_code == 422
        assert not Staff.objects.exists()
