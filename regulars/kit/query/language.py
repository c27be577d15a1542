"""The text language: `total_spent >= 3000000 AND tags CONTAINS 'VIP'`.

It reads what merchants know from Shopify's segments, in the form with `MATCHES` and the older one with calls, and
writes the canonical form, in which filters stand in addresses, saved views and commands. AND binds before OR; NOT
binds most. docs/reference/query-language.md describes it.
"""

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer, UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser

from regulars.kit.errors import BadValue
from regulars.kit.periods import read_date_value
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
    depth_of,
    size_of,
)
from regulars.kit.query.mistakes import explained, place_at
from regulars.kit.query.writing import quoted, write, write_literal

__all__ = ["MAX_CONDITIONS", "MAX_DEPTH", "MAX_LENGTH", "begun", "parse", "quoted", "write", "write_literal"]

MAX_LENGTH = 20_000
MAX_CONDITIONS = 200
MAX_DEPTH = 50
MAX_DIGITS = 30

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
STRING: /'(?:[^'\\]|\\.|'')*'(?!')/s | /"(?:[^"\\]|\\.)*"/s
DATE.2: /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w.:-])/
OFFSET.2: /[+-]\d+[dwmy]\b/i
AGO.2: /\d+_(?:day|week|month|year)s?_ago\b/i
NUMBER: /-?\d+(?:\.\d+)?(?![\w.-])/
NAME: /(?!(?:AND|OR|NOT|NOT_MATCHES|MATCHES|BETWEEN|IN|CONTAINS|ALL|STARTS|WITH|IS|NULL)\b)[A-Z_][A-Z0-9_.]*/i
%ignore /(?u:\s)+/
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
_YES_NO = {"true": True, "false": False}
_UNSAVEABLE = re.compile("[\x00\ud800-\udfff]")
_IN_SINGLE = re.compile(r"\\.|''", re.DOTALL)
_IN_DOUBLE = re.compile(r"\\.", re.DOTALL)


def parse(text: str) -> Node:
    """The tree of a query; blank text is everyone. Raises BadCondition with the place of the wrong word.

    Names of fields are not checked here: `FieldSet.check` does.
    """
    if len(text) > MAX_LENGTH:
        raise BadCondition(_("The filter is longer than {n} characters.").format(n=MAX_LENGTH))
    if found := _UNSAVEABLE.search(text):
        reason = _("The filter holds a character that no text has.")
        raise BadCondition(reason, place=place_at(text, found.start(), 1))
    if not text.strip():
        return EVERYONE
    try:
        node: Node = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as fault:
        raise explained(fault, text) from None
    if depth_of(node) > MAX_DEPTH:
        raise BadCondition(_("The filter is nested deeper than {n} levels.").format(n=MAX_DEPTH))
    if size_of(node) > MAX_CONDITIONS:
        raise BadCondition(_("The filter has more than {n} conditions.").format(n=MAX_CONDITIONS))
    return node


def begun(text: str) -> InteractiveParser:
    """The parser after the beginning of a text, for whoever asks what may follow. Raises UnexpectedInput."""
    parser = _parser().parse_interactive(text)
    parser.exhaust_lexer()
    return parser


class _Builder(Transformer):
    """Builds the tree while the parser reads, always simplified: nothing in here goes down into what is built."""

    def either(self, parts: list[Node]) -> Node:
        return _group(Any_, parts)

    def both(self, parts: list[Node]) -> Node:
        return _group(All, parts)

    def negated(self, parts: list[Node]) -> Node:
        return parts[0].part if isinstance(parts[0], Not) else Not(parts[0])

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
        if token.type == "NUMBER" and len(token) > MAX_DIGITS:
            reason = _("A number has at most {n} digits.").format(n=MAX_DIGITS)
            raise BadCondition(reason, word=str(token), place=_place(token))
        return Literal(_KINDS[token.type], _meant(token)), _place(token)

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
    for literal, where in values:
        if not _is_date(literal.text):
            reason = _("“{name}(…)” is followed by = true or = false, or by a date.").format(name=name)
            raise BadCondition(reason, word=literal.text, place=where)
    named = [
        Condition("attribute", one.op, one.values, one.place, one.value_places)
        if one is not None and one.field.lower() == "date"
        else one
        for one in arguments
    ]
    places = tuple(where for _literal, where in values)
    asked = Condition("date", op, tuple(literal for literal, _where in values), _place(name), places)
    return _happened(name, [*named, asked])


def _is_date(text: str) -> bool:
    try:
        read_date_value(text)
    except BadValue:
        return False
    return True


def _group(kind: type[All | Any_], parts: list[Node]) -> Node:
    """One group; a group of its kind in it is no group of its own."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(flat))


def _place(token: Token) -> Place:
    return Place(token.line or 1, token.column or 1, len(token))


def _meant(token: Token) -> str:
    """What a value says: a text without its quotation marks, a relative date in small letters."""
    text = str(token)
    if token.type in ("OFFSET", "AGO"):
        return text.lower()
    if token.type != "STRING":
        return text
    inner = text[1:-1]
    # from left to right, so that a backslash before two quotation marks is one of each
    return (_IN_SINGLE if text[0] == "'" else _IN_DOUBLE).sub(lambda found: found[0][1:], inner)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Builder(), g_regex_flags=re.ASCII)
