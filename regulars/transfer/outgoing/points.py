"""The ledger of points as a file: every movement with its customer."""

from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.kit.query import Context, Field
from regulars.loyalty.entry_fields import entry_fields
from regulars.loyalty.finding import find_entries
from regulars.loyalty.models import PointsEntry
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.columns import CUSTOMER_COLUMNS
from regulars.transfer.outgoing.columns import ExportColumn, flag_sql, of_field
from regulars.transfer.outgoing.kinds import ExportKind, offer
from regulars.transfer.outgoing.papers import CUSTOMER_JOINS, customer_columns
from regulars.transfer.outgoing.writings import Writing, shown_sql
from regulars.transfer.own_ids import own_id_sql

_HEADERS = {"points": "Points moved", "number": "Entry ID"}
"""Unlike those of the import: a movement is no balance."""


def _rows(shop: Shop, staff: Staff | None) -> QuerySet:
    rows = PointsEntry.objects.of(shop)
    return rows if staff is None else rows.visible_to(staff)


def _columns(ctx: Context, writing: Writing) -> list[ExportColumn]:
    fields = [field for field in entry_fields if field.shown or field.name == "number"]
    return [
        *(_of_field(field, ctx, writing) for field in fields),
        _regulars_id(ctx),
        *customer_columns(writing, email=shown_sql("u.email", writing), phone="u.phone"),
    ]


def _of_field(field: Field, ctx: Context, writing: Writing) -> ExportColumn:
    column = of_field(field, ctx, writing, _HEADERS.get(field.name, ""))
    match field.name:
        case "pending":
            return replace(column, sql=flag_sql("c.counted_at IS NULL", writing))
        case "note":
            return replace(column, needs=Permission.SEE_NOTES)
    return column


def _regulars_id(ctx: Context) -> ExportColumn:
    column = CUSTOMER_COLUMNS["regulars_id"]
    return ExportColumn("regulars_id", column.header, *own_id_sql(ctx.shop_id, "c.customer_id"), label=column.label)


POINTS = offer(
    ExportKind(
        name="points",
        label=_("Points"),
        fields=entry_fields,
        rows=_rows,
        find=find_entries,
        columns=_columns,
        joins=CUSTOMER_JOINS,
        usual=(
            "number", "date", "counts_on", "regulars_id", "name", "reason", "points", "note", "balance", "expires_on",
            "pending", "origin", "staff",
        ),
        dates=("date", "counts_on", "expires_on"),
        needs=(Permission.SEE_CUSTOMERS,),
        counted=lambda n: ngettext("{n} movement of points", "{n} movements of points", n),
        first=("name",),
    )
)  # fmt: skip
