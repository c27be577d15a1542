"""The rows of the ledger, ready to print: one function, a fixed number of queries."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from regulars.kit.query.paging import in_order
from regulars.web.lists import cells
from regulars.web.lists.state import ListState, heading
from regulars.web.loyalty.words import marks_of, reason_words, signed
from regulars.web.markup import Pattern
from regulars.web.orders.rows import people_of

_MARK = Pattern('<span class="point-mark{}">{}</span>')
_MARKS = Pattern('<div class="point-marks">{}</div>')
_REASON = Pattern('<span class="strong">{}</span>{}{}')
_QUIET = Pattern(' <span class="point-note">{}</span>')
_GIVEN = Pattern('<span class="tone-good">{}</span>')


def rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the given movements in their order: {id, url, name, cells}; a click opens the customer's ledger."""
    kind = state.kind
    simple = [name for name in state.columns if name not in kind.composite]
    reads = [column for name in state.columns if name in kind.composite for column in kind.composite[name].reads]
    shown_rows = kind.fields.fetch(state.everyone.filter(pk__in=ids), simple, state.ctx, also=[*kind.always, *reads])
    found = in_order(shown_rows, ids)
    people = people_of(state, {row["customer_id"] for row in found})
    special = {"date": _date(state), "reason": _reason(state), "points": _points(state)}
    shown = [cells.column(*_column(state, name, special)) for name in state.columns]
    return [
        {
            "id": row["id"],
            "url": f"{state.home}{row['id']}/",
            "edit_url": None,
            "name": people[row["customer_id"]][0],
            "cells": cells.printed(shown, row),
        }
        for row in found
    ]


def _column(state: ListState, name: str, special: Mapping[str, cells.Formatter]) -> tuple[cells.Formatter, Any, str]:
    """What stands in a column, its heading and its classes."""
    label = heading(state.kind, name)
    if name in special:
        return special[name], label, {"points": "num strong", "reason": "wrap card-wide"}.get(name, "")
    field = state.kind.fields[name]
    return cells.formatter(field, state.ctx), label, "wrap" if name == "note" else cells.classes(field)


def _date(state: ListState) -> cells.Formatter:
    return lambda row: cells.show_moment(row["created_at"], state.ctx)


def _reason(state: ListState) -> cells.Formatter:
    def show(row: Mapping[str, Any]) -> Any:
        marks = [_MARK(f" tone-{tone}" if tone else "", words) for words, tone in marks_of(row, state.ctx)]
        reason, note = reason_words(row["reason"], row["origin"]), row["note"]
        return _REASON(note or reason, _QUIET(reason) if note else "", _MARKS(Markup("").join(marks)) if marks else "")

    return show


def _points(state: ListState) -> cells.Formatter:
    """What is given and counts stands out."""

    def show(row: Mapping[str, Any]) -> Any:
        shown = signed(row["points"], state.ctx.locale)
        return _GIVEN(shown) if row["points"] > 0 and row["counted_at"] else shown

    return show
