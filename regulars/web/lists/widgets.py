"""Values of conditions as inputs of a form, made for the field's kind, and back into literals."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from regulars.kit import money
from regulars.kit.errors import BadValue
from regulars.kit.periods import read_date_value
from regulars.kit.query import Condition, Op
from regulars.kit.query.conditions import Literal
from regulars.kit.query.context import Context
from regulars.kit.query.dates import NAMED, date_words
from regulars.kit.query.fields import Field
from regulars.kit.query.sentences import DATE_KINDS, operator_words

MANY = {Op.IN, Op.NOT_IN, Op.CONTAINS_ALL}
NO_VALUE = {Op.IS_NULL, Op.NOT_NULL}
FIRST_SPAN = "this_month"
AS_WRITTEN = "written"
_OFFSET = re.compile(r"([+-])(\d+)([dwmy])")
_AGO = re.compile(r"(\d+)_([dwmy])[a-z]*_ago")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


Given = MultiValueDict[str, str]
"""What a form brought."""


@dataclass(frozen=True)
class Widget:
    """One value of a condition as an input: which control, what is in it. free: any other value can be typed too.

    look: attributes by which an amount that is typed is written as the shop does (forms.js).
    """

    control: str  # text, number, money, date, choice, choices, flag
    name: str
    value: Any
    options: list[tuple[str, str]]
    date: Mapping[str, str]
    free: bool = False
    look: Mapping[str, str] = field(default_factory=dict)


def operators(field: Field) -> list[tuple[str, str]]:
    """(operator, wording) for the chooser."""
    return [(str(op), operator_words(field, op)) for op in field.operators()]


def read_op(field: Field, text: str) -> Op:
    """The operator of that spelling if the field has it, else its first."""
    allowed = field.operators()
    return next((op for op in allowed if str(op) == text), allowed[0])


def value_names(op: Op) -> tuple[str, ...]:
    """What the inputs of an operator are called."""
    if op in NO_VALUE:
        return ()
    return ("value", "second") if op is Op.BETWEEN else ("value",)


def widgets(field: Field, op: Op, values: Sequence[Literal], ctx: Context) -> list[Widget]:
    """The inputs an operator needs, filled with the condition's values."""
    if op in MANY:
        texts = [_shown(field, value, ctx) for value in values if value.text]
        return [Widget("choices", "value", texts, _options(field, texts, ctx), {}, free=not field.options(ctx))]
    names = value_names(op)
    padded = [*values, *([None] * len(names))]
    return [_single(field, name, value, ctx) for name, value in zip(names, padded, strict=False)]


def _single(field: Field, name: str, value: Literal | None, ctx: Context) -> Widget:
    text = _shown(field, value, ctx) if value else ""
    if field.kind in DATE_KINDS:
        return Widget("date", name, text, [], date_parts(text, ctx))
    if field.kind == "flag":
        return Widget("flag", name, text or "true", field.options(ctx), {})
    if field.options(ctx):
        return Widget("choice", name, text, _options(field, [text], ctx), {})
    if field.kind == "money":
        return Widget("money", name, text, [], {}, look=_look(ctx))
    return Widget({"count": "number", "number": "number"}.get(field.kind, "text"), name, text, [], {})


def _options(field: Field, chosen: list[str], ctx: Context) -> list[tuple[str, str]]:
    options = field.options(ctx)
    if field.kind == "person":
        options = [("me", _("Me")), *options]
    known = {word for word, _label in options}
    return options + [(text, text) for text in chosen if text and text not in known]


# --- money ------------------------------------------------------------------------------------------------------------


def _shown(field: Field, value: Literal, ctx: Context) -> str:
    """A value as it stands in its input: amounts as the shop writes them, all else as the language does."""
    if field.kind != "money" or not value.text:
        return value.text
    try:
        is_plain = value.kind == "number"
        amount = Decimal(value.text) if is_plain else money.read_money(value.text, ctx.currency, ctx.locale)
        return money.write_money(amount, ctx.currency, ctx.locale)
    except (BadValue, ArithmeticError):
        return value.text


def _amount(text: str, ctx: Context) -> Literal:
    """What somebody wrote, as the language writes it whoever reads it."""
    try:
        return Literal("number", f"{money.read_money(text, ctx.currency, ctx.locale).normalize():f}")
    except BadValue:
        return Literal("text", text)


def _look(ctx: Context) -> dict[str, str]:
    before, between, after = money.around_money(ctx.currency, ctx.locale)
    return {"data_before": before, "data_thousands": between, "data_after": after}


# --- dates ------------------------------------------------------------------------------------------------------------


def date_parts(text: str, ctx: Context) -> dict[str, str]:
    """A date value split over its controls: the span, how many, the day; or, for all else, the text and its words."""
    parts = {"span": FIRST_SPAN, "n": "30", "day": "", "text": "", "words": ""}
    if not text:
        return parts
    plain = text.lower()
    if plain in NAMED:
        return {**parts, "span": plain}
    if found := _OFFSET.fullmatch(plain):
        return {**parts, "span": ("ago_" if found[1] == "-" else "ahead_") + found[3], "n": found[2]}
    if found := _AGO.fullmatch(plain):
        return {**parts, "span": f"ago_{found[2]}", "n": found[1]}
    if _DAY.fullmatch(text):
        return {**parts, "span": "day", "day": text}
    return {**parts, "span": AS_WRITTEN, "text": text, "words": _words(text, ctx)}


def _words(text: str, ctx: Context) -> str:
    try:
        return date_words(read_date_value(text), ctx.locale)
    except BadValue:
        return text


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
                ("ahead_y", _("years from now")),
            ],
        ),
        (_("Exact"), [("day", _("on the day …"))]),
    ]


# --- back into a condition --------------------------------------------------------------------------------------------


def written(field: Field, op: Op, given: Given, ctx: Context) -> Condition:
    """The condition that the inputs describe, values that are missing as empty texts; whoever asks checks it."""
    if op in MANY:
        texts = [text for text in given.getlist("value") if text.strip()]
        return Condition(field.name, op, tuple(_literal(field, text, ctx) for text in texts) or (Literal("text", ""),))
    return Condition(field.name, op, tuple(_literal(field, _text(field, name, given), ctx) for name in value_names(op)))


def form_values(field: Field, condition: Condition, ctx: Context) -> dict[str, tuple[str, ...]]:
    """What a form must bring so that `written` answers this condition."""
    if condition.op in MANY:
        return {"value": tuple(_shown(field, value, ctx) for value in condition.values)}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in zip(value_names(condition.op), condition.values, strict=False):
        if field.kind in DATE_KINDS:
            parts = date_parts(value.text, ctx)
            used = {"ago": "n", "ahead": "n", "day": "day", AS_WRITTEN: "text"}.get(parts["span"].partition("_")[0], "")
            found |= {f"{name}_{part}": (parts[part],) for part in ("span", used) if part}
        else:
            found[name] = (_shown(field, value, ctx),)
    return found


def _text(field: Field, name: str, given: Given) -> str:
    if field.kind in DATE_KINDS:
        return _date_text(name, given)
    text = given.get(name, "").strip()
    return text or ("true" if field.kind == "flag" else "")


def _date_text(name: str, given: Given) -> str:
    """What the controls of a date say; those that nobody touched yet say the first span."""
    day = given.get(f"{name}_day", "").strip()
    span = given.get(f"{name}_span", "") or ("day" if day else FIRST_SPAN)
    if span == "day":
        return day
    if span == AS_WRITTEN:
        return given.get(f"{name}_text", "").strip()
    direction, _mark, unit = span.partition("_")
    if direction in ("ago", "ahead"):
        return f"{'-' if direction == 'ago' else '+'}{given.get(f'{name}_n', '').strip() or '0'}{unit}"
    return span


def _literal(field: Field, text: str, ctx: Context) -> Literal:
    """How the language writes the value: numbers and dates bare, words that are safe bare, else quoted."""
    if field.kind in DATE_KINDS:
        return Literal("word" if text.lower() in NAMED else "date" if _is_date(text) else "text", text)
    if field.kind == "money":
        return _amount(text, ctx)
    if field.kind in ("count", "number"):
        plain = text.replace(" ", "")
        return Literal("number", plain) if _is_plain_number(plain) else Literal("text", text)
    if field.kind == "flag" or (field.kind == "person" and text == "me"):
        return Literal("word", text)
    return Literal("text", text)


def _is_date(text: str) -> bool:
    return bool(_OFFSET.fullmatch(text) or _AGO.fullmatch(text) or re.fullmatch(r"[\d-]+(T[\d:]+)?", text))


def _is_plain_number(text: str) -> bool:
    whole, _point, rest = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (not rest or (rest.isascii() and rest.isdigit()))
