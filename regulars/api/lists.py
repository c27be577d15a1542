"""Pages of rows, questioned as the lists of the pages are: the same fields, the same language, the same order."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from regulars.api.auth import context_of
from regulars.api.problems import NotThere
from regulars.api.schemas import RowsAsked
from regulars.kit.errors import BadValue
from regulars.kit.query import Context, Field, FieldSet, compile_where, parse
from regulars.kit.query.kinds import Count
from regulars.kit.query.paging import CAP, Order, Page, count_up_to, sealed_page
from regulars.kit.query.told import told_rows
from regulars.shops.models import ApiKey
from regulars.transfer.listing import chosen_fields
from regulars.transfer.outgoing.reads import note_read

BY_ID = Order(Count("id", _("Number")), descending=False)
NEWEST_FIRST = Order(BY_ID.field, descending=True)


class Folded(NamedTuple):
    """Fields that one row tells together, as an object of this name.

    has: which fields these are. of: rows, their ids, context → id → the object.
    """

    name: str
    has: Callable[[Field], bool]
    of: Callable[[QuerySet, list[int], Context], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class Rows:
    """One kind of rows: what it is called in answers, how it is sorted and what is told when nothing is said.

    also: columns that every row tells. folded: fields that can be asked together by one name.
    """

    name: str
    fields: FieldSet
    sort: str
    usual: tuple[str, ...]
    also: tuple[str, ...] = ()
    folded: Folded | None = None


def page_of(kind: Rows, key: ApiKey, rows: QuerySet, asked: RowsAsked, *, narrowed: bool = False) -> HttpResponse:
    """One page of the rows that answer to `where`. Raises BadCondition, DamagedCursor.

    narrowed: whether anything but the shop restricts the rows already.
    """
    ctx = context_of(key)
    order = Order.read(asked.sort or kind.sort, kind.fields, ctx)
    found = matching(kind.fields, rows, asked.where, ctx)
    place = ("api", kind.name, key.shop_id, order.text)
    filtered = narrowed or bool(asked.where)
    page = sealed_page(found, order, size=asked.limit, at=asked.cursor, place=place, filtered=filtered)
    count = count_up_to(found)
    told = _told(kind, rows, page.ids, names_in(asked.fields), kind.usual, ctx)
    note_read(key, kind.name, len(page.ids))
    return answer({
        "count": min(count, CAP),
        "count_is_exact": count <= CAP,
        "currency": key.shop.currency,
        kind.name: told,
        "next": page.next or None,
    })  # fmt: skip


def one_of(kind: Rows, key: ApiKey, rows: QuerySet, pk: int, fields: str = "") -> dict[str, Any]:
    """One row, with the named fields or all that are shown anywhere. Raises NotThere, BadCondition."""
    ctx = context_of(key)
    found = _told(kind, rows, [pk], names_in(fields) or _all_of(kind, ctx), (), ctx)
    if not found:
        raise NotThere
    note_read(key, kind.name, 1)
    return found[0]


def matching(fields: FieldSet, rows: QuerySet, where: str, ctx: Context) -> QuerySet:
    """The rows that answer to a question. Raises BadCondition."""
    return rows.filter(compile_where(fields.check(parse(where), ctx), fields, ctx)) if where.strip() else rows


def page_by_number(
    name: str, key: ApiKey, rows: QuerySet, *, limit: int, cursor: str, newest_first: bool = False
) -> Page:
    """One page of rows in the order of their numbers. Raises DamagedCursor."""
    order = NEWEST_FIRST if newest_first else BY_ID
    return sealed_page(rows, order, size=limit, at=cursor, place=("api", name, key.shop_id, order.text))


def check_names(request: HttpRequest, asked: type[Schema]) -> None:
    """Refuse a parameter nobody knows, and one given twice: a slip of the pen never quietly means everyone.

    Raises BadValue, whose field is the parameter.
    """
    for name, values in request.GET.lists():
        if name not in asked.model_fields:
            known = ", ".join(asked.model_fields)
            raise BadValue(
                _("There is no parameter “{value}”. There are: {known}."), value=name, field=name, known=known
            )
        if len(values) > 1:
            raise BadValue(_("“{value}” is given twice."), value=name, field=name)


def names_in(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def answer(body: Any, *, status: int = 200) -> HttpResponse:
    """JSON as it is. The rows come from the registry, so checking them against a model would only cost time."""
    text = json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder)
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _told(
    kind: Rows, rows: QuerySet, ids: list[int], names: list[str], usual: Iterable[str], ctx: Context
) -> list[dict[str, Any]]:
    """The rows with these ids: the named fields, or the usual ones; the folded ones as an object where it is named."""
    plain = [name for name in names if not (kind.folded and name == kind.folded.name)]
    only_folded = len(plain) < len(names) and not plain
    shown = [] if only_folded else chosen_fields(plain, ctx, fields=kind.fields, usual=list(usual))
    told = told_rows(rows, ids, shown, kind.fields, ctx, kind.also)
    if kind.folded and len(plain) < len(names):
        objects = kind.folded.of(rows, ids, ctx)
        for row in told:
            row[kind.folded.name] = objects.get(row["id"], {})
    return told


def _all_of(kind: Rows, ctx: Context) -> list[str]:
    """Every field that is shown anywhere, the folded ones by their one name."""
    shown: Iterable[Field] = kind.fields.offered(ctx, lambda field: field.shown)
    if kind.folded is None:
        return [field.name for field in shown]
    return [field.name for field in shown if not kind.folded.has(field)] + [kind.folded.name]
