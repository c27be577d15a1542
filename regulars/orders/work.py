"""One reported order on its way into the tables: what it was, what it becomes, and what there is to tell of it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.timezone import now

from regulars.customers.matching import MatchKeys
from regulars.orders.footprints import Reported
from regulars.orders.movements import Place
from regulars.orders.news import News
from regulars.orders.reading import ONE, ReadOrder
from regulars.shops.models import Shop

Result = Literal["created", "changed", "unchanged"]
Row = dict[str, Any]


@dataclass(slots=True)
class Work:
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


def tell(news: News, work: Work) -> None:
    """Add the events of what became of an order."""
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


def new_row(shop: Shop, read: ReadOrder) -> Row:
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


def keys_of(read: ReadOrder) -> MatchKeys:
    """The contact data of a report that brings no profile."""
    if read.facts.customer is not None:
        return MatchKeys()
    return MatchKeys(read.columns.get("email") or None, read.columns.get("phone") or None)


def place_of(row: Row) -> Place:
    """What payments and returns are joined to."""
    return Place(row["id"], row["customer_id"], row["channel_id"], row["external_id"], row["currency"], row["rate"])


def joined(order: Row, moved: Row) -> Row:
    """A payment or return joined to its order."""
    return moved | {"order_id": order["id"], "customer_id": order["customer_id"], "order_external_id": ""}


def states_money(row: Row) -> bool:
    """Whether its source says what was paid or paid back."""
    return row["stated_paid"] is not None or row["stated_refunded"] is not None
