"""Signing in and out, losing access, sessions, a second proof, and what one sets for oneself."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from regulars.shops.models import Staff, User
from regulars.shops.operations import create_person, deactivate_staff, invite
from regulars.web.accounts import links
from tests.factories import SYSTEM, create_shop, create_staff, create_user
from tests.web.accounts.signing import BACKEND, LOGIN, PASSWORD, is_signed_in, sign_in, text

pytestmark = pytest.mark.django_db


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
