"""A program that asks the API with a key of a shop."""

import json
from decimal import Decimal
from typing import Any

from django.test import Client

from regulars.customers.models import Customer
from regulars.orders.models import Order
from regulars.orders.operations import record_order
from regulars.shops.models import ApiKey, Shop
from regulars.shops.operations import create_api_key
from regulars.shops.permissions import Scope
from tests.factories import SYSTEM
from tests.orders.trade import order

ALL = tuple(Scope.values)
HOME = "/api/v1"


def create_key(shop: Shop, *scopes: str, origins: tuple[str, ...] = (), name: str = "Till") -> tuple[ApiKey, str]:
    """A key and its secret: a public one when origins are given; with all scopes when none are."""
    return create_api_key(shop, name, scopes or ALL, is_public=bool(origins), origins=origins, by=SYSTEM)


class Program:
    """Asks with one secret."""

    def __init__(self, secret: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {**({"Authorization": f"Bearer {secret}"} if secret else {}), **headers}

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"{HOME}{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        given = {**self.headers, **headers}
        return self.client.post(f"{HOME}{path}", text, content_type="application/json", headers=given)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(
            f"{HOME}{path}", json.dumps(body), content_type="application/json", headers=self.headers
        )

    def ask(self, path: str, **asked: Any) -> Any:
        """The JSON of an answer that must be fine."""
        response = self.get(path, **asked)
        assert response.status_code == 200, response.content
        return response.json()

    def all_of(self, path: str, name: str, **asked: Any) -> list[dict[str, Any]]:
        """The rows of all pages."""
        rows, cursor = [], ""
        while True:
            page = self.ask(path, **asked, cursor=cursor)
            rows += page[name]
            cursor = page["next"]
            if cursor is None:
                return rows


def program(shop: Shop, *scopes: str) -> Program:
    """A program with a fresh secret key."""
    return Program(create_key(shop, *scopes)[1])


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem an answer tells, which must be of this status and code."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    told: dict[str, Any] = response.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"].endswith(code)
    assert told["title"] and told["detail"]
    return told


def create_order(customer: Customer, total: int | Decimal, **facts: Any) -> Order:
    """An order of this customer on the website."""
    facts = order(total=total, customer_id=customer.pk, currency=customer.shop.currency, **facts)
    made = record_order(customer.shop, facts, by=SYSTEM)
    return Order.objects.of(customer.shop_id).get(pk=made.order_id)
