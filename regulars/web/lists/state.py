"""What a list shows, as it stands in the address: filter, search, sort, columns, page. One source, no hidden memory."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from regulars.kit.query import BadCondition, Condition, Node, compile_where, parse, sentence, write
from regulars.kit.query.conditions import EVERYONE, All, both, simplify, top_parts, without
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field
from regulars.kit.query.paging import CAP, Order, Page, count_up_to, sealed_page
from regulars.kit.query.sentences import chip
from regulars.shops.models import Shop, Staff
from regulars.web.lists.kind import SIZES, ListKind
from regulars.web.numbers import whole_number

LONGEST_SEARCH = 200
ALL = "all"  # in place of a view: the plain list
BEST = "best"  # the order of a search: the closest spelling first
MOST_RANKED = 200


@dataclass(frozen=True)
class ListState:
    """One question to one list, and addresses that differ from it in one thing."""

    kind: ListKind
    shop: Shop
    staff: Staff
    ctx: Context
    where: Node
    search: str
    sort: str
    columns: tuple[str, ...]
    size: int
    at: str
    view: str = ""

    @classmethod
    def read(
        cls, kind: ListKind, shop: Shop, staff: Staff, given: QueryDict, locale: str = "", ctx: Context | None = None
    ) -> "ListState":
        """The state an address asks for. Raises BadCondition for a filter, sort, column or page that does not exist.

        ctx: the asker's, where there is one already.
        """
        ctx = ctx or kind.context(shop, staff=staff, locale=locale)
        kind = kind.of(ctx)
        state = cls(
            kind=kind,
            shop=shop,
            staff=staff,
            ctx=ctx,
            where=kind.fields.check(parse(given.get("where", "")), ctx),
            search=given.get("search", "").strip()[:LONGEST_SEARCH],
            sort=given.get("sort", ""),
            columns=_columns(kind, ctx, given.get("columns", "")),
            size=_size(given.get("size", "")),
            at=given.get("at", ""),
            view=_view(given.get("view", "")),
        )
        if state.sort and state.sort != BEST:
            Order.read(state.sort, kind.fields, ctx)
        return state

    # --- addresses ------------------------------------------------------------------------------------------------
    @property
    def home(self) -> str:
        """The list's own address, without a question."""
        return f"/s/{self.shop.slug}/{self.kind.path}"

    @property
    def home_of_customers(self) -> str:
        """Where pages of customers are."""
        return f"/s/{self.shop.slug}/customers/"

    def query(self, **changes: Any) -> str:
        """The address's query; a change of the question goes back to the first page."""
        state = replace(self, **{"at": "", **changes})
        pairs = {
            "where": write(state.where),
            "search": state.search,
            "sort": state.sort,
            "columns": "" if state.columns == default_columns(self.kind, self.ctx) else ",".join(state.columns),
            "size": "" if state.size == SIZES[1] else str(state.size),
            "at": state.at,
        }
        pairs = {name: value for name, value in pairs.items() if value}
        if state.view:  # a view of which nothing is left is the plain list
            pairs["view"] = state.view if pairs else ALL
        return urlencode(pairs)

    def url(self, path: str = "", **changes: Any) -> str:
        """An address of this list that differs in the given things; `path` is below the list."""
        query = self.query(**changes)
        return f"{self.home}{path}?{query}" if query else self.home + path

    @property
    def here(self) -> str:
        """This very page."""
        return self.url(at=self.at)

    def sort_url(self, key: str) -> str:
        """Where a click on a heading goes: figures start with the largest, the second click turns round."""
        first = f"-{key}" if _starts_large(self.kind.fields[key]) else key
        other = key if first.startswith("-") else f"-{key}"
        return self.url(sort=other if self.order.text == first and not self.is_ranked else first)

    @property
    def marks(self) -> dict[str, Any]:
        """What sortable headings need: the sort in force ("" when the closest hits stand first) and addresses."""
        return {"sort": "" if self.is_ranked else self.order.text, "sort_url": self.sort_url}

    @property
    def cleared(self) -> str:
        """The list without filter and search."""
        return self.url(where=EVERYONE, search="", sort="" if self.sort == BEST else self.sort)

    @property
    def hidden(self) -> dict[str, str]:
        """The state but search and page, as form fields."""
        return {
            "where": write(self.where),
            "sort": self.sort,
            "columns": "" if self.columns == default_columns(self.kind, self.ctx) else ",".join(self.columns),
            "size": "" if self.size == SIZES[1] else str(self.size),
            "view": self.view,
        }

    @property
    def whole(self) -> Node:
        """The filter with what holds for the whole list: what a selection or a file of "all that match" asks."""
        return both(parse(self.kind.within), self.where)

    @property
    def whole_question(self) -> str:
        """The same as text."""
        return write(self.whole)

    # --- the answer -----------------------------------------------------------------------------------------------
    @property
    def is_ranked(self) -> bool:
        """Whether the closest hits of a search stand first."""
        return bool(self.search and self.kind.ranked and self.sort in ("", BEST))

    @cached_property
    def order(self) -> Order:
        text = self.sort if self.sort and self.sort != BEST else self.kind.sort
        return Order.read(text, self.kind.fields, self.ctx)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the shop restricts the rows."""
        return bool(self.search or top_parts(self.where))

    @cached_property
    def everyone(self) -> QuerySet:
        """All rows this person may see."""
        return self.kind.rows(self.shop, self.staff)

    @cached_property
    def rows(self) -> QuerySet:
        """All rows that match, unordered."""
        rows = self.everyone.filter(compile_where(self.where, self.kind.fields, self.ctx))
        return self.kind.find(rows, self.staff, self.search) if self.search else rows

    def page(self) -> Page:
        """The ids of this page and the cursors of its neighbours."""
        if self.is_ranked:
            return self._ranked_page()
        restricted = self.is_filtered or self.staff.only_own or bool(self.kind.within)
        place = ("list", self.kind.name, self.shop.pk, self.order.text)
        return sealed_page(self.rows, self.order, size=self.size, at=self.at, place=place, filtered=restricted)

    def _ranked_page(self) -> Page:
        assert self.kind.ranked
        narrowed = self.everyone.filter(compile_where(self.where, self.kind.fields, self.ctx))
        ids = self.kind.ranked(narrowed, self.staff, self.search)
        start = whole_number(self.at) or 0
        return Page(
            ids[start : start + self.size],
            str(start + self.size) if start + self.size < len(ids) else "",
            str(max(0, start - self.size)) if start else "",
        )

    @cached_property
    def count(self) -> int:
        """How many match, exactly up to the cap."""
        return count_up_to(self.rows)

    @property
    def is_capped(self) -> bool:
        """Whether more match than were counted."""
        return self.count > CAP

    # --- words ----------------------------------------------------------------------------------------------------
    def sentence(self) -> str:
        """The whole filter as people say it, "" without one."""
        return sentence(self.where, self.kind.fields, self.ctx) if top_parts(self.where) else ""

    def chips(self) -> list[dict[str, Any]]:
        """One chip for each part of the filter that no quick filter shows already: without it, and editing it."""
        shown = {part for one in self.quick_parts() if set(one[1]) <= set(top_parts(self.where)) for part in one[1]}
        return [self._chip(at, part) for at, part in enumerate(top_parts(self.where)) if part not in shown]

    def _chip(self, index: int, part: Node) -> dict[str, Any]:
        clear = self.url(where=without(self.where, index))
        if not isinstance(part, Condition):
            text = sentence(part, self.kind.fields, self.ctx)
            return {"text": text, "clear_url": clear, "edit_url": self.url("filter/editor/")}
        edit = self.url("filter/") + f"{'&' if self.query() else '?'}part={index}"
        return {"text": chip(part, self.kind.fields, self.ctx), "clear_url": clear, "edit_url": edit}

    def quick_parts(self) -> list[tuple[Any, tuple[Node, ...]]]:
        """(wording, conditions) of the filters one click away, as far as this person may ask them."""
        parsed = [(one.label, parse(one.where)) for one in self.kind.quick]
        may_ask = self.kind.fields.may_ask
        return [(label, top_parts(node)) for label, node in parsed if may_ask(node, self.ctx)]

    def quick_filters(self) -> list[dict[str, Any]]:
        """The filters one click away: adding, or taking away when they are on."""
        present = top_parts(self.where)
        quick = []
        for label, parts in self.quick_parts():
            others = tuple(part for part in present if part not in parts)
            on = set(parts) <= set(present)
            where = simplify(All(others if on else (*others, *parts)))
            quick.append({"label": label, "on": on, "url": self.url(where=where)})
        return quick


def default_columns(kind: ListKind, ctx: Context) -> tuple[str, ...]:
    """The columns a list opens with, as far as the asker may see them."""
    found: tuple[str, ...] = ctx.once(
        ("default columns", kind.name), lambda: tuple(name for name in kind.columns if is_column(kind, ctx, name))
    )
    return found


def is_column(kind: ListKind, ctx: Context, name: str) -> bool:
    """Whether a column of that name exists for the asker."""
    if name in kind.composite:
        needs = kind.composite[name].needs
        return not needs or ctx.may(needs)
    fields = kind.fields.of(ctx)
    if name not in fields:
        return False
    field = fields[name]
    return field.shown and field.name == name and (not field.needs or ctx.may(field.needs))


def all_columns(kind: ListKind, ctx: Context) -> list[tuple[str, Any]]:
    """(name, heading) of every column the asker may choose, the default ones first."""
    kind = kind.of(ctx)
    names = [*kind.columns, *(one.name for one in kind.composites), *(field.name for field in kind.fields)]
    return [(name, heading(kind, name)) for name in dict.fromkeys(names) if is_column(kind, ctx, name)]


def heading(kind: ListKind, name: str) -> Any:
    """What stands over a column."""
    return kind.composite[name].label if name in kind.composite else kind.fields[name].label


def _columns(kind: ListKind, ctx: Context, text: str) -> tuple[str, ...]:
    if not text:
        return default_columns(kind, ctx)
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if not is_column(kind, ctx, name):
            raise BadCondition(_("There is no column “{name}”.").format(name=name), word=name)
    return names


def _view(text: str) -> str:
    """The number of a saved view, or the word for none."""
    return text if text == ALL or whole_number(text) is not None else ""


def _size(text: str) -> int:
    size = whole_number(text)
    return size if size in SIZES else SIZES[1]


def _starts_large(field: Field) -> bool:
    return field.numeric or field.kind in {"moment", "day"}
