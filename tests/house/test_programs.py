"""Every address of the API × no key, a key without the scope, another shop's objects."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.api.house import api
from regulars.customers.models import Customer
from regulars.orders.models import Order
from regulars.segments.models import Segment
from regulars.segments.operations import create_segment
from regulars.shops.models import Staff
from regulars.shops.permissions import Scope
from regulars.tasks.models import Task
from tests.api.asking import Program, create_key
from tests.factories import SYSTEM, create_shop
from tests.house.canary import marked_shop

pytestmark = pytest.mark.django_db

CANARY = "CANARYP"
ADDRESSES = [
    (method, path.removeprefix("/api/v1"))
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]
WITH_OBJECTS = [one for one in ADDRESSES if "{" in one[1]]

OBJECTS: dict[str, Callable[[Any], Any]] = {
    "/customers/{id}": lambda shop: Customer.objects.of(shop).alive().earliest("pk").pk,
    "/orders/{id}": lambda shop: Order.objects.of(shop).first().pk,
    "/segments/{key}": lambda shop: Segment.objects.of(shop).first().pk,
    "/tasks/{id}": lambda shop: Task.objects.of(shop).existing().first().pk,
}
"""What stands in an address, of a shop that has everything."""

BODIES: dict[tuple[str, str], Callable[[Any], dict[str, Any]]] = {
    ("post", "/customers"): lambda shop: {"name": "Ann"},
    ("patch", "/customers/{id}"): lambda shop: {"name": "Ann"},
    ("post", "/customers/{id}/merge"): lambda shop: {"ids": [Customer.objects.of(shop).alive().latest("pk").pk]},
    ("post", "/customers/{id}/points"): lambda shop: {"points": 5, "note": "Gift"},
    ("post", "/tasks"): lambda shop: {
        "title": "Call", "assignee_id": Staff.objects.of(shop).first().pk, "due_on": "2026-03-02",
    },
    ("patch", "/tasks/{id}"): lambda shop: {"title": "Call"},
    ("post", "/tasks/{id}/finish"): lambda shop: {},
    ("post", "/events"): lambda shop: {"events": [{"type": "visit", "visitor": "v"}]},
}  # fmt: skip
"""What every address that stores something is sent. A new one must be named here."""


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def with_everything():
    """A shop that has something at every address, all of it marked."""
    shop = marked_shop(CANARY)
    create_segment(shop, name=f"{CANARY} segment", where="orders >= 0", by=SYSTEM)
    return shop


def ask(program, method, path, shop):
    """Ask an address, about the things of a shop."""
    start = next((start for start in OBJECTS if path.startswith(start)), "")
    if start:
        path_asked = path.replace("{id}", str(OBJECTS[start](shop))).replace("{key}", str(OBJECTS[start](shop)))
    else:
        path_asked = path
    body = BODIES[method, path](shop) if method != "get" else None
    return program.get(path_asked) if body is None else getattr(program, method)(path_asked, body)


def test_every_address_is_known_here():
    """Whoever adds an address says what it is sent and what stands in it."""
    assert [one for one in ADDRESSES if one[0] != "get" and one not in BODIES] == []
    assert [path for _method, path in WITH_OBJECTS if not any(path.startswith(start) for start in OBJECTS)] == []


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
class TestEveryAddress:
    def test_stays_shut_without_a_key_and_without_its_scopes(self, method, path):
        shop = with_everything()

        assert ask(Program(), method, path, shop).status_code == 401
        needed = [scope for scope in Scope.values if ask(_without(shop, scope), method, path, shop).status_code == 403]
        assert needed or path == "/fields"
        assert ask(Program(create_key(shop, *needed)[1]), method, path, shop).status_code not in (401, 403, 500)

    def test_tells_nothing_of_another_shop(self, method, path):
        there = with_everything()
        before = _state(there)

        answer = ask(Program(create_key(create_shop("Here"))[1]), method, path, there)

        assert CANARY not in answer.content.decode()
        assert _state(there) == before
        if (method, path) in WITH_OBJECTS:
            assert answer.status_code == 404


def _without(shop, scope):
    return Program(create_key(shop, *[one for one in Scope.values if one != scope])[1])


def _state(shop):
    return [
        list(model.objects.of(shop).order_by("pk").values_list()) for model in (Customer, Order, Segment, Staff, Task)
    ]
