"""What the invented people looked at in the last three months: a few visits each, most with products in them.

Recorded like everybody's activity, so that figures and fields are what they would be.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from regulars.catalog.activity import ActivityDraft, record_activity
from regulars.catalog.models import Activity
from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.transfer.demo.cast import Cast
from regulars.transfer.demo.goods import GOODS

DAYS = 90
MANY = 100_000
"""From so many people on each comes once at most: two or three activities a customer."""

TOGETHER = 5_000
"""People whose activity is recorded by one call."""

NEVER = 30
"""Per cent of the customers who never came to the site."""

Kind = Activity.Kind


class Visitor(NamedTuple):
    """Somebody who may have come. since: seconds since 1970 from when on they were a customer."""

    id: int
    orders: int
    since: int


def browse(
    shop: Shop, cast: Cast, people: Sequence[Visitor], product_ids: Sequence[int], report: Callable[[int], None]
) -> None:
    """Record what these people did; report: called with how many of them are done."""
    by = Actor.system()
    for first in range(0, len(people), TOGETHER):
        rng = cast.chance(f"browsing {first}")
        some = people[first : first + TOGETHER]
        drafts = [draft for one in some for draft in _activity(cast, one, product_ids, rng)]
        record_activity(shop, drafts, by=by, source="demo")
        report(first + len(some))


def _activity(cast: Cast, one: Visitor, product_ids: Sequence[int], rng: random.Random) -> Iterator[ActivityDraft]:
    if rng.randrange(100) < NEVER:
        return
    begin = max(one.since, cast.end - DAYS * 86_400)
    for _visit in range(_visits(cast, one, rng)):
        at = begin + rng.randrange(max(1, cast.end - begin))
        yield _did(Kind.VISIT, one, at, url="/")
        for _step in range(rng.choice((0, 1, 1, 2, 2, 3))):
            at = min(at + rng.randrange(20, 400), cast.end - 2)
            yield from _look(one, at, product_ids, rng)


def _visits(cast: Cast, one: Visitor, rng: random.Random) -> int:
    """Who buys more comes more often."""
    if cast.customers >= MANY:
        return 1
    return rng.choice((1, 1, 1, 2, 2, 3)) + min(one.orders // 8, 3)


def _look(one: Visitor, at: int, product_ids: Sequence[int], rng: random.Random) -> Iterator[ActivityDraft]:
    """A product or its collection; of ten products one is put into the cart, half of these are taken to the till."""
    place = rng.choices(range(len(GOODS)), cum_weights=_WEIGHTS)[0]
    good, product_id = GOODS[place], product_ids[place]
    if rng.randrange(8) == 0:
        yield _did(Kind.COLLECTION_VIEWED, one, at, title=good.category)
        return
    yield _did(Kind.PRODUCT_VIEWED, one, at, product_id)
    if rng.randrange(10) == 0:
        yield _did(Kind.CART_ADDED, one, at + 1, product_id)
        if rng.randrange(2):
            yield _did(Kind.CHECKOUT_STARTED, one, at + 2)


def _did(
    kind: Kind, one: Visitor, at: int, product_id: int | None = None, *, title: str = "", url: str = ""
) -> ActivityDraft:
    moment = dt.datetime.fromtimestamp(at, dt.UTC)
    return ActivityDraft(kind, moment, customer_id=one.id, product_id=product_id, title=title, url=url)


_WEIGHTS = list(accumulate(good.weight for good in GOODS))
