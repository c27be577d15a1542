"""Rows as programs get them: the one JSON shape of the command line and the API.

Money is a decimal text, an instant ISO 8601 in the shop's time zone, a choice its word, labels a list; nothing known
is None.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, FieldSet, Row
from regulars.kit.query.paging import in_order

LISTS = frozenset({"tags", "several"})
"""Kinds that hold any number of values: an empty list when there are none."""


def told_rows(
    rows: QuerySet, ids: list[int], shown: Sequence[Field], fields: FieldSet, ctx: Context, also: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The rows with these ids, in their order: {"id", the columns in `also`, each field by its name}."""
    plain = ("id", *also)
    found = fields.fetch(rows.filter(pk__in=ids), [field.name for field in shown], ctx, also=plain)
    return [
        {name: row[name] for name in plain} | {field.name: told(field, row, ctx) for field in shown}
        for row in in_order(found, ids)
    ]


def told(field: Field, row: Row, ctx: Context) -> Any:
    """One value of a fetched row."""
    value = field.value(row, ctx)
    if field.kind in ("tags", "several"):
        return value or []
    return value if value is None or isinstance(value, bool | int | list) else field.plain(row, ctx)
