"""The filter panel: one condition as field → operator → value, and its place in the filter."""

from itertools import groupby
from typing import Any

from django.http import QueryDict

from regulars.kit.query import Condition
from regulars.kit.query.conditions import All, Node, both, simplify, top_parts
from regulars.kit.query.fields import Field
from regulars.web.lists.state import ListState
from regulars.web.numbers import whole_number


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


def with_part(where: Node, part: Condition, index: int | None) -> Node:
    """The filter with the condition added, or put in the place of the edited one."""
    if index is None:
        return both(where, part)
    parts = list(top_parts(where))
    parts[index] = part
    return simplify(All(tuple(parts)))
