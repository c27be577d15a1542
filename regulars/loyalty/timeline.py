"""What the timeline of a customer tells of points."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.timeline import Names, Part, describes, text
from regulars.events.models import Event
from regulars.kit.dates import show_day
from regulars.kit.numbers import show_number
from regulars.loyalty.models import Reason
from regulars.shops.permissions import Permission

_SENTENCES: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    Reason.OPENING: (
        lambda n: ngettext("Opening balance: {n} point", "Opening balance: {n} points", n),
        lambda n: ngettext(
            "Opening balance corrected: {n} point less", "Opening balance corrected: {n} points less", n
        ),
    ),
    Reason.ADJUSTED: (
        lambda n: ngettext("{n} point given", "{n} points given", n),
        lambda n: ngettext("{n} point taken", "{n} points taken", n),
    ),
    Reason.EXPIRED: (
        lambda n: ngettext("{n} point given", "{n} points given", n),
        lambda n: ngettext("{n} point expired", "{n} points expired", n),
    ),
    Reason.TAKEN_BACK: (
        lambda n: ngettext("{n} point given back", "{n} points given back", n),
        lambda n: ngettext("{n} point taken back", "{n} points taken back", n),
    ),
}


@describes("points.added")
def _added(event: Event, names: Names) -> list[Part]:
    if "points" not in event.data:
        return [text(_("Points moved"))]
    points, language = event.data["points"], get_language() or "en"
    given, taken = _SENTENCES[event.data["reason"]]
    said = (given if points > 0 else taken)(abs(points)).format(n=show_number(abs(points), language))
    if day := event.data.get("counts_on"):
        said += " · " + _("from {day} on").format(day=show_day(date.fromisoformat(day), language))
    if (note := event.data.get("note")) and names.staff.may(Permission.SEE_NOTES):
        said += f" · {note}"
    return [text(said)]


@describes("points.counted")
def _counted(event: Event, names: Names) -> list[Part]:
    if "points" not in event.data:
        return [text(_("Pending points count"))]
    points = event.data["points"]
    words = ngettext("{n} pending point counts now", "{n} pending points count now", points)
    return [text(words.format(n=show_number(points, get_language() or "en")))]
