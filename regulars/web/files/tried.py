"""The rows of a trial, outcome by outcome, ready to print."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.customers.changes import Reader, ids_in, shown_changes
from regulars.customers.custom import OwnFields
from regulars.customers.models import Customer
from regulars.customers.timeline import Names
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.permissions import Permission
from regulars.transfer.differences import Differences
from regulars.transfer.models import ImportRun, ImportTrial
from regulars.web.access import StaffRequest
from regulars.web.files.words import changes, doubts, field_name

SIZE = 50
MOST_NAMED = 3

TABS = {
    "new": gettext_lazy("New"), "changed": gettext_lazy("Changed"), "unchanged": gettext_lazy("Unchanged"),
    "rejected": gettext_lazy("Rejected"), "doubtful": gettext_lazy("Values to look at"),
}  # fmt: skip


def tab_counts(figures: Differences) -> dict[str, int]:
    """How many each tab is about, more than are kept to be looked at."""
    counts = (figures.created, figures.updated, figures.unchanged, figures.rejected, sum(figures.warnings.values()))
    return dict(zip(TABS, counts, strict=True))


def in_words(kind: str, figures: Differences, ctx: Context) -> str:
    """ "412 new, 88 changed: 61 phone, 9 city, 3 would lose a value, 9 rejected." """
    show = lambda number: show_number(number, ctx.locale)  # noqa: E731
    parts = [_("{n} new").format(n=show(figures.created))] if figures.created else []
    if figures.updated:
        fields = changes(kind, figures.changed, {}, ctx)[:MOST_NAMED]
        named = ", ".join(f"{one['count']} {one['field']}" for one in fields)
        parts.append(_("{n} changed").format(n=show(figures.updated)) + (f": {named}" if named else ""))
    if figures.losers:
        parts.append(ngettext("{n} would lose a value", "{n} would lose a value", figures.losers).format(
            n=show(figures.losers)))  # fmt: skip
    if figures.rejected:
        parts.append(_("{n} rejected").format(n=show(figures.rejected)))
    return ", ".join(parts)


def rows_of_tab(
    request: StaffRequest, run: ImportRun, trial: ImportTrial, tab: str, count: int, ctx: Context
) -> dict[str, Any]:
    """A page of a tab: {"rows", "note", "previous", "next"}; note: which of how many."""
    kept = trial.rows.get(tab, [])
    at = _place(request.GET.get("at", ""), len(kept))
    rows = kept[at : at + SIZE]
    shown = {"rejected": list, "doubtful": lambda some: doubts(run.kind, some)}.get(tab)
    show = lambda number: show_number(number, ctx.locale)  # noqa: E731
    note = _("{first} to {last} of {all}").format(first=show(at + 1), last=show(at + len(rows)), all=show(count))
    return {
        "rows": shown(rows) if shown else _people(request, run, rows, ctx),
        "note": note if rows and count > len(rows) else "",
        "previous": f"?tab={tab}&at={max(0, at - SIZE)}#tried" if at else None,
        "next": f"?tab={tab}&at={at + SIZE}#tried" if at + SIZE < len(kept) else None,
    }


def _place(text: str, count: int) -> int:
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return place // SIZE * SIZE if place < count else 0


def _people(request: StaffRequest, run: ImportRun, rows: list[dict[str, Any]], ctx: Context) -> list[dict[str, Any]]:
    """Rows about somebody: who it is, and field by field what would become of them."""
    people = _known(request, rows)
    own = OwnFields.of(request.shop, ctx.locale)
    reader = Reader(
        ctx.locale, ctx.tz, request.staff.may(Permission.SEE_CONTACT), _names(request, rows), ctx.currency, own
    )
    home = f"/s/{request.shop.slug}/customers/"
    printed = []
    for row in rows:
        customer = people.get(row["customer"])
        is_hidden = row["customer"] is not None and customer is None
        printed.append({
            "line": row["line"],
            "about": _("A customer you do not see") if is_hidden else str(customer or row["about"]),
            "url": f"{home}{customer.pk}/" if customer else "",
            "changes": [] if is_hidden else _changes(run.kind, row, reader),
        })  # fmt: skip
    return printed


def _known(request: StaffRequest, rows: Iterable[Mapping[str, Any]]) -> dict[int, Customer]:
    ids = [row["customer"] for row in rows if row["customer"]]
    people = Customer.objects.of(request.shop).alive().visible_to(request.staff).filter(pk__in=ids)
    return {one.pk: one for one in people}


def _changes(kind: str, row: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
    lines = [
        {"field": one.label, "old": one.old, "new": one.new, "loses": bool(one.old) and row["loses"]}
        for one in shown_changes(row.get("columns", {}), reader)
    ]
    for name in row.get("adds", ()):
        added = ", ".join(row.get("tags", ())) if name == "tags" else _("added")
        lines.append({"field": field_name(kind, name), "old": "", "new": added, "loses": False})
    return sorted(lines, key=lambda line: not line["loses"])


def _names(request: StaffRequest, rows: Iterable[Mapping[str, Any]]) -> Callable[[str, Any], str]:
    """(kind, id or name) → name: what is here has an id, what the file brings is called by its name."""
    names = Names(request.staff)
    pairs = (pair for row in rows for pair in ids_in(row.get("columns", {})))
    names.find((kind, value) for kind, value in pairs if isinstance(value, int))
    return lambda kind, value: value if isinstance(value, str) else names(kind, value)
