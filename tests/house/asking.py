"""Short ways to ask every page of a shop and to look at all of an answer."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from regulars.shops.models import Shop, Staff
from tests.house.objects import values_for
from tests.house.routes import Route, routes_in_a_shop
from tests.web.signing import signed_in as browser_of


def signed_in(staff: Staff) -> Client:
    """A browser of this person, which answers a fault as everybody's does: with a 500."""
    return browser_of(staff, raise_request_exception=False)


def said(response: Any) -> str:
    """All that an answer tells: its body and its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace") + "\n" + "\n".join(f"{name}: {value}" for name, value in response.items())


def pages_for(staff: Staff) -> Iterator[tuple[Route, str]]:
    """Every route this person may ask for, with the address of one of the shop's objects."""
    for route in routes_in_a_shop():
        if all(staff.may(permission) for permission in route.permissions):
            yield route, address(route, staff.shop)


def address(route: Route, shop: Shop, **values: Any) -> str:
    """A route's address; values that are not given are those of new objects of the shop."""
    return route.url(shop.slug, **{**values_for(route, shop), **values})
