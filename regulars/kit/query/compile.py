"""From the tree to SQL: one Q, two-valued, complement-exact."""

from django.db.models import Q

from regulars.kit.query.conditions import OPPOSITE, All, Any_, Condition, Happened, Node, Not, Op
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet

NOBODY = Q(pk__in=[])


def compile_where(node: Node, fields: FieldSet, ctx: Context) -> Q:
    """The Q of a question. Raises BadCondition for what cannot be understood.

    `NOT x` and the negative operators match exactly those whom `x` does not match, also when nothing is known of them;
    so negation is carried down to the conditions, where Django guards each nullable column.
    """
    return _compiled(node, fields, ctx, positive=True)


def _compiled(node: Node, fields: FieldSet, ctx: Context, *, positive: bool) -> Q:
    match node:
        case Not(part):
            return _compiled(part, fields, ctx, positive=not positive)
        case Condition():
            return _condition(node, fields, ctx, positive=positive)
        case Happened():
            question = fields.predicate(node, ctx).q(node, ctx)
            return question if positive else ~question
        case All(parts) | Any_(parts):
            compiled = [_compiled(part, fields, ctx, positive=positive) for part in parts]
            together = isinstance(node, All) == positive
            return _joined(compiled, together=together)
    raise TypeError(node)


def _joined(parts: list[Q], *, together: bool) -> Q:
    """All or any of the parts; all of nothing holds for everyone, any of nothing for no one."""
    if not parts:
        return Q() if together else NOBODY
    question = parts[0]
    for part in parts[1:]:
        question = question & part if together else question | part
    return question


def _condition(condition: Condition, fields: FieldSet, ctx: Context, *, positive: bool) -> Q:
    field, values = fields.understood(condition, ctx)
    op = field.meant(condition.op)
    if op in OPPOSITE:
        op, positive = OPPOSITE[op], not positive
    # a field that has no row to offer answers with an empty Q, which would be everyone
    question = (field.empty_q() if op is Op.IS_NULL else field.q(op, values, ctx)) or NOBODY
    if not positive:
        return ~question
    known = field.implies.get((op, values[0] if values else None)) if _simple(values) else None
    return question & known if known is not None else question


def _simple(values: list[object]) -> bool:
    return len(values) <= 1 and all(isinstance(value, int | str) or value.__hash__ for value in values)
