"""Filling a shop: a small load on one connection and in one transaction, a big one on several at once.

A big load (from BIG customers or orders on, into tables that are nearly empty) drops indexes and builds them
afterwards, and skips the checks of foreign keys, which are then asked for once. Each table is loaded in one
transaction, the customers' is the last to end: what a killed load leaves are orders of nobody, and the next load of
the shop removes them first.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Activity
from regulars.customers.likeness import start_finding
from regulars.customers.models import Address, ConsentEntry, Customer, CustomerSearch, Identity, Note
from regulars.events.models import Event
from regulars.kit.dates import day_of
from regulars.kit.errors import BadValue
from regulars.orders.models import Line, Order, Payment, Return, WriteOff
from regulars.orders.stats import refresh_stats
from regulars.shops.models import Shop
from regulars.transfer.demo import (
    browsing,
    bulk,
    dues,
    duties,
    ledger,
    life,
    points,
    shopfront,
    stages,
    talks,
    trade,
    twins,
    wishes,
)
from regulars.transfer.demo.cast import BLOCK, Cast
from regulars.transfer.demo.crowd import blocks
from regulars.transfer.demo.rows import COLUMNS, PEOPLE, PEOPLE_SQL
from regulars.transfer.demo.steps import Progress, Steps

BIG = 100_000
CHUNK = 250_000
"""Orders that one statement writes."""

COMPARED_AT_ONCE = 20_000
"""Up to so many customers are looked through for duplicates before the load is over; the worker does more."""

LANES = 2
"""Tables loaded at the same time by a big load."""

_ONE_AT_A_TIME = "hashtext('regulars demo')"

SCRATCH = {PEOPLE: PEOPLE_SQL, **trade.TABLES}
"""Tables that exist while a load runs."""

_PERSONAL = (CustomerSearch, Identity, Address, Note, ConsentEntry)
_TRADE = (Order, Line, Payment, Return, WriteOff)
_LOADED: tuple[type[models.Model], ...] = (Customer, *_PERSONAL, *_TRADE, Event, Activity)


def fill(
    shop_slug: str, customers: int, orders: int, seed: int, progress: Progress, until: dt.date | None = None
) -> dict[str, Any]:
    """Do what `demo.load` promises."""
    if customers < 1 or orders < 0:
        raise BadValue(_("A load needs at least one customer, and orders from 0 on."), value=min(customers, orders))
    steps = Steps(progress)
    load_as = _load_big if _may_be_big(max(customers, orders)) else _load_small
    cast = load_as(shop_slug, customers, orders, seed, until, steps)
    with steps.step("debts", 0):
        dues.agree_on_debts(Shop.objects.get(pk=cast.shop_id))
    with steps.step("points", 0):
        points.give_points(Shop.objects.get(pk=cast.shop_id), seed)
    with steps.step("fields", 0):
        wishes.ask_customers(Shop.objects.get(pk=cast.shop_id))
    with steps.step("segments, groups and views", 0):
        life.save_questions(Shop.objects.get(pk=cast.shop_id))
    with steps.step("pipeline", 0):
        stages.fill_pipeline(Shop.objects.get(pk=cast.shop_id), seed)
    with steps.step("talks", 0):
        talks.talk(Shop.objects.get(pk=cast.shop_id))
    with steps.step("merge", 0):
        twins.join_two(Shop.objects.get(pk=cast.shop_id))
    with steps.step("tasks", 0):
        duties.give_tasks(Shop.objects.get(pk=cast.shop_id))
    with steps.step("duplicates", 0):
        start_finding(Shop.objects.get(pk=cast.shop_id), at_once=cast.customers <= COMPARED_AT_ONCE)
    lines = steps.taken.get("lines", {}).get("rows", 0)
    return {
        "shop": shop_slug, "customers": cast.customers, "orders": cast.orders, "lines": lines,
        "seconds": steps.seconds(), "steps": steps.taken,
    }  # fmt: skip


# --- one transaction ----------------------------------------------------------------------------------------


def _load_small(slug: str, customers: int, orders: int, seed: int, until: dt.date | None, steps: Steps) -> Cast:
    with transaction.atomic(), connection.cursor() as cursor:
        shop, cast = _begin(slug, customers, orders, seed, until)
        with _scratch(cursor, "TEMP"), bulk.checks_later(cursor, shop.pk, Customer, *_PERSONAL, *_TRADE, Activity):
            _write_people(cast, connection, connection, steps)
            _plan_orders(cursor, cast, shop, steps)
            for name, write in _WRITERS.items():
                _write(name, write, cursor, cast, steps)
                cursor.execute(f"ANALYZE {_TABLES[name]._meta.db_table}")
            _tell_of_orders(cursor, cast, steps)
            _tell_of_movements(cursor, cast, steps)
            ledger.tell_of_notes(cursor, cast)
            _refresh(cursor, shop, cast, steps)
            _browse(cursor, shop, cast, steps)
            with steps.step("tidying", 0):
                for model in (Customer, *_PERSONAL, Event, Activity):
                    cursor.execute(f"ANALYZE {model._meta.db_table}")
    return cast


# --- several connections ------------------------------------------------------------------------------------


def _load_big(slug: str, customers: int, orders: int, seed: int, until: dt.date | None, steps: Steps) -> Cast:
    with transaction.atomic():
        shop, cast = _begin(slug, customers, orders, seed, until)
    aside = connection.copy()
    try:
        with aside.cursor() as other:
            _ease(other)
            other.execute(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})")  # until `aside` is closed
            with _scratch(other, "UNLOGGED"):
                _load_on_lanes(shop, cast, aside, other, steps)
    except BaseException:
        with transaction.atomic():
            _sweep(shop)
        raise
    finally:
        aside.close()
    _in_lanes([_proof(model, shop, steps) for model in (*_TRADE, Customer, *_PERSONAL, Activity)])
    _in_lanes([_tidying(model, steps) for model in _LOADED])
    return cast


def _load_on_lanes(shop: Shop, cast: Cast, aside: BaseDatabaseWrapper, other: CursorWrapper, steps: Steps) -> None:
    """The customers in a transaction of this thread, which stays open while the lanes load what follows from them."""
    with transaction.atomic(), connection.cursor() as cursor:
        _ease(cursor, local=True)
        customers = bulk.indexes_later(cursor, Customer._meta.db_table, during=steps.step("customers' indexes", 0))
        personal = bulk.indexes_later(
            cursor, *(model._meta.db_table for model in _PERSONAL), during=steps.step("personal indexes", 0)
        )
        with customers, ThreadPoolExecutor(LANES) as lanes:
            with personal:
                _write_people(cast, connection, aside, steps)
                _plan_orders(other, cast, shop, steps)
                loaded = {name: lanes.submit(_lane, _loading(cast, steps, name)) for name in ("orders", "lines")}
                money = [lanes.submit(_lane, _loading(cast, steps, name)) for name in _MOVED]
                events = lanes.submit(_lane, _loading_events(cast, steps, money))
            loaded["orders"].result()
            _refresh(cursor, shop, cast, steps)
            _browse(cursor, shop, cast, steps)
            for done in (loaded["lines"], events):
                done.result()
            ledger.tell_of_notes(cursor, cast)


def _lane(work: Callable[[CursorWrapper], None]) -> None:
    """Do something on a connection of this thread's own."""
    try:
        with connection.cursor() as cursor:
            _ease(cursor)
            work(cursor)
    finally:
        connection.close()


def _in_lanes(works: Sequence[Callable[[CursorWrapper], None]]) -> None:
    with ThreadPoolExecutor(LANES) as lanes:
        for done in [lanes.submit(_lane, work) for work in works]:
            done.result()


def _loading(cast: Cast, steps: Steps, name: str) -> Callable[[CursorWrapper], None]:
    """Writes one table in one transaction, its indexes afterwards."""

    def work(cursor: CursorWrapper) -> None:
        table = _TABLES[name]._meta.db_table
        indexes = steps.step(f"indexes of {name}", 0)
        with transaction.atomic(), bulk.indexes_later(cursor, table, during=indexes):
            _write(name, _WRITERS[name], cursor, cast, steps)
        cursor.execute(f"ANALYZE {table}")

    return work


def _loading_events(cast: Cast, steps: Steps, movements: Sequence[Future[None]]) -> Callable[[CursorWrapper], None]:
    """Writes the trail; what it tells of payments and returns waits until these are loaded."""

    def work(cursor: CursorWrapper) -> None:
        indexes = steps.step("indexes of events", 0)
        with transaction.atomic(), bulk.indexes_later(cursor, Event._meta.db_table, during=indexes):
            _tell_of_orders(cursor, cast, steps)
            for done in movements:
                done.result()
            _tell_of_movements(cursor, cast, steps)

    return work


def _proof(model: type[models.Model], shop: Shop, steps: Steps) -> Callable[[CursorWrapper], None]:
    """Asks for every reference what the skipped checks would have asked."""

    def work(cursor: CursorWrapper) -> None:
        with steps.step(f"checking {model._meta.db_table}", 0):
            bulk.prove_references(cursor, model, shop.pk)

    return work


def _tidying(model: type[models.Model], steps: Steps) -> Callable[[CursorWrapper], None]:
    def work(cursor: CursorWrapper) -> None:
        with steps.step(f"tidying {model._meta.db_table}", 0):
            cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")

    return work


def _ease(cursor: CursorWrapper, *, local: bool = False) -> None:
    """No foreign key checks row by row, no waiting for the disk, room for sorting."""
    scope = "LOCAL" if local else "SESSION"
    cursor.execute(f"SET {scope} session_replication_role = replica")
    cursor.execute(f"SET {scope} synchronous_commit = off")
    cursor.execute(f"SET {scope} work_mem = '256MB'")


# --- the parts of both --------------------------------------------------------------------------------------

_TABLES: dict[str, type[models.Model]] = {
    "orders": Order, "lines": Line, "payments": Payment, "returns": Return, "write-offs": WriteOff,
}  # fmt: skip
_WRITERS: dict[str, ledger.Write] = {
    "orders": ledger.write_orders,
    "lines": ledger.write_lines,
    "payments": ledger.write_payments,
    "returns": ledger.write_returns,
    "write-offs": ledger.write_write_offs,
}


_MOVED = ("payments", "returns", "write-offs")


def _may_be_big(rows: int) -> bool:
    """Whether a load of so many rows may have the tables for itself."""
    if rows < BIG or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        return bulk.may_skip_checks(cursor) and all(
            bulk.few_rows(cursor, model._meta.db_table, rows // 20) for model in _LOADED
        )


def _begin(slug: str, customers: int, orders: int, seed: int, until: dt.date | None) -> tuple[Shop, Cast]:
    """The shop, and the load as it is going to be. Needs a transaction; one load at a time."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        shop = shopfront.open_shop(slug)
        _sweep(shop)
        cast = shopfront.prepare(
            shop, customers=customers, orders=orders, seed=seed, until=until or day_of(timezone.now(), shop.timezone),
            first_customer_id=bulk.reserve_ids(cursor, Customer, customers),
            first_order_id=bulk.reserve_ids(cursor, Order, max(1, orders)),
        )  # fmt: skip
    return shop, cast


def _sweep(shop: Shop) -> None:
    """Remove the orders and events of loads that were killed before their customers were there."""
    for first, last in shopfront.killed_loads(shop):
        with connection.cursor() as cursor:
            of_load = [shop.pk, first, last]
            for part in (Line, WriteOff):
                cursor.execute(
                    f"DELETE FROM {part._meta.db_table} l USING orders_order o WHERE l.shop_id = o.shop_id"  # noqa: S608
                    " AND l.order_id = o.id AND o.shop_id = %s AND o.customer_id BETWEEN %s AND %s",
                    of_load,
                )
            for model in (Payment, Return, Event, Order):
                rows = f"{model._meta.db_table} WHERE shop_id = %s AND customer_id BETWEEN %s AND %s"
                cursor.execute(f"DELETE FROM {rows}", of_load)  # noqa: S608


@contextmanager
def _scratch(cursor: CursorWrapper, kind: str) -> Iterator[None]:
    """Have the tables of SCRATCH inside the block."""
    _drop_scratch(cursor)
    for table, columns in SCRATCH.items():
        cursor.execute(f"CREATE {kind} TABLE {table} {columns}")
    try:
        yield
    except BaseException:
        if kind != "TEMP":  # those go with their transaction
            _drop_scratch(cursor)
        raise
    _drop_scratch(cursor)


def _drop_scratch(cursor: CursorWrapper) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(SCRATCH)}")


def _write_people(cast: Cast, main: BaseDatabaseWrapper, aside: BaseDatabaseWrapper, steps: Steps) -> None:
    """Copy all people: their own tables on one connection, what orders need to know of them on the other."""
    with steps.step("customers", cast.customers) as report:
        gathered: dict[str, list[str]] = {}
        for number, block in enumerate(blocks(cast), start=1):
            for name, text in block.items():
                gathered.setdefault(name, []).append(text)
            if number % 20 == 0:
                _copy(gathered, main, aside)
                report(number * BLOCK)
        _copy(gathered, main, aside)


def _copy(gathered: dict[str, list[str]], main: BaseDatabaseWrapper, aside: BaseDatabaseWrapper) -> None:
    for name, texts in gathered.items():
        place, target = aside, PEOPLE
        if name != PEOPLE:
            model, columns = COLUMNS[name]
            place, target = main, f"{model._meta.db_table} ({', '.join(columns)})"
        with place.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:  # type: ignore[attr-defined]
            for text in texts:
                copy.write(text)
    gathered.clear()


def _plan_orders(cursor: CursorWrapper, cast: Cast, shop: Shop, steps: Steps) -> None:
    with steps.step("visits", cast.orders):
        cursor.execute(f"ANALYZE {PEOPLE}")
        trade.fill_goods(cursor, shopfront.products(shop))
        trade.number_visits(cursor, cast)
        cursor.execute("CREATE INDEX ON demo_visit USING brin (n) WITH (pages_per_range = 16)")
        cursor.execute("ANALYZE demo_visit")
    with steps.step("plan", cast.orders) as report:
        for first, last in _ranges(cast):
            trade.plan(cursor, cast, first, last)
            report(last)
        cursor.execute("CREATE INDEX ON demo_order USING brin (n) WITH (pages_per_range = 16)")
        cursor.execute("ANALYZE demo_order")


def _write(name: str, write: ledger.Write, cursor: CursorWrapper, cast: Cast, steps: Steps) -> None:
    with steps.step(name, cast.orders) as report:
        written = 0
        for first, last in _ranges(cast):
            write(cursor, cast, first, last)
            written += cursor.rowcount
            report(last)
    steps.taken[name]["rows"] = written


def _tell_of_orders(cursor: CursorWrapper, cast: Cast, steps: Steps) -> None:
    with steps.step("events", cast.orders) as report:
        ledger.tell_of_customers(cursor, cast)
        for first, last in _ranges(cast):
            ledger.tell_of_orders(cursor, cast, first, last)
            ledger.tell_of_cancellations(cursor, cast, first, last)
            report(last)


def _tell_of_movements(cursor: CursorWrapper, cast: Cast, steps: Steps) -> None:
    with steps.step("events of money", 0):
        ledger.tell_of_money(cursor, cast)
        ledger.tell_of_returns(cursor, cast)


def _refresh(cursor: CursorWrapper, shop: Shop, cast: Cast, steps: Steps) -> None:
    """The stored figures of everybody who ordered; for the others, the zeros they have are right."""
    cursor.execute(f"SELECT id FROM {PEOPLE} WHERE orders > 0 ORDER BY id")  # noqa: S608
    ids = [row[0] for row in cursor.fetchall()]
    with steps.step("figures", len(ids)) as report:
        for start in range(0, len(ids), 10_000):
            refresh_stats(shop, ids[start : start + 10_000])
            report(start)


def _browse(cursor: CursorWrapper, shop: Shop, cast: Cast, steps: Steps) -> None:
    """What everybody looked at lately."""
    cursor.execute(f"SELECT id, orders, at FROM {PEOPLE} ORDER BY id")  # noqa: S608
    people = [browsing.Visitor(*row) for row in cursor.fetchall()]
    product_ids = [pk for pk, _name, _sku in shopfront.products(shop)]
    with steps.step("activity", len(people)) as report:
        browsing.browse(shop, cast, people, product_ids, report)


def _ranges(cast: Cast) -> Iterator[tuple[int, int]]:
    for first in range(1, cast.orders + 1, CHUNK):
        yield first, min(first + CHUNK - 1, cast.orders)
