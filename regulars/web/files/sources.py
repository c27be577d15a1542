"""What an export dialog is about: the question of a list, a selection in it, or all rows of a kind."""

from dataclasses import dataclass, field, replace
from typing import Any

from regulars.customers.selection import Selection
from regulars.kit.query import parse, sentence
from regulars.kit.query.conditions import top_parts
from regulars.kit.query.context import Context
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.kinds import ExportKind
from regulars.web.access import StaffRequest
from regulars.web.files.words import context_of
from regulars.web.lists.kind import ListKind
from regulars.web.lists.state import ListState
from regulars.web.lists.views import read_state

_INSTEAD = {"customer_id": "name"}
"""What stands in a file for a column that only pages can show."""


@dataclass(frozen=True)
class Source:
    """in_view: the fields behind the list's columns, none without a list. sentence: the filter in words.

    hidden: the question as form fields. selection: as JSON, when rows were ticked.
    """

    kind: ExportKind
    ctx: Context
    home: str
    asked: Asked
    in_view: tuple[str, ...] = ()
    sentence: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    selection: dict[str, Any] | None = None


def of_list(request: StaffRequest, of: ListKind, kind: ExportKind) -> Source:
    """What a list shows, as its address or the dialog's form says."""
    state = read_state(request, of)
    asked = Asked(
        kind=kind.name,
        where=state.hidden["where"],
        search=state.search,
        sort="" if state.is_ranked else state.order.text,
    )
    hidden = [(name, value) for name, value in [*state.hidden.items(), ("search", state.search)] if value]
    return Source(
        kind, state.ctx, f"{state.home}export/", asked, tuple(in_view(state, kind)), state.sentence(), hidden
    )  # fmt: skip


def of_kind(request: StaffRequest, kind: ExportKind, home: str) -> Source:
    """All rows of a kind that has no list of its own, or those that `where` means."""
    ctx = context_of(request)
    given = request.POST if request.method == "POST" else request.GET
    node = kind.fields.check(parse(given.get("where", "")), ctx)
    asked = Asked(kind=kind.name, where=given.get("where", ""), sort=f"-{kind.dates[0]}")
    said = sentence(node, kind.fields, ctx) if top_parts(node) else ""
    return Source(kind, ctx, home, asked, (), said, [("where", asked.where)] if asked.where else [])


def selected(source: Source, selection: Selection) -> Source:
    """Only the rows that were ticked."""
    if selection.ids is not None:
        asked = replace(source.asked, where="", search="", ids=tuple(sorted(selection.ids)))
    else:
        asked = replace(
            source.asked, where=selection.where, search=selection.search, excluded=tuple(sorted(selection.excluded))
        )
    return replace(source, asked=asked, selection=selection.plain(), sentence="" if selection.ids else source.sentence)


def in_view(state: ListState, kind: ExportKind) -> list[str]:
    """The fields behind the columns of the list, the row's name first, as far as they can be exported."""
    known = kind.available(state.ctx)
    by_column = {one.column: one.name for one in kind.fields if one.name in known} | _INSTEAD
    names = list(kind.first or [name for name in ("number", "name") if name in kind.fields][:1])
    for column in state.columns:
        composite = state.kind.composite.get(column)
        reads = (*composite.reads, composite.sort) if composite else (column,)
        names += [name if name in known else by_column.get(name, "") for name in reads]
    return [name for name in dict.fromkeys(names) if name in known]
