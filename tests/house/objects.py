"""An object for every parameter that stands in an address: what a new route must be able to name."""

from collections.abc import Callable
from typing import Any

from regulars.shops.models import JobRun, Shop
from tests.factories import create_customer
from tests.house.routes import Route


def _customer(shop: Shop) -> dict[str, Any]:
    return {"pk": create_customer(shop, name="Ann").pk}


def _job(shop: Shop) -> dict[str, Any]:
    return {"pk": JobRun.objects.create(shop=shop, kind="customers.action", title="Tags").pk}


MAKERS: dict[str, Callable[[Shop], dict[str, Any]]] = {
    "job_cancel": _job,
    "job_undo": _job,
}
"""Route name → a function that makes the object in a shop and answers the address's values."""


def values_for(route: Route, shop: Shop) -> dict[str, Any]:
    """Values for all parameters of a route, of objects in this shop."""
    if not route.parameters:
        return {}
    assert route.name in MAKERS, f"say in tests/house/objects.py what {route.name} needs"
    return MAKERS[route.name](shop)
