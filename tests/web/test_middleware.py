"""What happens around every page."""

import pytest
from allauth.usersessions.models import UserSession

from regulars.web import middleware
from tests.factories import create_staff, create_user

pytestmark = pytest.mark.django_db
PAGE = "/healthz"


def seen():
    """When, from where and with what each session was last used."""
    return list(UserSession.objects.order_by("pk").values_list("last_seen_at", "ip", "user_agent"))


class TestWhereOneIsSignedIn:
    @pytest.fixture(autouse=True)
    def ann_at_her_desk(self, client):
        ann = create_user("ann@example.com")
        create_staff(user=ann)
        client.force_login(ann)
        client.get(PAGE, headers={"user-agent": "Firefox"})

    def test_is_noted_with_the_first_request(self):
        assert [browser for _at, _ip, browser in seen()] == ["Firefox"]

    def test_is_not_written_again_with_every_request(self, client):
        before = seen()

        client.get(PAGE, headers={"user-agent": "Firefox"})

        assert seen() == before

    def test_is_noted_again_after_a_minute(self, client, monkeypatch):
        before = seen()
        later = middleware.time.monotonic() + middleware.NOTED_SECONDS
        monkeypatch.setattr(middleware.time, "monotonic", lambda: later)

        client.get(PAGE, headers={"user-agent": "Firefox"})

        assert seen()[0][0] > before[0][0]

    def test_is_noted_at_once_from_another_browser_or_place(self, client):
        client.get(PAGE, headers={"user-agent": "Chrome"}, REMOTE_ADDR="10.0.0.7")

        assert [(ip, browser) for _at, ip, browser in seen()] == [("10.0.0.7", "Chrome")]
