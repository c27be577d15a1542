"""From the tree to one row: does it match, and why."""

from dataclasses import dataclass
from typing import Any

from regulars.kit.query.conditions import OPPOSITE, All, Condition, Happened, Leaf, Node, Not, Op, leaves_of
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet, Row


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one condition for one row: whether it holds, and the row's natural value.

    Of an event, the value is the figures over the row's matching events, by name.
    """

    condition: Leaf
    holds: bool
    value: Any


def matches(node: Node, row: Row, fields: FieldSet, ctx: Context) -> bool:
    """Whether the row (a mapping of columns) matches, by the same rules as the SQL."""
    if isinstance(node, Condition):
        return _holds(node, row, fields, ctx)
    if isinstance(node, Happened):
        return fields.predicate(node, ctx).test(node, row, ctx)
    if isinstance(node, Not):
        return not matches(node.part, row, fields, ctx)
    together = all if isinstance(node, All) else any
    return together(matches(part, row, fields, ctx) for part in node.parts)


def why(node: Node, row: Row, fields: FieldSet, ctx: Context) -> list[Finding]:
    """Every condition from left to right, whether it holds, and the row's value."""
    return [_finding(one, row, fields, ctx) for one in leaves_of(node)]


def _finding(leaf: Leaf, row: Row, fields: FieldSet, ctx: Context) -> Finding:
    if isinstance(leaf, Happened):
        predicate = fields.predicate(leaf, ctx)
        return Finding(leaf, predicate.test(leaf, row, ctx), predicate.sums(leaf, row, ctx))
    field = fields.find(leaf.field, ctx, leaf.place)
    return Finding(leaf, _holds(leaf, row, fields, ctx), field.value(row, ctx))


def _holds(condition: Condition, row: Row, fields: FieldSet, ctx: Context) -> bool:
    field, values = fields.understood(condition, ctx)
    op = condition.op
    negative = op in OPPOSITE
    op = OPPOSITE.get(op, op)
    holds = field.value(row, ctx) is None if op is Op.IS_NULL else field.test(op, row, values, ctx)
    return holds != negative
