"""What the question being edited would find: how many of all, and some of them with what was asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from regulars.kit import dates, numbers
from regulars.kit.query import Condition, Node
from regulars.kit.query.conditions import leaves_of
from regulars.kit.query.counting import Counted, count_in_time, in_time
from regulars.web.lists.state import ListState, is_column
from regulars.web.lists.views import heads

SECONDS = 3.0
"""How long each of the answer's questions may keep the database."""

EXAMPLES = 8
MOST_COLUMNS = 3

RowMaker = Callable[[ListState, list[int]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Answer:
    """The count and the share in words, when they were true, example rows with the columns that were asked."""

    count: str
    share: str
    as_of: str
    heads: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    is_slow: bool


def answer_of(state: ListState, node: Node, rows: RowMaker) -> Answer:
    """The answer to a question that was understood, never later than a few times SECONDS."""
    asked = replace(state, where=node, search="", at="", sort="", columns=_columns(state, node))
    found = count_in_time(asked.rows, SECONDS)
    everyone = found if not leaves(node) else count_in_time(state.everyone, SECONDS)
    ids = [] if found.n == 0 else in_time(SECONDS, lambda: asked.page().ids[:EXAMPLES], None)
    return Answer(
        count=_count(found, state),
        share=_share(found, everyone, state),
        as_of=dates.show_time(state.ctx.now, state.ctx.tz, state.ctx.locale),
        heads=heads(asked),
        rows=rows(asked, ids) if ids else [],
        is_slow=ids is None,
    )


def leaves(node: Node) -> list[Any]:
    """All conditions and events of a question."""
    return list(leaves_of(node))


def _columns(state: ListState, node: Node) -> tuple[str, ...]:
    """The fields that were asked, as columns: so everybody sees why somebody is an example."""
    asked = [leaf.field for leaf in leaves(node) if isinstance(leaf, Condition) and leaf.field in state.kind.fields]
    names = dict.fromkeys(state.kind.fields[name].name for name in asked)
    return tuple(name for name in names if is_column(state.kind, state.ctx, name))[:MOST_COLUMNS]


def _count(found: Counted, state: ListState) -> str:
    if found.n is None:
        return _("too many to count at once")
    shown = numbers.show_number(found.n, state.ctx.locale)
    return shown if found.is_exact else _("more than {n}").format(n=shown)


def _share(found: Counted, everyone: Counted, state: ListState) -> str:
    """ "of 48,210 customers · 2.5 %", as far as both are known."""
    if everyone.n is None or not everyone.is_exact:
        return ""
    named = state.kind.counted(everyone.n).format(n=numbers.show_number(everyone.n, state.ctx.locale))
    of_all = _("of {all}").format(all=named)
    if found.n is None or not found.is_exact or not everyone.n:
        return of_all
    return f"{of_all} · {numbers.show_share(found.n, everyone.n, state.ctx.locale)}"
