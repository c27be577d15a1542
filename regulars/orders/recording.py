"""Recording what sources report: many orders in a handful of statements, and one the same way.

Reported again, nothing changes; in whatever order reports arrive, the end is the same: the newest report of an order
decides its columns, payments and returns add up by their own names, and a deletion is final.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import transaction

from regulars.catalog.models import Product
from regulars.customers.bulk.tables import pointing_at_known
from regulars.customers.models import Customer
from regulars.events.handlers import at_once
from regulars.events.record import Actor, record_many
from regulars.kit.jobs import later
from regulars.orders.buyers import find_buyers
from regulars.orders.facts import OrderFacts
from regulars.orders.footprints import Keeper
from regulars.orders.jobs import refresh_shop_baskets
from regulars.orders.lines import FOLLOWED, Lined, follow_orders, known_lines, products_of, write_lines
from regulars.orders.locks import lock_orders
from regulars.orders.movements import (
    adopt_payments,
    adopt_returns,
    anything_waits,
    write_payments,
    write_returns,
)
from regulars.orders.news import News
from regulars.orders.reading import Outlet, Reader, ReadOrder
from regulars.orders.recognising import recognise
from regulars.orders.stats import refresh_stats
from regulars.orders.sums import STATED, keep_stated_payments, refresh_sums, sums_by_hand
from regulars.orders.tables import (
    give_to,
    insert_orders,
    known_channels,
    known_orders,
    number_orders,
    order_sums,
    update_orders,
)
from regulars.orders.versions import due_changes, lines_are_due, without_by_hand
from regulars.orders.work import Result, Work, joined, keys_of, new_row, place_of, states_money, tell
from regulars.shops.models import Channel, Shop
from regulars.shops.operations import ensure_channels
from regulars.shops.scope import ShopModel

MANY = 20
"""New orders at once from which on one question for all that they point at takes less than many."""

BIG_LOAD = 500
"""Reports at once that may move what the shop's customers spend on average; single orders wait for midnight."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reported order."""

    order_id: int
    customer_id: int | None
    result: Result


def reader_for(shop: Shop, channels: Sequence[str], *, by: Actor) -> Reader:
    """A reader that knows these channels; those the shop does not have are added."""
    known = known_channels(shop, channels)
    if others := [name for name in channels if name not in known]:
        new = ensure_channels(shop, others, by=by)
        known |= {name: Outlet(channel.pk, channel.key) for name, channel in new.items()}
    return Reader(shop, known)


@transaction.atomic
def record_orders(shop: Shop, facts: Sequence[OrderFacts], *, by: Actor, batch_id: int | None = None) -> list[Outcome]:
    """Record reported orders with all that belongs to them; an outcome for each, in their order.

    At most some thousands at a time: their customers stay locked until the transaction ends. Call it once a
    transaction (of two calls the second may wait for another writer in a circle, which PostgreSQL ends by an error).
    Raises BadValue for the first report that cannot be an order; then nothing was written.
    """
    reader = reader_for(shop, [one.channel for one in facts], by=by)
    return record_read(reader, [reader.order(one) for one in facts], by=by, batch_id=batch_id)


@transaction.atomic(savepoint=False)
def record_read(reader: Reader, read: Sequence[ReadOrder], *, by: Actor, batch_id: int | None = None) -> list[Outcome]:
    """Record reports that were read already; for who must know first which of them can be orders."""
    lock_orders(reader.shop.pk, [one.key for one in read])
    outcomes: dict[int, Outcome] = {}
    for places in _rounds(read):
        done = _Round(reader, [read[place] for place in places], by, batch_id).run()
        outcomes |= dict(zip(places, done, strict=True))
    if len(read) >= BIG_LOAD:
        later(refresh_shop_baskets, once=f"baskets:{reader.shop.pk}", shop_id=reader.shop.pk)
    return [outcomes[place] for place in range(len(read))]


def _rounds(read: Sequence[ReadOrder]) -> Iterator[list[int]]:
    """Places of the reports, so that no round has two of one order."""
    waiting = list(range(len(read)))
    while waiting:
        seen: set[tuple[int, str]] = set()
        turn: list[int] = []
        later: list[int] = []
        for place in waiting:
            (later if read[place].key in seen else turn).append(place)
            seen.add(read[place].key)
        yield turn
        waiting = later


class _Round:
    """One round of reports, each of another order."""

    def __init__(self, reader: Reader, read: Sequence[ReadOrder], by: Actor, batch_id: int | None) -> None:
        self.reader, self.shop, self.by, self.batch_id = reader, reader.shop, by, batch_id
        known = known_orders(self.shop, [one.key for one in read])
        self.all = [Work(one, known.get(one.key)) for one in read]
        self.new = [work for work in self.all if work.is_new]

    def run(self) -> list[Outcome]:
        self._compare()
        keeper = self._keeper()
        self._find_buyers()
        lined = [(work.row, work.read, work.is_new) for work in self.all if work.is_new or "lines" in work.changes]
        products = products_of(self.reader, lined, batch_id=self.batch_id)
        with self._pointing_at_known(products):
            self._write_movements()
            self._write_orders(lined, products)
            self._add_up()
        touched = [work for work in self.all if work.is_touched]
        buyers = {work.row["customer_id"] for work in touched}
        if keeper:
            keeper.look_at_buyers(buyers)
        with at_once():
            refresh_stats(self.shop, buyers, new=self._alone_new(touched))
            self._tell(touched)
        if keeper:
            keeper.keep([work.row["id"] for work in touched])
        return [Outcome(work.row["id"], work.row["customer_id"], work.result) for work in self.all]

    def _compare(self) -> None:
        """What the reports change in orders we know; a new order is all of its report."""
        self._take_off_by_hand()
        with_lines = [
            work for work in self.all
            if work.before and lines_are_due(work.before, work.read)
        ]  # fmt: skip
        lines = known_lines(self.shop, [work.before["id"] for work in with_lines if work.before])
        for work in self.all:
            if work.before is None:
                work.row = new_row(self.shop, work.read)
                continue
            due = due_changes(work.before, work.read)
            work.row = work.before | due
            work.changes = {name: [work.before[name], value] for name, value in due.items()}
        number_orders([work.row for work in self.new])
        for work in with_lines:
            old, new = lines.get(work.row["id"], []), self.reader.lines(work.read)
            if old != new:
                work.changes["lines"] = [len(old), len(new)]

    def _keeper(self) -> Keeper | None:
        """Whoever remembers what a batch finds, before it writes anything; None when this is no batch."""
        if self.batch_id is None:
            return None
        keeper = Keeper(self.shop, self.batch_id)
        keeper.look([work.reported for work in self.all])
        return keeper

    def _take_off_by_hand(self) -> None:
        """Where a source states other money than before, it may know by now what staff recorded here."""
        restated = {
            work.before["id"]: work for work in self.all
            if work.before and any(work.read.columns.get(name) not in (None, work.before[name]) for name in STATED)
        }  # fmt: skip
        for order_id, by_hand in sums_by_hand(self.shop, list(restated)).items():
            work = restated[order_id]
            work.read.columns = without_by_hand(work.before or {}, work.read.columns, by_hand)

    def _find_buyers(self) -> None:
        """Give orders without a customer the one their report names, unless staff said that it is nobody's."""
        without = [
            work for work in self.all
            if not work.row["customer_id"] and not work.row["deleted_at"] and not work.row.get("is_moved")
        ]  # fmt: skip
        facts, keys = [work.read.facts for work in without], [keys_of(work.read) for work in without]
        buyers = find_buyers(self.shop, facts, keys, by=self.by, batch_id=self.batch_id)
        for work, customer_id in zip(without, buyers, strict=True):
            if customer_id and not work.is_new:
                work.changes["customer_id"] = [None, customer_id]
            work.row["customer_id"] = customer_id
        give_to(self.shop, {w.row["id"]: w.row["customer_id"] for w in without if "customer_id" in w.changes})

    def _pointing_at_known(self, products: Sequence[int | None]) -> AbstractContextManager[None]:
        """Of many orders that are all new PostgreSQL is asked at once for what their rows point at, not for each row:
        fifteen times an order with two lines."""
        if len(self.new) < MANY or len(self.new) < len(self.all):
            return nullcontext()
        others: dict[type[ShopModel], set[int]] = {
            Channel: {work.row["channel_id"] for work in self.new},
            Product: {pk for pk in products if pk},
            Customer: {pk for work in self.new if (pk := work.row["customer_id"])},
        }
        return pointing_at_known(self.shop.pk, others)

    def _write_movements(self) -> None:
        """Payments and returns: those the reports list, and those that waited for these orders."""
        by_id = {work.row["id"]: work for work in self.all}
        places = [place_of(work.row) for work in self.new]
        places = places if anything_waits(self.shop, places) else []
        payments = [joined(work.row, one) for work in self.all for one in work.read.payments]
        returns = [joined(work.row, one) for work in self.all for one in work.read.returns]
        for one in recognise(self.shop, [row for row in payments if not by_id[row["order_id"]].is_new]):
            by_id[one.order_id or 0].is_recognised = True
        for payment in [*adopt_payments(self.shop, places), *write_payments(payments)]:
            by_id[payment["order_id"]].payments.append(payment)
        for goods in [*adopt_returns(self.shop, places), *write_returns(returns)]:
            by_id[goods["order_id"]].returns.append(goods)

    def _write_orders(self, lined: Sequence[Lined], products: Sequence[int | None]) -> None:
        insert_orders(self.shop, [work.row for work in self.new])
        update_orders(self.shop, [(work.row, work.changes.keys()) for work in self.all if work.changes])
        write_lines(self.reader, lined, products)
        follow_orders(self.shop, [w.row["id"] for w in self.all if not w.is_new and not FOLLOWED.isdisjoint(w.changes)])

    def _add_up(self) -> None:
        """Sums on the order rows, and stated payments; news of these count as the order's own."""
        moved = [work.row["id"] for work in self.all if work.is_touched and not work.is_new]
        stated = [work.row["id"] for work in self.new if states_money(work.row)]
        by_id = {work.row["id"]: work for work in self.all}
        for payment in [*refresh_sums(self.shop, moved), *keep_stated_payments(self.shop, stated)]:
            by_id[payment["order_id"]].payments.append(payment)
        for row in order_sums(self.shop, moved):
            by_id[row["id"]].row |= row

    def _alone_new(self, touched: Sequence[Work]) -> list[int]:
        """The new orders of those of whom nothing else was reported."""
        others = {work.row["customer_id"] for work in touched if not work.is_new}
        return [work.row["id"] for work in self.new if work.row["customer_id"] not in others]

    def _tell(self, touched: Sequence[Work]) -> None:
        news = News(self.shop)
        for work in touched:
            if not work.row["is_test"]:
                tell(news, work)
        record_many(self.shop.pk, news.happenings, by=self.by, batch_id=self.batch_id)
