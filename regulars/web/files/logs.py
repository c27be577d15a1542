"""An export in an address, and how one is printed."""

from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.kit.dates import show_moment
from regulars.kit.errors import DomainError
from regulars.kit.numbers import show_number
from regulars.kit.query import parse, sentence
from regulars.kit.query.context import Context
from regulars.transfer.errors import UnknownExport
from regulars.transfer.models import ExportLog
from regulars.transfer.outgoing.delivery import may_fetch
from regulars.transfer.outgoing.kinds import ExportKind, export_kind
from regulars.transfer.outgoing.ways import CSV, DELIMITERS, ENCODINGS, FORMATS
from regulars.transfer.outgoing.writings import Writing
from regulars.web.access import StaffRequest
from regulars.web.files.words import TONES
from regulars.web.lists import cells


def export_in(request: StaffRequest, pk: int) -> ExportLog:
    """The shop's export of that number; 404 for another shop's."""
    logs = ExportLog.objects.of(request.shop).select_related("shop", "job_run", "staff__user")
    log = logs.filter(pk=pk).first()
    if log is None:
        raise Http404
    return log


def can_download(log: ExportLog, request: StaffRequest) -> bool:
    """Only those it is for, until it expires."""
    is_there = bool(log.stored_as and log.expires_at and log.expires_at > now())
    return is_there and may_fetch(log, request.staff)


def line_of(log: ExportLog, request: StaffRequest, ctx: Context) -> dict[str, Any]:
    """An export ready to print."""
    home = f"/s/{request.shop.slug}/files/exports/{log.pk}/"
    return {
        "id": log.pk,
        "url": home,
        "download_url": home + "download" if can_download(log, request) else "",
        "is_mine": may_fetch(log, request.staff),
        "is_scheduled": bool(log.job_run and "schedule" in log.job_run.data),
        "who": log.actor_name or _("Command line"),
        "when": cells.show_moment(log.started_at, ctx),
        "ip": log.ip or "",
        "filter": filter_words(log, ctx),
        "where": log.where,
        "search": log.search,
        "kind": str(kind.label) if (kind := kind_of(log)) else log.kind,
        "format": str(FORMATS[log.format].label) if log.format in FORMATS else log.format,
        "way": way_words(log),
        "fields": field_labels(log, ctx),
        "count": log.rows or 0,
        "rows": "" if log.rows is None else show_number(log.rows, ctx.locale),
        "state": log.get_state_display(),
        "tone": TONES[log.state],
        "is_running": log.state == ExportLog.State.STARTED,
        "is_failed": log.state == ExportLog.State.FAILED,
        "percent": log.job_run.percent if log.job_run else None,
        "error": log.job_run.error if log.job_run else "",
        "sha256": log.sha256,
        "downloads": show_number(log.downloads, ctx.locale),
        "expires": cells.show_moment(log.expires_at, ctx) if log.expires_at else "",
        "kept_until": show_moment(log.expires_at, ctx.tz, ctx.locale) if log.expires_at else "",
        "is_expired": bool(log.expires_at and log.expires_at <= now()),
    }


def kind_of(log: ExportLog) -> ExportKind | None:
    """What was exported; None for a kind that is no more."""
    try:
        return export_kind(log.kind)
    except UnknownExport:
        return None


def filter_words(log: ExportLog, ctx: Context) -> str:
    """Which rows were meant, in words; the text itself when it cannot be said any more."""
    said, kind = [], kind_of(log)
    if log.search:
        said.append(_("Search: “{text}”").format(text=log.search))
    if log.where:
        try:
            said.append(sentence(parse(log.where), kind.fields, ctx) if kind else log.where)
        except DomainError:
            said.append(log.where)
    return " · ".join(said) or _("All")


def field_labels(log: ExportLog, ctx: Context) -> list[str]:
    """What the exported fields are called."""
    kind = kind_of(log)
    known = ctx.once(("export labels", log.kind), lambda: _labels(kind, ctx)) if kind else {}
    return [known.get(name, name) for name in log.fields]


def _labels(kind: ExportKind, ctx: Context) -> dict[str, str]:
    return {column.name: str(column.label) for column in kind.columns(ctx, Writing.CSV)}


def way_words(log: ExportLog) -> str:
    """How the file was written."""
    words = str(FORMATS[log.format].label) if log.format in FORMATS else log.format
    if log.format != CSV:
        return words
    marks = [DELIMITERS.get(log.delimiter, log.delimiter), ENCODINGS.get(log.encoding, log.encoding)]
    return " · ".join([words, *map(str, marks)])
