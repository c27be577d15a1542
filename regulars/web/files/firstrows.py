"""The first rows of a file as they will be read, ready to print."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.changes import Reader, shown
from regulars.customers.custom import OwnFields, key_of
from regulars.kit.numbers import show_number
from regulars.kit.periods import show_day, show_moment
from regulars.kit.query.context import Context
from regulars.transfer.files import names_of
from regulars.transfer.models import ImportRun
from regulars.transfer.options import Options
from regulars.transfer.previews import ReadRow, read_rows
from regulars.web.files.words import field_name

_SHOWN_AS = {"birthday": "birth_md"}


@dataclass(frozen=True, slots=True)
class FirstRows:
    """heads: (what it becomes, column in the file) of each column that is taken. rows: {"line", "cells", "refused"}.

    Each cell is (text, why it is not taken as it stands or "").
    """

    heads: list[tuple[str, str]]
    rows: list[dict[str, Any]]


def first_rows(run: ImportRun, options: Options, ctx: Context) -> FirstRows:
    """The first records under these options, kept or not. Raises FileRefused, FileNotFoundError."""
    names = names_of(list(options.header))
    columns = options.columns
    own = OwnFields.of(run.shop, ctx.locale)
    taken = [
        (place, name)
        for place, name in enumerate(options.mapping)
        if name and (name not in columns or columns[name].part != "ignored")
    ]
    heads = [(field_name(run.kind, name, own), names[place]) for place, name in taken]
    reader = Reader(ctx.locale, ctx.tz, True, lambda _kind, pk: f"#{pk}", own=own, currency=ctx.currency)
    rows = [_row(row, [name for _place, name in taken], reader) for row in read_rows(run, options)]
    return FirstRows(heads, rows)


def _row(row: ReadRow, fields: list[str], reader: Reader) -> dict[str, Any]:
    as_written = row.doubts.keys() | (set(fields) if row.refused else set())
    cells = [
        (_text(name, row.values.get(name, ""), reader, is_read=name not in as_written), row.doubts.get(name, ""))
        for name in fields
    ]
    others = [reason for name, reason in row.doubts.items() if name not in fields]
    return {"line": row.line, "cells": cells, "refused": row.refused or " ".join(others), "is_out": bool(row.refused)}


def _text(name: str, value: Any, reader: Reader, *, is_read: bool) -> str:
    if key_of(name) and is_read and value != "":
        return shown(name, value, reader)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return show_moment(value, reader.tz, reader.locale)
    if isinstance(value, date):
        return show_day(value, reader.locale)
    if isinstance(value, Decimal):
        return show_number(value, reader.locale)
    if isinstance(value, str):
        return value
    return shown(_SHOWN_AS.get(name, name), value, reader)
