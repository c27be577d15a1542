"""The events of orders: what is worth telling of a change, with amounts as plain text in the shop's currency."""

from collections.abc import Iterable, Mapping
from typing import Any

from regulars.events.record import Happening
from regulars.kit.money import plain
from regulars.orders.models import PaymentKind, PaymentState
from regulars.shops.models import Shop

MONEY_COLUMNS = frozenset({"total", "subtotal", "discount", "shipping", "tax", "written_off"})

# What an event of a change tells; sums and what the source states are told as payments.
TOLD = (
    "number", "placed_at", "total", "subtotal", "discount", "shipping", "tax", "fulfilment_state", "is_test",
    "is_confirmed", "payment_method", "email", "phone", "location", "note", "shipping_address", "billing_address",
    "currency", "rate", "lines", "due_on",
)  # fmt: skip

Row = Mapping[str, Any]


class News:
    """Gathers the events of one writing of orders."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.happenings: list[Happening] = []

    def money(self, minor: int) -> str:
        return plain(minor, self.shop.currency)

    def add(self, kind: str, order: Row, **more: Any) -> None:
        """An event about an order, at the time given as `at` or now."""
        at = more.pop("at", None)
        data = {"order": order["id"], "number": order["number"], **more}
        self.happenings.append(Happening(kind, "order", order["id"], order["customer_id"], data, at))

    def placed(self, order: Row) -> None:
        """A new order, told at the time it was placed."""
        self.add(
            "order.placed", order, at=order["placed_at"],
            total=self.money(order["total"]), currency=self.shop.currency, channel=order["channel_id"],
        )  # fmt: skip

    def changed(self, order: Row, changes: Mapping[str, list[Any]]) -> None:
        """What is different now; cancelling and taking that back are events of their own."""
        told = {name: self._told(name, *changes[name]) for name in TOLD if name in changes}
        if told:
            self.add("order.changed", order, changes=told)

    def cancelled(self, order: Row, before: Row | None) -> None:
        """That it was cancelled, or that this was taken back."""
        was = before["cancelled_at"] if before else None
        if order["cancelled_at"] and not was:
            self.add("order.cancelled", order, at=order["cancelled_at"])
        elif was and not order["cancelled_at"]:
            self.add("order.uncancelled", order)

    def payments(self, order: Row, written: Iterable[Row], before: Row | None) -> None:
        """Money that moved. Transactions that only prove what the source had stated before are no news."""
        sums = ("captured", "refunded")
        known = {f"payment.{name}" for name in sums if before and order[name] <= before[name]}
        for payment in written:
            kind = _kind_of(payment)
            if kind and kind not in known:
                self._payment(kind, order, payment)

    def _payment(self, kind: str, order: Row, payment: Row) -> None:
        data = {
            "order": order["id"], "number": order["number"], "payment": payment["id"],
            "amount": self.money(payment["amount"]), "method": payment["method"], "reference": payment["reference"],
        }  # fmt: skip
        self.happenings.append(Happening(kind, "payment", payment["id"], order["customer_id"], data, payment["at"]))

    def goods_back(self, order: Row, goods: Row) -> None:
        data = {
            "order": order["id"], "number": order["number"], "amount": self.money(goods["amount"]),
            "credited": self.money(goods["credited"]), "quantity": goods["quantity"], "reason": goods["reason"],
        }  # fmt: skip
        self.happenings.append(
            Happening("return.recorded", "return", goods["id"], order["customer_id"], data, goods["at"])
        )

    def _told(self, name: str, old: Any, new: Any) -> list[Any]:
        if name in MONEY_COLUMNS:
            return [self.money(old), self.money(new)]
        return [one if one is None or isinstance(one, bool | int | dict) else str(one) for one in (old, new)]


def _kind_of(payment: Row) -> str:
    """The event a payment is told by; "" for those that move no money and did not fail."""
    if payment["state"] == PaymentState.FAILED:
        return "payment.failed"
    if payment["state"] != PaymentState.SUCCEEDED:
        return ""
    kinds = {PaymentKind.CAPTURE: "payment.captured", PaymentKind.REFUND: "payment.refunded"}
    return kinds.get(PaymentKind(payment["kind"]), "")
