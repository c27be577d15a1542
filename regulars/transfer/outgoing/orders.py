"""Orders as a file, with their lines when these are asked for; the first line tells of the order as a whole."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.kit.query import Context
from regulars.orders.fields import order_fields
from regulars.orders.finding import find_orders
from regulars.orders.models import Order
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.columns import ORDER_COLUMNS
from regulars.transfer.order_rows import PLACE
from regulars.transfer.outgoing.columns import (
    ExportColumn,
    count_sql,
    flag_sql,
    money_kind,
    money_sql,
    of_field,
)
from regulars.transfer.outgoing.kinds import ExportKind, offer
from regulars.transfer.outgoing.papers import CUSTOMER_JOINS, customer_columns
from regulars.transfer.outgoing.writings import Writing, shown_sql
from regulars.transfer.xlsx import Kind

# Fields whose column in a file has another name than in the registry.
_AS_IMPORTED = {"channel": "order_channel", "captured": "paid"}

# What is worked out must not come back as if somebody had said it.
_WORKED_OUT = {"due_on": "Falls due on"}

_AMOUNTS = ("subtotal", "discount", "shipping", "tax")
_LINES = ("line_title", "line_sku", "line_quantity", "line_price", "line_discount")
_PEOPLE = {"name": "recipient", "company": "address_company", "country": "address_country", "phone": "address_phone"}
_PLACES = [f"{kind}_{name}" for kind in ("shipping", "billing") for name in ("name", "company", *PLACE)]

READ_BACK = (
    "order_id", "number", "placed_at", "channel", "currency", "total", *_AMOUNTS, "captured", "refunded",
    "financial_state", "fulfilment_state", "cancelled_at", "agreed_due_on", "test", "payment_method", "location",
    "external_id", "name", "given_name", "family_name", "company", "email", "phone", *_PLACES, *_LINES,
)  # fmt: skip

_PARTS = (
    "(SELECT title, sku, quantity, unit_price, discount, total, row_number() OVER (ORDER BY position, id) AS n"
    " FROM orders_line WHERE shop_id = c.shop_id AND order_id = c.id) l"
)


def _rows(shop: Shop, staff: Staff | None) -> QuerySet:
    return Order.objects.of(shop).existing().visible_to(staff)


def _columns(ctx: Context, writing: Writing) -> list[ExportColumn]:
    fields = [field for field in order_fields if field.shown]
    return [
        _own("order_id", shown_sql("c.external_id", writing)),
        *(of_field(field, ctx, writing, _header(field.name)) for field in fields),
        *_facts(ctx, writing),
        *customer_columns(writing, email=shown_sql("c.email", writing), phone="nullif(c.phone, '')"),
        *(_place(name, writing) for name in _PLACES),
        *_lines(ctx, writing),
    ]


def _header(name: str) -> str:
    if name in _WORKED_OUT:
        return _WORKED_OUT[name]
    imported = ORDER_COLUMNS.get(_AS_IMPORTED.get(name, name))
    return imported.header if imported else ""


def _own(name: str, sql: str, *params: Any, cell: Kind = Kind.TEXT, join: str = "") -> ExportColumn:
    """A column that is no field of the registry, under the name and header of our own import."""
    column = ORDER_COLUMNS[name]
    joins = frozenset({join} if join else ())
    return ExportColumn(name, column.header, sql, params, cell, joins, label=column.label)


def _facts(ctx: Context, writing: Writing) -> list[ExportColumn]:
    amounts = [_own(name, money_sql(f"c.{name}", ctx), cell=money_kind(ctx)) for name in _AMOUNTS]
    return [
        _own("currency", "%s::text", ctx.currency),
        *amounts,
        _own("test", flag_sql("c.is_test", writing)),
        ExportColumn(
            "agreed_due_on",
            ORDER_COLUMNS["due_on"].header,
            "c.due_on::text",
            cell=Kind.DAY,
            label=_("Due date, where one was agreed"),
        ),
        _own("order_note", shown_sql("c.note", writing)),
    ]


def _place(name: str, writing: Writing) -> ExportColumn:
    """A part of an address as it was written."""
    kind, _sep, part = name.partition("_")
    sql = shown_sql(f"(c.{kind}_address::jsonb ->> '{_PEOPLE.get(part, part)}')", writing)
    column = ORDER_COLUMNS[name]
    return ExportColumn(name, column.header, sql, is_contact=part == "phone", label=column.label)


def _lines(ctx: Context, writing: Writing) -> list[ExportColumn]:
    texts = [_own(f"line_{name}", shown_sql(f"l.{name}", writing), join="l") for name in ("title", "sku")]
    amounts = [("line_price", "l.unit_price"), ("line_discount", "l.discount")]
    return [
        *texts,
        _own("line_quantity", count_sql("l.quantity", writing), cell=Kind.NUMBER, join="l"),
        *(_own(name, money_sql(sql, ctx), cell=money_kind(ctx), join="l") for name, sql in amounts),
    ]


ORDERS = offer(
    ExportKind(
        name="orders",
        label=_("Orders"),
        fields=order_fields,
        rows=_rows,
        find=find_orders,
        columns=_columns,
        joins={**CUSTOMER_JOINS, "l": f" LEFT JOIN LATERAL {_PARTS} ON true"},
        usual=READ_BACK,
        dates=("placed_at", "cancelled_at"),
        needs=(Permission.SEE_CUSTOMERS, Permission.SEE_ORDERS),
        counted=lambda n: ngettext("{n} order", "{n} orders", n),
        round_trip=_("The order with its customer, addresses and lines, one row for each line."),
        part="l",
        parts_of=_PARTS,
        parts_name="lines",
        names_row=frozenset({"order_id", "number"}),
    )
)
