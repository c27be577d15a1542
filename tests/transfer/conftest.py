"""A shop, its private files and short ways to import and look."""

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.kit.dates import zone
from regulars.orders.facts import OrderFacts
from regulars.orders.models import Order
from regulars.orders.operations import record_order
from regulars.shops.models import Shop
from regulars.shops.operations import create_shop

SAMPLES = Path(__file__).parent.parent / "samples"
BAGISTO = SAMPLES / "csv" / "shops" / "bagisto_customers.csv"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def make_shop(slug: str = "kape", country: str = "PH", currency: str = "PHP", **more: str) -> Shop:
    more = {"timezone": "Asia/Manila", "language": "en"} | more
    return create_shop(slug.title(), slug=slug, country=country, currency=currency, by=Actor.system(), **more)


@pytest.fixture
def shop(db) -> Shop:
    return make_shop()


def place_order(shop: Shop, number: str = "1001", **facts: Any) -> Order:
    """An order of 300.00 (of currencies with two decimals), placed at noon of 2026-03-01 in the shop's zone."""
    facts = {"total": Decimal(300), "placed_at": datetime(2026, 3, 1, 12, tzinfo=zone(shop.timezone))} | facts
    told = OrderFacts(channel="website", external_id=number, number=f"#{number}", currency=shop.currency, **facts)
    return Order.objects.of(shop).get(pk=record_order(shop, told, by=Actor.system()).order_id)


@pytest.fixture
def write(tmp_path):
    """A file of rows (lists of cells) or of text."""

    def written(rows: Any, name: str = "list.csv", delimiter: str = ",") -> Path:
        path = tmp_path / name
        if isinstance(rows, bytes):
            path.write_bytes(rows)
        elif isinstance(rows, str):
            path.write_text(rows, "utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return written


def figures(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    return answer["created"], answer["updated"], answer["unchanged"], answer["rejected"]


def one(shop, **facts: Any) -> Customer:
    return Customer.objects.of(shop).get(**facts)
