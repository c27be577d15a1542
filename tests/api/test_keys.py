"""Who is let in, to what, and how often."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.shops import doors
from regulars.shops.errors import KeyRevoked, KeySeesMore
from regulars.shops.models import ApiKey
from regulars.shops.operations import create_api_key, revoke_api_key
from regulars.shops.permissions import Scope
from tests.api.asking import ALL, Program, create_key, create_order, problem, program
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

SHOP = "https://shop.example"


@pytest.fixture
def shop():
    return create_shop("Here")


class TestAKey:
    def test_is_shown_once_and_stored_as_a_hash(self, shop):
        key, secret = create_key(shop)

        assert secret.startswith(key.prefix)
        assert len(secret) == len(key.prefix) + 1 + 64
        stored = ApiKey.objects.values().get(pk=key.pk)
        assert secret not in str(stored) and secret.rpartition("_")[2] not in str(stored)

    def test_is_told_in_the_trail_without_its_secret(self, shop):
        key, secret = create_key(shop, Scope.ORDERS)
        revoke_api_key(key, by=SYSTEM)

        events = Event.objects.filter(shop_id=shop.pk, about="api_key", about_id=key.pk).order_by("id")
        assert [event.kind for event in events] == ["api_key.created", "api_key.revoked"]
        assert secret not in str([event.data for event in events])

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": " ", "scopes": ALL}, "name"),
            ({"name": "Till", "scopes": []}, "scopes"),
            ({"name": "Till", "scopes": ["everything"]}, "scopes"),
            ({"name": "Site", "is_public": True}, "origins"),
            ({"name": "Site", "is_public": True, "origins": ["shop.example"]}, "origins"),
            ({"name": "Site", "is_public": True, "origins": ["https://shop.example/cart"]}, "origins"),
            ({"name": "Site", "is_public": True, "origins": ["javascript:alert(1)"]}, "origins"),
            ({"name": "Site", "is_public": True, "origins": ["https://[::"]}, "origins"),
            ({"name": "Site", "is_public": True, "origins": [f"https://{n}.example" for n in range(21)]}, "origins"),
        ],
    )
    def test_is_refused_when_it_makes_no_sense(self, shop, given, field):
        with pytest.raises(BadValue) as refusal:
            create_api_key(shop, by=SYSTEM, **given)

        assert refusal.value.field == field
        assert not ApiKey.objects.exists()

    def test_that_is_public_only_sends_events_from_its_websites(self, shop):
        key, _secret = create_api_key(
            shop,
            "Site",
            ALL,
            is_public=True,
            origins=["https://SHOP.example:443/", "http://bücher.example:8000"],
            by=SYSTEM,
        )

        assert key.scopes == ["events.write"]
        assert key.origins == [SHOP, "http://xn--bcher-kva.example:8000"]
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.of(shop).update(scopes=list(ALL))

    def test_never_reads_more_than_who_made_it(self, shop):
        minh = create_staff(shop, role="manager", only_own=True)

        with pytest.raises(KeySeesMore):
            create_api_key(shop, "All", ["customers.read"], staff=minh, by=SYSTEM)
        create_api_key(shop, "Events", ["events.write"], staff=minh, by=SYSTEM)

        assert [key.name for key in ApiKey.objects.of(shop)] == ["Events"]

    def test_is_revoked_once(self, shop):
        key, _secret = create_key(shop)
        revoke_api_key(key, by=SYSTEM)

        with pytest.raises(KeyRevoked):
            revoke_api_key(key, by=SYSTEM)


class TestTheDoor:
    def test_opens_for_a_working_key(self, shop):
        assert program(shop).ask("/customers")["count"] == 0

    @pytest.mark.parametrize(
        "path", ["/customers", "/customers/1", "/orders", "/fields", "/segments", "/segments/x/members"]
    )
    def test_stays_shut_without_one(self, path):
        response = Program().get(path)

        problem(response, 401, "api.not_let_in")
        assert response["WWW-Authenticate"] == "Bearer"

    def test_stays_shut_for_anything_that_only_looks_like_one(self, shop):
        key, secret = create_key(shop)
        other, _other = create_key(create_shop("There"))
        almost = secret[:-1] + ("0" if secret[-1] != "0" else "1")
        elsewhere = secret.replace(f"_{shop.pk}_", f"_{other.shop_id}_")

        for wrong in ("x", almost, secret.upper(), secret + "0", elsewhere, key.prefix, key.secret_hash, "é", "\u00b2"):
            problem(Program(wrong).get("/customers"), 401, "api.not_let_in")

    def test_shuts_at_once_when_the_key_is_revoked(self, shop):
        key, secret = create_key(shop)
        assert Program(secret).get("/customers").status_code == 200

        revoke_api_key(key, by=SYSTEM)

        problem(Program(secret).get("/customers"), 401, "api.not_let_in")

    def test_takes_no_cookie_for_a_key(self, shop, client):
        client.force_login(create_staff(shop).user, backend="allauth.account.auth_backends.AuthenticationBackend")

        assert client.get("/api/v1/customers").status_code == 401

    def test_notes_once_a_minute_when_a_key_was_used(self, shop, monkeypatch):
        key, secret = create_key(shop)
        start = timezone.now()
        seen = []
        for seconds in (0, 30, 61):
            monkeypatch.setattr(doors, "now", lambda at=start + timedelta(seconds=seconds): at)
            Program(secret).get("/customers")
            key.refresh_from_db()
            seen.append((key.last_used_at - start).total_seconds())

        assert seen == [0, 0, 61]


class TestScopes:
    @pytest.mark.parametrize(
        ("path", "needed"),
        [
            ("/customers", {"customers.read"}),
            ("/customers/count", {"customers.read"}),
            ("/customers/1", {"customers.read"}),
            ("/orders", {"orders.read"}),
            ("/orders/1", {"orders.read"}),
            ("/segments", {"segments.read"}),
            ("/segments/vip", {"segments.read"}),
            ("/segments/vip/members", {"segments.read", "customers.read"}),
        ],
    )
    def test_decide_about_every_address(self, shop, path, needed):
        for scope in needed:
            rest = set(ALL) - {scope}
            told = problem(program(shop, *rest).get(path), 403, "api.scope_missing")
            assert scope in told["detail"]
        assert program(shop, *needed).get(path).status_code in (200, 404)

    def test_hide_what_customers_spent(self, shop):
        create_customer(shop, name="Ann")
        till = program(shop, "customers.read")

        [row] = till.ask("/customers")["customers"]
        assert {"name", "email", "phone"} <= set(row)
        assert not {"orders", "total_spent", "last_order"} & set(row)
        for asked in ({"where": "orders > 0"}, {"sort": "total_spent"}, {"fields": "debt"}):
            problem(till.get("/customers", **asked), 422, "query.bad_condition")

    def test_hide_whom_an_order_number_belongs_to(self, shop):
        ann = create_customer(shop, name="Ann")
        create_order(ann, 100, number="#1001")

        assert program(shop).ask("/customers", search="#1001")["count"] == 1
        assert program(shop, "customers.read").ask("/customers", search="#1001")["count"] == 0

    def test_hide_contact_data_of_orders(self, shop):
        till = program(shop, "orders.read")

        problem(till.get("/orders", where="email = 'a@example.com'"), 422, "query.bad_condition")
        assert program(shop).ask("/orders", where="email = 'a@example.com'")["count"] == 0


class TestAnotherShop:
    def test_keeps_its_rows_to_itself(self, shop):
        there = create_shop("There")
        ann = create_customer(there, name="Ann")
        sold = create_order(ann, 100)
        create_customer(there, name="Bob")
        till = program(shop)

        for path in (f"/customers/{ann.pk}", f"/orders/{sold.pk}"):
            problem(till.get(path), 404, "api.not_there")
        assert till.ask("/customers")["count"] == till.ask("/orders")["count"] == 0
        cursor = program(there).ask("/customers", limit=1)["next"]
        problem(till.get("/customers", cursor=cursor), 400, "query.damaged_cursor")


class TestHowOften:
    def test_is_told_with_every_answer(self, shop):
        till = program(shop)

        left = [int(till.get("/customers")["RateLimit-Remaining"]) for _ in range(3)]

        assert left[0] - left[2] == 2 or left[2] == doors.SECRET_LIMIT - 1  # the minute may turn
        assert till.get("/customers")["RateLimit-Limit"] == str(doors.SECRET_LIMIT)
        assert 0 < int(till.get("/customers")["RateLimit-Reset"]) <= 60

    def test_is_limited_for_each_key(self, shop, monkeypatch):
        at = timezone.now().replace(second=50)
        monkeypatch.setattr(doors, "now", lambda: at)
        monkeypatch.setattr(doors, "SECRET_LIMIT", 2)
        till, other = program(shop), program(shop)

        assert [till.get("/fields").status_code for _ in range(3)] == [200, 200, 429]
        response = till.get("/customers")
        told = problem(response, 429, "api.too_often")
        assert (response["Retry-After"], response["RateLimit-Remaining"]) == ("10", "0")
        assert "10 seconds" in told["detail"]
        assert other.get("/fields").status_code == 200

        monkeypatch.setattr(doors, "now", lambda: at + timedelta(seconds=10))
        assert till.get("/fields").status_code == 200


class TestAnyRequest:
    @pytest.mark.parametrize("path", ["/nowhere", "/", "/customers/", "/customers/1/x", "/docs"])
    def test_to_nowhere_is_a_problem(self, shop, path):
        problem(program(shop).get(path), 404, "api.not_there")

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "head", "options"])
    def test_by_another_method_is_a_problem(self, shop, method):
        till = program(shop)

        response = getattr(till.client, method)("/api/v1/orders", headers=till.headers)

        assert (response.status_code, response["Allow"]) == (405, "GET")
        assert response["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("path", ["/customers?where=a%00b", "/segments/a%00b", "/customers/%00"])
    def test_with_a_nul_is_a_problem(self, shop, path):
        till = program(shop)

        response = till.client.get(f"/api/v1{path}", headers=till.headers)

        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"

    def test_is_at_most_a_mebibyte(self, shop):
        problem(program(shop).post("/events", b" " * (1024 * 1024 + 1)), 413, "api.too_large")

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"events": 1}', b"[]", b"null", b'{"events": []}']
    )
    def test_with_an_unreadable_body_is_a_problem(self, shop, body):
        response = program(shop).post("/events", body)

        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"

    def test_speaks_the_language_that_is_asked_for(self, shop, settings):
        till = program(shop)
        till.headers["Accept-Language"] = "vi"

        response = till.get("/customers", where="orderz = 1")

        assert response["Content-Language"] == "vi"
        assert response.json()["code"] == "query.bad_condition"

    def test_that_breaks_us_quotes_a_reference(self, shop, monkeypatch):
        def broken(*_args, **_options):
            raise ValidationError("broken")

        monkeypatch.setattr("regulars.api.lists.count_up_to", broken)

        told = problem(program(shop).get("/customers"), 500, "api.broken")
        assert len(told["reference"]) == 8
