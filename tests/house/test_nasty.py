"""Whatever a browser sends, the answer is never a fault of ours."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest
from django.db import transaction

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.errors import DomainError
from regulars.kit.query import BadCondition
from regulars.kit.query.paging import Cursor, Order, ids_of_page
from tests.factories import create_customer, create_shop, create_staff
from tests.house.asking import address, pages_for, signed_in
from tests.house.routes import routes_in_a_shop

pytestmark = pytest.mark.django_db

NAMES = (
    "where", "search", "sort", "columns", "size", "at", "q", "list", "tab", "before", "after", "part", "field", "op",
    "value", "second", "ids", "without", "everyone", "bin", "now", "which", "channel", "state", "name", "redraw",
    "next",
)  # fmt: skip
NASTY = {
    "nul": "%00",
    "nul inside": "name%20=%20'a%00b'",
    "half a surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "large": "1" + "0" * 30,
    "beyond bigint": str(2**63),
    "thousands of digits": "9" * 5000,
    "long": "a" * 10_000,
    "digits of elsewhere": quote("²٣"),
    "negative": "-1",
    "blank": "",
    "quotes": quote("'\"\\;--"),
    "deep": quote("(" * 3000 + "name = 'a'" + ")" * 3000, safe="()"),  # %28 would take seconds to read a hundred times
    "deep not": quote("NOT (" * 1500 + "name = 'a'" + ")" * 1500, safe="()"),
    "a lookup": "pk__in",
    "a far day": quote("created_at >= 9999-12-31 AND created_at <= -99999999y"),
    "a large amount": quote("total_spent > 1" + "0" * 400),
    "markup": quote("<script>alert(1)</script>"),
}


@pytest.fixture(scope="module")
def owner(kept):
    return create_staff(create_shop("Here"), role="owner")


@pytest.fixture(scope="module")
def addresses(owner):
    """Every route the owner may ask for, with the address of an object."""
    return list(pages_for(owner))


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
def test_no_page_breaks_on_an_address(owner, addresses, value):
    desk = signed_in(owner)
    every = "&".join(f"{name}={value}" for name in NAMES)

    broken = [
        url for _route, url in addresses if desk.get(f"{url}?{value}={value}&{every}&q=a&search=b").status_code >= 500
    ]

    assert broken == []


ASKED = ("where", "search", "sort", "columns", "size", "at", "part", "field")
LISTS = ("customers/", "customers/filter/", "orders/")


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("path", LISTS)
def test_no_list_breaks_on_one_parameter(owner, path, value):
    desk = signed_in(owner)
    home = f"/s/{owner.shop.slug}/{path}"

    broken = [name for name in ASKED if desk.get(f"{home}?{name}={value}").status_code >= 500]
    broken += [
        name for name in ("at", "size", "sort") if desk.get(f"{home}?search=a&{name}={value}").status_code >= 500
    ]

    assert broken == []


@pytest.mark.parametrize("number", [0, 2**63, 10**30, int("9" * 4000)])
def test_an_object_of_any_number_is_missing_or_there(owner, number):
    desk = signed_in(owner)
    numbered = [route for route in routes_in_a_shop() if "<int:" in route.path]

    for route in numbered:
        values = {name: number for name in route.parameters if f"<int:{name}>" in route.path}
        url = address(route, owner.shop, **values)
        assert desk.get(url).status_code in (404, 405), route.name
        assert desk.post(url, {}).status_code in (404, 405), route.name


FIELDS = (
    *NAMES, "text", "selection", "key", "back", "add", "remove", "tags", "had", "status", "staff", "group", "email",
    "phone", "birth_day", "birth_month", "birth_year", "country", "address_country", "address1", "citizen_id", "use",
    "version", "but", "accepted", "keep-name", "then", "at", "source", "up", "down", "colour", "role", "do", "format",
    "delimiter", "column-0", "policy", "match_1", "consent_at", "consent_source", "referrer", "note", "language",
    "timezone", "currency", "slug", "active", "gender", "source_channel", "account_state", "oa_state",
)  # fmt: skip
FORMS = {name: NASTY[name] for name in NASTY if name not in ("blank", "deep not", "a lookup", "not UTF-8")}


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_no_form_breaks_on_what_is_sent(owner, addresses, value):
    desk = signed_in(owner)
    body = "&".join(f"{name}={value}" for name in FIELDS)
    broken = []
    for route, url in addresses:
        if route.name in ("settings_staff_member", "settings_staff_access"):
            continue  # of somebody else, tested by their own forms
        with transaction.atomic():
            if desk.post(url, body, content_type="application/x-www-form-urlencoded").status_code >= 500:
                broken.append(route.name)
            transaction.set_rollback(True)  # the next one finds its object, whatever this one did
    assert broken == []


SELECTIONS = (
    "", "[]", "{}", "nonsense", "[" * 100_000, '{"ids": 1}', '{"ids": ["a"]}', '{"ids": [1e30]}', '{"ids": [null]}',
    '{"ids": [1%s]}' % ("0" * 30), '{"ids": {"a": 1}}', '{"where": 7, "expected": 1}', '{"where": "\\u0000"}',
    '{"where": "name = \'\\ud800\'", "expected": 9}', '{"search": "\\ud800", "expected": 9}',
    '{"search": "a", "expected": "many"}', '{"search": "a", "excluded": "b", "expected": 3}', '{"where": "sham = 1"}',
    '{"ids": [%s]}' % ("9" * 5000),
)  # fmt: skip


@pytest.mark.parametrize("selection", SELECTIONS)
def test_a_selection_nobody_made_is_refused(owner, selection):
    ann = create_customer(owner.shop, name="Ann")
    desk = signed_in(owner)

    response = desk.post(f"/s/{owner.shop.slug}/customers/bulk/delete/run", {"selection": selection, "key": "k" * 500})

    assert response.status_code < 500
    ann.refresh_from_db()
    assert ann.deleted_at is None


CURSORS = (
    ["a", 1, 0], [None, 1, 0], [True, 1, 0], [1.5, 1, 0], [1, 10**30, 0], [10**30, 1, 1], [{"at": "2026-01-01"}, 1, 0],
    [{"at": 5}, 1, 0], [{"on": "2026-01-01"}, 1, 0], ["\x00", 1, 0], ["\ud800", 1, 0], [[], 1, 0], [1, "1", 0], 7,
    [{"at": "0001-01-01T00:00:00+14:00"}, 1, 0], {"a": 1, "b": 2, "c": 3},
)  # fmt: skip


@pytest.mark.parametrize("raw", [*map(json.dumps, CURSORS), "[" * 50_000], ids=range(len(CURSORS) + 1))
@pytest.mark.parametrize("sort", ["name", "created_at", "total_spent", "last_order_date", "staff"])
def test_a_cursor_nobody_wrote_is_refused_or_harmless(raw, sort):
    shop = create_customer(name="Ann").shop
    text = urlsafe_b64encode(raw.encode()).decode().rstrip("=")
    order = Order.read(sort, customer_fields, context_for(shop))

    try:
        assert len(ids_of_page(Customer.objects.of(shop), order, size=5, cursor=text).ids) <= 1
    except DomainError as refusal:
        assert isinstance(refusal, BadCondition)


def test_a_cursor_comes_back_as_it_was():
    assert Cursor.read(Cursor("đào", 7, True).write()) == Cursor("đào", 7, True)


@pytest.mark.parametrize("path", ["join/{}/", "start/link/{}/", "start/first/{}/", "s/{}/", "accounts/login/?next={}",
                                  "accounts/password/reset/key/{}/", "healthz?a={}", "{}"])  # fmt: skip
@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "9" * 5000, "%2e%2e%2f"])
def test_no_page_outside_a_shop_breaks(client, path, value):
    client.raise_request_exception = False

    assert client.get("/" + path.format(value)).status_code < 500
