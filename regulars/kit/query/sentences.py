"""From the tree to a sentence in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kit.query.conditions import All, Any_, BadCondition, Condition, Happened, Leaf, Node, Not, Op
from regulars.kit.query.context import Context
from regulars.kit.query.dates import last_words, longer_ago_words
from regulars.kit.query.fields import Field, FieldSet

PATTERNS = {
    Op.EQ: gettext_lazy("{field} is {value}"),
    Op.NE: gettext_lazy("{field} is not {value}"),
    Op.LT: gettext_lazy("{field}: less than {value}"),
    Op.LTE: gettext_lazy("{field}: at most {value}"),
    Op.GT: gettext_lazy("{field}: more than {value}"),
    Op.GTE: gettext_lazy("{field}: at least {value}"),
    Op.BETWEEN: gettext_lazy("{field} is between {value} and {second}"),
    Op.IN: gettext_lazy("{field} is any of {values}"),
    Op.NOT_IN: gettext_lazy("{field} is none of {values}"),
    Op.CONTAINS: gettext_lazy("{field} contains {value}"),
    Op.NOT_CONTAINS: gettext_lazy("{field} does not contain {value}"),
    Op.CONTAINS_ALL: gettext_lazy("{field} contains all of {values}"),
    Op.STARTS_WITH: gettext_lazy("{field} starts with {value}"),
    Op.IS_NULL: gettext_lazy("{field} is not known"),
    Op.NOT_NULL: gettext_lazy("{field} is known"),
}
DATE_PATTERNS = {
    Op.EQ: gettext_lazy("{field}: {value}"),
    Op.NE: gettext_lazy("{field}: not {value}"),
    Op.LT: gettext_lazy("{field}: before {value}"),
    Op.LTE: gettext_lazy("{field}: {value} or before"),
    Op.GT: gettext_lazy("{field}: after {value}"),
    Op.GTE: gettext_lazy("{field}: {value} or after"),
    Op.BETWEEN: gettext_lazy("{field}: between {value} and {second}"),
}
FLAG_PATTERNS = {
    Op.EQ: gettext_lazy("{field}: {value}"),
    Op.NE: gettext_lazy("{field}: not {value}"),
}
NONE_PATTERNS = {
    Op.IS_NULL: gettext_lazy("{field}: none"),
    Op.NOT_NULL: gettext_lazy("{field}: at least one"),
}
MANY_PATTERNS = {
    **FLAG_PATTERNS,
    **NONE_PATTERNS,
    Op.IN: gettext_lazy("{field}: any of {values}"),
    Op.NOT_IN: gettext_lazy("{field}: none of {values}"),
    Op.CONTAINS: gettext_lazy("{field}: {value}"),
    Op.NOT_CONTAINS: gettext_lazy("{field}: not {value}"),
    Op.CONTAINS_ALL: gettext_lazy("{field}: all of {values}"),
}
NUMBER_PATTERNS = {
    **FLAG_PATTERNS,
    Op.BETWEEN: DATE_PATTERNS[Op.BETWEEN],
    Op.IN: MANY_PATTERNS[Op.IN],
    Op.NOT_IN: MANY_PATTERNS[Op.NOT_IN],
}
"""Names of numbers are often in the plural: "Orders: at least 5"."""

WORDS = {
    Op.EQ: gettext_lazy("is"),
    Op.NE: gettext_lazy("is not"),
    Op.LT: gettext_lazy("is less than"),
    Op.LTE: gettext_lazy("is at most"),
    Op.GT: gettext_lazy("is more than"),
    Op.GTE: gettext_lazy("is at least"),
    Op.BETWEEN: gettext_lazy("is between"),
    Op.IN: gettext_lazy("is any of"),
    Op.NOT_IN: gettext_lazy("is none of"),
    Op.CONTAINS: gettext_lazy("contains"),
    Op.NOT_CONTAINS: gettext_lazy("does not contain"),
    Op.CONTAINS_ALL: gettext_lazy("contains all of"),
    Op.STARTS_WITH: gettext_lazy("starts with"),
    Op.IS_NULL: gettext_lazy("is not known"),
    Op.NOT_NULL: gettext_lazy("is known"),
}
DATE_WORDS = {
    **WORDS,
    Op.LT: gettext_lazy("is before"),
    Op.LTE: gettext_lazy("is on or before"),
    Op.GT: gettext_lazy("is after"),
    Op.GTE: gettext_lazy("is on or after"),
}

NONE_WORDS = {
    Op.IS_NULL: gettext_lazy("there is none"),
    Op.NOT_NULL: gettext_lazy("there is at least one"),
}


def operator_words(field: Field, op: Op) -> str:
    """How an operator is called for this kind of field, for choosers."""
    if field.holds_many and op in NONE_WORDS:
        return str(NONE_WORDS[op])
    return str((DATE_WORDS if field.kind in DATE_KINDS else WORDS)[op])


def _patterns(field: Field) -> dict[Op, Any]:
    """How each operator is said of this kind of field."""
    if field.kind in DATE_KINDS:
        return PATTERNS | DATE_PATTERNS
    if field.kind == "flag":
        return PATTERNS | FLAG_PATTERNS
    if field.kind in NUMBER_KINDS:
        return PATTERNS | NUMBER_PATTERNS
    if field.holds_many:
        return PATTERNS | (NONE_PATTERNS if field.kind == "text" else MANY_PATTERNS)
    return PATTERNS


DATE_KINDS = {"day", "moment", "anniversary"}
NUMBER_KINDS = {"count", "money"}


def sentence(node: Node, fields: FieldSet, ctx: Context) -> str:
    """The whole question, for example "Orders: at least 5 and (City is Cebu or City is Davao)"."""
    return _said(node, fields, ctx, outer="")


def chip(leaf: Leaf, fields: FieldSet, ctx: Context) -> str:
    """One condition or event as people say it. A value that is not understood is shown as it was written."""
    if isinstance(leaf, Happened):
        return _event(leaf, fields, ctx)
    return _condition(leaf, fields.find(leaf.field, ctx, leaf.place), ctx)


def _condition(condition: Condition, field: Field, ctx: Context) -> str:
    if (span := _span(condition, field)) is not None:
        return str(FLAG_PATTERNS[Op.EQ]).format(field=field.label, value=span)
    values = [_value(field, index, condition, ctx) for index in range(len(condition.values))]
    return str(_patterns(field)[condition.op]).format(
        field=field.label,
        value=values[0] if values else "",
        second=values[1] if len(values) > 1 else "",
        values=", ".join(values),
    )


def _span(condition: Condition, field: Field) -> str | None:
    """How a time up to now is said by its length: "in the last 90 days"; None for any other condition."""
    if field.kind not in DATE_KINDS or len(condition.values) != 1:
        return None
    match condition.op:
        case Op.GTE:
            return last_words(condition.values[0].text)
        case Op.LT:
            return longer_ago_words(condition.values[0].text)
    return None


def _event(event: Happened, fields: FieldSet, ctx: Context) -> str:
    predicate = fields.predicate(event, ctx)
    if not event.parameters:
        return str(predicate.label)
    told = [_condition(one, predicate.field(one, ctx), ctx) for one in event.parameters]
    return _("{event} ({conditions})").format(event=predicate.label, conditions=", ".join(told))


def _value(field: Field, index: int, condition: Condition, ctx: Context) -> str:
    try:
        return field.words(condition.values[index], ctx)
    except BadCondition:
        return condition.values[index].text


def _said(node: Node, fields: FieldSet, ctx: Context, outer: str) -> str:
    match node:
        case Condition() | Happened():
            return chip(node, fields, ctx)
        case Not(part):
            return _("not ({question})").format(question=_said(part, fields, ctx, ""))
        case All(()):
            return _("everyone")
        case All(parts) | Any_(parts):
            kind = "all" if isinstance(node, All) else "any"
            word = _(" and ") if kind == "all" else _(" or ")
            text = word.join(_said(part, fields, ctx, kind) for part in parts)
            return f"({text})" if outer and outer != kind else text
    raise TypeError(node)
