"""What pages say about runs."""

from django.utils.translation import gettext as _

from regulars.customers.undo_limits import UNDO_DAYS, can_still_undo, is_half_undone, undo_until
from regulars.kit.dates import show_day
from regulars.kit.query.context import Context
from regulars.shops.models import JobRun


def undo_words(run: JobRun, ctx: Context) -> str:
    """Until which day a run can be taken back, or could; "" when it never could or was."""
    last = undo_until(run, ctx.tz) if run.done else None
    if last is None or (run.undone_by_id and not is_half_undone(run)):
        return ""
    if can_still_undo(run, ctx.tz):
        return _("Can be undone until {day}.").format(day=show_day(last, ctx.locale))
    words = _("It can no longer be undone: that was possible for {days} days, until {day}.")
    return words.format(days=UNDO_DAYS, day=show_day(last, ctx.locale))


def state_words(run: JobRun) -> tuple[str, str]:
    """What became of a run, and in which tone that is said."""
    if is_half_undone(run):
        return _("Undone in part"), "warn"
    if run.undone_by_id:
        return _("Undone"), "warn"
    return str(run.get_state_display()), _TONES[run.state]


_TONES = {"waiting": "", "running": "cool", "paused": "warn", "done": "good", "failed": "bad", "cancelled": "warn"}
