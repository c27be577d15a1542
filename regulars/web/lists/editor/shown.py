"""Drafts ready to print: names of fields and operators, inputs, what is wrong with a line, the chooser of fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from regulars.kit.query import BadCondition
from regulars.kit.query.fields import Field
from regulars.kit.query.predicates import Predicate
from regulars.web.lists import widgets
from regulars.web.lists.editor.drafts import Draft, Event, Line, Path, dotted
from regulars.web.lists.editor.edits import Edited
from regulars.web.lists.editor.meaning import Meaning
from regulars.web.lists.widgets import Widget

OPERATOR_MARKS = {">=": "gte", "<=": "lte", "=": "eq", "!=": "ne", ">": "gt", "<": "lt"}


@dataclass(frozen=True)
class Offered:
    """One thing that can be chosen: the button's value, its name, a word of help."""

    do: str
    label: Any
    help: Any


@dataclass(frozen=True)
class ShownLine:
    """A condition. field: None while it has to be chosen; choosing: (section, what it offers) when it is being chosen.

    id: the same as long as the line has the same inputs in the same place.
    """

    name: str
    key: int
    id: str
    negated: bool
    is_focus: bool
    field: Field | None
    op: str
    operators: list[tuple[str, str]]
    inputs: list[Widget]
    fault: str
    choosing: list[tuple[Any, list[Offered]]]
    kind: str = "line"


@dataclass(frozen=True)
class ShownEvent:
    """Something that happened, with lines about it."""

    name: str
    key: int
    negated: bool
    is_focus: bool
    label: Any
    help: Any
    event: str
    parts: "Sequence[ShownLine]"
    kind: str = "event"


@dataclass(frozen=True)
class ShownGroup:
    """Parts of which all or any hold."""

    name: str
    key: int
    negated: bool
    is_focus: bool
    which: str
    joined: str
    depth: int
    parts: "Sequence[ShownLine | ShownEvent | ShownGroup]"
    kind: str = "group"


def shown(edited: Edited, meaning: Meaning, sections: Mapping[str, Any]) -> ShownGroup:
    """The whole tree."""
    found = _Printer(edited, meaning, sections).part(edited.root, ())
    assert isinstance(found, ShownGroup)
    return found


class _Printer:
    def __init__(self, edited: Edited, meaning: Meaning, sections: Mapping[str, Any]) -> None:
        self.edited, self.meaning, self.sections = edited, meaning, sections

    def part(self, draft: Draft, path: Path) -> ShownLine | ShownEvent | ShownGroup:
        common: dict[str, Any] = {
            "name": dotted(path),
            "key": draft.key,
            "negated": draft.negated,
            "is_focus": path == self.edited.focus,
        }
        match draft:
            case Line():
                return self._line(draft, path, common)
            case Event():
                return self._event(draft, path, common)
        parts = [self.part(part, (*path, index)) for index, part in enumerate(draft.parts)]
        return ShownGroup(**common, which=draft.kind, joined=draft.joined, depth=len(path), parts=parts)

    def _event(self, event: Event, path: Path, common: dict[str, Any]) -> ShownEvent:
        predicate = self.meaning.predicate(event)
        lines = [
            self._line(line, (*path, index), {**common, "name": dotted((*path, index)), "key": line.key,
                       "negated": False, "is_focus": (*path, index) == self.edited.focus}, event, predicate)
            for index, line in enumerate(event.parts)
        ]  # fmt: skip
        label, help_ = (predicate.label, predicate.help) if predicate else (event.event, "")
        return ShownEvent(**common, label=label, help=help_, event=event.event, parts=lines)

    def _line(
        self,
        line: Line,
        path: Path,
        common: dict[str, Any],
        event: Event | None = None,
        predicate: Predicate | None = None,
    ) -> ShownLine:
        field = self.meaning.field(line, predicate)
        asks = field is None or (self.edited.choosing and common["is_focus"])
        choosing = self._offers(common["name"], line, event, predicate) if asks else []
        if field is None:
            return ShownLine(**common, id="", field=None, op="", operators=[], inputs=[], fault="", choosing=choosing)
        op = widgets.read_op(field, line.op)
        condition = self.meaning.condition(line, field)
        mark = slugify(OPERATOR_MARKS.get(str(op), str(op)))
        return ShownLine(
            **common,
            id=f"line-{line.key}-{field.name}-{mark}-{common['name'].replace('.', '-')}",
            field=field,
            op=str(op),
            operators=widgets.operators(field),
            inputs=[
                replace(widget, name=f"{common['name']}.{widget.name}")
                for widget in widgets.widgets(field, op, condition.values, self.meaning.ctx)
            ],
            fault=self._fault(line, field, predicate),
            choosing=choosing,
        )

    def _fault(self, line: Line, field: Field, predicate: Predicate | None) -> str:
        """What is wrong with a finished line."""
        if not self.meaning.is_finished(line, predicate):
            return ""
        try:
            field.read(self.meaning.condition(line, field), self.meaning.ctx)
        except BadCondition as fault:
            return str(fault)
        return ""

    # --- the chooser --------------------------------------------------------------------------------------------
    def _offers(
        self, name: str, line: Line, event: Event | None, predicate: Predicate | None
    ) -> list[tuple[Any, list[Offered]]]:
        if event is not None:
            return self._parameters(name, line, event, predicate)
        ctx, fields = self.meaning.ctx, self.meaning.fields
        order = list(self.sections)
        known = fields.offered(ctx, lambda field: field.filterable)
        known.sort(key=lambda field: order.index(field.section))
        found = [
            (self.sections[section], self._offered(name, members))
            for section, members in groupby(known, key=lambda field: field.section)
        ]
        happened = [Offered(f"happened:{name}:{one.name}", one.label, one.help) for one in fields.predicates(ctx)]
        return [*found, (_("What happened"), happened)] if happened else found

    def _parameters(
        self, name: str, line: Line, event: Event, predicate: Predicate | None
    ) -> list[tuple[Any, list[Offered]]]:
        if predicate is None:
            return []
        used = {one.field for one in event.parts if one is not line}
        free = [field for field in predicate.parameters(self.meaning.ctx) if field.name not in used]
        return [(predicate.label, self._offered(name, free))]

    def _offered(self, name: str, fields: Iterable[Field]) -> list[Offered]:
        return [Offered(f"choose:{name}:{field.name}", field.label, field.help) for field in fields]
