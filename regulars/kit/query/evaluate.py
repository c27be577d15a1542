"""From the tree to one row: does it match, and why."""

from dataclasses import dataclass
from typing import Any

from regulars.kit.query.conditions import OPPOSITE, All, Condition, Node, Not, Op
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet, Row


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one condition for one row."""

    condition: Condition
    holds: bool
    value: Any


def matches(node: Node, row: Row, fields: FieldSet, ctx: Context) -> bool:
    """Whether the row (a mapping of columns) matches, by the same rules as the SQL."""
    if isinstance(node, Condition):
        return _holds(node, row, fields, ctx)
    if isinstance(node, Not):
        return not matches(node.part, row, fields, ctx)
    together = all if isinstance(node, All) else any
    return together(matches(part, row, fields, ctx) for part in node.parts)


def why(node: Node, row: Row, fields: FieldSet, ctx: Context) -> list[Finding]:
    """Every condition from left to right, whether it holds, and the row's value."""
    from regulars.kit.query.conditions import conditions_of

    return [
        Finding(one, _holds(one, row, fields, ctx), fields.find(one.field, ctx, one.place).value(row, ctx))
        for one in conditions_of(node)
    ]


def _holds(condition: Condition, row: Row, fields: FieldSet, ctx: Context) -> bool:
    field, values = fields.understood(condition, ctx)
    op = condition.op
    negative = op in OPPOSITE
    op = OPPOSITE.get(op, op)
    holds = field.value(row, ctx) is None if op is Op.IS_NULL else field.test(op, row, values, ctx)
    return holds != negative
