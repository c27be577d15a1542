"""Questions about rows: the tree, its text, its SQL, its wording, and pages of answers."""

from regulars.kit.query.compile import compile_where
from regulars.kit.query.conditions import EVERYONE, BadCondition, Condition, Happened, Node, Op
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, FieldSet
from regulars.kit.query.language import parse, write
from regulars.kit.query.sentences import sentence

__all__ = [
    "EVERYONE",
    "BadCondition",
    "Condition",
    "Context",
    "Field",
    "FieldSet",
    "Happened",
    "Node",
    "Op",
    "compile_where",
    "parse",
    "sentence",
    "write",
]
