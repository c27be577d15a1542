"""Transactions as a file: every movement of money with its order and customer."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.kit.query import Context
from regulars.orders.finding import find_payments
from regulars.orders.models import Payment
from regulars.orders.payment_fields import payment_fields
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.outgoing.columns import ExportColumn, moment_sql, of_field
from regulars.transfer.outgoing.kinds import ExportKind, offer
from regulars.transfer.outgoing.papers import CUSTOMER_JOINS, customer_columns
from regulars.transfer.outgoing.writings import Writing, shown_sql
from regulars.transfer.xlsx import Kind

_JOINS = {**CUSTOMER_JOINS, "o": " LEFT JOIN orders_order o ON o.shop_id = %s AND o.id = c.order_id"}


def _rows(shop: Shop, staff: Staff | None) -> QuerySet:
    return Payment.objects.of(shop).visible_to(staff)


def _columns(ctx: Context, writing: Writing) -> list[ExportColumn]:
    name = shown_sql("c.external_id", writing)
    return [
        ExportColumn("transaction_id", "Transaction ID", name, label=_("Transaction ID")),
        *(of_field(field, ctx, writing) for field in payment_fields if field.shown),
        ExportColumn("currency", "Currency", "%s::text", (ctx.currency,), label=_("Currency")),
        *_of_order(writing),
        *customer_columns(writing, email=shown_sql("u.email", writing), phone="u.phone"),
    ]


def _of_order(writing: Writing) -> list[ExportColumn]:
    joins = frozenset({"o"})
    ids = ("order_id", "Order ID", shown_sql("coalesce(o.external_id, c.order_external_id)", writing), _("Order ID"))
    number = ("order_number", "Order number", shown_sql("o.number", writing), _("Order number"))
    texts = [ExportColumn(name, header, sql, joins=joins, label=label) for name, header, sql, label in (ids, number)]
    placed = moment_sql("o.placed_at")
    return [*texts, ExportColumn("order_date", "Order placed", placed, (), Kind.MOMENT, joins, label=_("Order placed"))]


PAYMENTS = offer(
    ExportKind(
        name="transactions",
        label=_("Transactions"),
        fields=payment_fields,
        rows=_rows,
        find=find_payments,
        columns=_columns,
        joins=_JOINS,
        usual=(
            "date", "order_number", "name", "kind", "state", "method", "amount", "fee", "currency", "reference",
            "channel", "transaction_id",
        ),
        dates=("date", "order_date"),
        needs=(Permission.SEE_CUSTOMERS, Permission.SEE_ORDERS),
        counted=lambda n: ngettext("{n} transaction", "{n} transactions", n),
    )
)  # fmt: skip
