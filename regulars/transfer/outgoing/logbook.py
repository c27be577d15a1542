"""The export log itself as a file: every entry with the hashes by which anybody can check that none is missing."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.kit.query import Context, FieldSet
from regulars.kit.query.kinds import Choice, Count, Text
from regulars.kit.query.kinds_time import Moment
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.models import ExportEntry
from regulars.transfer.outgoing.columns import ExportColumn, of_field
from regulars.transfer.outgoing.kinds import ExportKind, offer
from regulars.transfer.outgoing.writings import Writing, shown_sql

entry_fields = FieldSet("export entry")
entry_fields.add(
    Moment("date", _("Date"), column="at", aliases=["at"]),
    Count("number", _("Number"), column="number"),
    Choice("kind", _("What happened"), of=ExportEntry.Kind),
    Text("actor", _("By"), column="actor_name"),
    Text("ip", _("From"), column="ip"),
)


def _rows(shop: Shop, staff: Staff | None) -> QuerySet:
    return ExportEntry.objects.of(shop)


def _find(rows: QuerySet, shop: Shop, staff: Staff | None, text: str) -> QuerySet:
    """By who did it."""
    return rows.filter(actor_name__icontains=text)


def _columns(ctx: Context, writing: Writing) -> list[ExportColumn]:
    """Values as they were hashed: the kind is its word in the table, not a translation."""
    data = "c.data" if writing is Writing.JSON else shown_sql("c.data::text", writing)
    return [
        *(of_field(field, ctx, writing) for field in entry_fields if field.name != "kind"),
        ExportColumn("kind", "Kind", "c.kind", label=_("What happened")),
        ExportColumn("shop", "Shop", "c.shop_id", label=_("Number of the shop")),
        ExportColumn("export", "Export", "c.export_id", label=_("Export")),
        ExportColumn("actor_kind", "Actor", "c.actor_kind", label=_("Kind of actor")),
        ExportColumn("actor_id", "Actor ID", "c.actor_id", label=_("Number of the actor")),
        ExportColumn("data", "Data", data, label=_("What was told")),
        ExportColumn("previous", "Previous hash", "c.previous", label=_("Hash of the entry before")),
        ExportColumn("hash", "Hash", "c.hash", label=_("Hash")),
    ]


LOGBOOK = offer(
    ExportKind(
        name="export_log",
        label=_("Export log"),
        fields=entry_fields,
        rows=_rows,
        find=_find,
        columns=_columns,
        joins={},
        usual=(
            "shop", "number", "date", "kind", "export", "actor_kind", "actor_id", "actor", "ip", "data", "previous",
            "hash",
        ),
        dates=("date",),
        needs=(Permission.SETTINGS,),
        counted=lambda n: ngettext("{n} entry", "{n} entries", n),
    )
)  # fmt: skip
