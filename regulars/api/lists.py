"""Pages of rows, questioned as the lists of the pages are: the same fields, the same language, the same order."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Rows:
    """One kind of rows: what it is called in answers, how it is sorted and what is told when nothing is said.

    also: columns that every row tells.
    """

    name: str
    fields: FieldSet
    sort: str
    usual: tuple[str, ...]
    also: tuple[str, ...] = ()


def page_of(kind: Rows, key: ApiKey, rows: QuerySet, asked: RowsAsked, *, narrowed: bool = False) -> HttpResponse:
    """One page of the rows that answer to `where`. Raises BadCondition, DamagedCursor.

    narrowed: whether anything but the shop restricts the rows already.
    """
    ctx = context_of(key)
    order = Order.read(asked.sort or kind.sort, kind.fields, ctx)
    shown = chosen_fields(names_in(asked.fields), ctx, fields=kind.fields, usual=kind.usual)
    found = matching(kind.fields, rows, asked.where, ctx)
    place = ("api", kind.name, key.shop_id, order.text)
    filtered = narrowed or bool(asked.where)
    page = sealed_page(found, order, size=asked.limit, at=asked.cursor, place=place, filtered=filtered)
    count = count_up_to(found)
    note_read(key, kind.name, len(page.ids))
    return answer({
        "count": min(count, CAP),
        "count_is_exact": count <= CAP,
        "currency": key.shop.currency,
        kind.name: told_rows(rows, page.ids, shown, kind.fields, ctx, kind.also),
        "next": page.next or None,
    })  # fmt: skip


def one_of(kind: Rows, key: ApiKey, rows: QuerySet, pk: int, fields: str) -> HttpResponse:
    """One row, with the named fields or all that are shown anywhere. Raises NotThere, BadCondition."""
    ctx = context_of(key)
    shown = chosen_fields(names_in(fields), ctx, fields=kind.fields, usual=_all_of(kind.fields, ctx))
    found = told_rows(rows, [pk], shown, kind.fields, ctx, kind.also)
    if not found:
        raise NotThere
    note_read(key, kind.name, 1)
    return answer(found[0])


def matching(fields: FieldSet, rows: QuerySet, where: str, ctx: Context) -> QuerySet:
    """The rows that answer to a question. Raises BadCondition."""
    return rows.filter(compile_where(fields.check(parse(where), ctx), fields, ctx)) if where.strip() else rows


def page_by_number(name: str, key: ApiKey, rows: QuerySet, *, limit: int, cursor: str) -> Page:
    """One page of rows in the order of their numbers. Raises DamagedCursor."""
    return sealed_page(rows, BY_ID, size=limit, at=cursor, place=("api", name, key.shop_id, BY_ID.text))


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


def answer(body: Any) -> HttpResponse:
    """JSON as it is. The rows come from the registry, so checking them against a model would only cost time."""
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder), content_type="application/json; charset=utf-8"
    )


def _all_of(fields: FieldSet, ctx: Context) -> list[str]:
    shown: Iterable[Field] = fields.offered(ctx, lambda field: field.shown)
    return [field.name for field in shown]
