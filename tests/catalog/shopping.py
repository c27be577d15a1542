"""Activity for tests, as another system would report it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.catalog.activity import ActivityResult, read_activity, record_activity
from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.shops.models import Shop

API = Actor("api", None, "Website")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def seen(type: str = "visit", *, minutes: float = 0, days: float = 0, **raw: Any) -> dict[str, Any]:
    """A raw activity, so many minutes and days before NOW."""
    at = NOW - timedelta(days=days, minutes=minutes)
    return {"type": type, "at": at.isoformat(), **raw}


def report(shop: Shop, *raws: dict[str, Any], source: str = "", now: datetime = NOW) -> ActivityResult:
    """Deliver activities together."""
    drafts = [read_activity(raw, now=now, country=shop.country, tz=shop.timezone) for raw in raws]
    return record_activity(shop, drafts, by=API, source=source)


def figures(customer: Customer) -> tuple[int, int, int]:
    """visits, visits_30d, interaction"""
    return Customer.objects.values_list("visits", "visits_30d", "interaction").get(pk=customer.pk)
