"""Trying to take a run back: what would go, what would stay and why, without writing anything."""

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.customers.actions import AT_ONCE, CannotUndo, must_be_undoable
from regulars.customers.bulk import Undone
from regulars.customers.bulk.undoing import START, try_undoing
from regulars.customers.undo_limits import is_half_undone
from regulars.events.record import Actor
from regulars.shops.models import JobRun, Staff
from regulars.shops.work import start_job, work

TRIAL = "customers.undo_trial"

WHOLE = 2_000
"""So many are tried in one go, longer runs part by part: there, who was changed twice may be taken for a conflict."""


@transaction.atomic
def try_undo(run: JobRun, *, staff: Staff | None, by: Actor) -> JobRun:
    """See what `undo_run` would do, as a run of its own that writes nothing; its `result` is the same.

    While one is under way, asking again answers that one. Raises CannotUndo, TooLateToUndo, MayNot.
    """
    run = JobRun.objects.of(run.shop_id).select_for_update(of=["self"]).get(pk=run.pk)
    if run.undone_by and not is_half_undone(run):
        raise CannotUndo
    must_be_undoable(run, staff)
    known = trial_of(run)
    if known and not known.is_over:
        return known
    data = {"batch": run.pk, "by": [by.kind, by.id, by.name], "whole": run.done <= WHOLE}
    title = _("Check before undoing: {title}").format(title=run.title)
    return start_job(run.shop, TRIAL, title, data=data, staff=staff, total=run.done, at_once=run.done <= AT_ONCE)


def trial_of(run: JobRun) -> JobRun | None:
    """What was tried last, also when it is under way."""
    return JobRun.objects.of(run.shop_id).filter(kind=TRIAL, data__batch=run.pk).order_by("-pk").first()


@work(TRIAL)
def try_next_part(trial: JobRun) -> bool:
    """See what taking back the next part would do, or the whole of a short run."""
    kind, actor_id, name = trial.data["by"]
    turn, before = trial.checkpoint.get("place", START)
    part, following = try_undoing(
        trial.shop, trial.data["batch"], (turn, before), by=Actor(kind, actor_id, name), undo_id=trial.pk,
        whole=trial.data["whole"],
    )  # fmt: skip
    undone = Undone(**trial.result) if trial.result else Undone()
    undone += part
    trial.result, trial.done = undone.plain(), undone.restored + undone.removed + undone.conflicts
    trial.checkpoint = {"place": following}
    return following is not None
