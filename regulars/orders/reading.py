"""From facts to rows: checked, cleaned, and in minor units of the shop's currency. No database.

Raises BadValue naming the field for what cannot be an order; text that is merely too long is cut.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.utils.timezone import is_naive, now
from django.utils.translation import gettext_lazy as _

from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.money import CURRENCIES, to_minor
from regulars.kit.phones import read_phone
from regulars.kit.text import clean, cut, one_line
from regulars.orders.facts import ZERO, LineFacts, OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.models import FinancialState, PaymentKind, PaymentState
from regulars.shops.models import Shop

LONGEST_ORDER_ID = 90  # leaves room for the names of its stated payments in 100
LONGEST_ID = 100
MOST_LINES = 10_000
MOST_ITEMS = 2_000_000_000  # of an order: they are counted in 31 bits
MOST_MINOR = 10**15  # of an amount: what a customer's thousands of orders come to must fit into 63 bits
ONE = Decimal(1)
_FOUR_PLACES = Decimal("0.0001")
_TEN_PLACES = Decimal("0.0000000001")
_FULLY = (FinancialState.PAID, FinancialState.PARTLY_REFUNDED, FinancialState.REFUNDED)

# What an older or untimed source may leave out without meaning "take it away".
FILLABLE = (
    "number", "payment_method", "email", "phone", "location", "note", "shipping_address", "billing_address", "due_on",
)  # fmt: skip


@dataclass(slots=True)
class ReadOrder:
    """One order, ready to be compared and written. `columns` are what its source says of the order row, `made` the
    columns of its lines.
    """

    facts: OrderFacts
    channel_id: int
    external_id: str
    columns: dict[str, Any]
    lines: list[LineFacts] = field(default_factory=list)
    made: list[tuple[Any, ...]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    returns: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, str]:
        return self.channel_id, self.external_id


class Outlet(NamedTuple):
    """A sales channel, as far as reports need it."""

    id: int
    key: str


class Reader:
    """Reads facts for one shop. `channels`: as the facts name a channel → the channel."""

    def __init__(self, shop: Shop, channels: Mapping[str, Outlet]) -> None:
        self.shop, self.channels = shop, channels
        self.currency = shop.currency

    def channel_id(self, name: str) -> int:
        """Raises BadValue for a name that cannot be a channel."""
        if name not in self.channels:
            raise BadValue(_("“{value}” is not a sales channel."), value=name, field="channel")
        return self.channels[name].id

    def order(self, facts: OrderFacts) -> ReadOrder:
        """One order with its lines, payments and returns."""
        channel_id = self.channel_id(facts.channel)
        external_id = named(facts.external_id, LONGEST_ORDER_ID)
        if facts.deleted:
            columns = {"deleted_at": facts.source_updated_at or now()}
            return ReadOrder(facts, channel_id, external_id, columns)
        if len(facts.lines) > MOST_LINES:
            reason = _("An order has at most {most} lines.")
            raise BadValue(reason, value=len(facts.lines), field="lines", most=MOST_LINES)
        currency, rate = self.rate(facts)
        columns = self._columns(facts, external_id, currency, rate)
        read = ReadOrder(facts, channel_id, external_id, columns, list(facts.lines))
        read.made = [self._line(line, rate) for line in facts.lines]
        read.payments = [
            self.payment(payment, channel_id, currency, rate)
            for payment in (*facts.payments, *map(_as_refund, facts.refunds))
        ]
        read.returns = [self.goods_back(one, channel_id, currency, rate) for one in facts.returns]
        return read

    def lines(self, read: ReadOrder) -> list[tuple[Any, ...]]:
        """An order's lines as title, sku, quantity, unit price, discount, total, day of service."""
        return read.made

    def rate(self, facts: OrderFacts) -> tuple[str, Decimal]:
        """An order's currency and how much of the shop's one unit of it is worth."""
        currency = facts.currency or self.currency
        if currency == self.currency:
            return currency, ONE
        if currency not in CURRENCIES:
            raise BadValue(_("“{value}” is not a currency."), value=currency, field="currency")
        if facts.rate is None or not facts.rate.is_finite() or facts.rate <= 0:
            reason = _("An order in {value} needs a rate to {currency}.")
            raise BadValue(reason, value=currency, field="rate", currency=self.currency)
        return currency, facts.rate.quantize(_TEN_PLACES, ROUND_HALF_UP)

    def minor(self, amount: Decimal, rate: Decimal = ONE) -> int:
        """An amount in minor units of the shop's currency, rounded half up. Raises BadValue."""
        minor = to_minor(amount if rate is ONE else amount * rate, self.currency)
        if abs(minor) > MOST_MINOR:
            raise BadValue(_("“{value}” is too large for an amount."), value=amount)
        return minor

    def payment(
        self, facts: PaymentFacts, channel_id: int, currency: str = "", rate: Decimal | None = None
    ) -> dict[str, Any]:
        """One payment's columns. currency, rate: of its order; without them it waits for one and is converted then."""
        amount = positive(facts.amount, "amount")
        its_currency, its_rate = self._payment_rate(facts, currency, rate)
        return {
            "shop_id": self.shop.pk, "channel_id": channel_id, "external_id": named(facts.external_id),
            "order_external_id": facts.order_external_id, "kind": int(facts.kind), "state": int(facts.state),
            "amount": self.minor(amount, its_rate), "fee": self.minor(facts.fee, its_rate),
            "original": amount.quantize(_FOUR_PLACES, ROUND_HALF_UP), "currency": its_currency,
            "at": instant(facts.at, "at"), "method": one_line(facts.method)[:40],
            "reference": one_line(facts.reference)[:LONGEST_ID], "is_stated": False,
        }  # fmt: skip

    def goods_back(
        self, facts: ReturnFacts, channel_id: int, currency: str = "", rate: Decimal | None = None
    ) -> dict[str, Any]:
        """One return's columns, converted like a payment."""
        amount, credited = positive(facts.amount, "amount"), positive(facts.credited, "credited")
        its_currency = facts.currency or currency
        its_rate = ONE if rate is None or its_currency == self.currency else rate
        if its_currency not in (currency, self.currency, ""):
            raise _other_currency(its_currency)
        return {
            "shop_id": self.shop.pk, "channel_id": channel_id, "external_id": named(facts.external_id),
            "order_external_id": facts.order_external_id, "reason": int(facts.reason),
            "quantity": max(0, facts.quantity), "amount": self.minor(amount, its_rate),
            "credited": self.minor(credited, its_rate), "currency": its_currency,
            "original": amount.quantize(_FOUR_PLACES, ROUND_HALF_UP),
            "original_credited": credited.quantize(_FOUR_PLACES, ROUND_HALF_UP),
            "at": instant(facts.at, "at"), "note": clean(facts.note)[:500],
        }  # fmt: skip

    def _line(self, line: LineFacts, rate: Decimal) -> tuple[Any, ...]:
        counted(line.quantity)
        total = line.quantity * line.unit_price - line.discount if line.total is None else line.total
        minor = self.minor
        return (
            cut(one_line(line.title), 300), one_line(line.sku)[:80], line.quantity, minor(line.unit_price, rate),
            minor(line.discount, rate) if line.discount else 0, minor(total, rate), line.service_on,
        )  # fmt: skip

    def _payment_rate(self, facts: PaymentFacts, currency: str, rate: Decimal | None) -> tuple[str, Decimal]:
        """A payment's currency and rate: blank and 1 while it waits for an order and names no currency."""
        if facts.currency in ("", currency):
            return currency, ONE if rate is None else rate
        if facts.currency == self.currency:
            return facts.currency, ONE
        if facts.rate is not None and facts.rate > 0:
            return facts.currency, facts.rate
        if not currency:
            return facts.currency, ONE
        raise _other_currency(facts.currency)

    def _columns(self, facts: OrderFacts, external_id: str, currency: str, rate: Decimal) -> dict[str, Any]:
        if facts.placed_at is None:
            raise BadValue(_("An order needs the time when it was placed."), field="placed_at")
        minor, total = self.minor, self.minor(facts.total, rate)
        paid, refunded = self._stated(facts, total, rate)
        subtotal = facts.total if facts.subtotal is None else facts.subtotal
        return {
            "number": one_line(facts.number)[:60] or external_id[:60],
            "placed_at": instant(facts.placed_at, "placed_at"),
            "cancelled_at": facts.cancelled_at and instant(facts.cancelled_at, "cancelled_at"),
            "due_on": facts.due_on, "currency": currency, "rate": rate, "total": total,
            "total_original": total if rate is ONE else to_minor(facts.total, currency),
            "subtotal": minor(subtotal, rate), "discount": minor(facts.discount, rate) if facts.discount else 0,
            "shipping": minor(facts.shipping, rate) if facts.shipping else 0,
            "tax": minor(facts.tax, rate) if facts.tax else 0,
            "stated_state": None if facts.financial_state is None else int(facts.financial_state),
            "stated_paid": paid, "stated_refunded": refunded,
            "fulfilment_state": int(facts.fulfilment_state),
            "items_count": counted(sum(line.quantity for line in facts.lines if line.quantity > 0)),
            "is_test": facts.is_test, "is_confirmed": facts.is_confirmed,
            "payment_method": one_line(facts.payment_method)[:40],
            "email": (facts.email and read_email(facts.email).normal) or "",
            "phone": (facts.phone and read_phone(facts.phone, self.shop.country).e164) or "",
            "location": one_line(facts.location)[:80], "note": clean(facts.note),
            "shipping_address": _address(facts.shipping_address),
            "billing_address": _address(facts.billing_address),
        }  # fmt: skip

    def _stated(self, facts: OrderFacts, total: int, rate: Decimal) -> tuple[int | None, int | None]:
        """What the source says was paid and paid back, where it lists no transactions that say so."""
        state, paid, refunded = facts.financial_state, None, None
        listed = _succeeded(facts.payments, PaymentKind.CAPTURE)
        if listed is None and facts.paid is not None:
            paid = self.minor(positive(facts.paid, "paid"), rate)
        elif listed is None and state in _FULLY:
            paid = max(0, total)
        if facts.refunds or _succeeded(facts.payments, PaymentKind.REFUND) is not None:
            return paid, None
        if facts.refunded is not None:
            refunded = self.minor(positive(facts.refunded, "refunded"), rate)
        elif state == FinancialState.REFUNDED:
            refunded = paid if listed is None else self.minor(listed, rate)
        return paid, refunded


def named(external_id: str, longest: int = LONGEST_ID) -> str:
    """What another system calls it. Raises BadValue when that is nothing or too long."""
    name = one_line(external_id)
    if not name or len(name) > longest:
        reason = _("“{value}” cannot name an order or payment: 1 to {longest} characters.")
        raise BadValue(reason, value=external_id, field="external_id", longest=longest)
    return name


def instant(value: datetime, name: str) -> datetime:
    """A point in time. Raises BadValue for one without a time zone."""
    if is_naive(value):
        raise BadValue(_("“{value}” has no time zone."), value=value, field=name)
    return value


def counted(quantity: int) -> int:
    """A number of items. Raises BadValue."""
    if abs(quantity) > MOST_ITEMS:
        raise BadValue(_("“{value}” is too large for a quantity."), value=quantity, field="quantity")
    return quantity


def positive(amount: Decimal, name: str) -> Decimal:
    """An amount of 0 or more. Raises BadValue."""
    if not amount.is_finite() or amount < ZERO:
        raise BadValue(_("“{value}” must not be less than 0."), value=amount, field=name)
    if amount.adjusted() > 15:
        raise BadValue(_("“{value}” is too large for an amount."), value=amount, field=name)
    return amount


def _as_refund(facts: PaymentFacts) -> PaymentFacts:
    if facts.kind == PaymentKind.REFUND:
        return facts
    return replace(facts, kind=PaymentKind.REFUND)


def _succeeded(payments: Iterable[PaymentFacts], kind: PaymentKind) -> Decimal | None:
    """What listed payments of a kind add up to; None when none is listed."""
    listed = [p.amount for p in payments if p.kind == kind and p.state == PaymentState.SUCCEEDED]
    return sum(listed, ZERO) if listed else None


def _address(written: Mapping[str, Any] | None) -> dict[str, str] | None:
    """An address as it was written, by the names of `customers.profile`, without what is empty."""
    if not written:
        return None
    kept = {str(key): cut(one_line(str(value)), 250) for key, value in written.items() if value}
    return kept or None


def _other_currency(currency: str) -> BadValue:
    return BadValue(
        _("A payment in {value} needs the currency of its order or of the shop."), value=currency, field="currency"
    )
