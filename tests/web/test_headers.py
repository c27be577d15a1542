"""What every answer tells the browser it may do, and how cookies are kept."""

import json
import os
import subprocess
import sys

import pytest

from regulars.web.accounts import links
from regulars.web.settings import frame
from tests.factories import create_shop, create_staff, create_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def signed_in(client, shop):
    """A browser with an owner signed in."""
    client.force_login(create_staff(shop, role="owner").user, backend=BACKEND)
    client.raise_request_exception = False
    return client


ANSWERS = {
    "a page": ("get", "/s/hoa-sen/customers/", 200),
    "a part": ("part", "/s/hoa-sen/settings/", 200),
    "a redirect": ("get", "/", 302),
    "a refused form": ("post", "/s/hoa-sen/settings/", 422),
    "an address that is not there": ("get", "/s/other/customers/", 404),
    "a wrong method": ("get", "/me/theme", 405),
    "a used link": ("get", "/start/link/used/", 410),
    "the sign-in": ("get", "/accounts/login/", 302),
    "a page about oneself": ("get", "/me/", 200),
    "a page of the sign-in library": ("get", "/accounts/2fa/", 200),
    "the health check": ("get", "/healthz", 200),
}


def asked(client, way, path):
    if way == "part":
        return client.get(path, headers={"HX-Request": "true", "HX-Target": "div#dialog-body"})
    return getattr(client, way)(path)


@pytest.mark.parametrize(("way", "path", "status"), ANSWERS.values(), ids=ANSWERS)
class TestEveryAnswer:
    def test_lets_the_browser_run_and_load_only_what_is_ours(self, signed_in, way, path, status):
        answer = asked(signed_in, way, path)
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))

        assert answer.status_code == status
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert policy["default-src"] == "'none'"
        assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
        assert {policy[name] for name in ("base-uri", "frame-ancestors")} == {"'none'"}

    def test_is_closed_to_other_sites(self, signed_in, way, path, status):
        answer = asked(signed_in, way, path)

        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]

    def test_stays_in_no_cache(self, signed_in, way, path, status):
        answer = asked(signed_in, way, path)

        assert path == "/healthz" or "no-store" in answer["Cache-Control"]


class TestAnAnswerThatBroke:
    def test_is_as_closed_as_the_others(self, signed_in, monkeypatch):
        monkeypatch.setattr(frame, "page", lambda *facts, **more: 1 / 0)

        answer = signed_in.get("/s/hoa-sen/settings/")

        assert answer.status_code == 500
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert "ZeroDivisionError" not in answer.content.decode()


class TestCookies:
    def test_are_for_the_server_alone(self, client, shop):
        person = create_user(password="correct horse battery")
        client.get(links.first_run_link())
        client.post("/accounts/login/", {"login": person.email, "password": "correct horse battery"})
        client.get("/me/")

        assert {"session", "csrf"} <= set(client.cookies)
        for cookie in client.cookies.values():
            assert cookie["httponly"], cookie.key
            assert cookie["samesite"] == "Lax", cookie.key
            assert cookie["path"] == "/", cookie.key

    def test_hold_no_words(self, client, shop):
        """Toasts name customers; they wait in the session, not in the browser."""
        client.force_login(create_user(), backend=BACKEND)

        client.post("/me/", {"name": "Ana", "language": ""})

        assert set(client.cookies) <= {"session", "csrf"}
        assert "Saved." in client.get("/me/").content.decode()

    def test_are_bound_to_the_host_when_there_is_https(self):
        names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
        switches = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")

        found = settings_with({"REGULARS_HTTPS": "on"}, [*names, *switches, "SESSION_COOKIE_DOMAIN"])

        assert found[:2] == ["__Host-session", "__Host-csrf"]
        assert all(found[2:5]) and found[5] >= 31_536_000
        assert found[6] is None


def settings_with(environment, names):
    """Settings as a process with these variables has them."""
    code = (
        "import json; from regulars.config import settings as s; print(json.dumps([getattr(s, n, None) for n in %r]))"
    )
    run = [sys.executable, "-c", code % (names,)]
    done = subprocess.run(run, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
