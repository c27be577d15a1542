"""Questions as commands put them: a text, a segment, a past day."""

from dataclasses import dataclass
from datetime import date

from regulars.customers.fields import context_for, customer_fields
from regulars.kit.query import Condition, Context, Node, Op, parse
from regulars.kit.query.conditions import Literal, both
from regulars.kit.query.past import as_it_was, at_the_end_of
from regulars.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and in what context."""

    node: Node
    ctx: Context


def question_of(shop: Shop, where: str, *, segment: str = "", as_of: date | None = None) -> Question:
    """One question of all that was said.

    segment: only its members. as_of: asked at the end of that day, of whoever was a customer then and still is.
    Raises BadCondition, also for what cannot be known of a past day.
    """
    ctx = context_for(shop)
    node = customer_fields.check(parse(where), ctx)
    if segment:
        node = both(node, customer_fields.check(Condition("segment", Op.EQ, (Literal("text", segment),)), ctx))
    if as_of is None:
        return Question(node, ctx)
    ctx = at_the_end_of(as_of, ctx)
    known = Condition("created_at", Op.LTE, (Literal("date", as_of.isoformat()),))
    return Question(both(as_it_was(node, customer_fields, ctx), known), ctx)
