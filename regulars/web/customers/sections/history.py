"""The timeline of a customer, page by page, ready to print."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from markupsafe import Markup

from regulars.customers.timeline import Cursor, timeline
from regulars.kit import dates
from regulars.kit.numbers import locale_of
from regulars.kit.query.context import Context
from regulars.web.customers.sections.cursors import read_cursor, write_cursor
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

SIZE = 30
RECENT_DAYS = 7

# The beginning of an event's kind → icon and tone; the longest that fits counts.
_LOOKS = {
    "": ("history", ""),
    "customer.created": ("user-plus", "accent"),
    "customer.changed": ("pencil", ""),
    "customer.tagged": ("tags", ""),
    "customer.deleted": ("trash", "bad"),
    "customer.restored": ("arrow-back-up", "good"),
    "customer.anonymised": ("eye-off", "bad"),
    "customer.citizen_id": ("eye", "warn"),
    "customer.consent": ("speakerphone", "cool"),
    "customer.merged": ("git-merge", "accent"),
    "customer.unmerged": ("arrow-back-up", "accent"),
    "customer.note": ("note", "warn"),
    "customer.address": ("map-pin", ""),
    "customer.avatar": ("camera", ""),
    "customer.contacted": ("phone-call", "cool"),
    "order.": ("shopping-bag", "accent"),
    "order.cancelled": ("circle-x", "bad"),
    "order.deleted": ("trash", "bad"),
    "order.taken_back": ("arrow-back-up", "bad"),
    "order.put_back": ("arrow-back-up", "accent"),
    "payment.captured": ("cash", "good"),
    "payment.refunded": ("receipt-refund", "violet"),
    "payment.failed": ("alert-triangle", "bad"),
    "return.": ("truck-return", "warn"),
    "points.": ("coins", "accent"),
    "task.": ("square-check", ""),
    "task.done": ("square-check", "good"),
    "segment.": ("target", "accent"),
    "segment.left": ("target", ""),
}


class History(NamedTuple):
    """A page of the timeline and the address of the one before it in time ("" at the beginning)."""

    entries: list[dict[str, Any]]
    more: str

    @classmethod
    def of(cls, view: "CustomerView") -> "History":
        """The page the address asks for with `before`, which holds a moment and an id."""
        before = read_cursor(view.request.GET.get("before", ""))
        found = timeline(view.customer, view.staff, before, SIZE + 1)
        shown = found[:SIZE]
        more = view.url(tab="timeline", before=write_cursor(*shown[-1]["cursor"])) if len(found) > SIZE else ""
        return cls(list(_entries(shown, view, before)), more)


def _entries(
    found: Iterable[Mapping[str, Any]], view: "CustomerView", before: Cursor | None
) -> Iterable[dict[str, Any]]:
    ctx = view.ctx
    day = dates.day_of(before[0], ctx.tz) if before else None
    for entry in found:
        on = dates.day_of(entry["when"], ctx.tz)
        icon, tone = _look(entry["kind"])
        span = _span(on, ctx)
        yield {
            "span": span if day is None or span != _span(day, ctx) else "",
            "title": _led(_sentence(entry["parts"], f"/s/{view.shop.slug}/"), entry["kind"], view),
            "who": entry["who"],
            "when": _when(entry["when"], on, ctx),
            "icon": icon,
            "tone": tone,
            "changes": _changes(entry),
            "note": entry["note"],
            "part_url": _part_url(entry, view),
        }
        day = on


def _part_url(entry: Mapping[str, Any], view: "CustomerView") -> str:
    """Where the merge an entry tells of is taken back: of the newest one, for those who may."""
    if not entry["merge"] or entry["merge"] != view.newest_merge_id:
        return ""
    return f"{view.home}merges/{entry['merge']}/"


def _sentence(parts: Iterable[Mapping[str, Any]], home: str) -> Markup:
    pieces = []
    for part in parts:
        path = _PATHS.get(part["about"][0]) if part["about"] else None
        if path:
            pieces.append(Markup('<a href="{}{}{}/">{}</a>').format(home, path, part["about"][1], part["text"]))
        else:
            pieces.append(Markup("{}").format(part["text"]))
    return Markup("").join(pieces)


def _led(sentence: Markup, kind: str, view: "CustomerView") -> Markup:
    """What moved points leads to the ledger beside it."""
    if not kind.startswith("points."):
        return sentence
    return Markup('<a href="{}">{}</a>').format(view.url(tab="points"), sentence)


_PATHS = {"order": "orders/", "customer": "customers/", "segment": "segments/", "task": "tasks/"}


def _look(kind: str) -> tuple[str, str]:
    return _LOOKS[max((one for one in _LOOKS if kind.startswith(one)), key=len)]


def _changes(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """Field by field for the customer's own data; upper floors say theirs in the sentence."""
    if not entry["kind"].startswith("customer."):
        return []
    return [{"field": one.label, "old": one.old, "new": one.new} for one in entry["changes"]]


def _is_recent(day: date, ctx: Context) -> bool:
    return (ctx.today - day).days < RECENT_DAYS


def _span(day: date, ctx: Context) -> str:
    """Under which heading a day stands: its own while it is recent, then its month's."""
    named = {0: _("Today"), 1: _("Yesterday")}
    if _is_recent(day, ctx):
        return named.get((ctx.today - day).days) or dates.show_day(day, ctx.locale)
    return format_skeleton("yMMMM", day, locale=locale_of(ctx.locale))


def _when(instant: datetime, day: date, ctx: Context) -> Any:
    """How long ago while it is recent, then the day; the exact moment on hover."""
    if _is_recent(day, ctx):
        return cells.show_moment(instant, ctx)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"),
        dates.show_moment(instant, ctx.tz, ctx.locale),
        dates.show_day(day, ctx.locale),
    )
