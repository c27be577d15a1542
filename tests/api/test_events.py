"""Events from the shop's server and from its website."""

import pytest

from regulars.catalog.models import Activity, Product
from regulars.customers.models import Customer
from tests.api.asking import Program, create_key, problem, program
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db

SHOP = "https://shop.example"


@pytest.fixture
def shop():
    return create_shop("Here")


@pytest.fixture
def website(shop):
    """The shop's website, in a visitor's browser."""
    return Program(create_key(shop, origins=(SHOP,))[1], Origin=SHOP)


def visit(**facts):
    return {"type": "visit", "visitor": "v1", **facts}


def sent(who, *events):
    response = who.post("/events", {"events": list(events)})
    assert response.status_code == 202, response.content
    return response.json()


class TestADelivery:
    def test_is_recorded(self, shop):
        ann = create_customer(shop, name="Ann", email="ann@example.com")

        told = sent(
            program(shop, "events.write"),
            visit(id="1", customer={"email": "Ann@Example.com"}),
            {"type": "product_viewed", "id": "2", "customer": {"id": ann.pk}, "product": {"sku": "T-1", "name": "Tea"}},
        )

        assert told == {"accepted": 2, "duplicates": 0, "unknown_customers": 0, "problems": []}
        assert Activity.objects.of(shop).filter(customer=ann).count() == 2
        assert Customer.objects.get(pk=ann.pk).visits == 1

    def test_that_comes_twice_counts_once(self, shop):
        till = program(shop)
        sent(till, visit(id="1"), visit(id="2"))

        told = sent(till, visit(id="2"), visit(id="3"))

        assert (told["accepted"], told["duplicates"]) == (1, 1)
        assert Activity.objects.of(shop).count() == 3

    def test_tells_what_is_wrong_and_takes_the_rest(self, shop):
        told = sent(
            program(shop),
            visit(id="1"), {"type": "dance", "id": "2", "visitor": "v1"}, "visit", None, visit(id="5", at="never"),
            visit(id="6", customer=[1]), visit(id="7", url="javascript:alert(1)"), visit(id="8"),
            {"type": "visit", "customer": {"email": "nobody@example.com"}},
        )  # fmt: skip

        assert (told["accepted"], told["unknown_customers"]) == (2, 1)
        assert [(one["index"], one["id"], one["field"]) for one in told["problems"]] == [
            (1, "2", "type"), (2, None, ""), (3, None, ""), (4, "5", "at"), (5, "6", "customer"), (6, "7", "url"),
        ]  # fmt: skip
        assert "dance" in told["problems"][0]["detail"]

    @pytest.mark.parametrize("nasty", ["a\0b", "\ud800", "é" * 5000, "{value}", "%s", 1e400, True, {}, [[]]])
    def test_with_nasty_values_breaks_nothing(self, shop, nasty):
        for name in ("id", "type", "at", "visitor", "url", "category", "collection", "customer", "product"):
            sent(program(shop), visit(**{name: nasty}))
        for name in ("id", "external_id", "channel", "email", "phone"):
            sent(program(shop), visit(customer={name: nasty}))
        for name in ("id", "external_id", "channel", "sku", "name", "category", "image_url"):
            sent(program(shop), visit(product={"name": "Tea", name: nasty}))

    @pytest.mark.parametrize("events", [[], [visit()] * 501])
    def test_holds_1_to_500_events(self, shop, events):
        told = problem(program(shop).post("/events", {"events": events}), 422, "api.not_valid")

        assert told["errors"][0]["where"].endswith("events")
        assert not Activity.objects.exists()


class TestAWebsite:
    def test_may_send_from_its_own_address(self, shop, website):
        response = website.post("/events", {"events": [visit(id="1")]})

        assert response.status_code == 202
        assert response["Access-Control-Allow-Origin"] == SHOP
        assert "Origin" in response["Vary"]
        assert "Access-Control-Allow-Credentials" not in response
        assert Activity.objects.of(shop).get().source == "browser"

    @pytest.mark.parametrize(
        "origin", ["", "null", "https://evil.example", "http://shop.example", f"{SHOP}.evil.example"]
    )
    def test_elsewhere_is_refused_and_may_not_read_why(self, website, origin):
        website.headers["Origin"] = origin

        response = website.post("/events", {"events": [visit()]})

        problem(response, 403, "api.wrong_origin")
        assert "Access-Control-Allow-Origin" not in response
        assert not Activity.objects.exists()

    def test_may_ask_before_it_sends(self, website):
        asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}

        response = website.client.options("/api/v1/events", headers=asked)

        assert response.status_code == 204
        assert response["Access-Control-Allow-Headers"] == "authorization, content-type"
        assert website.client.options("/api/v1/customers", headers=asked).status_code == 405

    def test_reads_nothing(self, website):
        for path in ("/customers", "/orders", "/fields", "/segments", "/customers/1"):
            response = website.get(path)
            problem(response, 403, "api.scope_missing")
            assert "Access-Control-Allow-Origin" not in response

    def test_cannot_try_out_who_is_known(self, shop, website):
        ann = create_customer(shop, name="Ann", email="ann@example.com", phone="0912 345 678")

        for hint in ({"email": "ann@example.com"}, {"phone": "0912 345 678"}, {"id": ann.pk}):
            told = sent(website, visit(customer=hint))
            assert (told["accepted"], told["problems"][0]["field"]) == (0, f"customer.{next(iter(hint))}")
        assert Customer.objects.get(pk=ann.pk).visits == 0

    def test_hears_the_same_of_known_and_unknown_people(self, shop, website):
        create_customer(shop, name="Ann", external_id="c-1", channel="website")
        told = [
            sent(website, visit(id=f"{who}{n}", customer={"external_id": who, "channel": "website"}))
            for n in (1, 1) for who in ("c-1", "c-2")
        ]  # fmt: skip

        assert told[0] == told[1]
        assert told[2] == told[3]

    def test_must_name_the_visitor(self, website):
        told = sent(website, {"type": "visit", "customer": {"external_id": "c-1", "channel": "website"}})

        assert told["problems"][0]["field"] == "visitor"

    def test_cannot_use_up_the_ids_of_the_server(self, shop, website):
        sent(website, visit(id="order-1"))

        assert sent(program(shop), visit(id="order-1"))["accepted"] == 1

    def test_adds_no_products(self, shop, website):
        sent(website, {"type": "product_viewed", "visitor": "v1", "product": {"sku": "X-1", "name": "Invented"}})

        assert Activity.objects.of(shop).get().title == "Invented"
        assert not Product.objects.of(shop).exists()
