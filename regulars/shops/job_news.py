"""Telling whoever started a piece of background work that it is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from regulars.shops.models import JobRun, Staff
from regulars.shops.operations.notifications import finder, notify, wording

LONG = timedelta(seconds=10)
"""Who waited no longer than this was still looking."""


def tell_over(run: JobRun, *, always: bool = False) -> None:
    """Tell the person who started it, once: what failed, what took long, and what they went away from (`always`).

    What somebody called off they know.
    """
    ended = {JobRun.State.DONE: "job.done", JobRun.State.FAILED: "job.failed"}.get(JobRun.State(run.state))
    if run.staff is None or ended is None or run.finished_at is None:
        return
    if always or ended == "job.failed" or run.finished_at - run.created_at >= LONG:
        notify(run.staff, ended, data={"run": run.pk}, key=f"job:{run.pk}")


@wording("job.done", icon="circle-check")
def _done(data: Mapping[str, Any]) -> str:
    return _("Done: {run}").format_map(data)


@wording("job.failed", icon="alert-triangle")
def _failed(data: Mapping[str, Any]) -> str:
    return _("Failed: {run}").format_map(data)


@finder("run")
def _titles(staff: Staff, ids: set[int]) -> dict[int, str]:
    runs = JobRun.objects.of(staff.shop_id).filter(pk__in=ids, staff_id=staff.pk)
    return dict(runs.values_list("pk", "title"))
