"""Points, and movements of them, as people read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.kit.dates import day_of, show_day
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.loyalty.models import PointsEntry, Reason

WHY_IT_STANDS_OUT = ("counted_at", "counts_on", "created_at", "expires_on", "is_settled")
"""Columns that `marks_of` reads."""


def signed(points: int, locale: str) -> str:
    """With its sign: +50, −20."""
    return ("+" if points > 0 else "−") + show_number(abs(points), locale)


def points_words(points: int, locale: str) -> str:
    """So many points, 0 or more, in words."""
    return ngettext("{n} point", "{n} points", points).format(n=show_number(points, locale))


def reason_words(reason: str, origin: str) -> str:
    """Why points moved; of an opening balance also where it comes from."""
    label = str(Reason(reason).label)
    return f"{label} · {origin}" if origin else label


def marks_of(row: Mapping[str, Any], ctx: Context) -> list[tuple[str, str]]:
    """What is special about the days of an entry, as (words, tone); row: its columns WHY_IT_STANDS_OUT."""
    show = lambda day: show_day(day, ctx.locale)  # noqa: E731
    marks = []
    if row["counted_at"] is None:
        marks.append((_("Pending until {day}").format(day=show(row["counts_on"])), "warn"))
    elif row["counts_on"] != day_of(row["created_at"], ctx.tz):
        marks.append((_("Counts from {day}").format(day=show(row["counts_on"])), ""))
    if last := row["expires_on"]:
        is_over = last < ctx.today and row["is_settled"]
        words = _("Expired after {day}") if is_over else _("Until {day}")
        marks.append((words.format(day=show(last)), "bad" if is_over else ""))
    return marks


def entry_marks(entry: PointsEntry, ctx: Context) -> list[tuple[str, str]]:
    """`marks_of` an entry."""
    return marks_of({name: getattr(entry, name) for name in WHY_IT_STANDS_OUT}, ctx)


def names_words(names: Iterable[str], more: int) -> str:
    """Some names, and how many more there are."""
    listed = ", ".join(names)
    return listed if not more else _("{names} and {n} more").format(names=listed, n=show_number(more))
