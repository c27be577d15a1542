"""How a value looks in a cell: formatted once in Python, printed as it is by the template."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from regulars.kit import dates, money, numbers
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field
from regulars.kit.query.kinds import Choice, Person
from regulars.web.icons import flag
from regulars.web.markup import Pattern

_ZERO = Pattern('<span class="zero">{}</span>')
_NONE = Pattern('<span class="none" aria-label="{}">—</span>')
_TIME = Pattern('<time datetime="{}" title="{}">{}</time>')
_TAG = Pattern('<span class="tag">{}</span>')
_MORE_TAGS = Pattern('<span class="tag" title="{}">+{}</span>')
_TAGS = Pattern('<span class="tags">{}</span>')
_STATUS = Pattern('<span class="status{}">{}</span>')
_PLACE = Pattern('<span class="place">{} {}</span>')
_CELL = Pattern('<td class="{}" data-label="{}">')
_PLAIN_CELL = Pattern('<td data-label="{}">')

Formatter = Callable[[Mapping[str, Any]], Any]
Column = tuple[str, Formatter]
"""How a column's cells begin, and what stands in them."""


def column(show: Formatter, label: Any, css: str = "") -> Column:
    """A column of a list. label: its heading, which names the cell on a phone's card."""
    return (_CELL(css, label) if css else _PLAIN_CELL(label)), show


def printed(columns: Sequence[Column], row: Mapping[str, Any]) -> Markup:
    """All cells of a row. Joined here, as a template would look at each of a page's thousand values six times."""
    parts: list[str] = []
    for begin, show in columns:
        shown = show(row)
        parts += (begin, shown if shown.__class__ is Markup else escape(shown), "</td>")
    return str.__new__(Markup, "".join(parts))


def formatter(field: Field, ctx: Context) -> Formatter:
    """A function from a fetched row to what stands in the field's cell."""
    return _MAKERS.get(field.kind, _plain)(field, ctx)


def classes(field: Field) -> str:
    """Numbers stand at the right, in figures of one width."""
    return "num" if field.numeric else ""


def nothing() -> Markup:
    """A value that is not known."""
    return _NONE(_("none"))


def show_moment(instant: datetime | None, ctx: Context) -> Any:
    """A moment relative to now, with the exact one on hover."""
    if instant is None:
        return nothing()
    return _TIME(
        instant.isoformat(timespec="seconds"),
        dates.show_moment(instant, ctx.tz, ctx.locale),
        dates.show_ago(instant, ctx.now, ctx.locale),
    )


def show_amount(minor: int | None, ctx: Context) -> Any:
    """Minor units of the shop's currency as money."""
    if minor is None:
        return nothing()
    shown = money.show_money(minor, ctx.currency, ctx.locale)
    return shown if minor else _ZERO(shown)


def show_tags(names: list[str] | None, limit: int = 3) -> Any:
    """Chips of the first tags; the rest as a number with the names on hover."""
    if not names:
        return ""
    chips = [_TAG(name) for name in names[:limit]]
    if rest := names[limit:]:
        chips.append(_MORE_TAGS(", ".join(rest), len(rest)))
    return _TAGS(Markup("").join(chips))


def show_status(word: str | None, colour: str) -> Any:
    """A coloured dot and the word."""
    if not word:
        return nothing()
    tone = f" is-{colour}" if colour and colour != "grey" else ""
    return _STATUS(tone, word)


def show_country(code: str, name: str) -> Any:
    """The flag and the name."""
    return _PLACE(flag(code), name) if code else nothing()


def _plain(field: Field, ctx: Context) -> Formatter:
    def show(row: Mapping[str, Any]) -> Any:
        value = field.value(row, ctx)
        return nothing() if value is None or value == "" else escape(str(value))

    return show


def _money(field: Field, ctx: Context) -> Formatter:
    column = field.column
    return lambda row: show_amount(row[column], ctx)


def _count(field: Field, ctx: Context) -> Formatter:
    def show(row: Mapping[str, Any]) -> Any:
        known = field.value(row, ctx)
        if known is None:
            return nothing()
        shown = numbers.show_number(known, ctx.locale)
        return shown if known else _ZERO(shown)

    return show


def _moment(field: Field, ctx: Context) -> Formatter:
    column = field.column
    return lambda row: show_moment(row[column], ctx)


def _day(field: Field, ctx: Context) -> Formatter:
    def show(row: Mapping[str, Any]) -> Any:
        day: date | str | None = field.value(row, ctx)
        return dates.show_day(day, ctx.locale) if isinstance(day, date) else day or nothing()

    return show


def _tags(field: Field, ctx: Context) -> Formatter:
    return lambda row: show_tags(field.value(row, ctx))


def _choice(field: Field, ctx: Context) -> Formatter:
    if field.name == "country":
        return lambda row: show_country(row[field.column], field.value(row, ctx) or "")
    assert isinstance(field, Choice)
    cache: dict[Any, Any] = {}

    def show(row: Mapping[str, Any]) -> Any:
        stored = row[field.column]
        if stored not in cache:
            value = field.value(row, ctx)
            cache[stored] = nothing() if value is None else escape(value)
        return cache[stored]

    return show


def _person(field: Field, ctx: Context) -> Formatter:
    """The first name; how many more there are, with all names on hover."""
    assert isinstance(field, Person)
    more = Pattern('{} <span class="tag" title="{}">+{}</span>')

    def show(row: Mapping[str, Any]) -> Any:
        people = field.people(row, ctx)
        if len(people) > 1:
            return more(people[0], ", ".join(people), len(people) - 1)
        return escape(people[0]) if people else nothing()

    return show


def _flag(field: Field, ctx: Context) -> Formatter:
    yes, no = _("Yes"), _("No")

    def show(row: Mapping[str, Any]) -> Any:
        known = field.value(row, ctx)
        return nothing() if known is None else yes if known else no

    return show


_MAKERS: dict[str, Callable[[Field, Context], Formatter]] = {
    "money": _money,
    "count": _count,
    "number": _count,
    "moment": _moment,
    "day": _day,
    "tags": _tags,
    "several": _tags,
    "choice": _choice,
    "related": _choice,
    "person": _person,
    "flag": _flag,
}
