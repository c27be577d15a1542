"""Data that leaves: written down before its first byte, formatted by PostgreSQL in one snapshot, kept for one person.

An export is one statement, so its rows are those of one instant and as many as the count shown with it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.search import search_q
from regulars.events.record import Actor, record
from regulars.kit.query import Context, compile_where, parse
from regulars.kit.query.paging import Order, sort_column
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.work import start_job
from regulars.transfer.cells import guarded
from regulars.transfer.errors import LinkExpired, NotYours
from regulars.transfer.export_columns import CAN_BE_READ_BACK, ExportColumn, columns_read, export_columns
from regulars.transfer.files import new_private_file, private_path
from regulars.transfer.models import ExportLog

KEPT_FOR = timedelta(hours=24)
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which customers and what of them. ids: only these, of those the question finds; None is all.

    staff: whose eyes the export sees with; None sees everything.
    """

    where: str = ""
    search: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    bom: bool = True

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Asked":
        ids = stored["ids"]
        return cls(**stored | {"fields": tuple(stored["fields"]), "ids": None if ids is None else tuple(ids)})


def rows_of(shop: Shop, asked: Asked, ctx: Context, staff: Staff | None = None) -> QuerySet[Customer]:
    """The customers that are asked for, unordered. Raises BadCondition."""
    rows = Customer.objects.of(shop).alive()
    if staff is not None:
        rows = rows.visible_to(staff)
    if asked.where:
        rows = rows.filter(compile_where(parse(asked.where), customer_fields, ctx))
    if asked.search.strip():
        rows = rows.filter(search_q(shop, asked.search, seen_by=staff))
    return rows if asked.ids is None else rows.filter(pk__in=asked.ids)


def export_to(
    path: Path, shop: Shop, asked: Asked, *, by: Actor, staff: Staff | None = None, ip: str | None = None
) -> ExportLog:
    """Write an export to a file of the caller's, now.

    Raises BadCondition, UnknownExportField before anything is written.
    """
    prepared = _Prepared(shop, asked, staff)
    log = _begun(shop, prepared, by=by, staff=staff, ip=ip)
    with _told_failures(log), path.open("wb") as out:
        _finish(log, *prepared.write(out))
    return log


@transaction.atomic
def start_export(shop: Shop, asked: Asked, *, staff: Staff, by: Actor, ip: str | None = None) -> ExportLog:
    """Write an export in the background, for `staff` alone to download within 24 hours; `job_run` of the log tells
    how far it is. Raises BadCondition, UnknownExportField.
    """
    prepared = _Prepared(shop, asked, staff)
    log = _begun(shop, prepared, by=by, staff=staff, ip=ip)
    data = {"export": log.pk, "asked": asked.stored()}
    log.job_run = start_job(shop, "export", _("Export of customers"), data=data, staff=staff)
    log.save(update_fields=["job_run"])
    return log


def write_export(job: JobRun) -> bool:
    """The one step of the work of an export."""
    log = ExportLog.objects.of(job.shop_id).select_related("shop", "staff").get(pk=job.data["export"])
    prepared = _Prepared(log.shop, Asked.of(job.data["asked"]), log.staff)
    name = new_private_file("exports", ".csv")
    with private_path(name).open("xb") as out:
        rows, digest = prepared.write(out)
    log.stored_as, log.expires_at = name, now() + KEPT_FOR
    _finish(log, rows, digest)
    job.done = job.total = rows
    job.result = {"rows": rows, "export": log.pk}
    return False


def export_ended(job: JobRun) -> None:
    """An export that failed or was called off says so in the log."""
    if job.state != JobRun.State.DONE:
        _failed(ExportLog.objects.of(job.shop_id).get(pk=job.data["export"]))


@transaction.atomic
def download(log: ExportLog, *, staff: Staff, by: Actor) -> Path:
    """The file of an export, for the person who made it and still may; each download is counted and told.

    Raises NotYours, LinkExpired.
    """
    if log.staff_id != staff.pk or not staff.may(Permission.EXPORT):
        raise NotYours
    path = private_path(log.stored_as) if log.stored_as else None
    if log.expires_at is None or log.expires_at <= now() or path is None or not path.exists():
        raise LinkExpired
    ExportLog.objects.of(log.shop_id).filter(pk=log.pk).update(downloads=F("downloads") + 1)
    record(log.shop_id, "export.downloaded", about=("export", log.pk), by=by)
    return path


# --- how it is done -----------------------------------------------------------------------------------------


class _Prepared:
    """An export whose question and fields are understood."""

    def __init__(self, shop: Shop, asked: Asked, staff: Staff | None) -> None:
        self.shop, self.asked = shop, asked
        self.ctx = context_for(shop, staff=staff)
        self.rows = rows_of(shop, asked, self.ctx, staff)
        self.columns = export_columns(asked.fields or CAN_BE_READ_BACK, self.ctx)
        self.order = Order.read(asked.sort, customer_fields, self.ctx) if asked.sort else None

    def write(self, out: BinaryIO) -> tuple[int, str]:
        """Write the file; how many rows it has, and its SHA-256 in hexadecimal."""
        digest = hashlib.sha256()

        def put(data: bytes | memoryview) -> None:
            digest.update(data)
            out.write(data)

        put((BOM if self.asked.bom else b"") + _header(self.columns))
        return self._copy(put), digest.hexdigest()

    def _copy(self, put: Callable[[bytes | memoryview], None]) -> int:
        statement, params = self._statement()
        with transaction.atomic(), connection.cursor() as cursor, _hours_of(self.shop):
            # psycopg's own cursor: the wrapper that Django puts around it when debugging takes no parameters
            with cursor.cursor.copy(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)", params) as copy:  # type: ignore[attr-defined]
                for block in copy:
                    put(block)
            return int(cursor.rowcount)

    def _statement(self) -> tuple[str, list[Any]]:
        """One SELECT: the customers asked for, and beside them the tables that the columns read."""
        read = columns_read(self.columns)
        names = [column.name for column in self.columns if column.name in customer_fields]
        rows = customer_fields.annotated(self.rows.order_by(), names, self.ctx)
        inner, params = rows.query.sql_with_params()
        joined = "".join(_JOINS[name] for name in sorted(read))
        join_params = [self.shop.pk] * joined.count("%s")
        texts = ", ".join(column.sql for column in self.columns)
        if len(self.columns) == 1:
            texts = f"coalesce({texts}, '')"  # written "": a line with nothing on it is no row
        text_params = [param for column in self.columns for param in column.params]
        sql = f"SELECT {texts} FROM ({inner}) c {joined} ORDER BY {self._sorted()}"  # noqa: S608 - our own SQL
        return sql, [*text_params, *params, *join_params]

    def _sorted(self) -> str:
        if self.order is None:
            return "c.id"
        direction = "DESC" if self.order.descending else "ASC"
        return f'c."{sort_column(self.order.field)}" {direction} NULLS LAST, c.id {direction}'


_JOINS = {
    "a": " LEFT JOIN customers_address a ON a.shop_id = %s AND a.customer_id = c.id AND a.is_default_shipping",
    "i": " LEFT JOIN (SELECT customer_id, min(external_id) AS external_id FROM customers_identity"
    " WHERE shop_id = %s AND channel = 'own' GROUP BY customer_id) i ON i.customer_id = c.id",
    # names are put together once for each set of tags that occurs, not for each customer
    "t": " LEFT JOIN (SELECT ids, (SELECT string_agg(tag.name, ', ' ORDER BY tag.key) FROM customers_tag tag"
    " WHERE tag.shop_id = %s AND tag.id = ANY(ids)) AS names FROM (SELECT DISTINCT tag_ids AS ids"
    " FROM customers_customer WHERE shop_id = %s AND tag_ids <> '{}') sets) t ON t.ids = c.tag_ids",
}


def _header(columns: Sequence[ExportColumn]) -> bytes:
    cells = (guarded(column.header).replace('"', '""') for column in columns)
    return (",".join(f'"{cell}"' if "," in cell or '"' in cell else cell for cell in cells) + "\n").encode()


def _begun(shop: Shop, prepared: _Prepared, *, by: Actor, staff: Staff | None, ip: str | None) -> ExportLog:
    """Write down what is about to leave."""
    with transaction.atomic():
        log = ExportLog.objects.create(
            shop=shop, kind="customers", format="csv", where=prepared.asked.where, search=prepared.asked.search[:200],
            fields=[column.name for column in prepared.columns], staff=staff, actor_name=by.name[:120], ip=ip,
        )  # fmt: skip
        record(shop.pk, "export.started", about=("export", log.pk), by=by, data={"where": log.where})
    return log


def _finish(log: ExportLog, rows: int, digest: str) -> None:
    log.rows, log.sha256, log.finished_at, log.state = rows, digest, now(), ExportLog.State.DONE
    log.save(update_fields=["rows", "sha256", "finished_at", "state", "stored_as", "expires_at"])


def _failed(log: ExportLog) -> None:
    log.state, log.finished_at = ExportLog.State.FAILED, now()
    log.save(update_fields=["state", "finished_at"])


@contextmanager
def _hours_of(shop: Shop) -> Iterator[None]:
    """Have PostgreSQL write hours as the shop's clocks show them. Django relies on its own zone before and after."""
    change = "SELECT set_config('TimeZone', %s, true)"
    with connection.cursor() as cursor:
        cursor.execute(change, [shop.timezone])
        yield
        cursor.execute(change, [connection.timezone_name])


@contextmanager
def _told_failures(log: ExportLog) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _failed(log)
        raise
