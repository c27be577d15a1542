"""What customers did that can be asked with parameters: orders they placed, products they bought.

Both look at placed orders: recorded, neither test nor deleted nor cancelled (docs/reference/figures.md).
"""

from collections.abc import Callable

from django.db.models import Count as CountOf
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import channel_options, customer_fields
from regulars.kit.query import Context, FieldSet
from regulars.kit.query.kinds import Choice, Count, Moment, Money, Related, Text
from regulars.kit.query.predicates import Events, Predicate, Total
from regulars.orders.models import FinancialState, FulfilmentState, Line, Order
from regulars.shops.permissions import Permission


def _orders(ctx: Context) -> QuerySet:
    return Order.objects.of(ctx.shop_id).placed()


def _lines(ctx: Context) -> QuerySet:
    lines = Line.objects.of(ctx.shop_id)
    return lines.filter(order__is_test=False, order__deleted_at__isnull=True, order__cancelled_at__isnull=True)


def _sum(column: str) -> Callable[[Events], int]:
    return lambda events: sum(event[column] for event in events)


def _different(column: str) -> Callable[[Events], int]:
    return lambda events: len({event[column] for event in events})


_order_parameters = FieldSet("orders_placed")
_order_parameters.add(
    Moment("date", _("Date"), column="placed_at", aliases=["placed_at"]),
    Money("amount", _("Order total"), column="total", aliases=["total"]),
    Related("channel", _("Channel"), column="channel_id", of=channel_options, aliases=["app_id"]),
    Choice("status", _("Delivery"), column="fulfilment_state", of=FulfilmentState, aliases=["fulfillment_status"]),
    Choice("payment", _("Payment"), column="financial_state", of=FinancialState, aliases=["financial_status"]),
    Text("payment_method", _("Payment method")),
    Text("location", _("Location"), aliases=["location_id"]),
)

_line_parameters = FieldSet("products_purchased")
_line_parameters.add(
    Moment("date", _("Date"), column="order__placed_at"),
    Count("id", _("Product id"), column="product_id", nullable=True),
    Text("sku", _("SKU"), column="product__sku", nullable=True),
    Text("name", _("Product"), column="title"),
    Text("category", _("Category"), column="product__category", nullable=True),
    Count("quantity", _("Quantity")),
)

customer_fields.add_predicates(
    Predicate(
        "orders_placed",
        _("Placed an order"),
        rows=_orders,
        fields=_order_parameters,
        totals=[
            Total(Count("count", _("How many orders")), CountOf("*"), len),
            Total(Money("sum_amount", _("Amount in all")), Sum("total"), _sum("total"), ("total",)),
        ],
        needs=Permission.SEE_ORDERS,
        help=_("Orders that are neither test nor cancelled."),
    ),
    Predicate(
        "products_purchased",
        _("Bought a product"),
        rows=_lines,
        fields=_line_parameters,
        link="order__customer_id",
        totals=[
            Total(
                Count("count", _("How many orders")),
                CountOf("order_id", distinct=True),
                _different("order_id"),
                ("order_id",),
            ),
            Total(Count("sum_quantity", _("Quantity in all")), Sum("quantity"), _sum("quantity"), ("quantity",)),
        ],
        needs=Permission.SEE_ORDERS,
        help=_("Lines of orders that are neither test nor cancelled."),
    ),
)
