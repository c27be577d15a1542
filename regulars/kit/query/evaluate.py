"""From the tree to one row: does it match, and why."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from regulars.kit.query.conditions import OPPOSITE, All, Condition, Happened, Leaf, Node, Not, Op, leaves_of
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet, Row


@dataclass(frozen=True, slots=True)
class Explained:
    """What came of a question for one row, part by part in the order of the tree.

    value: of a condition the row's natural value (None when nothing is known); of an event the figures over the row's
    matching events, by name; of groups and NOT, whose parts say it, None.
    """

    node: Node
    holds: bool
    parts: "tuple[Explained, ...]" = ()
    value: Any = None


def matches(node: Node, row: Row, fields: FieldSet, ctx: Context) -> bool:
    """Whether the row (a mapping of columns, see `fetch_for`) matches, by the same rules as the SQL."""
    if isinstance(node, Condition | Happened):
        return _holds(node, row, fields, ctx)
    if isinstance(node, Not):
        return not matches(node.part, row, fields, ctx)
    together = all if isinstance(node, All) else any
    return together(matches(part, row, fields, ctx) for part in node.parts)


def explain(node: Node, row: Row, fields: FieldSet, ctx: Context) -> Explained:
    """Whether the row matches, and why: every part with its own answer, also those that no longer matter."""
    if isinstance(node, Condition | Happened):
        return Explained(node, _holds(node, row, fields, ctx), value=_value(node, row, fields, ctx))
    if isinstance(node, Not):
        part = explain(node.part, row, fields, ctx)
        return Explained(node, not part.holds, (part,))
    parts = tuple(explain(part, row, fields, ctx) for part in node.parts)
    together = all if isinstance(node, All) else any
    return Explained(node, together(part.holds for part in parts), parts)


def fetch_for(node: Node, rows: QuerySet, fields: FieldSet, ctx: Context) -> QuerySet:
    """The rows as mappings that hold what `matches` and `explain` look at. Raises BadCondition for unknown names."""
    names = [name for leaf in leaves_of(node) for name in _read_by(leaf, fields, ctx)]
    return fields.fetch(rows, names, ctx, also=["id"])


def _read_by(leaf: Leaf, fields: FieldSet, ctx: Context) -> tuple[str, ...]:
    if isinstance(leaf, Happened):
        return fields.predicate(leaf, ctx).reads
    return (fields.find(leaf.field, ctx, leaf.place).name,)


def _holds(leaf: Leaf, row: Row, fields: FieldSet, ctx: Context) -> bool:
    if isinstance(leaf, Happened):
        return fields.predicate(leaf, ctx).test(leaf, row, ctx)
    field, values = fields.understood(leaf, ctx)
    asked = field.meant(leaf.op)
    negative = asked in OPPOSITE
    op = OPPOSITE.get(asked, asked)
    holds = field.value(row, ctx) is None if op is Op.IS_NULL else field.test(op, row, values, ctx)
    return holds != negative


def _value(leaf: Leaf, row: Row, fields: FieldSet, ctx: Context) -> Any:
    if isinstance(leaf, Happened):
        return fields.predicate(leaf, ctx).sums(leaf, row, ctx)
    return fields.find(leaf.field, ctx, leaf.place).value(row, ctx)
