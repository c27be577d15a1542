"""Recording what sources report: many orders in a handful of statements, and one the same way.

Reported again, nothing changes; in whatever order reports arrive, the end is the same: the newest report of an order
decides its columns, payments and returns add up by their own names, and a deletion is final.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction
from django.utils.timezone import now

from regulars.events.record import Actor, record_many
from regulars.kit.jobs import later
from regulars.orders.buyers import find_buyers
from regulars.orders.facts import OrderFacts
from regulars.orders.footprints import Keeper, Reported
from regulars.orders.jobs import refresh_shop_baskets
from regulars.orders.lines import FOLLOWED, follow_orders, known_lines, write_lines
from regulars.orders.locks import lock_orders
from regulars.orders.movements import Place, adopt_payments, adopt_returns, write_payments, write_returns
from regulars.orders.news import News
from regulars.orders.reading import ONE, Outlet, Reader, ReadOrder
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
from regulars.shops.models import Shop
from regulars.shops.operations import ensure_channels

Result = Literal["created", "changed", "unchanged"]
Row = dict[str, Any]

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


@dataclass(slots=True)
class _Work:
    """One reported order, its row as it was and as it becomes, and what moved."""

    read: ReadOrder
    before: Row | None
    row: Row = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    payments: list[Row] = field(default_factory=list)
    returns: list[Row] = field(default_factory=list)
    is_recognised: bool = False  # something that staff had recorded got its name

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def reported(self) -> Reported:
        """As `orders.footprints` looks at it. An order of nobody may be given to somebody."""
        is_changed = bool(self.changes) or not self.row["customer_id"]
        return Reported(
            self.row["id"], self.read.key, self.is_new, is_changed, self.read.payments, self.read.returns
        )  # fmt: skip

    @property
    def is_touched(self) -> bool:
        return bool(self.is_new or self.changes or self.payments or self.returns or self.is_recognised)

    @property
    def result(self) -> Result:
        if self.is_new:
            return "created"
        told = self.changes.keys() - {"source_updated_at"}
        return "changed" if told or self.payments or self.returns or self.is_recognised else "unchanged"


class _Round:
    """One round of reports, each of another order."""

    def __init__(self, reader: Reader, read: Sequence[ReadOrder], by: Actor, batch_id: int | None) -> None:
        self.reader, self.shop, self.by, self.batch_id = reader, reader.shop, by, batch_id
        known = known_orders(self.shop, [one.key for one in read])
        self.all = [_Work(one, known.get(one.key)) for one in read]
        self.new = [work for work in self.all if work.is_new]

    def run(self) -> list[Outcome]:
        self._compare()
        keeper = self._keeper()
        self._find_buyers()
        self._write_movements()
        self._write_orders()
        self._add_up()
        touched = [work for work in self.all if work.is_touched]
        buyers = {work.row["customer_id"] for work in touched}
        if keeper:
            keeper.look_at_buyers(buyers)
        refresh_stats(self.shop, buyers)
        if keeper:
            keeper.keep([work.row["id"] for work in touched])
        self._tell(touched)
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
                work.row = _new_row(self.shop, work.read)
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
        buyers = find_buyers(self.shop, [work.read.facts for work in without], by=self.by, batch_id=self.batch_id)
        for work, customer_id in zip(without, buyers, strict=True):
            if customer_id and not work.is_new:
                work.changes["customer_id"] = [None, customer_id]
            work.row["customer_id"] = customer_id
        give_to(self.shop, {w.row["id"]: w.row["customer_id"] for w in without if "customer_id" in w.changes})

    def _write_movements(self) -> None:
        """Payments and returns: those the reports list, and those that waited for these orders."""
        by_id = {work.row["id"]: work for work in self.all}
        places = [_place(work.row) for work in self.new]
        payments = [_of(work.row, one) for work in self.all for one in work.read.payments]
        returns = [_of(work.row, one) for work in self.all for one in work.read.returns]
        for one in recognise(self.shop, [row for row in payments if not by_id[row["order_id"]].is_new]):
            by_id[one.order_id or 0].is_recognised = True
        for payment in [*adopt_payments(self.shop, places), *write_payments(payments)]:
            by_id[payment["order_id"]].payments.append(payment)
        for goods in [*adopt_returns(self.shop, places), *write_returns(returns)]:
            by_id[goods["order_id"]].returns.append(goods)

    def _write_orders(self) -> None:
        insert_orders(self.shop, [work.row for work in self.new])
        update_orders(self.shop, [(work.row, work.changes.keys()) for work in self.all if work.changes])
        lined = [work for work in self.all if work.is_new or "lines" in work.changes]
        write_lines(self.reader, [(work.row, work.read, work.is_new) for work in lined], batch_id=self.batch_id)
        follow_orders(self.shop, [w.row["id"] for w in self.all if not w.is_new and not FOLLOWED.isdisjoint(w.changes)])

    def _add_up(self) -> None:
        """Sums on the order rows, and stated payments; news of these count as the order's own."""
        moved = [work.row["id"] for work in self.all if work.is_touched and not work.is_new]
        stated = [work.row["id"] for work in self.new if _states(work.row)]
        by_id = {work.row["id"]: work for work in self.all}
        for payment in [*refresh_sums(self.shop, moved), *keep_stated_payments(self.shop, stated)]:
            by_id[payment["order_id"]].payments.append(payment)
        for row in order_sums(self.shop, moved):
            by_id[row["id"]].row |= row

    def _tell(self, touched: Sequence[_Work]) -> None:
        news = News(self.shop)
        for work in touched:
            if not work.row["is_test"]:
                _tell_one(news, work)
        record_many(self.shop.pk, news.happenings, by=self.by, batch_id=self.batch_id)


def _tell_one(news: News, work: _Work) -> None:
    if work.row["deleted_at"]:
        if "deleted_at" in work.changes:
            news.add("order.deleted", work.row)
        return
    if work.is_new:
        news.placed(work.row)
    else:
        news.changed(work.row, work.changes)
    news.cancelled(work.row, work.before)
    news.payments(work.row, work.payments, work.before)
    for goods in work.returns:
        news.goods_back(work.row, goods)


def _new_row(shop: Shop, read: ReadOrder) -> Row:
    """The row of an order that is not here yet; of a deleted one a gravestone, so that late reports find it gone."""
    facts, at = read.facts, now()
    gone = {
        "number": read.external_id[:60], "placed_at": facts.source_updated_at or at, "currency": shop.currency,
        "rate": ONE,
    }  # fmt: skip
    return {
        "id": 0, "shop_id": shop.pk, "channel_id": read.channel_id, "external_id": read.external_id,
        "customer_id": None, "created_at": at, "deleted_at": None,
        "source_updated_at": None if facts.deleted else facts.source_updated_at,
        **(gone if facts.deleted else {}), **read.columns,
    }  # fmt: skip


def _place(row: Row) -> Place:
    return Place(row["id"], row["customer_id"], row["channel_id"], row["external_id"], row["currency"], row["rate"])


def _of(order: Row, moved: Row) -> Row:
    """A payment or return joined to its order."""
    return moved | {"order_id": order["id"], "customer_id": order["customer_id"], "order_external_id": ""}


def _states(row: Row) -> bool:
    return row["stated_paid"] is not None or row["stated_refunded"] is not None
