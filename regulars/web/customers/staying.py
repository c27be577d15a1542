"""How long somebody has been at a status, in words."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.kit import numbers
from regulars.kit.dates import day_of
from regulars.kit.query.context import Context


def stay_days(since: datetime | None, until: datetime | None, ctx: Context) -> int | None:
    """Nights by the shop's calendar, until now where no end is given; None where nobody knows since when."""
    if since is None:
        return None
    last = day_of(until, ctx.tz) if until else ctx.today
    return max(0, (last - day_of(since, ctx.tz)).days)


def stay_words(since: datetime | None, until: datetime | None, ctx: Context) -> str:
    """ "3 days"; of less than a night "since today", or that it was less than a day. "" where nobody knows."""
    days = stay_days(since, until, ctx)
    if days is None:
        return ""
    if not days:
        return _("less than a day") if until else _("since today")
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": numbers.show_number(days, ctx.locale)}
