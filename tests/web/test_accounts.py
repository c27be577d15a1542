"""Getting in and staying out: first run, one-time links, invitations, sign-in, sessions."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations import create_person, deactivate_staff, invite
from regulars.web.accounts import links
from tests.factories import SYSTEM, create_shop, create_staff, create_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_tries_yet():
    """Rate limits count from nothing in every test."""
    cache.clear()


def text(response):
    return response.content.decode()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


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


class TestSigningIn:
    def test_leads_to_the_shop_and_back_to_where_one_was_going(self, client):
        ana = create_staff(role="owner", user=create_user(password=PASSWORD))
        here = f"/s/{ana.shop.slug}/settings/staff/"

        asked = client.get(here)

        assert asked.url == f"{LOGIN}?next={here}"
        assert client.post(asked.url, {"login": ana.user.email, "password": PASSWORD}).url == here
        assert client.get("/").url == f"/s/{ana.shop.slug}/customers/"

    @pytest.mark.parametrize(
        "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_never_leads_off_this_site(self, client, there):
        ana = create_user(password=PASSWORD)

        assert sign_in(client, ana.email, next=there).url == "/"

    def test_blocks_the_sixth_try_after_five_wrong_ones_even_if_it_is_right(self, client):
        ana = create_user(password=PASSWORD)

        answers = [sign_in(client, ana.email, "wrong wrong wrong") for _try in range(5)]
        sixth = sign_in(Client(), ana.email)

        assert {answer.status_code for answer in answers} == {200}
        assert "Too many" in text(sixth)
        assert not is_signed_in(client)

    def test_says_the_same_of_unknown_people_and_wrong_passwords(self, client):
        ana = create_user("ana@example.com", password=PASSWORD)

        known, unknown = sign_in(client, ana.email, "wrong wrong"), sign_in(client, "bob@example.com", "wrong wrong")

        problem = r'role="alert".*?</div></div>'
        assert re.search(problem, text(known), re.S)[0] == re.search(problem, text(unknown), re.S)[0]

    def test_is_not_open_to_people_who_are_switched_off(self, client):
        ana = create_user(password=PASSWORD, is_active=False)

        sign_in(client, ana.email)

        assert not is_signed_in(client)

    def test_nobody_signs_up(self, client):
        client.post("/accounts/signup/", {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD})

        assert not User.objects.exists()


class TestLosingAccess:
    """T135: a role removed while a session is open is gone with the next request."""

    def test_of_the_shop_counts_at_once(self, client):
        mai = create_staff(role="manager")
        client.force_login(mai.user, backend=BACKEND)
        page = f"/s/{mai.shop.slug}/customers/"
        before = client.get(page).status_code

        deactivate_staff(mai, by=SYSTEM)

        assert (before, client.get(page).status_code, client.post(page).status_code) == (200, 404, 404)

    def test_of_a_permission_counts_at_once(self, client):
        mai = create_staff(role="manager")
        client.force_login(mai.user, backend=BACKEND)
        page = f"/s/{mai.shop.slug}/settings/"
        before = client.get(page).status_code

        Staff.objects.filter(pk=mai.pk).update(role="agent")

        assert (before, client.get(page).status_code) == (200, 403)

    def test_of_the_account_counts_at_once(self, client):
        mai = create_staff(role="manager")
        client.force_login(mai.user, backend=BACKEND)

        User.objects.filter(pk=mai.user_id).update(is_active=False)

        assert client.get(f"/s/{mai.shop.slug}/customers/").url.startswith(LOGIN)


class TestSessions:
    @pytest.fixture
    def ana(self, client):
        """Signed in here by password, and elsewhere by a one-time link."""
        person = create_person("ana@example.com", PASSWORD, name="Ana")
        sign_in(client, person.email)
        return person

    @pytest.fixture
    def elsewhere(self, ana):
        other = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
        ana.refresh_from_db()
        other.post(links.one_time_link(ana))
        return other

    def test_are_listed_also_when_they_began_by_a_link(self, client, ana, elsewhere):
        page = text(client.get("/accounts/sessions/"))

        assert "Safari · iPhone" in page
        assert page.count("This browser") == 1

    def test_elsewhere_can_be_ended(self, client, ana, elsewhere):
        client.post("/accounts/sessions/")

        assert client.get("/me/").status_code == 200
        assert elsewhere.get("/me/").url.startswith(LOGIN)

    def test_elsewhere_end_with_a_new_password(self, client, ana, elsewhere):
        new = "staple battery horse"
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}

        before = elsewhere.get("/me/").status_code
        client.post("/accounts/password/change/", form)

        assert before == 200
        assert client.get("/me/").status_code == 200
        assert elsewhere.get("/me/").url.startswith(LOGIN)

    def test_end_by_signing_out_with_a_post_only(self, client, ana):
        client.get("/accounts/logout/")
        assert is_signed_in(client)

        client.post("/accounts/logout/")

        assert not is_signed_in(client)


class TestASecondProof:
    def test_can_be_set_up_without_a_mail_server(self, client):
        ana = create_person("ana@example.com", PASSWORD)
        sign_in(client, ana.email)

        asked = client.get("/accounts/2fa/totp/activate/")
        client.post(asked.url, {"password": PASSWORD})

        assert asked.url.startswith("/accounts/reauthenticate/")
        assert 'class="qr"' in text(client.get("/accounts/2fa/totp/activate/"))

    def test_stands_on_an_address_that_is_known(self, client):
        _made, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM)
        client.post(f"/join/{token}/", {"name": "Mai", "password": PASSWORD})

        address = EmailAddress.objects.get(user__email="mai@example.com")
        assert (address.verified, address.primary) == (True, True)

    def test_is_asked_after_the_password(self, client):
        ana = create_person("ana@example.com", PASSWORD)
        TOTP.activate(ana, generate_totp_secret())

        response = sign_in(client, ana.email)

        assert response.url.startswith("/accounts/2fa/authenticate/")
        assert not is_signed_in(client)


class TestOneself:
    def test_chooses_name_and_language(self, client):
        client.force_login(create_user(), backend=BACKEND)

        response = client.post("/me/", {"name": "Ana Pop", "language": "vi"}, follow=True)

        assert User.objects.get().name == "Ana Pop"
        assert response["Content-Language"] == "vi"
        assert '<html lang="vi"' in text(response)

    def test_gets_the_form_back_when_it_is_wrong(self, client):
        client.force_login(create_user(name="Ana"), backend=BACKEND)

        assert client.post("/me/", {"name": "x" * 121, "language": "tlh"}).status_code == 422
        assert User.objects.get().name == "Ana"

    @pytest.mark.parametrize(("asked", "kept"), [("dark", "dark"), ("light", "light"), ("pink", "auto")])
    def test_keeps_light_or_dark_for_other_browsers(self, client, asked, kept):
        ana = create_staff()
        client.force_login(ana.user, backend=BACKEND)

        client.post("/me/theme", {"theme": asked})

        assert User.objects.get().theme == kept
        page = text(client.get(f"/s/{ana.shop.slug}/customers/"))
        assert ("data-bs-theme" in page.partition(">")[2].partition(">")[0]) == (kept != "auto")

    def test_is_asked_to_sign_in_first(self, client):
        assert client.get("/me/").url == f"{LOGIN}?next=/me/"
        assert client.post("/me/theme").url.startswith(LOGIN)
