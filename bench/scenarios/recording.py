"""Orders as they come in: one by one as from a shop's website, and by the hundred as from a file.

What was recorded is removed again, so that the data stays what it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.measure import Scenario, Target, Work

if TYPE_CHECKING:
    from bench.house import Bench
    from regulars.orders.facts import OrderFacts

BATCH = 500
BATCHES = 20

BUYERS = 1_000
"""Different customers, anywhere in the shop. Each has bought once before time is taken: the database is warm."""

_CHILDREN = ("orders_line", "orders_payment", "orders_return")


def one_by_one(bench: "Bench") -> Iterator[Work]:
    """Each report in a transaction of its own."""
    from regulars.orders.operations import record_order

    with removed_again(bench):
        for facts in reports(bench):
            yield partial(record_order, bench.shop, facts, by=_by())


def in_batches(bench: "Bench") -> Iterator[Work]:
    """Five hundred reports in a transaction."""
    from regulars.orders.operations import record_orders

    with removed_again(bench):
        some_reports = reports(bench)
        for _batch in range(BATCHES):
            some = [next(some_reports) for _place in range(BATCH)]
            yield partial(record_orders, bench.shop, some, by=_by())


def again(bench: "Bench") -> Iterator[Work]:
    """The same five hundred reports once more: nothing is new."""
    from regulars.orders.operations import record_orders

    with removed_again(bench):
        some_reports = reports(bench)
        some = [next(some_reports) for _place in range(BATCH)]
        record_orders(bench.shop, some, by=_by())
        for _time in range(BATCHES):
            yield partial(record_orders, bench.shop, some, by=_by())


def plain(bench: "Bench") -> Iterator[Work]:
    """An order that is already there, copied with lines, payments and events, and its customer's figures moved."""
    with removed_again(bench):
        for number in count():
            paper = bench.world.orders[number % len(bench.world.orders)]
            yield partial(_copied, bench, paper.id, paper.customer_id)


SCENARIOS = (
    Scenario(
        "Recording orders", "one by one: buyer matched by e-mail and phone, two lines, a payment, figures, events",
        one_by_one, plain, Target(rate=300), things=lambda bench: 1, warm_up=BUYERS, repeats=1_000,
    ),
    Scenario(
        "Recording orders", f"in batches of {BATCH}", in_batches, None, Target(rate=5_000),
        things=lambda bench: BATCH, warm_up=BUYERS // BATCH, repeats=BATCHES,
    ),
    Scenario(
        "Recording orders", f"the same {BATCH} once more", again, None,
        things=lambda bench: BATCH, warm_up=1, repeats=BATCHES,
    ),
)  # fmt: skip


def _by() -> Any:
    from regulars.events.record import Actor

    return Actor.system()


def reports(bench: "Bench") -> Iterator["OrderFacts"]:
    """Reports of new orders of people we know, each on its own."""
    from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts

    bench.quiet()
    people = bench.raw.rows(
        "SELECT email, phone FROM customers_customer WHERE shop_id = %s AND email IS NOT NULL AND deleted_at IS NULL"
        " ORDER BY hashint8(id) LIMIT %s",
        [bench.shop.pk, BUYERS],
    )
    mark = f"bench-{uuid4().hex[:8]}"
    at = datetime.now(UTC)
    for number in count():
        email, phone = people[number % len(people)]
        yield OrderFacts(
            channel="website", external_id=f"{mark}-{number}", number=f"#B{number}", currency=bench.shop.currency,
            placed_at=at - timedelta(minutes=number % 10_000), total=Decimal(750_000), email=email, phone=phone or "",
            lines=[
                LineFacts(title="Oolong tea, 250 g", sku="TEA-250", quantity=2, unit_price=Decimal(250_000)),
                LineFacts(title="Cup", sku="CUP-1", unit_price=Decimal(250_000)),
            ],
            payments=[PaymentFacts(external_id=f"{mark}-{number}", amount=Decimal(750_000), at=at, method="card")],
        )  # fmt: skip


@contextmanager
def removed_again(bench: "Bench") -> Iterator[None]:
    """Remove every order, and what belongs to it, that came inside the block."""
    from regulars.orders.stats import refresh_stats

    raw, shop = bench.raw, bench.shop.pk
    order = raw.one("SELECT coalesce(max(id), 0) FROM orders_order")
    event = raw.one("SELECT coalesce(max(id), 0) FROM events_event")
    try:
        yield
    finally:
        buyers = raw.rows("SELECT DISTINCT customer_id FROM orders_order WHERE shop_id = %s AND id > %s", [shop, order])
        for table in _CHILDREN:
            raw.rows(f"DELETE FROM {table} WHERE shop_id = %s AND order_id > %s", [shop, order])
        raw.rows("DELETE FROM orders_order WHERE shop_id = %s AND id > %s", [shop, order])
        raw.rows("DELETE FROM events_event WHERE id > %s", [event])
        refresh_stats(bench.shop, [row[0] for row in buyers if row[0]])


def _copied(bench: "Bench", order_id: int, customer_id: int) -> None:
    raw, name = bench.raw, uuid4().hex
    with raw.connection.transaction():
        new = raw.one(_copy(bench, "orders_order", "id", external_id="%s") + " RETURNING id", [name, order_id])
        raw.rows(_copy(bench, "orders_line", "order_id", order_id="%s"), [new, order_id])
        raw.rows(
            _copy(bench, "orders_payment", "order_id", order_id="%s", external_id="%s || id"), [new, name, order_id]
        )
        raw.rows(_copy(bench, "events_event", "about = 'order' AND customer_id = %s AND about_id", about_id="%s"),
                 [new, customer_id, order_id])  # fmt: skip
        raw.rows(
            "UPDATE customers_customer SET orders_count = orders_count + 1, total_spent = total_spent + 750000,"
            " last_order_at = now(), last_order_id = %s WHERE shop_id = %s AND id = %s",
            [new, bench.shop.pk, customer_id],
        )


def _copy(bench: "Bench", table: str, which: str, **given: str) -> str:
    """INSERT … SELECT of rows of a table, with some columns given."""
    found = bench.raw.rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname <> 'id' ORDER BY (attname = ANY(%s)) DESC, array_position(%s, attname::text)",
        [table, list(given), list(given)],
    )
    columns = [row[0] for row in found]
    values = ", ".join(given.get(column, column) for column in columns)
    source = f"FROM {table} WHERE shop_id = {bench.shop.pk} AND {which} = %s"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} {source}"
