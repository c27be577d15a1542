"""What customers did that can be asked with parameters: orders, bought products, payments, refunds, returns.

All look at placed orders: recorded, neither test nor deleted nor cancelled (docs/reference/figures.md).
"""

from collections.abc import Callable

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from regulars.catalog.product_keys import ProductKey
from regulars.catalog.product_tags import ProductTags
from regulars.customers.fields import channel_options, customer_fields
from regulars.kit.query import Condition, Context, FieldSet, Op
from regulars.kit.query.conditions import Literal
from regulars.kit.query.fields import Field
from regulars.kit.query.kinds import Choice, Count, Money, Related, Text
from regulars.kit.query.kinds_derived import AnyChoice
from regulars.kit.query.kinds_time import Moment
from regulars.kit.query.predicates import Events, Predicate, Total
from regulars.orders.models import (
    FinancialState,
    FulfilmentState,
    Line,
    Order,
    Payment,
    PaymentKind,
    PaymentState,
    Return,
    ReturnReason,
)
from regulars.shops.permissions import Permission

SEE = Permission.SEE_ORDERS
OF_PLACED = Q(order__is_test=False, order__deleted_at__isnull=True, order__cancelled_at__isnull=True)

# How Shopify calls what we know by another word.
FINANCIAL_WORDS = {
    "authorized": "authorised",
    "partially_paid": "partly_paid",
    "partially_refunded": "partly_refunded",
    "unpaid": "pending authorised partly_paid",
}
FULFILMENT_WORDS = {
    "unshipped": "unfulfilled",
    "partial": "partly_fulfilled",
    "partially_fulfilled": "partly_fulfilled",
    "shipped": "fulfilled delivered",
}


def _orders(ctx: Context) -> QuerySet:
    return Order.objects.of(ctx.shop_id).placed()


def _lines(ctx: Context) -> QuerySet:
    return Line.objects.of(ctx.shop_id).filter(is_counted=True)


def _payments(kind: PaymentKind) -> Callable[[Context], QuerySet]:
    return lambda ctx: Payment.objects.of(ctx.shop_id).filter(OF_PLACED, kind=kind)


def _returns(ctx: Context) -> QuerySet:
    return Return.objects.of(ctx.shop_id).filter(OF_PLACED)


def _sum(column: str) -> Callable[[Events], int]:
    return lambda events: sum(event[column] for event in events)


def _different(column: str) -> Callable[[Events], int]:
    return lambda events: len({event[column] for event in events})


def _parameters(name: str, *fields: Field) -> FieldSet:
    known = FieldSet(name)
    known.add(*fields)
    return known


def _channel(column: str) -> Related:
    return Related("channel", _("Channel"), column=column, of=channel_options, aliases=["app_id"])


def _count(label: object) -> Total:
    return Total(Count("count", label), CountOf("*"), len)


def _sum_amount(column: str) -> Total:
    return Total(Money("sum_amount", _("Amount in all")), Sum(column), _sum(column), (column,))


def _of_payments() -> list[Field]:
    return [
        Moment("date", _("Date"), column="at"),
        Money("amount", _("Amount")),
        Text("method", _("Payment method"), aliases=["payment_method"]),
        Choice("state", _("Outcome"), of=PaymentState, aliases=["status"]),
        _channel("channel_id"),
    ]


SUCCEEDED = Condition("state", Op.EQ, (Literal("word", "succeeded"),))

customer_fields.add_predicates(
    Predicate(
        "orders_placed",
        _("Placed an order"),
        rows=_orders,
        fields=_parameters(
            "orders_placed",
            Moment("date", _("Date"), column="placed_at", aliases=["placed_at"]),
            Money("amount", _("Order total"), column="total", aliases=["total"]),
            _channel("channel_id"),
            AnyChoice(
                "status",
                _("State"),
                columns={"fulfilment_state": FulfilmentState, "financial_state": FinancialState},
                words=FINANCIAL_WORDS | FULFILMENT_WORDS,
            ),
            Choice(
                "fulfilment",
                _("Delivery"),
                column="fulfilment_state",
                of=FulfilmentState,
                aliases=["fulfillment_status"],
                words=FULFILMENT_WORDS,
            ),
            Choice(
                "payment",
                _("Payment"),
                column="financial_state",
                of=FinancialState,
                aliases=["financial_status"],
                words=FINANCIAL_WORDS,
            ),
            Text("payment_method", _("Payment method")),
            Text("location", _("Location"), aliases=["location_id"]),
        ),
        totals=[_count(_("How many orders")), _sum_amount("total")],
        needs=SEE,
        changing=["status", "fulfilment", "payment"],
        help=_("Orders that are neither test nor cancelled."),
    ),
    Predicate(
        "products_purchased",
        _("Bought a product"),
        rows=_lines,
        fields=_parameters(
            "products_purchased",
            Moment("date", _("Date"), column="placed_at"),
            ProductKey(),
            Text("sku", _("SKU"), column="product__sku", nullable=True),
            Text("name", _("Product"), column="title"),
            ProductTags(),
            Text("category", _("Category"), column="product__category", nullable=True),
            Count("quantity", _("Quantity")),
            _channel("order__channel_id"),
        ),
        totals=[
            Total(
                Count("count", _("How many orders")),
                CountOf("order_id", distinct=True),
                _different("order_id"),
                ("order_id",),
            ),
            Total(Count("sum_quantity", _("Quantity in all")), Sum("quantity"), _sum("quantity"), ("quantity",)),
        ],
        needs=SEE,
        changing=["tag", "category"],
        help=_("Lines of orders that are neither test nor cancelled."),
    ),
    Predicate(
        "payments_made",
        _("Paid"),
        rows=_payments(PaymentKind.CAPTURE),
        fields=_parameters("payments_made", *_of_payments()),
        totals=[_count(_("How many payments")), _sum_amount("amount")],
        usual=[SUCCEEDED],
        needs=SEE,
        changing=["state"],
        help=_("Payments on such orders; those that succeeded, unless their state is asked."),
    ),
    Predicate(
        "refunds_received",
        _("Got money back"),
        rows=_payments(PaymentKind.REFUND),
        fields=_parameters("refunds_received", *_of_payments()),
        totals=[_count(_("How many refunds")), _sum_amount("amount")],
        usual=[SUCCEEDED],
        needs=SEE,
        changing=["state"],
        help=_("Refunds of such orders; those that succeeded, unless their state is asked."),
    ),
    Predicate(
        "returns_made",
        _("Sent goods back"),
        rows=_returns,
        fields=_parameters(
            "returns_made",
            Moment("date", _("Date"), column="at"),
            Money("amount", _("Worth of the goods")),
            Choice("reason", _("Reason"), of=ReturnReason),
            Count("quantity", _("Quantity")),
        ),
        totals=[_count(_("How many returns")), _sum_amount("amount")],
        needs=SEE,
        help=_("Goods of such orders that came back."),
    ),
)
