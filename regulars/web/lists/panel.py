"""The filter panel: field → operator → value, made for the field's kind, and back into a condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from regulars.kit.query import Condition, Op, sentence
from regulars.kit.query.conditions import All, Literal, Node, both, simplify, top_parts
from regulars.kit.query.dates import NAMED
from regulars.kit.query.fields import Field
from regulars.kit.query.kinds import Choice
from regulars.kit.query.sentences import DATE_KINDS, operator_words
from regulars.web.lists.state import ListState
from regulars.web.numbers import whole_number

MANY = {Op.IN, Op.NOT_IN, Op.CONTAINS_ALL}
UNITS = {"d": _("days"), "w": _("weeks"), "m": _("months"), "y": _("years")}


@dataclass(frozen=True)
class Widget:
    """One value of a condition as an input: which control, what is in it."""

    control: str  # text, number, money, date, choice, choices, flag
    name: str
    value: Any
    options: list[tuple[str, str]]
    date: Mapping[str, str]


def fields_by_section(state: ListState) -> list[tuple[Any, list[Field]]]:
    """What can be asked, grouped for the chooser."""
    names = list(state.kind.sections)
    fields = state.kind.fields.offered(state.ctx, lambda field: field.filterable)
    fields.sort(key=lambda field: names.index(field.section))
    return [
        (state.kind.sections[section], list(members)) for section, members in groupby(fields, key=lambda f: f.section)
    ]


def edited(state: ListState, given: QueryDict) -> tuple[Condition | None, int | None]:
    """The condition a chip names by its number, and the number; (None, None) for a new one."""
    index = whole_number(given.get("part", ""))
    parts = top_parts(state.where)
    if index is not None and index < len(parts) and isinstance(part := parts[index], Condition):
        return part, index
    return None, None


def operators(field: Field) -> list[tuple[str, str]]:
    """(operator, wording) for the chooser."""
    return [(str(op), operator_words(field, op)) for op in field.operators()]


def widgets(field: Field, op: Op, values: tuple[Literal, ...], state: ListState) -> list[Widget]:
    """The inputs an operator needs, filled with the condition's values."""
    if op in (Op.IS_NULL, Op.NOT_NULL):
        return []
    if op in MANY:
        texts = [value.text for value in values]
        return [Widget("choices", "value", texts, _options(field, texts, state), {})]
    count = 2 if op is Op.BETWEEN else 1
    padded = [*values, *([None] * count)][:count]
    names = ["value", "second"]
    return [_single(field, names[index], value, state) for index, value in enumerate(padded)]


def _single(field: Field, name: str, value: Literal | None, state: ListState) -> Widget:
    text = value.text if value else ""
    if field.kind in DATE_KINDS:
        return Widget("date", name, text, [], _date_parts(text))
    if field.kind == "flag":
        return Widget("flag", name, text or "true", field.options(state.ctx), {})
    if options := _options(field, [text], state):
        return Widget("choice", name, text, options, {})
    return Widget({"money": "money", "count": "number"}.get(field.kind, "text"), name, text, [], {})


def _options(field: Field, chosen: list[str], state: ListState) -> list[tuple[str, str]]:
    options = field.options(state.ctx)
    if field.kind == "person":
        options = [("me", _("Me")), *options]
    known = {word for word, _label in options}
    return options + [(text, text) for text in chosen if text and text not in known and isinstance(field, Choice)]


def _date_parts(text: str) -> dict[str, str]:
    """A date value split over the three controls: the span or unit, the number, the day."""
    parts = {"span": "this_month", "n": "30", "day": ""}
    if text in NAMED:
        return {**parts, "span": text}
    if text and text[0] in "+-":
        return {**parts, "span": ("ago_" if text[0] == "-" else "ahead_") + text[-1], "n": text[1:-1]}
    return {**parts, "span": "day", "day": text[:10]} if text else parts


def date_spans() -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a date value, grouped."""
    return [
        (_("Named"), [(word, str(label)) for word, label in NAMED.items()]),
        (
            _("Counted from today"),
            [
                ("ago_d", _("days ago")),
                ("ago_w", _("weeks ago")),
                ("ago_m", _("months ago")),
                ("ago_y", _("years ago")),
                ("ahead_d", _("days from now")),
                ("ahead_w", _("weeks from now")),
                ("ahead_m", _("months from now")),
            ],
        ),
        (_("Exact"), [("day", _("on the day …"))]),
    ]


def written(field: Field, op: Op, given: QueryDict) -> Condition:
    """The condition that the panel's form describes; its values are checked by the list."""
    if op in (Op.IS_NULL, Op.NOT_NULL):
        return Condition(field.name, op)
    if op in MANY:
        texts = [text for text in given.getlist("value") if text.strip()]
        return Condition(field.name, op, tuple(_literal(field, text) for text in texts) or (Literal("text", ""),))
    names = ["value", "second"] if op is Op.BETWEEN else ["value"]
    return Condition(field.name, op, tuple(_literal(field, _text(field, name, given)) for name in names))


def _text(field: Field, name: str, given: QueryDict) -> str:
    if field.kind not in DATE_KINDS:
        return given.get(name, "").strip()
    span = given.get(f"{name}_span", "day")
    if span == "day":
        return given.get(f"{name}_day", "").strip()
    direction, _mark, unit = span.partition("_")
    if direction in ("ago", "ahead"):
        return f"{'-' if direction == 'ago' else '+'}{given.get(f'{name}_n', '').strip() or '0'}{unit}"
    return span


def _literal(field: Field, text: str) -> Literal:
    """How the language writes the value: numbers and dates bare, words that are safe bare, else quoted."""
    if field.kind in DATE_KINDS:
        return Literal("word" if text in NAMED else "date", text)
    if field.kind in ("count", "money"):
        plain = text.replace(" ", "")
        return Literal("number", plain) if _is_plain_number(plain) else Literal("text", text)
    if field.kind == "flag" or (field.kind == "person" and text == "me"):
        return Literal("word", text)
    return Literal("text", text)


def _is_plain_number(text: str) -> bool:
    whole, _point, rest = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (not rest or (rest.isascii() and rest.isdigit()))


def with_part(where: Node, part: Condition, index: int | None) -> Node:
    """The filter with the condition added, or put in the place of the edited one."""
    if index is None:
        return both(where, part)
    parts = list(top_parts(where))
    parts[index] = part
    return simplify(All(tuple(parts)))


def read_op(field: Field, text: str) -> Op:
    """The operator of that spelling if the field has it, else its first."""
    allowed = field.operators()
    return next((op for op in allowed if str(op) == text), allowed[0])


def conditions_sentence(state: ListState) -> str:
    """The whole filter in one sentence, for *View conditions*."""
    return sentence(state.where, state.kind.fields, state.ctx)
