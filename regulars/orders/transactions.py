"""Recording payments and returns that are reported apart from their order, which may come later or never."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from regulars.events.record import Actor, record_many
from regulars.orders.facts import OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.locks import lock_orders
from regulars.orders.models import PaymentKind, PaymentState
from regulars.orders.movements import write_payments, write_returns
from regulars.orders.news import News
from regulars.orders.reading import LONGEST_ORDER_ID, named
from regulars.orders.recognising import recognise
from regulars.orders.recording import reader_for, record_read
from regulars.orders.stats import refresh_stats
from regulars.orders.sums import refresh_sums
from regulars.orders.tables import known_orders, order_sums
from regulars.shops.models import Shop

Row = dict[str, Any]
Key = tuple[int, str]


@transaction.atomic
def record_payments(shop: Shop, facts: Sequence[PaymentFacts], *, by: Actor, batch_id: int | None = None) -> int:
    """Record payments and refunds by the names their channel gave them; how many were news.

    One whose order has not come yet waits for it and counts nowhere until then. A successful payment that names no
    order makes one, `payment:<external id>`: a payment link is a sale too. Call it once a transaction.
    Raises BadValue for the first report that cannot be a payment; then nothing was written.
    """
    reader = reader_for(shop, [one.channel for one in facts], by=by)
    facts = [_with_order(one) for one in facts]
    keys = [(reader.channel_id(one.channel), one.order_external_id) for one in facts]
    lock_orders(shop.pk, keys)
    orders = known_orders(shop, keys)
    sales = [_sale(one) for one, key in zip(facts, keys, strict=True) if key not in orders and _makes_order(one)]
    record_read(reader, [reader.order(one) for one in sales], by=by, batch_id=batch_id)
    rows = []
    for one, key in zip(facts, keys, strict=True):
        if key in orders or not _makes_order(one):
            rows.append(_joined(orders.get(key), one.customer_id, reader.payment, one, key[0]))
    recognised = [one.order_id or 0 for one in recognise(shop, [row for row in rows if row["order_id"]])]
    written = write_payments(rows)
    _settle(shop, _Moved(orders, payments=written, recognised=recognised), by, batch_id)
    return len(sales) + len(recognised) + len(written)


@transaction.atomic
def record_returns(shop: Shop, facts: Sequence[ReturnFacts], *, by: Actor, batch_id: int | None = None) -> int:
    """Record goods that came back; how many were news. One whose order has not come yet waits for it.

    Raises BadValue for the first report that cannot be a return; then nothing was written.
    """
    reader = reader_for(shop, [one.channel for one in facts], by=by)
    keys = [(reader.channel_id(one.channel), named(one.order_external_id, LONGEST_ORDER_ID)) for one in facts]
    lock_orders(shop.pk, keys)
    orders = known_orders(shop, keys)
    written = write_returns(
        _joined(orders.get(key), None, reader.goods_back, one, key[0]) for one, key in zip(facts, keys, strict=True)
    )
    _settle(shop, _Moved(orders, returns=written), by, batch_id)
    return len(written)


@dataclass(slots=True)
class _Moved:
    """Known orders by key, what was written of their payments and returns, and those of which a payment that staff had
    recorded got its name."""

    orders: dict[Key, Row]
    payments: Sequence[Row] = ()
    returns: Sequence[Row] = ()
    recognised: Sequence[int] = ()


def _settle(shop: Shop, moved: _Moved, by: Actor, batch_id: int | None) -> None:
    """Bring sums, figures and the trail up to what was written."""
    ids = {row["order_id"] for row in (*moved.payments, *moved.returns) if row["order_id"]} | {*moved.recognised}
    if not ids:
        return
    before = {row["id"]: row for row in moved.orders.values() if row["id"] in ids}
    stated = refresh_sums(shop, sorted(ids))
    after = {row["id"]: before[row["id"]] | row for row in order_sums(shop, sorted(ids))}
    refresh_stats(shop, {row["customer_id"] for row in after.values()})
    news = News(shop)
    for order in after.values():
        if order["is_test"] or order["deleted_at"]:
            continue
        news.payments(order, _of_order(order, (*moved.payments, *stated)), before[order["id"]])
        for goods in _of_order(order, moved.returns):
            news.goods_back(order, goods)
    record_many(shop.pk, news.happenings, by=by, batch_id=batch_id)


def _of_order(order: Row, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["order_id"] == order["id"]]


def _joined(order: Row | None, customer_id: int | None, read: Callable[..., Row], facts: Any, channel_id: int) -> Row:
    """A payment's or return's columns: of its order, or waiting for it."""
    if order is None:
        return read(facts, channel_id) | {"order_id": None, "customer_id": customer_id}
    row = read(facts, channel_id, order["currency"], order["rate"])
    return row | {"order_id": order["id"], "customer_id": order["customer_id"], "order_external_id": ""}


def _with_order(facts: PaymentFacts) -> PaymentFacts:
    """A payment that names no order names the one it makes, or would make once it succeeds."""
    if facts.order_external_id:
        return replace(facts, order_external_id=named(facts.order_external_id, LONGEST_ORDER_ID))
    own = f"payment:{named(facts.external_id)}"
    return replace(facts, order_external_id=own if len(own) <= LONGEST_ORDER_ID else own[-LONGEST_ORDER_ID:])


def _makes_order(facts: PaymentFacts) -> bool:
    return (
        facts.order_external_id.startswith("payment:")
        and facts.kind == PaymentKind.CAPTURE
        and facts.state == PaymentState.SUCCEEDED
    )


def _sale(facts: PaymentFacts) -> OrderFacts:
    """The order a payment makes: one sum, paid at once."""
    return OrderFacts(
        channel=facts.channel, external_id=facts.order_external_id, number=facts.reference or facts.external_id,
        placed_at=facts.at, currency=facts.currency, rate=facts.rate, total=facts.amount, payments=[facts],
        payment_method=facts.method, customer=facts.customer, customer_id=facts.customer_id,
    )  # fmt: skip
