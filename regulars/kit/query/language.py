"""The text language: `total_spent >= 3000000 AND tags CONTAINS 'VIP'`.

It reads what merchants know from Shopify's segments, in the form with `MATCHES` and the older one with calls, and
writes the canonical form, in which filters stand in addresses, saved views and commands. AND binds before OR; NOT
binds most. docs/reference/query-language.md describes it.
"""

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from regulars.kit.query.conditions import (
    EVERYONE,
    All,
    Any_,
    BadCondition,
    Condition,
    Happened,
    Literal,
    Node,
    Not,
    Op,
    Place,
    simplify,
    size_of,
)

MAX_LENGTH = 20_000
MAX_CONDITIONS = 200

GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: single (_AND single)*
?single: _NOT single -> negated
       | "(" either ")"
       | condition
       | event

event: NAME _MATCHES "(" [parameter ("," parameter)*] ")"             -> happened
     | NAME _NOT _MATCHES "(" [parameter ("," parameter)*] ")"        -> happened_not
     | NAME _NOT_MATCHES "(" [parameter ("," parameter)*] ")"         -> happened_not
     | NAME "(" [argument ("," argument)*] ")" COMPARISON value       -> called
     | NAME "(" [argument ("," argument)*] ")" _BETWEEN value _AND value -> called_between
     | NAME "(" [argument ("," argument)*] ")"                        -> called_alone

?parameter: condition

argument: NAME ":" value                                 -> argument_is
        | NAME ":" COMPARISON value                      -> compared
        | NAME ":" _BETWEEN value _AND value             -> between
        | NAME ":" "(" value ("," value)* ")"            -> one_of
        | condition                                      -> argument_new

condition: NAME COMPARISON value                        -> compared
         | NAME _BETWEEN value _AND value               -> between
         | NAME _IN "(" value ("," value)* ")"          -> one_of
         | NAME _NOT _IN "(" value ("," value)* ")"     -> none_of
         | NAME _CONTAINS value                         -> contains
         | NAME _NOT _CONTAINS value                    -> contains_not
         | NAME _CONTAINS _ALL "(" value ("," value)* ")" -> contains_all
         | NAME _STARTS _WITH value                     -> starts_with
         | NAME _IS _NULL                               -> is_null
         | NAME _IS _NOT _NULL                          -> not_null

value: STRING | DATE | OFFSET | AGO | NUMBER | NAME

_MATCHES.3: /MATCHES\b/i
_NOT_MATCHES.4: /NOT_MATCHES\b/i
_AND.3: /AND\b/i
_OR.3: /OR\b/i
_NOT.3: /NOT\b/i
_BETWEEN.3: /BETWEEN\b/i
_IN.3: /IN\b/i
_CONTAINS.3: /CONTAINS\b/i
_ALL.3: /ALL\b/i
_STARTS.3: /STARTS\b/i
_WITH.3: /WITH\b/i
_IS.3: /IS\b/i
_NULL.3: /NULL\b/i
COMPARISON: "!=" | "<>" | "<=" | ">=" | "=" | "<" | ">"
STRING: /'(?:[^'\\]|\\.|'')*'/ | /"(?:[^"\\]|\\.)*"/
DATE.2: /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?/
OFFSET.2: /[+-]\d+[dwmy]\b/
AGO.2: /\d+_(?:days?|weeks?|months?|years?)_ago\b/i
NUMBER: /-?\d+(?:\.\d+)?/
NAME: /(?!(?:AND|OR|NOT|NOT_MATCHES|MATCHES|BETWEEN|IN|CONTAINS|ALL|STARTS|WITH|IS|NULL)\b)[A-Za-z_][A-Za-z0-9_.]*/i
%ignore /\s+/
"""

_COMPARISONS = {"=": Op.EQ, "!=": Op.NE, "<>": Op.NE, "<": Op.LT, "<=": Op.LTE, ">": Op.GT, ">=": Op.GTE}
_KINDS = {
    "STRING": "text",
    "DATE": "date",
    "OFFSET": "date",
    "AGO": "date",
    "NUMBER": "number",
    "NAME": "word",
}
_KEYWORDS = frozenset(
    ("and", "or", "not", "matches", "not_matches", "between", "in", "contains", "all", "starts", "with", "is", "null")
)
_YES_NO = {"true": True, "false": False}
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")


def parse(text: str) -> Node:
    """The tree of a query; blank text is everyone. Raises BadCondition with the place of the wrong word.

    Names of fields are not checked here: `FieldSet.check` does.
    """
    if len(text) > MAX_LENGTH:
        raise BadCondition(_("The filter is longer than {n} characters.").format(n=MAX_LENGTH))
    if not text.strip():
        return EVERYONE
    try:
        tree = _parser().parse(text)
        node = simplify(_Builder().transform(tree))
    except UnexpectedInput as fault:
        raise _explained(fault, text) from None
    except VisitError as fault:
        raise fault.orig_exc from None
    except RecursionError:
        raise BadCondition(_("The filter is nested too deeply.")) from None
    if size_of(node) > MAX_CONDITIONS:
        raise BadCondition(_("The filter has more than {n} conditions.").format(n=MAX_CONDITIONS))
    return node


def write(node: Node) -> str:
    """The canonical text of a tree; "" for everyone. `parse(write(tree)) == tree` for simplified trees."""
    return "" if node == EVERYONE else _written(node, outer=0)


def quoted(text: str) -> str:
    """A text value as the language writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write_literal(value: Literal) -> str:
    """A value as it stands in the text."""
    if value.kind == "text" or (value.kind == "word" and not _is_bare(value.text)):
        return quoted(value.text)
    return value.text


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=True)


class _Builder(Transformer):
    """Turns lark's tree into ours."""

    def either(self, parts: list[Node]) -> Node:
        return Any_(tuple(parts))

    def both(self, parts: list[Node]) -> Node:
        return All(tuple(parts))

    def negated(self, parts: list[Node]) -> Node:
        return Not(parts[0])

    def happened(self, parts: list[Any]) -> Node:
        return _happened(parts[0], parts[1:])

    def happened_not(self, parts: list[Any]) -> Node:
        return Not(_happened(parts[0], parts[1:]))

    def called_alone(self, parts: list[Any]) -> Node:
        """The older form without an answer: it happened."""
        return _happened(parts[0], parts[1:])

    def called(self, parts: list[Any]) -> Node:
        """The older form: `orders_placed(date: > -30d) = true`, or a date compared at the end."""
        name, *arguments, sign, value = parts
        op, answer = _COMPARISONS[str(sign)], _YES_NO.get(value[0].text.lower())
        if answer is None or op not in (Op.EQ, Op.NE):
            return _dated(name, arguments, op, [value])
        event = _happened(name, arguments)
        return event if answer is (op is Op.EQ) else Not(event)

    def called_between(self, parts: list[Any]) -> Node:
        name, *arguments, first, last = parts
        return _dated(name, arguments, Op.BETWEEN, [first, last])

    def argument_is(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.EQ, parts[1:])

    def argument_new(self, parts: list[Any]) -> Condition:
        condition: Condition = parts[0]
        return condition

    def value(self, parts: list[Token]) -> tuple[Literal, Place]:
        token = parts[0]
        kind = _KINDS[token.type]
        return Literal(kind, _unquoted(str(token)) if kind == "text" else str(token)), _place(token)

    def compared(self, parts: list[Any]) -> Condition:
        name, sign, value = parts
        return _condition(name, _COMPARISONS[str(sign)], [value])

    def between(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.BETWEEN, parts[1:])

    def one_of(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.IN, parts[1:])

    def none_of(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.NOT_IN, parts[1:])

    def contains(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.CONTAINS, parts[1:])

    def contains_not(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.NOT_CONTAINS, parts[1:])

    def contains_all(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.CONTAINS_ALL, parts[1:])

    def starts_with(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.STARTS_WITH, parts[1:])

    def is_null(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.IS_NULL, [])

    def not_null(self, parts: list[Any]) -> Condition:
        return _condition(parts[0], Op.NOT_NULL, [])


def _condition(name: Token, op: Op, values: list[tuple[Literal, Place]]) -> Condition:
    literals = tuple(literal for literal, _where in values)
    places = tuple(where for _literal, where in values)
    return Condition(str(name), op, literals, _place(name), places)


def _happened(name: Token, parameters: list[Condition | None]) -> Happened:
    """An event with its parameters. Raises BadCondition for one that is named twice."""
    given = tuple(one for one in parameters if one is not None)
    seen: set[str] = set()
    for one in given:
        if one.field.lower() in seen:
            reason = _("“{name}” can be given once only; for a span write BETWEEN … AND ….").format(name=one.field)
            raise BadCondition(reason, word=one.field, place=one.place)
        seen.add(one.field.lower())
    return Happened(str(name), given, _place(name))


def _dated(name: Token, arguments: list[Condition | None], op: Op, values: list[tuple[Literal, Place]]) -> Happened:
    """`anniversary(date: 'birthday') BETWEEN today AND +30d`: the argument names whose date, the end which days."""
    named = [
        Condition("attribute", one.op, one.values, one.place, one.value_places)
        if one is not None and one.field.lower() == "date"
        else one
        for one in arguments
    ]
    places = tuple(where for _literal, where in values)
    asked = Condition("date", op, tuple(literal for literal, _where in values), _place(name), places)
    return _happened(name, [*named, asked])


def _place(token: Token) -> Place:
    return Place(token.line or 1, token.column or 1, len(token))


def _unquoted(text: str) -> str:
    quote, inner = text[0], text[1:-1]
    if quote == "'":
        inner = inner.replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)


def _is_bare(word: str) -> bool:
    return bool(_BARE.match(word)) and word.lower() not in _KEYWORDS


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


_EXPECTED = {
    "NAME": gettext_lazy("a field or a word"),
    "COMPARISON": "=, !=, <, >",
    "STRING": gettext_lazy("a text in quotes"),
    "NUMBER": gettext_lazy("a number"),
    "DATE": gettext_lazy("a date"),
    "$END": gettext_lazy("AND, OR, or the end"),
}


def _explained(fault: UnexpectedInput, text: str) -> BadCondition:
    """What was found and what could have stood there."""
    line, column = max(fault.line, 1), max(fault.column, 1)
    if isinstance(fault, UnexpectedToken) and fault.token.type != "$END":
        found, length = str(fault.token), len(fault.token)
    elif isinstance(fault, UnexpectedCharacters):
        found, length = fault.char, 1
    else:
        lines = text.rstrip().splitlines() or [""]
        line, column, found, length = len(lines), len(lines[-1]) + 1, "", 1
    expected: set[str] = getattr(fault, "accepts", None) or getattr(fault, "allowed", None) or set()
    expected = expected or set(getattr(fault, "expected", ()))
    names = ", ".join(dict.fromkeys(map(_expected_name, sorted(expected))))
    if found:
        reason = _("“{found}” cannot stand here; expected: {expected}.").format(found=found, expected=names)
    else:
        reason = _("The filter ends too early; expected: {expected}.").format(expected=names)
    return BadCondition(reason, word=found, place=Place(line, column, length))


def _expected_name(terminal: str) -> str:
    marks = {"LPAR": "(", "RPAR": ")", "COMMA": ",", "OFFSET": "-90d", "AGO": "30_days_ago"}
    return str(_EXPECTED.get(terminal) or marks.get(terminal) or terminal.lstrip("_"))
