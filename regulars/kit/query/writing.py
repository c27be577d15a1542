"""Trees as text: the canonical form of the language, in which questions are saved, sent and shown."""

import re

from django.utils.translation import gettext as _

from regulars.kit.query.conditions import EVERYONE, All, BadCondition, Condition, Happened, Literal, Node, Not, Op

KEYWORDS = frozenset(
    ("and", "or", "not", "matches", "not_matches", "between", "in", "contains", "all", "starts", "with", "is", "null")
)
_SAFE = {
    "word": re.compile(r"[A-Za-z_][A-Za-z0-9_.]*"),
    "number": re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?"),
    "date": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
        r"|[+-][0-9]+[dwmy]|[0-9]+_(?:day|week|month|year)s?_ago"
    ),
}


def write(node: Node) -> str:
    """The canonical text of a tree; "" for everyone. `parse(write(tree)) == tree` for simplified trees."""
    return "" if node == EVERYONE else _written(node, outer=0)


def quoted(text: str) -> str:
    """A text value as the language writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write_literal(value: Literal) -> str:
    """A value as it stands in the text; whatever would not be read back bare stands in quotes."""
    safe = _SAFE.get(value.kind)
    bare = safe is not None and safe.fullmatch(value.text) and value.text.lower() not in KEYWORDS
    return value.text if bare else quoted(value.text)


def _written(node: Node, outer: int) -> str:
    """outer: how tightly the surroundings bind (0 nothing, 1 OR, 2 AND, 3 NOT)."""
    if isinstance(node, Condition):
        return _written_condition(node)
    if isinstance(node, Happened):
        return _written_event(node, "MATCHES")
    if isinstance(node, Not):
        if isinstance(node.part, Happened):
            return _written_event(node.part, "NOT MATCHES")
        return "NOT " + _written(node.part, 3)
    if not node.parts:
        raise BadCondition(_("An empty group cannot be written."))
    level, word = (2, " AND ") if isinstance(node, All) else (1, " OR ")
    text = word.join(_written(part, level) for part in node.parts)
    return f"({text})" if outer >= level else text


def _written_event(event: Happened, word: str) -> str:
    return f"{event.predicate} {word} ({', '.join(map(_written_condition, event.parameters))})"


def _written_condition(condition: Condition) -> str:
    values = [write_literal(value) for value in condition.values]
    match condition.op:
        case Op.IS_NULL | Op.NOT_NULL:
            return f"{condition.field} {condition.op}"
        case Op.BETWEEN:
            return f"{condition.field} BETWEEN {values[0]} AND {values[1]}"
        case Op.IN | Op.NOT_IN | Op.CONTAINS_ALL:
            return f"{condition.field} {condition.op} ({', '.join(values)})"
    return f"{condition.field} {condition.op} {values[0]}"
