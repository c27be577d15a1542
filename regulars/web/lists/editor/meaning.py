"""From drafts to the question they mean, and from a question to drafts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from regulars.kit.query import BadCondition, Condition, FieldSet, Happened, Node, Op
from regulars.kit.query.conditions import EVERYONE, All, Any_, Not, simplify
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field
from regulars.kit.query.predicates import Predicate
from regulars.web.lists import widgets
from regulars.web.lists.editor.drafts import DEEPEST, Draft, Event, Group, Line, too_deep, values_of


class Meaning:
    """The fields of one list, asked by one person."""

    def __init__(self, fields: FieldSet, ctx: Context) -> None:
        self.fields, self.ctx = fields, ctx

    # --- names ------------------------------------------------------------------------------------------------------
    def predicate(self, event: Event) -> Predicate | None:
        """What an event's name stands for; None when there is no such event for the asker."""
        try:
            return self.fields.predicate(Happened(event.event), self.ctx)
        except BadCondition:
            return None

    def field(self, line: Line, predicate: Predicate | None = None) -> Field | None:
        """The field of a line, or the parameter of a line about an event; None when it has none yet."""
        if not line.field:
            return None
        try:
            if predicate:
                return predicate.field(Condition(line.field, Op.EQ), self.ctx)
            field = self.fields.find(line.field, self.ctx)
        except BadCondition:
            return None
        return field if field.filterable else None

    # --- a question -------------------------------------------------------------------------------------------------
    def condition(self, line: Line, field: Field) -> Condition:
        """What a line says, also when it is unfinished or cannot be understood."""
        return widgets.written(field, widgets.read_op(field, line.op), line.given, self.ctx)

    def is_finished(self, line: Line, predicate: Predicate | None = None) -> bool:
        """Whether a line has a field and all its values."""
        field = self.field(line, predicate)
        return field is not None and all(value.text for value in self.condition(line, field).values)

    def node(self, draft: Draft) -> Node:
        """The question, without the lines that are unfinished; it is not checked."""
        found = self._node(draft)
        return EVERYONE if found is None else simplify(found)

    def _node(self, draft: Draft) -> Node | None:
        found: Node | None
        match draft:
            case Line():
                found = self._line(draft)
            case Event():
                found = self._event(draft)
            case Group():
                parts = tuple(part for part in map(self._node, draft.parts) if part is not None)
                found = (All if draft.joined == "all" else Any_)(parts) if parts else None
        return Not(found) if found is not None and draft.negated else found

    def _line(self, line: Line, predicate: Predicate | None = None) -> Condition | None:
        field = self.field(line, predicate)
        return self.condition(line, field) if field and self.is_finished(line, predicate) else None

    def _event(self, event: Event) -> Happened | None:
        predicate = self.predicate(event)
        if predicate is None:
            return None
        lines = (self._line(line, predicate) for line in event.parts)
        return Happened(predicate.name, tuple(line for line in lines if line))

    def unfinished(self, draft: Draft) -> int:
        """How many lines are left out of the question because they lack a value."""
        match draft:
            case Line():
                return self._lacks(draft)
            case Event():
                predicate = self.predicate(draft)
                return sum(self._lacks(line, predicate) for line in draft.parts)
        return sum(map(self.unfinished, draft.parts))

    def _lacks(self, line: Line, predicate: Predicate | None = None) -> int:
        """1 for a line whose field is chosen and whose value is not; one without a field says nothing yet."""
        return int(bool(line.field) and not self.is_finished(line, predicate))

    # --- drafts -----------------------------------------------------------------------------------------------------
    def drafts(self, node: Node, after: int = 0) -> Group:
        """A question as drafts, with keys counted from the one after `after`.

        Raises BadCondition for a question that was not understood or that nests too deep to be shown.
        """
        found = self._draft(node, count(after + 1), 0)
        return found if isinstance(found, Group) else Group("all", (found,))

    def _draft(self, node: Node, keys: Iterator[int], depth: int) -> Draft:
        if depth > DEEPEST:
            raise too_deep()
        key = next(keys)
        match node:
            case Not(part):
                return self._negated(self._draft(part, keys, depth))
            case Condition():
                field = self.fields.find(node.field, self.ctx, node.place)
                return self._line_of(node, field, key)
            case Happened():
                predicate = self.fields.predicate(node, self.ctx)
                lines = (self._line_of(one, predicate.field(one, self.ctx), next(keys)) for one in node.parameters)
                return Event(predicate.name, tuple(lines), key=key)
            case All(parts) | Any_(parts):
                inner = tuple(self._draft(part, keys, depth + 1) for part in parts)
                return Group("all" if isinstance(node, All) else "any", inner, key=key)
        raise TypeError(node)

    def _line_of(self, condition: Condition, field: Field, key: int) -> Line:
        values = values_of(widgets.form_values(field, condition, self.ctx))
        return Line(field.name, str(condition.op), values, key=key)

    def _negated(self, draft: Draft) -> Draft:
        if draft.negated:
            return Group("all", (draft,), negated=True, key=draft.key)
        return replace(draft, negated=True)
