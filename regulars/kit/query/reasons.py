"""An explained answer in words: its tree with what each part asks and what the row has."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from regulars.kit import dates, money, numbers, periods
from regulars.kit.query.conditions import All, Condition, Happened, Not
from regulars.kit.query.context import Context
from regulars.kit.query.evaluate import Explained
from regulars.kit.query.fields import Field, FieldSet
from regulars.kit.query.sentences import chip


@dataclass(frozen=True, slots=True)
class Reason:
    """One part: kind is condition, all, any or not.

    text, value: the condition and what the row has, in words; "" for groups. is_hidden: the reader may not know what
    is asked, and text and value are "".
    """

    kind: str
    holds: bool
    text: str = ""
    value: str = ""
    is_hidden: bool = False
    parts: "tuple[Reason, ...]" = ()


def told(found: Explained, fields: FieldSet, reader: Context) -> Reason:
    """What `evaluate.explain` found, as far as the reader may ask the same."""
    node = found.node
    if isinstance(node, Condition | Happened):
        if not fields.may_ask(node, reader):
            return Reason("condition", found.holds, is_hidden=True)
        return Reason("condition", found.holds, chip(node, fields, reader), _value(node, found.value, fields, reader))
    kind = "not" if isinstance(node, Not) else "all" if isinstance(node, All) else "any"
    return Reason(kind, found.holds, parts=tuple(told(part, fields, reader) for part in found.parts))


def _value(node: Condition | Happened, value: Any, fields: FieldSet, ctx: Context) -> str:
    if isinstance(node, Condition):
        return said(fields.find(node.field, ctx), value, ctx)
    return _figures(node, value, fields, ctx)


def _figures(event: Happened, figures: dict[str, Any], fields: FieldSet, ctx: Context) -> str:
    """The totals that are asked for, or how often it happened."""
    predicate = fields.predicate(event, ctx)
    asked = [one.field for one in event.parameters if one.field in predicate.total_fields]
    names = [predicate.total_fields[name].name for name in asked] or list(predicate.totals)[:1]
    fields_told = [predicate.totals[name].field for name in names]
    return ", ".join(
        _("{field}: {value}").format(field=field.label, value=said(field, figures[field.name], ctx))
        for field in fields_told
    )


def said(field: Field, value: Any, ctx: Context) -> str:
    """A natural value of a field as people say it."""
    match value:
        case None | "" | []:
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case int():
            return numbers.show_number(value, ctx.locale)
        case Decimal() if field.kind == "money":
            return money.show_money(money.to_minor(value, ctx.currency), ctx.currency, ctx.locale)
        case Decimal():
            return numbers.show_number(value, ctx.locale)
        case datetime():
            return dates.show_moment(value, ctx.tz, ctx.locale)
        case date():
            return dates.show_day(value, ctx.locale)
        case periods.Birthday():
            return _birthday(value, ctx.locale)
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def _birthday(day: periods.Birthday, locale: str) -> str:
    if day.year:
        return dates.show_day(date(day.year, day.month, day.day), locale)
    return str(format_skeleton("MMMd", date(2000, day.month, day.day), locale=numbers.locale_of(locale)))
