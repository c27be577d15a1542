"""A hundred live segments: found for the first time, kept up to date by an order, asked for as a list.

They are made before and removed after each scenario, so that the data stays what it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench.measure import Scenario, Target, Work
from bench.scenarios.asking import LIST, TABLE, asking, query
from bench.scenarios.recording import removed_again, reports

if TYPE_CHECKING:
    from bench.house import Bench

MANY = 100
WARM_UP = 20


def first_build(bench: "Bench") -> Iterator[Work]:
    """From no answer at all to everybody in their segments."""
    bench.quiet()
    with _segments(bench):
        yield partial(_build, bench)


def one_order(bench: "Bench") -> Iterator[Work]:
    """What the worker does after each order: its buyer is asked about all segments, and moved."""
    from regulars.orders.operations import record_order
    from regulars.segments.jobs import refresh_pending

    bench.quiet()
    with _segments(bench), removed_again(bench):
        _build(bench)
        orders = reports(bench)
        for facts in islice(orders, WARM_UP):
            record_order(bench.shop, facts, by=_by())
            refresh_pending(shop_id=bench.shop.pk)
        for facts in orders:
            record_order(bench.shop, facts, by=_by())
            yield partial(refresh_pending, shop_id=bench.shop.pk)


def listed(bench: "Bench") -> Iterator[Work]:
    """The list of customers by a common and by a rare segment, in two orders."""
    with _segments(bench):
        _build(bench)
        keys = _by_size(bench)
        paths = [
            query("customers/", where=f"segment = '{key}'", sort=sort)
            for key in (keys[0], keys[len(keys) // 2], keys[-1])
            for sort in ("-total_spent", "name")
        ]
        yield from asking(lambda _world: paths, TABLE)(bench)


SCENARIOS = (
    Scenario("Segments", "the list by a common, a middling and a rare segment", listed, None, LIST, warm_up=0),
    Scenario(
        "Segments", f"first build of {MANY}", first_build, None, Target(median=60_000), warm_up=0, repeats=1,
    ),
    Scenario(
        "Segments", f"one order with {MANY} live segments: the worker's part", one_order, None, Target(median=10),
        warm_up=0, repeats=300,
    ),
)  # fmt: skip


def questions(bench: "Bench") -> list[str]:
    """A hundred questions as merchants ask them: figures, tags and profile, and a quarter about single orders."""
    world, spent = bench.world, max(1, bench.world.spent // 10)
    asked = [f"total_spent >= {spent * step}" for step in range(1, 16)]
    asked += [f"orders >= {step} AND last_order_date >= -{30 * step}d" for step in range(1, 16)]
    asked += [f"last_order_date < -{30 * step}d OR orders = 0" for step in range(1, 11)]
    asked += [f"tags CONTAINS '{world.common_tag}' AND orders >= {step}" for step in range(1, 11)]
    asked += [f"tags CONTAINS '{world.rare_tag}' OR spent_3m > {spent * step}" for step in range(1, 6)]
    asked += [f"country = 'VN' AND NOT gender = 'female' AND orders < {step}" for step in range(1, 11)]
    asked += [f"birthday BETWEEN today AND +{step}d" for step in range(1, 6)]
    asked += [f"consent_email = 'subscribed' AND average_order >= {spent * step}" for step in range(1, 6)]
    asked += [f"orders_placed MATCHES (date >= -{30 * step}d, amount >= {spent * step})" for step in range(1, 16)]
    asked += [f"orders_placed MATCHES (date >= -{90 * step}d, count >= {step})" for step in range(1, 6)]
    asked += [f"products_viewed MATCHES (date >= -{7 * step}d)" for step in range(1, 4)]
    asked += ["segment = 'bench_1' AND NOT segment = 'bench_20'", "segment IN ('bench_2', 'bench_3')"]
    return asked[:MANY]


@contextmanager
def _segments(bench: "Bench") -> Iterator[None]:
    """A hundred segments without an answer."""
    from regulars.segments.operations import create_segment

    raw, shop = bench.raw, bench.shop.pk
    try:
        raw.rows("DELETE FROM segments_pending WHERE shop_id = %s", [shop])  # a build asks everybody anyway
        for number, where in enumerate(questions(bench)):
            create_segment(bench.shop, name=f"Bench {number}", where=where, by=_by())
        yield
    finally:
        for table in ("segmentsize", "override", "membership", "pending", "segment"):
            raw.rows(f"DELETE FROM segments_{table} WHERE shop_id = %s", [shop])
        raw.rows("DELETE FROM events_event WHERE shop_id = %s AND about = 'segment'", [shop])
        raw.rows("DELETE FROM shops_jobrun WHERE shop_id = %s AND kind = 'segments.pass'", [shop])
        raw.rows("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def _build(bench: "Bench") -> str:
    from regulars.segments.models import Segment
    from regulars.segments.passes import running_pass
    from regulars.shops.work import carry_on

    while run := running_pass(bench.shop):
        carry_on(bench.shop.pk, run.pk)
    members = sum(Segment.objects.of(bench.shop).values_list("size", flat=True))
    return f"{members:,} memberships"


def _by_size(bench: "Bench") -> list[str]:
    from regulars.segments.models import Segment

    filled = Segment.objects.of(bench.shop).filter(size__gt=0).order_by("-size", "pk")
    return list(filled.values_list("key", flat=True))


def _by() -> Any:
    from regulars.events.record import Actor

    return Actor.system()
