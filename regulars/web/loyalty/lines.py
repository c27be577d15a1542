"""What a wish would do, in one line below its inputs: said anew while somebody types."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.models import Customer
from regulars.kit.dates import show_day
from regulars.kit.errors import BadValue
from regulars.kit.numbers import show_number
from regulars.web.loyalty.wish import Given, Wish, read_wish
from regulars.web.loyalty.words import points_words


class Line(NamedTuple):
    """Words, and "bad" for what is not going to happen."""

    words: str
    tone: str = ""


def line_of_one(customer: Customer, given: Given, *, today: date, locale: str) -> Line:
    """The balance before and after; the balance alone while the inputs make no sense."""
    show = lambda points: show_number(points, locale)  # noqa: E731
    has = customer.points
    wish = _wish(given, today, locale)
    if wish is None:
        return Line(_("Balance {now}").format(now=show(has)))
    then = has + wish.points
    if wish.counts_on and wish.counts_on > today:
        words = _("Balance {now} · {then} from {day} on, pending until then")
        return Line(words.format(now=show(has), then=show(then), day=show_day(wish.counts_on, locale)))
    if wish.points < 0 and then < 0:
        return Line(_("Balance {now} · {n} too few").format(now=show(has), n=show(-then)), "bad")
    return Line(_("Balance {now} → {then}").format(now=show(has), then=show(then)))


def line_of_many(people: QuerySet[Customer], given: Given, *, today: date, locale: str) -> Line:
    """What all of them get or lose together, and how many have too few; nothing while the inputs make no sense."""
    wish = _wish(given, today, locale)
    if wish is None:
        return Line("")
    everybody = people.count()
    short = people.filter(points__lt=-wish.points).count() if wish.points < 0 else 0
    lines = [_together(wish, everybody - short, today, locale)] if everybody > short else []
    if short:
        words = ngettext("{n} has too few and is left out.", "{n} have too few and are left out.", short)
        lines.append(words.format(n=show_number(short, locale)))
    return Line(" ".join(lines), "bad" if short == everybody else "")


def _together(wish: Wish, people: int, today: date, locale: str) -> str:
    if wish.points < 0:
        words = ngettext("{points} less for {n} customer.", "{points} less for {n} customers, {all} together.", people)
    else:
        words = ngettext("{points} for {n} customer.", "{points} for each of {n} customers, {all} together.", people)
    points = abs(wish.points)
    said = words.format(
        points=points_words(points, locale), n=show_number(people, locale), all=show_number(points * people, locale)
    )
    if wish.counts_on and wish.counts_on > today:
        said += " " + _("Pending until {day}.").format(day=show_day(wish.counts_on, locale))
    return said


def _wish(given: Given, today: date, locale: str) -> Wish | None:
    try:
        return read_wish(given, today=today, locale=locale)
    except BadValue:
        return None
