"""What could stand at a place of a query text: fields, events, parameters, operators, values, AND and OR.

The grammar of `language` decides what may come; this only puts names to it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from lark import Token
from lark.exceptions import LarkError

from regulars.kit.query import language
from regulars.kit.query.conditions import BadCondition, Happened, Literal, Op
from regulars.kit.query.context import Context
from regulars.kit.query.dates import NAMED
from regulars.kit.query.fields import Field, FieldSet
from regulars.kit.query.kinds import Person
from regulars.kit.query.predicates import Predicate
from regulars.kit.query.sentences import DATE_KINDS, operator_words
from regulars.kit.text import fold

MOST = 12
OFFSETS = ("-7d", "-30d", "-90d", "-12m")
_STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_WORD = re.compile(r"(?:[+-][\w.]*|[\w.]+|[<>=!]+)\Z")
_REST = re.compile(r"[\w.]*")
_REST_OF_TEXT = re.compile(r"[\w@. -]*(?=['\"])")
_KEYWORDS = {
    "_AND": "AND", "_OR": "OR", "_NOT": "NOT", "_IN": "IN", "_ALL": "ALL", "_WITH": "WITH", "_NULL": "NULL",
    "_MATCHES": "MATCHES", "_BETWEEN": "BETWEEN", "_CONTAINS": "CONTAINS", "_STARTS": "STARTS", "_IS": "IS",
    "RPAR": ")", "LPAR": "(",
}  # fmt: skip
_STARTS = {"NOT": "_NOT", "IS": "_IS", "BETWEEN": "_BETWEEN", "IN": "_IN", "CONTAINS": "_CONTAINS", "STARTS": "_STARTS"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to put in the place of the characters from `start` to `end`.

    kind: field, event, operator, value or word.
    """

    insert: str
    label: str
    help: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """The place that is completed: what stands before it, the begun word, whether that is in quotes, its ends."""

    head: str
    word: str
    in_quotes: bool
    start: int
    end: int


def suggestions(text: str, at: int, fields: FieldSet, ctx: Context) -> list[Suggestion]:
    """At most MOST suggestions for the place after `at` characters, the best first; none where the text is wrong."""
    if len(text) > language.MAX_LENGTH:
        return []
    gap = _gap(text, max(0, min(at, len(text))))
    state = _State.of(gap.head)
    if state is None:
        return []
    offered = _values(state, fields, ctx) if gap.in_quotes else _offered(state, fields, ctx)
    return [
        Suggestion(insert, label, help_, kind, gap.start, gap.end)
        for insert, label, help_, kind in _fitting(offered, gap.word)
    ]


def _gap(text: str, at: int) -> _Gap:
    head = text[:at]
    bare = _STRING.sub(lambda found: " " * len(found[0]), head)
    if quote := re.search(r"['\"]", bare):
        start = quote.start()
        rest = _REST_OF_TEXT.match(text, at)
        return _Gap(head[:start], head[start + 1 :], True, start, rest.end() + 1 if rest else at)
    begun = _WORD.search(bare)
    start = begun.start() if begun else at
    rest = _REST.match(text, at)
    end = rest.end() if rest and begun and begun[0][0] not in "<>=!" else at
    return _Gap(head[:start], head[start:], False, start, end)


# --- what the grammar expects -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """How far the grammar has come. accepts: what may stand next; stack: what is open, outermost first."""

    accepts: frozenset[str]
    stack: Sequence[Any]

    @classmethod
    def of(cls, head: str) -> "_State | None":
        """None where the text before the place is wrong already."""
        try:
            parser = language.begun(head)
            return cls(frozenset(parser.accepts()), tuple(parser.parser_state.value_stack))
        except (LarkError, BadCondition, RecursionError):
            return None

    def is_value(self) -> bool:
        return "STRING" in self.accepts

    def names(self) -> Iterator[tuple[int, str]]:
        """Names of fields and events that stand open, innermost first, with their place on the stack."""
        for index in range(len(self.stack) - 1, -1, -1):
            if isinstance(self.stack[index], Token) and self.stack[index].type == "NAME":
                yield index, str(self.stack[index])

    def event(self) -> tuple[str, set[str]]:
        """The event whose parentheses are open, and the parameters it has got already; ("", …) when there is none."""
        for index, name in self.names():
            opening = [getattr(part, "type", "") for part in self.stack[index + 1 : index + 4]]
            if "LPAR" in opening and set(opening[: opening.index("LPAR")]) <= {"_MATCHES", "_NOT", "_NOT_MATCHES"}:
                given = {str(getattr(part, "field", "")).lower() for part in self.stack[index + 1 :]}
                return name, given - {""}
        return "", set()

    def subject(self) -> str:
        """The field whose operator or value is written."""
        return next((name for _index, name in self.names()), "")


Offer = tuple[str, str, str, str]
"""insert, label, help, kind."""


def _offered(state: _State, fields: FieldSet, ctx: Context) -> Iterator[Offer]:
    if state.is_value():
        yield from _values(state, fields, ctx)
    elif "NAME" in state.accepts:
        yield from _names(state, fields, ctx)
    elif state.stack and getattr(state.stack[-1], "type", "") == "NAME":
        yield from _operators(state, fields, ctx)
        return
    for terminal in (one for one in _KEYWORDS if one in state.accepts):
        if terminal != "LPAR" or not state.is_value():
            word = _KEYWORDS[terminal]
            yield word + ("" if word in "()" else " "), word, "", "word"


def _names(state: _State, fields: FieldSet, ctx: Context) -> Iterator[Offer]:
    """Fields and events; inside an event its parameters that are not given yet."""
    name, given = state.event()
    if name:
        predicate = _predicate(name, fields, ctx)
        free = [one for one in predicate.parameters(ctx) if one.name not in given] if predicate else []
        yield from ((one.name + " ", str(one.label), str(one.help), "field") for one in free)
        return
    for field in fields.offered(ctx, lambda field: field.filterable):
        yield field.name + " ", str(field.label), str(field.help), "field"
    for predicate in fields.predicates(ctx):
        yield f"{predicate.name} MATCHES (", str(predicate.label), str(predicate.help), "event"


def _operators(state: _State, fields: FieldSet, ctx: Context) -> Iterator[Offer]:
    """What can be asked of the name that was just written; an event can be asked whether it happened."""
    field = _field(state, fields, ctx)
    for op in field.operators() if field else ():
        if _STARTS.get(op.split()[0], "COMPARISON") in state.accepts:
            many = op in (Op.IN, Op.NOT_IN, Op.CONTAINS_ALL)
            yield f"{op} (" if many else f"{op} ", str(op), operator_words(field, op), "operator"  # type: ignore[arg-type]
    if "_MATCHES" in state.accepts and _predicate(state.subject(), fields, ctx):
        yield "MATCHES (", "MATCHES", _("it happened"), "operator"
        yield "NOT MATCHES (", "NOT MATCHES", _("it did not happen"), "operator"


def _values(state: _State, fields: FieldSet, ctx: Context) -> Iterator[Offer]:
    """What the field can be compared with, as far as that can be listed."""
    if not state.is_value():
        return
    field = _field(state, fields, ctx)
    if field is None:
        return
    if field.kind in DATE_KINDS:
        yield from ((f"{word} ", word, str(label), "value") for word, label in NAMED.items())
        yield from ((f"{word} ", word, field.words(Literal("date", word), ctx), "value") for word in OFFSETS)
        return
    if isinstance(field, Person):
        yield "me ", "me", _("whoever asks"), "value"
    for word, label in field.options(ctx):
        written = word if field.kind == "flag" else language.quoted(word)
        yield written, word, label if label != word else "", "value"


def _field(state: _State, fields: FieldSet, ctx: Context) -> Field | None:
    """The field or parameter that is being asked."""
    event, _given = state.event()
    predicate = _predicate(event, fields, ctx) if event else None
    name = state.subject()
    if event and name != event:
        return next((one for one in predicate.parameters(ctx) if _is_called(one, name)), None) if predicate else None
    return next((one for one in fields.offered(ctx) if _is_called(one, name)), None)


def _is_called(field: Field, name: str) -> bool:
    return name.lower() in (field.name.lower(), *(alias.lower() for alias in field.aliases))


def _predicate(name: str, fields: FieldSet, ctx: Context) -> Predicate | None:
    try:
        return fields.predicate(Happened(name), ctx)
    except BadCondition:
        return None


def _fitting(offered: Iterable[Offer], word: str) -> list[Offer]:
    """Those that begin with the word, then those of which a part does; what is written out already is not offered."""
    wanted = fold(word)
    ranked = [(_rank(wanted, offer), offer) for offer in offered]
    fitting = [(rank, offer) for rank, offer in ranked if rank is not None]
    return [offer for _rank_of, offer in sorted(fitting, key=lambda one: one[0])[:MOST]]


def _rank(wanted: str, offer: Offer) -> int | None:
    """How well an offer fits the begun word: 0 best, None not at all."""
    insert, label = fold(offer[0]).strip("'\" ("), fold(f"{offer[1]} {offer[2]}")
    if not wanted:
        return 0
    if insert == wanted:
        return None
    if insert.startswith(wanted):
        return 0
    if any(part.startswith(wanted) for part in re.split(r"[\s_.]+", f"{insert} {label}")):
        return 1
    return 2 if len(wanted) > 2 and wanted in label else None
