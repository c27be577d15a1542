"""What a source says about an order: the form in which imports, shops' systems and programs hand it in.

Amounts are `Decimal` in the order's own currency; `orders.reading` turns them into minor units of the shop's.
What a source does not tell stays None or empty and is never read as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from regulars.orders.models import FinancialState, FulfilmentState, PaymentKind, PaymentState, ReturnReason

if TYPE_CHECKING:
    from regulars.customers.drafts import Draft

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One row of an order. `total` is after `discount`; without it, quantity × unit price − discount.

    `product_external_id` (of the order's channel) or `sku` link it to a product; title and price stay with the line.
    `service_on`: the day of a booked service.
    """

    title: str
    quantity: int = 1
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    total: Decimal | None = None
    sku: str = ""
    product_external_id: str = ""
    service_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """One transaction. `external_id` names it on its channel, once and for ever: it is never counted twice.

    channel, order_external_id: needed only when it is reported apart from its order, which may come later.
    A payment that names no order makes one of its own (`payment:<external id>`): a payment link is a sale too.
    currency: blank means that of the order. rate: only for a third currency, shop currency per 1 of `currency`.
    customer, customer_id: who paid, for a payment that makes its own order.
    """

    external_id: str
    amount: Decimal
    at: datetime
    kind: PaymentKind = PaymentKind.CAPTURE
    state: PaymentState = PaymentState.SUCCEEDED
    method: str = ""
    reference: str = ""
    fee: Decimal = ZERO
    currency: str = ""
    rate: Decimal | None = None
    channel: str = ""
    order_external_id: str = ""
    customer: "Draft | None" = None
    customer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFacts:
    """Goods that came back. `amount` is their worth, `credited` what it takes off the customer's debt.

    Money paid back is a payment of kind refund, not part of the return.
    """

    external_id: str
    at: datetime
    amount: Decimal = ZERO
    credited: Decimal = ZERO
    quantity: int = 0
    reason: ReturnReason = ReturnReason.OTHER
    note: str = ""
    currency: str = ""
    channel: str = ""
    order_external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """One order as its source knows it now.

    channel, external_id: its name for ever; reporting it again changes it, never doubles it.
    source_updated_at: when the source last changed it. An older report changes nothing but adds the payments,
        refunds and returns it knows of. A report without a time counts as the newest, but never takes back a
        cancellation and never undoes what a timed report said of the payment.
    rate: shop currency per 1 of `currency`; needed when they differ.
    financial_state, paid, refunded: what the source says of the money when it lists no transactions. `paid` without
        a state (a till's "amount received") is believed too. Listed transactions always come first: what is
        stated only fills up what they leave open.
    shipping_address, billing_address: by the names of `customers.profile` (recipient, address1, ward, city …).
    customer: a profile to match or create; customer_id: when the customer is known. With neither, a customer is made
        of `email`, `phone` and the addresses; an order without any of them has no customer.
    due_on: when it should be paid; a report without it leaves the day as it is.
    deleted: the source deleted the order; final, in whatever order the reports arrive.
    """

    channel: str
    external_id: str
    number: str = ""
    placed_at: datetime | None = None
    currency: str = ""
    rate: Decimal | None = None
    total: Decimal = ZERO
    subtotal: Decimal | None = None
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    lines: Sequence[LineFacts] = ()
    payments: Sequence[PaymentFacts] = ()
    refunds: Sequence[PaymentFacts] = ()
    returns: Sequence[ReturnFacts] = ()
    financial_state: FinancialState | None = None
    paid: Decimal | None = None
    refunded: Decimal | None = None
    fulfilment_state: FulfilmentState = FulfilmentState.UNFULFILLED
    cancelled_at: datetime | None = None
    due_on: date | None = None
    is_test: bool = False
    is_confirmed: bool = True
    payment_method: str = ""
    email: str = ""
    phone: str = ""
    customer: "Draft | None" = None
    customer_id: int | None = None
    shipping_address: Mapping[str, Any] | None = None
    billing_address: Mapping[str, Any] | None = None
    location: str = ""
    note: str = ""
    source_updated_at: datetime | None = None
    deleted: bool = False
