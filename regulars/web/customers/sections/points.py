"""A customer's points: the figure in the head, the tab with what is coming up, and the ledger page by page."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from regulars.customers.fields import customer_fields
from regulars.kit.dates import show_day
from regulars.kit.numbers import show_number
from regulars.loyalty.lots import Expiring, expiring
from regulars.loyalty.models import PointsEntry
from regulars.shops.permissions import Permission
from regulars.web.lists import cells
from regulars.web.loyalty.words import entry_marks, reason_words, signed
from regulars.web.numbers import whole_number

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

SIZE = 25
DAYS = 6
"""Days of what is coming up that are told one by one."""
SUMS = ("points", "points_earned", "points_pending")


def figure(view: "CustomerView") -> dict[str, Any]:
    """The balance; below it what waits and what expires next."""
    return {
        "label": customer_fields["points"].label,
        "value": show_number(view.customer.points, view.ctx.locale),
        "help": customer_fields["points"].help,
        "why": why_url(view, "points"),
        "tone": "warn" if view.customer.points < 0 else "",
        "note": Markup("<br>").join(_notes(view)),
    }


def why_url(view: "CustomerView", name: str) -> str:
    """Where the lines are that add up to a figure."""
    return view.url(f"points/why/{name}/")


def _notes(view: "CustomerView") -> list[str]:
    notes, locale = [], view.ctx.locale
    if view.customer.points_pending:
        notes.append(_("{n} pending").format(n=show_number(view.customer.points_pending, locale)))
    if view.points.expiring:
        first = view.points.expiring[0]
        words = _("{n} until {day}")
        notes.append(words.format(n=show_number(first.points, locale), day=show_day(first.expires_on, locale)))
    return notes


class Coming(NamedTuple):
    """A day on which the balance will change by itself, ready to print."""

    day: str
    points: str
    words: str
    tone: str


class Points:
    """The tab; each property is asked for once, by the template."""

    def __init__(self, view: "CustomerView") -> None:
        self.view, self.customer, self.ctx = view, view.customer, view.ctx

    @property
    def adjust_url(self) -> str:
        """The dialog for giving and taking, "" for who may not."""
        return self.view.url("points/adjust/") if self.view.is_live and self.view.may(Permission.POINTS) else ""

    @property
    def sums(self) -> list[dict[str, Any]]:
        """Balance, all that was ever earned, what waits; each with its reasons."""
        labels = {"points": _("Balance"), "points_earned": _("Earned in all"), "points_pending": _("Pending")}
        return [
            {
                "label": labels[name],
                "value": show_number(getattr(self.customer, name), self.ctx.locale),
                "help": customer_fields[name].help,
                "why": why_url(self.view, name),
            }
            for name in SUMS
            if name != "points_pending" or self.customer.points_pending
        ]

    @cached_property
    def expiring(self) -> list[Expiring]:
        """Nobody who has none loses any."""
        return expiring(self.customer) if self.customer.points > 0 else []

    @cached_property
    def _days(self) -> list[Coming]:
        """All days of what is coming up, the nearest first."""
        found = [(one.expires_on, 1, self._coming(one.expires_on, -one.points, _("expire"))) for one in self.expiring]
        if self.customer.points_pending:
            rows = self._entries().pending().order_by().values("counts_on").annotate(sum=Sum("points"))
            sums = [(row["counts_on"], row["sum"]) for row in rows if row["sum"]]
            found += [(day, 0, self._coming(day, points, _("begin to count"))) for day, points in sums]
        return [one for _day, _kind, one in sorted(found)]

    @property
    def coming(self) -> list[Coming]:
        return self._days[:DAYS]

    @property
    def later(self) -> str:
        """How many days are not told one by one, "" for none."""
        more = len(self._days) - DAYS
        if more <= 0:
            return ""
        return ngettext("and {n} later day", "and {n} later days", more).format(n=show_number(more, self.ctx.locale))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(entry) for entry in self._page[:SIZE]]

    @property
    def more(self) -> str:
        """Where the older ones are, "" for none."""
        return self.view.url(tab="points", before=str(self._page[SIZE - 1].pk)) if len(self._page) > SIZE else ""

    @cached_property
    def _page(self) -> list[PointsEntry]:
        before = whole_number(self.view.request.GET.get("before", ""))
        entries = self._entries().for_list()
        return list((entries.filter(pk__lt=before) if before else entries)[: SIZE + 1])

    @cached_property
    def _taken_back(self) -> set[int | None]:
        ids = [entry.pk for entry in self._page]
        return set(self._entries().filter(reverses_id__in=ids).values_list("reverses_id", flat=True))

    def _entries(self) -> Any:
        return PointsEntry.objects.of(self.view.shop).filter(customer_id=self.customer.pk)

    def _coming(self, day: Any, points: int, words: str) -> Coming:
        shown = signed(points, self.ctx.locale)
        return Coming(show_day(day, self.ctx.locale), shown, words, "warn" if points < 0 else "good")

    def _row(self, entry: PointsEntry) -> dict[str, Any]:
        is_back = entry.pk in self._taken_back
        balance = entry.balance_after
        return {
            "at": cells.show_moment(entry.created_at, self.ctx),
            "said": entry.note or reason_words(entry.reason, entry.origin),
            "reason": reason_words(entry.reason, entry.origin) if entry.note else "",
            "marks": [(_("Taken back"), "")] if is_back else entry_marks(entry, self.ctx),
            "points": signed(entry.points, self.ctx.locale),
            "tone": "good" if entry.points > 0 and not entry.is_pending and not is_back else "",
            "balance": cells.nothing() if balance is None else show_number(balance, self.ctx.locale),
            "who": str(entry.staff.user) if entry.staff else _("by itself") if entry.lot_id else cells.nothing(),
            "is_off": is_back,
        }
