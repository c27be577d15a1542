"""The saved views above a list: which one is open, whether it was changed, where each leads."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from regulars.kit.query import BadCondition, Node, parse
from regulars.kit.query.paging import Order
from regulars.segments.models import SavedView
from regulars.segments.saved_views import Look, may_change, views_for
from regulars.web.lists.kind import ListKind
from regulars.web.lists.state import ALL, BEST, ListState, default_columns, is_column


@dataclass(frozen=True, slots=True)
class Tab:
    """One view for one reader. url: the list as the view shows it. look: what of it this reader can see."""

    view: SavedView
    look: Look
    url: str
    may_change: bool

    @property
    def pk(self) -> int:
        return self.view.pk


class Tabs:
    """The views of a list for whoever looks at it. A view about what the reader may not ask does not exist for them."""

    def __init__(self, state: ListState) -> None:
        self.state, self.kind = state, state.kind

    @cached_property
    def tabs(self) -> list[Tab]:
        """All of them: the person's own, then the team's."""
        made = (_tab(self.state, view) for view in views_for(self.state.staff, self.kind.name))
        return [tab for tab in made if tab]

    @property
    def pinned(self) -> list[Tab]:
        """Those that are tabs: the pinned ones, and the open one while it is."""
        return [tab for tab in self.tabs if tab.view.is_pinned or tab == self.current]

    @property
    def others(self) -> list[Tab]:
        return [tab for tab in self.tabs if not tab.view.is_pinned and tab != self.current]

    @cached_property
    def look(self) -> Look:
        """What the list shows now."""
        return look_of(self.state)

    @cached_property
    def current(self) -> Tab | None:
        """The view the address names, or one that shows just this; None: the plain list."""
        named = next((tab for tab in self.tabs if str(tab.pk) == self.state.view), None)
        if named or self.state.view == ALL:
            return named
        return next((tab for tab in self.tabs if tab.look == self.look), None)

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something that the open view (or the plain list) does not keep."""
        return self.look != (self.current.look if self.current else Look())

    @property
    def default_url(self) -> str:
        """What the list opens with for this person, "" for the plain list."""
        staff = self.state.staff
        own = (tab for tab in self.tabs if tab.view.is_default and tab.view.owner_id == staff.pk)
        return next((tab.url for tab in own if tab.look != Look()), "")

    @property
    def all_url(self) -> str:
        return f"{self.state.home}?view={ALL}"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the list shows, as fields of a form."""
        return [(name, value) for name, value in [*self.state.hidden.items(), ("search", self.state.search)] if value]

    def find(self, pk: int) -> Tab | None:
        return next((tab for tab in self.tabs if tab.pk == pk), None)


def look_of(state: ListState) -> Look:
    """What a list shows, as a view keeps it."""
    ctx = state.ctx
    is_usual = state.sort in ("", BEST) or (state.sort == state.kind.sort and not (state.search and state.kind.ranked))
    return Look.of(
        state.where,
        state.kind.fields,
        ctx,
        search=state.search,
        sort="" if is_usual else state.sort,
        columns=() if state.columns == default_columns(state.kind, ctx) else state.columns,
        size=state.size,
    )


def url_of(state: ListState, view: SavedView) -> str:
    """The list as a view shows it, for this reader; the plain list for what cannot be shown any more."""
    tab = _tab(state, view)
    return tab.url if tab else f"{state.home}?view={ALL}"


def _tab(state: ListState, view: SavedView) -> Tab | None:
    kind, ctx = state.kind, state.ctx
    try:
        where = _parsed(view.where)
    except BadCondition:  # kept by an older version; the page of views still has it
        return None
    if not kind.fields.may_ask(where, ctx):
        return None
    seen = tuple(name for name in view.columns if is_column(kind, ctx, name))
    columns = () if seen == default_columns(kind, ctx) else seen
    look = replace(Look.kept_in(view), columns=columns, sort=_sort(kind, view.sort, state))
    opened = replace(
        state,
        where=where,
        search=look.search,
        sort=look.sort,
        columns=columns or default_columns(kind, ctx),
        size=look.size,
        view=str(view.pk),
    )
    return Tab(view, look, opened.url(), may_change(state.staff, view))


def _sort(kind: ListKind, text: str, state: ListState) -> str:
    """The order of a view, unless this reader cannot have it."""
    try:
        return text and Order.read(text, kind.fields, state.ctx).text
    except BadCondition:
        return ""


@lru_cache(maxsize=2000)
def _parsed(text: str) -> Node:
    """Texts of views are read at every look at the list; trees never change."""
    return parse(text)


def tabs_for(state: ListState) -> Any:
    """The tabs of a list that keeps views, None for others."""
    return Tabs(state) if state.kind.keeps_views else None
