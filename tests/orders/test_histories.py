"""Random histories: what is stored is what a plain model says, and what the reasons add up to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.orders import stats
from regulars.orders.by_hand import Goods, Money, give_refund, take_payment, take_return
from regulars.orders.facts import ZERO, LineFacts
from regulars.orders.models import FulfilmentState, Order
from regulars.orders.operations import (
    attach_orders,
    cancel_order,
    delete_order,
    detach_orders,
    reassign_orders,
    record_order,
    record_payment,
    record_refund,
    record_return,
    uncancel_order,
    undo_moves,
    write_off,
)
from regulars.orders.why import EXPLAINED, explain
from tests.examples import examples
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, fresh, goods_back, order, payment

AMOUNTS = st.integers(0, 1000)
DAYS_AGO = [0, 30, 80, 100, 170, 400]


@dataclass
class Sale:
    """An order as plain Python remembers it."""

    total: int
    days_ago: int
    owner: int | None
    fulfilment: FulfilmentState
    is_test: bool
    is_confirmed: bool
    captured: int = 0
    before: list[int | None] = field(default_factory=list)
    refunded: int = 0
    credited: int = 0
    written_off: int = 0
    has_returns: bool = False
    discount: str = ""
    is_cancelled: bool = False
    is_deleted: bool = False

    @property
    def is_recorded(self) -> bool:
        return not self.is_test and not self.is_deleted

    @property
    def is_placed(self) -> bool:
        return self.is_recorded and not self.is_cancelled

    @property
    def is_paid(self) -> bool:
        if self.captured + self.credited < self.total:
            return False
        return self.captured > self.refunded or not (self.captured or self.refunded or self.total)


@dataclass
class Model:
    """What the figures must be."""

    sales: dict[str, Sale] = field(default_factory=dict)

    def figures(self, owner: int | None, counter: str) -> dict[str, int | None]:
        mine = [sale for sale in self.sales.values() if sale.owner == owner and sale.is_recorded]
        placed = [sale for sale in mine if sale.is_placed]
        sent = (FulfilmentState.FULFILLED, FulfilmentState.DELIVERED)
        spent = sum(sale.captured - sale.refunded for sale in placed)
        found: dict[str, int | None] = {
            "orders_recorded": len(mine),
            "orders_placed": len(placed),
            "orders_paid": sum(sale.is_paid for sale in placed),
            "orders_fulfilled": sum(sale.fulfilment in sent for sale in placed),
            "orders_delivered": sum(sale.fulfilment == FulfilmentState.DELIVERED for sale in placed),
            "orders_cancelled": len(mine) - len(placed),
            "orders_returned": sum(
                sale.has_returns or sale.fulfilment == FulfilmentState.RETURNED for sale in placed
            ),
            "total_spent": spent,
            "gross_spent": sum(sale.captured for sale in placed),
            "refunded": sum(sale.refunded for sale in placed),
            "spent_3m": sum(sale.captured - sale.refunded for sale in placed if sale.days_ago <= 80),
            "spent_before_3m": sum(sale.captured - sale.refunded for sale in placed if 80 < sale.days_ago <= 170),
            "orders_discounted": sum(bool(sale.discount) for sale in placed),
            "debt": sum(
                max(0, sale.total - sale.credited - sale.written_off - sale.captured)
                for sale in placed
                if sale.is_confirmed
            ),
        }  # fmt: skip
        found["orders_count"] = count = found[f"orders_{counter}"]
        found["average_order"] = int((Decimal(spent) / count).to_integral_value(ROUND_HALF_UP)) if count else None
        return found


class History:
    """Does the same to the shop and to the model."""

    def __init__(self, counter: str) -> None:
        self.model, self.counter = Model(), counter
        self.shop = create_shop()
        self.shop.order_counter = counter
        self.shop.save(update_fields=["order_counter"])
        self.people = [create_customer(self.shop, name=name) for name in ("Ann", "Bob")]
        self.moment = now()
        self.count = 0

    def sell(self, draw: Callable) -> None:
        name = f"o{len(self.model.sales)}"
        sale = Sale(
            total=draw(AMOUNTS), days_ago=draw(st.sampled_from(DAYS_AGO)), owner=draw(st.integers(0, 1)),
            fulfilment=draw(st.sampled_from(list(FulfilmentState))), is_test=draw(st.integers(0, 9)) == 0,
            is_confirmed=draw(st.integers(0, 9)) > 0, discount=draw(st.sampled_from(["", "order", "line"])),
        )  # fmt: skip
        self.model.sales[name] = sale
        facts = order(
            name, total=sale.total, placed_at=self.moment - timedelta(days=sale.days_ago), is_test=sale.is_test,
            fulfilment_state=sale.fulfilment, is_confirmed=sale.is_confirmed, customer_id=self.people[sale.owner].pk,
            discount=int(sale.discount == "order"),
            lines=(LineFacts(title="Tea", quantity=100_000, total=ZERO, discount=Decimal(sale.discount == "line")),),
        )  # fmt: skip
        record_order(self.shop, facts, by=BY)

    def pay(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        amount = draw(AMOUNTS)
        sale.captured += amount
        self.twice(draw, record_payment, payment(amount, self.name("p"), order_external_id=name))

    def refund(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        amount = draw(AMOUNTS)
        sale.refunded += amount
        self.twice(draw, record_refund, payment(amount, self.name("r"), order_external_id=name))

    def bring_back(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        credited = draw(AMOUNTS)
        sale.credited += credited
        sale.has_returns = True
        facts = goods_back(self.name("b"), order_external_id=name, amount=credited, credited=credited, quantity=1)
        self.twice(draw, record_return, facts)

    def cancel(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        change = uncancel_order if sale.is_cancelled else cancel_order
        sale.is_cancelled = not sale.is_cancelled
        change(self.stored(name), by=BY)

    def delete(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        sale.is_deleted = True
        delete_order(self.stored(name), by=BY)

    def move(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        sale.owner = 1 - (sale.owner or 0)
        sale.before = []
        reassign_orders([self.stored(name)], self.people[sale.owner], by=BY)

    def attach(self, draw: Callable) -> None:
        """Some of all orders, whoever has them; it may be taken back later."""
        name, sale = self.some(draw)
        to = draw(st.integers(0, 1))
        sale.before = [sale.owner] if sale.owner != to else []
        sale.owner = to
        attach_orders(self.people[to], [self.stored(name)], by=BY)

    def detach(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        if sale.owner is None:
            return
        owner, sale.before, sale.owner = sale.owner, [sale.owner], None
        detach_orders(self.people[owner], [self.stored(name)], by=BY)

    def take_back(self, draw: Callable) -> None:
        """Undo of the last attaching or detaching of an order."""
        name, sale = self.some(draw)
        if not sale.before:
            return
        was, now_at = sale.before.pop(), sale.owner
        sale.owner = was
        undo_moves(self.people[was if now_at is None else now_at], [self.stored(name)], by=BY)

    def take_by_hand(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        if sale.is_deleted or sale.is_cancelled:
            return
        amount = 1 + draw(AMOUNTS)
        sale.captured += amount
        self.by_hand(draw, take_payment, name, Money(key=self.name("h"), amount=Decimal(amount)))

    def give_by_hand(self, draw: Callable) -> None:
        """At most what was paid and is not back yet."""
        name, sale = self.some(draw)
        most = sale.captured - sale.refunded
        if sale.is_deleted or most < 1:
            return
        amount = draw(st.integers(1, most))
        sale.refunded += amount
        self.by_hand(draw, give_refund, name, Money(key=self.name("h"), amount=Decimal(amount)))

    def bring_back_by_hand(self, draw: Callable) -> None:
        """Of what is left of the order; without saying otherwise, it is taken off the debt as far as there is one."""
        name, sale = self.some(draw)
        left = sale.total - self.stored(name).returned
        if sale.is_deleted or sale.is_cancelled or left < 1:
            return
        worth = draw(st.integers(1, left))
        owed = max(0, sale.total - sale.credited - sale.written_off - sale.captured)
        is_owing = sale.is_placed and sale.is_confirmed
        sale.credited += min(worth, owed) if is_owing else 0
        sale.has_returns = True
        self.by_hand(draw, take_return, name, Goods(key=self.name("h"), quantity=1, worth=Decimal(worth)))

    def by_hand(self, draw: Callable, record: Callable, name: str, facts: object) -> None:
        """Some forms are sent twice."""
        for _click in range(draw(st.integers(1, 2))):
            record(self.stored(name), facts, by=BY)

    def forgive(self, draw: Callable) -> None:
        name, sale = self.some(draw)
        if owed := self.stored(name).owed:
            sale.written_off += owed
            write_off(self.stored(name), Decimal(owed), reason="gone", by=BY)

    def some(self, draw: Callable) -> tuple[str, Sale]:
        name = draw(st.sampled_from(sorted(self.model.sales)))
        return name, self.model.sales[name]

    def stored(self, name: str) -> Order:
        return Order.objects.of(self.shop).get(external_id=name)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def twice(self, draw: Callable, record: Callable, facts: object) -> None:
        """Some deliveries come again."""
        for _delivery in range(draw(st.integers(1, 2))):
            record(self.shop, facts, by=BY)


STEPS = [
    History.sell, History.pay, History.pay, History.refund, History.bring_back, History.cancel, History.delete,
    History.move, History.forgive, History.attach, History.detach, History.take_back, History.take_by_hand,
    History.give_by_hand, History.bring_back_by_hand,
]  # fmt: skip


class TestAnyHistory(TestCase):
    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_is_stored_modelled_and_explained_alike(self, data):
        history = History(data.draw(st.sampled_from(stats.COUNTERS)))
        history.sell(data.draw)
        for step in data.draw(st.lists(st.sampled_from(STEPS), max_size=14)):
            step(history, data.draw)

        for owner, person in enumerate(history.people):
            person = fresh(person)
            expected = history.model.figures(owner, history.counter)
            assert {name: getattr(person, name) for name in expected} == expected
            assert {name: explain(person, name).total for name in EXPLAINED} == {
                name: expected[name] for name in EXPLAINED
            }
        assert stats.check(history.shop) == []
