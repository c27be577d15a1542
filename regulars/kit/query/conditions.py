"""The condition tree: what a question is, before anybody asks a database.

A tree is data: frozen, comparable, without fields or models. Dates stay as they were written (`-90d` stays
relative), tags stay names. `language` reads and writes it as text, `compile` turns it into SQL, `evaluate` asks one
row, `sentences` says it to people.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class Op(StrEnum):
    """What is asked of a field."""

    EQ = "="
    NE = "!="
    LT = "<"
    LTE = "<="
    GT = ">"
    GTE = ">="
    BETWEEN = "BETWEEN"
    IN = "IN"
    NOT_IN = "NOT IN"
    CONTAINS = "CONTAINS"
    NOT_CONTAINS = "NOT CONTAINS"
    CONTAINS_ALL = "CONTAINS ALL"
    STARTS_WITH = "STARTS WITH"
    IS_NULL = "IS NULL"
    NOT_NULL = "IS NOT NULL"


OPPOSITE: dict[Op, Op] = {
    Op.NE: Op.EQ,
    Op.NOT_IN: Op.IN,
    Op.NOT_CONTAINS: Op.CONTAINS,
    Op.NOT_NULL: Op.IS_NULL,
}
"""Each negative operator and the positive one it is the exact complement of."""


class Literal(NamedTuple):
    """One written value: kind is text (quoted), word (bare), number or date."""

    kind: str
    text: str


class Place(NamedTuple):
    """Where in the text something stands: line and column from 1, and its length in characters."""

    line: int
    column: int
    length: int


def span_of(places: Sequence[Place]) -> Place:
    """From the first place to the end of the last; only the first when they stand in different lines."""
    first, last = places[0], places[-1]
    if first.line != last.line:
        return first
    return Place(first.line, first.column, last.column + last.length - first.column)


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, one operator, its values."""

    field: str
    op: Op
    values: tuple[Literal, ...] = ()
    place: Place | None = attribute(default=None, compare=False)
    value_places: tuple[Place, ...] = attribute(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened: one event, or all events that answer to the same parameters together.

    parameters: each named once. Those of one event (date, amount …) all hold for the same event; those over events
    (count, sum_amount …) hold for the events that the others leave.
    """

    predicate: str
    parameters: tuple[Condition, ...] = ()
    place: Place | None = attribute(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. Without parts: everyone."""

    parts: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Any_:
    """At least one part holds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Everyone else, also those of whom nothing is known."""

    part: "Node"


Leaf = Condition | Happened
Node = Leaf | All | Any_ | Not
EVERYONE = All()


class BadCondition(DomainError):
    """A condition that cannot be understood; it never quietly means everyone, or no one.

    details: reason (a sentence), word (what is wrong), place (Place or None), suggestion ("" when there is none).
    """

    code = "query.bad_condition"
    sentence = _("{reason}")

    def __init__(self, reason: Any, *, word: str = "", place: Place | None = None, suggestion: str = "") -> None:
        super().__init__(reason=reason, word=word, place=place, suggestion=suggestion)

    def __str__(self) -> str:
        text = str(self.details["reason"])
        if self.details["suggestion"]:
            text += " " + _("Did you mean {word}?").format(word=self.details["suggestion"])
        if place := self.details["place"]:
            text += " " + _("(line {line}, column {column})").format(line=place.line, column=place.column)
        return text


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Every condition and every event of the tree, from left to right."""
    if isinstance(node, Condition | Happened):
        yield node
    elif isinstance(node, Not):
        yield from leaves_of(node.part)
    else:
        for part in node.parts:
            yield from leaves_of(part)


def size_of(node: Node) -> int:
    """How many conditions the tree holds, parameters of events included."""
    return sum(1 + len(leaf.parameters) if isinstance(leaf, Happened) else 1 for leaf in leaves_of(node))


def depth_of(node: Node) -> int:
    """How many groups and NOTs lie inside each other, the conditions in them counted as one level more."""
    level, depth = [node], 0
    while level:
        depth += 1
        inner = [one for one in level if not isinstance(one, Condition | Happened)]
        level = [part for one in inner for part in ((one.part,) if isinstance(one, Not) else one.parts)]
    return depth


def replaced(node: Node, change: Callable[[Leaf], Node]) -> Node:
    """The same tree with every leaf changed."""
    match node:
        case Condition() | Happened():
            return change(node)
        case Not(part):
            return Not(replaced(part, change))
        case All(parts):
            return All(tuple(replaced(part, change) for part in parts))
        case Any_(parts):
            return Any_(tuple(replaced(part, change) for part in parts))
    raise TypeError(node)


def top_parts(node: Node) -> tuple[Node, ...]:
    """What stands side by side, joined by AND: one chip each."""
    return node.parts if isinstance(node, All) else (node,)


def both(left: Node, right: Node) -> Node:
    """Both questions in one, without needless nesting."""
    return simplify(All((*top_parts(left), *top_parts(right))))


def without(node: Node, index: int) -> Node:
    """The question without its part number `index` (from 0)."""
    parts = top_parts(node)
    return simplify(All(parts[:index] + parts[index + 1 :]))


def simplify(node: Node) -> Node:
    """Flatten a group inside a group of its kind, unwrap groups of one, drop double negation."""
    if isinstance(node, Condition | Happened):
        return node
    if isinstance(node, Not):
        part = simplify(node.part)
        return part.part if isinstance(part, Not) else Not(part)
    kind = type(node)
    parts: list[Node] = []
    for part in map(simplify, node.parts):
        parts.extend(part.parts if isinstance(part, kind) else [part])
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
