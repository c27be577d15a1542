"""Questions about a past day: which can be answered honestly, and what they are then.

Most of what is known of a row is known as it is now. Of a past day are known: instants at which something happened
once and for all (`Field(dated=True)`), as far as they lie before its end, and events by their dates, but for
parameters that change after the event (`Predicate(changing=…)`). A field whose past is
recorded (`Field(recorded=True)`) looks it up itself, as of `Context.until`. Everything else is refused by name.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from regulars.kit.dates import day_start
from regulars.kit.query.conditions import (
    OPPOSITE,
    All,
    BadCondition,
    Condition,
    Happened,
    Leaf,
    Literal,
    Node,
    Not,
    Op,
    replaced,
)
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet
from regulars.kit.query.predicates import DATE


def at_the_end_of(day: date, ctx: Context) -> Context:
    """The same asker at the last instant of a day of the shop: relative dates and events are taken as of then.

    Raises BadCondition for a day that is not over.
    """
    until = day_start(day + timedelta(days=1), ctx.tz)
    if until > ctx.now:
        raise BadCondition(_("{day} is not over: ask without a past day.").format(day=day.isoformat()))
    return replace(ctx, now=until - timedelta(microseconds=1), until=until, cache={})


def as_it_was(node: Node, fields: FieldSet, ctx: Context) -> Node:
    """The question about the day at whose end `ctx` stands. Raises BadCondition for what cannot be known of it."""
    return replaced(node, lambda leaf: _then(leaf, fields, ctx))


def _then(leaf: Leaf, fields: FieldSet, ctx: Context) -> Node:
    if isinstance(leaf, Happened):
        return _event(leaf, fields, ctx)
    field = fields.find(leaf.field, ctx, leaf.place)
    if field.recorded and leaf.op not in (Op.IS_NULL, Op.NOT_NULL):
        return leaf
    if not field.dated:
        known = ", ".join(one.name for one in fields.offered(ctx, lambda one: one.dated or one.recorded))
        reason = _("“{name}” is known as it is now, not as it was. Of a past day can be asked: {known}, and events.")
        raise BadCondition(reason.format(name=leaf.field, known=known), word=leaf.field, place=leaf.place)
    happened = Condition(field.name, Op.LTE, (Literal("date", ctx.today.isoformat()),))
    match leaf.op:
        case Op.NOT_NULL:
            return happened
        case Op.IS_NULL:
            return Not(happened)
    if leaf.op in OPPOSITE:
        return Not(All((replace(leaf, op=OPPOSITE[leaf.op]), happened)))
    return All((leaf, happened))


def _event(event: Happened, fields: FieldSet, ctx: Context) -> Happened:
    predicate = fields.predicate(event, ctx)
    if DATE not in predicate.fields or predicate.fields[DATE].kind != "moment":
        reason = _("“{name}” has no dates, so nothing is known of a past day.").format(name=event.predicate)
        raise BadCondition(reason, word=event.predicate, place=event.place)
    for one in event.parameters:
        if predicate.field(one, ctx).name in predicate.changing:
            reason = _("“{name}” of {event} is known as it is now, not as it was.").format(
                name=one.field, event=predicate.name
            )
            raise BadCondition(reason, word=one.field, place=one.place)
    return event
