"""How long what many got at once can be taken back, and forgetting what only that needs."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now

from regulars.events.models import Footprint
from regulars.kit.dates import day_of
from regulars.shops.models import JobRun

UNDO_DAYS = 90
"""A run can be taken back until the end of this day after the one it ended on, in the shop's calendar."""

FORGET_AFTER = timedelta(days=UNDO_DAYS + 3)
"""Beyond the last day in every time zone, with a day for an undoing that began in its last minute."""


def undo_until(run: JobRun, tz: str) -> date | None:
    """The last day on which a run can be taken back, in the shop's time zone. None: it never could, or is not over.

    It may be past, and the run taken back already.
    """
    if not (run.can_undo and run.is_over and run.finished_at):
        return None
    return day_of(run.finished_at, tz) + timedelta(days=UNDO_DAYS)


def is_too_late(run: JobRun, tz: str) -> bool:
    """Whether a run that could be taken back no longer can."""
    last = undo_until(run, tz)
    return last is not None and day_of(now(), tz) > last


def is_half_undone(run: JobRun) -> bool:
    """Whether taking it back ended too early, by an error or because somebody stopped it. Asked again, it goes on."""
    undoing = run.undone_by
    return undoing is not None and undoing.is_over and undoing.state != JobRun.State.DONE


def can_still_undo(run: JobRun, tz: str) -> bool:
    """Whether a run that did something can be taken back today: it is over, not too old, and nobody took it back."""
    is_undone = run.undone_by_id is not None and not is_half_undone(run)
    return bool(undo_until(run, tz) and run.done and not is_undone and not is_too_late(run, tz))


def forget_footprints() -> int:
    """Remove, in every shop, the footprints of runs that nobody can take back any more. Returns how many.

    A run whose undoing is still under way keeps them.
    """
    left = Footprint.objects.filter(shop_id=OuterRef("shop_id"), batch_id=OuterRef("pk"))
    runs = JobRun.objects.filter(
        Q(undone_by=None) | Q(undone_by__finished_at__isnull=False), Exists(left), finished_at__lt=now() - FORGET_AFTER
    )
    removed = 0
    for shop_id, batch_id in runs.order_by("pk").values_list(F("shop_id"), F("pk")):
        removed += Footprint.objects.filter(shop_id=shop_id, batch_id=batch_id).delete()[0]
    return removed
