"""Duplicates: the queue page, comparing everybody, and comparing one customer who changed."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bench.measure import Scenario, Target, Work
from bench.rawsql import statement
from bench.scenarios.asking import asking

if TYPE_CHECKING:
    from bench.house import Bench

CHANGED = 200


def everybody(bench: "Bench") -> Iterator[Work]:
    """From the beginning to the end, as the worker does it; the pairs stay for the page of the queue."""
    bench.quiet()
    yield partial(_search, bench)


def one_changed(bench: "Bench") -> Iterator[Work]:
    """What the worker does after each change."""
    from regulars.customers.likeness.around import look_again

    for person in bench.world.people[:CHANGED]:
        yield partial(look_again, bench.shop.pk, [person.id])


def _search(bench: "Bench") -> None:
    from regulars.customers.likeness import start_finding

    start_finding(bench.shop, at_once=True)


def queue(bench: "Bench") -> Iterator[Work]:
    """The first page, once there are pairs."""
    from regulars.customers.models import PossibleDuplicate

    if not PossibleDuplicate.objects.of(bench.shop).exists():
        _search(bench)
    yield from asking(lambda _world: ["customers/duplicates/"])(bench)


PAGE = Scenario(
    "Duplicates", "the queue", queue,
    statement(
        "SELECT id, first_id, second_id, score, reasons FROM customers_possibleduplicate"
        " WHERE shop_id = {shop} AND decision = 0 ORDER BY score DESC, id DESC LIMIT 21"
    ),
    Target(median=30),
)  # fmt: skip

SCENARIOS = (
    Scenario("Duplicates", "everybody compared", everybody, None, Target(median=600_000), warm_up=0, repeats=1),
    Scenario("Duplicates", "one changed customer: the worker's part", one_changed, None, Target(median=50)),
)
